//! One request over a connection of its own, whatever it goes through.

use bytes::Bytes;
use http::{Request, Response, header, request::Builder};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};

/// Sends a request and returns the answer as it comes.
///
/// # Errors
/// Where the connection breaks.
#[expect(clippy::disallowed_methods, reason = "the connection ends with its answer, which the test reads")]
pub(crate) async fn send(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> std::io::Result<Response<Incoming>> {
    let broken = std::io::Error::other::<hyper::Error>;
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(broken)?;
    drop(tokio::spawn(connection));
    sender.send_request(request).await.map_err(broken)
}

/// Puts an optional JSON document into a request.
pub(crate) fn with_json(mut request: Builder, document: Option<&Value>) -> Request<Full<Bytes>> {
    if document.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    let bytes = document.map(|document| Bytes::from(document.to_string()));
    request.body(Full::new(bytes.unwrap_or_default())).expect("a request")
}
