//! The end of a connection whose client may still be writing.
//!
//! A system that closes a connection with bytes unread tells the peer "reset", and the peer then throws away what it
//! had not yet read: the very answer that says why its request was refused. So our side is closed first, and what
//! still comes is read and thrown away for a bounded time.

use std::time::Duration;

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::timeout,
};

/// How long a client may go on writing in all. One that reads its answer stops long before.
const IN_ALL: Duration = Duration::from_secs(30);
/// How long it may be silent without closing.
const SILENT: Duration = Duration::from_secs(2);
/// Read at once; what is read is not kept.
const CHUNK_BYTES: usize = 16 * 1024;

/// Closes our side, then reads until the client closes its own, is silent, or takes too long.
pub(crate) async fn close(mut io: impl AsyncRead + AsyncWrite + Unpin) {
    if io.shutdown().await.is_err() {
        return;
    }
    let mut chunk = vec![0; CHUNK_BYTES];
    let rest = async { while let Ok(Ok(1..)) = timeout(SILENT, io.read(&mut chunk)).await {} };
    // Whichever way it ends, the connection is dropped next.
    let _ = timeout(IN_ALL, rest).await;
}
