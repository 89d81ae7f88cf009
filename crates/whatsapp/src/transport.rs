//! The library's socket with two additions. It remembers how far a connection came, since the library only logs why one
//! that never stood failed. And it sends what is written at once: a receipt, "typing…" and the reply are small writes one
//! after the other, and a system that waits for the first one's acknowledgement (Nagle's algorithm, which the library
//! leaves on) holds the reply back for a round trip, or for the 40 ms of a delayed acknowledgement.

use std::sync::{Arc, Mutex, PoisonError};

use ::http::{HeaderValue, Uri, header};
use async_trait::async_trait;
use tokio::net::TcpStream;
use tokio_websockets::ClientBuilder;
use whatsapp_rust::{
    anyhow::{self, Context as _, Result},
    async_channel::Receiver,
    transport::{
        Connector, Transport, TransportEvent, TransportFactory, default_tls_connector, from_websocket,
    },
    wacore::net::WHATSAPP_WEB_ORIGIN,
};

use crate::{Options, text};

type Made = (Arc<dyn Transport>, Receiver<TransportEvent>);

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
    url: Arc<str>,
    progress: Arc<Mutex<Progress>>,
    on_unreachable: Arc<dyn Fn() + Send + Sync>,
}

impl Dialler {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            url: Arc::from(options.endpoint.as_str()),
            progress: Arc::new(Mutex::new(Progress::Dialling)),
            on_unreachable: Arc::clone(&options.on_unreachable),
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
    async fn create_transport(&self) -> Result<Made, anyhow::Error> {
        let made = dial(&self.url).await;
        self.note(match &made {
            Ok(_) => Progress::Reached,
            Err(error) => {
                (self.on_unreachable)();
                Progress::Unreachable(text::causes(error.as_ref()))
            }
        });
        made
    }
}

/// Connects as the library would, but for Nagle's algorithm.
async fn dial(url: &str) -> Result<Made> {
    let uri: Uri = url.parse()?;
    let host = uri.host().context("the address has no host")?.trim_matches(['[', ']']).to_owned();
    let (connector, usual_port) = match uri.scheme_str() {
        Some("wss") => (default_tls_connector(), 443),
        _ => (Connector::Plain, 80),
    };
    crash::connects(crash::Peer::WhatsApp)?;
    let tcp = TcpStream::connect((host.as_str(), uri.port_u16().unwrap_or(usual_port))).await?;
    tcp.set_nodelay(true)?;
    let stream = connector.wrap(&host, tcp).await?;
    // The origin names the service, not the host: it is the same at every address.
    let builder = ClientBuilder::from_uri(uri)
        .add_header(header::ORIGIN, HeaderValue::from_static(WHATSAPP_WEB_ORIGIN))?;
    let (socket, _) = builder.connect_on(stream).await?;
    Ok(from_websocket(socket))
}
