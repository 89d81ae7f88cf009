//! The runtime that the library runs on: tokio's, where long waits end together with those of the worker.

use std::{future::Future, pin::Pin, time::Duration};

use async_trait::async_trait;
use whatsapp_rust::{Runtime, TokioRuntime, wacore::runtime::AbortHandle};
use worker::waits;

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Tokio's runtime, on which a silent connection wakes once where it would wake three times.
pub(crate) struct Waits;

#[async_trait]
impl Runtime for Waits {
    fn spawn(&self, future: Work) -> AbortHandle {
        TokioRuntime.spawn(future)
    }

    fn spawn_detached(&self, future: Work) {
        TokioRuntime.spawn_detached(future);
    }

    fn sleep(&self, wait: Duration) -> Work {
        Box::pin(tokio::time::sleep_until(waits::until(wait)))
    }

    fn spawn_blocking(&self, work: Box<dyn FnOnce() + Send + 'static>) -> Work {
        TokioRuntime.spawn_blocking(work)
    }

    fn yield_now(&self) -> Option<Work> {
        TokioRuntime.yield_now()
    }
}
