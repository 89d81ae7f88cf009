//! Frames: four bytes of length, most significant first, then that many bytes of JSON.

use std::marker::PhantomData;

use bytes::{BufMut, BytesMut};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio_util::codec::{
    Decoder, Encoder, Framed, LengthDelimitedCodec, length_delimited::LengthDelimitedCodecError,
};

use crate::{LinkError, Reason, Refusal};

/// The largest frame once both sides have proved themselves, in bytes. One log row with the longest text, every
/// character of it escaped, takes 400 KB.
pub const FRAME_MAX_BYTES: usize = 1024 * 1024;
/// The largest frame before that.
pub const HANDSHAKE_MAX_BYTES: usize = 4 * 1024;

/// What a connection's two buffers have room for as they begin, in bytes: most frames are shorter, and a larger one makes room
/// for itself. A control plane has two for each of its workers, most of which are silent.
const BUFFER_BYTES: usize = 1024;

/// Puts smaller buffers in place of the 8 KiB each that [`Framed`] begins with. What they hold is kept: the other side may have
/// sent more than was read so far.
pub(crate) fn keep_small<S, C>(wire: &mut Framed<S, C>) {
    let small = |buffer: &mut BytesMut| {
        let mut small = BytesMut::with_capacity(BUFFER_BYTES.max(buffer.len()));
        small.extend_from_slice(buffer);
        *buffer = small;
    };
    small(wire.read_buffer_mut());
    small(wire.write_buffer_mut());
}

/// A message, or the word that the other side refuses to go on.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame<T> {
    /// A message of the protocol.
    Message(T),
    /// The last frame of a connection.
    Refused(Refusal),
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum RefusedFrame {
    Refused(Refusal),
}

/// Turns bytes into `In` and `Out` into bytes.
#[derive(Debug)]
pub struct Codec<In, Out> {
    lengths: LengthDelimitedCodec,
    limit: usize,
    kinds: PhantomData<fn(Out) -> In>,
}

impl<In, Out> Codec<In, Out> {
    /// A codec that takes frames of up to `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        let lengths = LengthDelimitedCodec::builder().max_frame_length(limit).new_codec();
        Self { lengths, limit, kinds: PhantomData }
    }
}

impl<In: DeserializeOwned, Out> Decoder for Codec<In, Out> {
    type Item = Frame<In>;
    type Error = LinkError;

    fn decode(&mut self, bytes: &mut BytesMut) -> Result<Option<Frame<In>>, LinkError> {
        match self.lengths.decode(bytes) {
            Ok(Some(body)) => parse(&body).map(Some),
            Ok(None) => Ok(None),
            Err(error) if oversized(&error) => {
                let detail = format!("a frame is larger than {} bytes", self.limit);
                Err(LinkError::refuse(Reason::TooLarge, detail))
            }
            Err(error) => Err(LinkError::Io(error)),
        }
    }

    fn decode_eof(&mut self, bytes: &mut BytesMut) -> Result<Option<Frame<In>>, LinkError> {
        match self.decode(bytes)? {
            Some(frame) => Ok(Some(frame)),
            None if bytes.is_empty() => Ok(None),
            None => Err(LinkError::Closed),
        }
    }
}

impl<In, Out: Serialize> Encoder<Frame<Out>> for Codec<In, Out> {
    type Error = LinkError;

    fn encode(&mut self, frame: Frame<Out>, bytes: &mut BytesMut) -> Result<(), LinkError> {
        let body = match frame {
            Frame::Message(message) => serde_json::to_vec(&message),
            Frame::Refused(refusal) => serde_json::to_vec(&RefusedFrame::Refused(refusal)),
        }
        .map_err(LinkError::Encode)?;
        if body.len() > self.limit {
            return Err(LinkError::TooLarge { size: body.len(), limit: self.limit });
        }
        bytes.reserve(4 + body.len());
        bytes.put_slice(&(u32::try_from(body.len()).unwrap_or(u32::MAX)).to_be_bytes());
        bytes.put_slice(&body);
        Ok(())
    }
}

fn oversized(error: &std::io::Error) -> bool {
    matches!(error.get_ref(), Some(cause) if cause.is::<LengthDelimitedCodecError>())
}

fn parse<In: DeserializeOwned>(body: &[u8]) -> Result<Frame<In>, LinkError> {
    serde_json::from_slice(body).map(Frame::Message).or_else(|error| {
        match serde_json::from_slice(body) {
            Ok(RefusedFrame::Refused(refusal)) => Ok(Frame::Refused(refusal.tidied())),
            // The parser's own words quote the frame, which may hold a customer's text: name only the place.
            Err(_) => Err(LinkError::refuse(
                Reason::Malformed,
                format!("a frame of {} bytes is no message, see byte {}", body.len(), error.column()),
            )),
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use futures_util::{SinkExt as _, StreamExt as _};

    use super::*;

    #[tokio::test]
    async fn buffers_become_small_and_what_they_hold_is_kept() {
        let (here, there) = tokio::io::duplex(4096);
        let mut says = Framed::new(there, Codec::<u8, String>::new(FRAME_MAX_BYTES));
        let mut hears = Framed::new(here, Codec::<String, u8>::new(FRAME_MAX_BYTES));
        // Both arrive by one read, so that the second is in the buffer once the first was taken.
        says.feed(Frame::Message("first".to_owned())).await.unwrap();
        says.send(Frame::Message("second".to_owned())).await.unwrap();
        drop(says);
        assert_eq!(hears.next().await.unwrap().unwrap(), Frame::Message("first".to_owned()));
        keep_small(&mut hears);
        assert!(hears.read_buffer().capacity() <= BUFFER_BYTES);
        assert!(hears.write_buffer().capacity() <= BUFFER_BYTES);
        assert_eq!(hears.next().await.unwrap().unwrap(), Frame::Message("second".to_owned()));
        assert!(hears.next().await.is_none());
    }
}
