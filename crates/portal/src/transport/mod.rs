//! How a request reaches the control plane: in this process, or over HTTP.

mod in_process;
mod over_http;

use async_trait::async_trait;
use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response};

pub use in_process::InProcess;
pub use over_http::{AddressError, OverHttp};

/// The control plane cannot be reached, or did not answer in time. What the cause says is for the log.
#[derive(Debug, thiserror::Error)]
#[error("the control plane cannot be reached: {0}")]
pub struct Away(pub String);

/// A way to the control plane.
#[async_trait]
pub trait Transport: Send + Sync + std::fmt::Debug {
    /// Sends one request, whose target is a path with a query, and answers when the answer begins.
    ///
    /// # Errors
    /// Where there is no answer.
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, Away>;
}
