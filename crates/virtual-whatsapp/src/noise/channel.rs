//! Encrypted stanzas in both directions after the handshake.

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_websockets::{Message, WebSocketStream};
use wacore_binary::{Node, OwnedNodeRef};
use wacore_noise::NoiseCipher;

use super::NoiseFault;
use super::frame::{Frames, framed};
use crate::stanza::node::depth;
use crate::world::address::readable;

/// The client's stanzas.
pub(crate) struct NodeReader<S> {
    stream: SplitStream<WebSocketStream<S>>,
    frames: Frames,
    cipher: NoiseCipher,
    counter: u32,
    frame_limit: usize,
    depth_limit: usize,
}

impl<S: AsyncRead + AsyncWrite + Unpin> NodeReader<S> {
    pub(super) fn new(
        stream: SplitStream<WebSocketStream<S>>,
        frames: Frames,
        cipher: NoiseCipher,
        frame_limit: usize,
        depth_limit: usize,
    ) -> Self {
        Self { stream, frames, cipher, counter: 0, frame_limit, depth_limit }
    }

    /// The next stanza; `None` when the client has closed. Not cancel-safe between a frame and its decryption,
    /// which is no await point: it may be dropped while it waits.
    pub(crate) async fn next(&mut self) -> Result<Option<Node>, NoiseFault> {
        loop {
            if let Some(mut frame) = self.frames.next()? {
                self.cipher.decrypt_in_place_with_counter(self.counter, &mut frame)?;
                self.counter = self.counter.wrapping_add(1);
                let bytes = wacore_binary::util::unpack_bytes(frame)?;
                if bytes.len() > self.frame_limit {
                    return Err(NoiseFault::FrameTooLong(bytes.len()));
                }
                let node = OwnedNodeRef::new(bytes)?.to_owned_node();
                let levels = depth(&node);
                if levels > self.depth_limit {
                    return Err(NoiseFault::TooDeep(levels));
                }
                return Ok(Some(node));
            }
            match self.stream.next().await {
                None => return Ok(None),
                Some(Err(e)) => return Err(e.into()),
                Some(Ok(m)) if m.is_close() => return Ok(None),
                Some(Ok(m)) if m.is_binary() => self.frames.feed(&m.into_payload()),
                Some(Ok(_)) => {}
            }
        }
    }
}

/// Stanzas to the client. [`NodeWriter::feed`] may keep one back until [`NodeWriter::flush`].
pub(crate) struct NodeWriter<S> {
    sink: SplitSink<WebSocketStream<S>, Message>,
    cipher: NoiseCipher,
    counter: u32,
}

impl<S: AsyncRead + AsyncWrite + Unpin> NodeWriter<S> {
    pub(super) fn new(sink: SplitSink<WebSocketStream<S>, Message>, cipher: NoiseCipher) -> Self {
        Self { sink, cipher, counter: 0 }
    }

    pub(crate) async fn feed(&mut self, node: &Node) -> Result<(), NoiseFault> {
        let mut bytes = wacore_binary::marshal::marshal(&readable(node))?;
        self.cipher.encrypt_in_place_with_counter(self.counter, &mut bytes)?;
        self.counter = self.counter.wrapping_add(1);
        self.sink.feed(Message::binary(framed(&bytes)?)).await?;
        Ok(())
    }

    pub(crate) async fn flush(&mut self) -> Result<(), NoiseFault> {
        Ok(self.sink.flush().await?)
    }

    pub(crate) async fn close(&mut self) {
        // The client may be gone already; nothing depends on it.
        let _ = self.sink.close().await;
    }
}
