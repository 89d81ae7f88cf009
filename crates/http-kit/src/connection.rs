//! One connection: a time limit for heads, an end in good order, and a last look at a client that still writes.

use std::{convert::Infallible, future::poll_fn, pin::Pin, time::Duration};

use http::{Request, Response};
use http_body::Body;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// Bytes of a request's head, and what is read at once of its body; a connection holds as much memory.
pub const HEAD_MAX_BYTES: usize = 32 * 1024;
/// How long a client may take to send a request's head: a slow one would hold its connection for ever.
const HEAD_TIME: Duration = Duration::from_secs(15);
/// How long a client may go on writing in all once its last answer is out. One that reads its answer stops long before.
const LINGER: Duration = Duration::from_secs(30);
/// How long it may be silent then, without closing.
const SILENT: Duration = Duration::from_secs(2);
/// Read at once then; what is read is not kept.
const CHUNK_BYTES: usize = 16 * 1024;

/// Answers requests until the client has no more; from `stop` on only the one under way.
pub async fn serve<IO, A, F, B>(io: IO, answer: A, stop: CancellationToken)
where
    IO: AsyncRead + AsyncWrite + Unpin,
    A: Fn(Request<Incoming>) -> F + Unpin,
    F: Future<Output = Result<Response<B>, Infallible>> + Unpin,
    B: Body + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_MAX_BYTES)
        .serve_connection(TokioIo::new(io), service_fn(answer));
    let ended = tokio::select! {
        outcome = poll_fn(|cx| connection.poll_without_shutdown(cx)) => Some(outcome),
        () = stop.cancelled() => None,
    };
    let outcome = match ended {
        Some(outcome) => outcome,
        None => {
            Pin::new(&mut connection).graceful_shutdown();
            poll_fn(|cx| connection.poll_without_shutdown(cx)).await
        }
    };
    if let Err(error) = outcome {
        tracing::trace!(%error, "a connection ended early");
    }
    let io = connection.into_parts().io.into_inner();
    tokio::select! {
        () = linger(io) => {}
        () = stop.cancelled() => {}
    }
}

/// Closes our side, then reads until the client closes its own, is silent, or takes too long: a system that closes a
/// connection with bytes unread tells the peer "reset", and the peer then throws away what it had not yet read: the very
/// answer that says why its request was refused.
async fn linger(mut io: impl AsyncRead + AsyncWrite + Unpin) {
    if io.shutdown().await.is_err() {
        return;
    }
    let mut chunk = vec![0; CHUNK_BYTES];
    let rest = async { while let Ok(Ok(1..)) = timeout(SILENT, io.read(&mut chunk)).await {} };
    // Whichever way it ends, the connection is dropped next.
    let _ = timeout(LINGER, rest).await;
}
