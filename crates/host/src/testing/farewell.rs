//! A worker that has said something and ended: it hears nothing any more, and what it said is still to be read.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};

use super::{
    bed::{Bed, new_id},
    fake::order,
    soon,
};
use supervisor::Runtime as _;

/// Its last words.
pub(super) const SAID: &[u8] = b"my last words";

/// Its end of a link. It can be read once it was seen that it hears nothing, which is the worst that can be.
#[derive(Default)]
pub(super) struct Farewell {
    deaf: bool,
    said: usize,
    reader: Option<Waker>,
}

impl AsyncRead for Farewell {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.deaf {
            self.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        // One byte at a time.
        let next = SAID.get(self.said..=self.said).unwrap_or_default();
        self.said += next.len();
        into.put_slice(next);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Farewell {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        self.deaf = true;
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
        Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn what_a_worker_said_before_it_ended_is_passed_on() {
    let bed = Bed::new().await;
    let host = bed.client();
    *bed.fake.says_farewell.lock().unwrap() = true;
    let process = host.start(order(new_id())).await.unwrap();
    let mut stream = host.dial(&process).await.unwrap();
    stream.write_all(b"are you there?").await.unwrap();
    let mut heard = Vec::new();
    soon("its end", stream.read_to_end(&mut heard)).await.unwrap();
    assert_eq!(heard, SAID);
    bed.end().await;
}
