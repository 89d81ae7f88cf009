//! The library's socket with one addition: it remembers how far a connection came, since the library only logs why
//! one that never stood failed.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use whatsapp_rust::{
    anyhow::{self, Result},
    async_channel::Receiver,
    transport::{TokioWebSocketTransportFactory, Transport, TransportEvent, TransportFactory},
};

use crate::{Endpoint, text};

/// How far a connection came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Progress {
    /// The server was not reached yet.
    Dialling,
    /// It could not be reached, for this reason.
    Unreachable(String),
    /// The socket stood.
    Reached,
}

/// Makes the sockets of one connection.
#[derive(Clone)]
pub(crate) struct Dialler {
    inner: Arc<TokioWebSocketTransportFactory>,
    progress: Arc<Mutex<Progress>>,
}

impl Dialler {
    pub(crate) fn new(endpoint: &Endpoint) -> Self {
        Self {
            inner: Arc::new(TokioWebSocketTransportFactory::new().with_url(endpoint.as_str())),
            progress: Arc::new(Mutex::new(Progress::Dialling)),
        }
    }

    pub(crate) fn progress(&self) -> Progress {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, progress: Progress) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = progress;
    }
}

#[async_trait]
impl TransportFactory for Dialler {
    async fn create_transport(
        &self,
    ) -> Result<(Arc<dyn Transport>, Receiver<TransportEvent>), anyhow::Error> {
        let made = self.inner.create_transport().await;
        self.note(match &made {
            Ok(_) => Progress::Reached,
            Err(error) => Progress::Unreachable(text::causes(error.as_ref())),
        });
        made
    }
}
