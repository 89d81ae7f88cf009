//! Frames on the byte stream: three bytes of length, big-endian, and the payload. Unlike the client's decoder
//! this one refuses a length over the limit before it keeps a byte of it.

use bytes::{Buf as _, BytesMut};

use super::NoiseFault;

const LENGTH: usize = 3;

#[derive(Debug)]
pub(super) struct Frames {
    buffer: BytesMut,
    limit: usize,
}

impl Frames {
    pub(super) fn new(limit: usize) -> Self {
        Self { buffer: BytesMut::new(), limit }
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole frame, if it has arrived.
    pub(super) fn next(&mut self) -> Result<Option<BytesMut>, NoiseFault> {
        let Some(head) = self.buffer.first_chunk::<LENGTH>() else { return Ok(None) };
        let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
        if length > self.limit {
            return Err(NoiseFault::FrameTooLong(length));
        }
        if self.buffer.len() < LENGTH + length {
            return Ok(None);
        }
        self.buffer.advance(LENGTH);
        let frame = self.buffer.split_to(length);
        if self.buffer.is_empty() {
            // Give the memory back: most connections are idle most of the time.
            self.buffer = BytesMut::new();
        }
        Ok(Some(frame))
    }
}

/// `payload` with its length before it.
pub(super) fn framed(payload: &[u8]) -> Result<Vec<u8>, NoiseFault> {
    let length = u32::try_from(payload.len()).ok().filter(|n| *n < 1 << 24);
    let length = length.ok_or(NoiseFault::FrameTooLong(payload.len()))?;
    let mut out = Vec::with_capacity(LENGTH + payload.len());
    out.extend_from_slice(&length.to_be_bytes()[1..]);
    out.extend_from_slice(payload);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_back_however_it_is_cut() {
        let wire = [framed(b"abc").unwrap(), framed(b"").unwrap(), framed(b"de").unwrap()].concat();
        for cut in 1..wire.len() {
            let mut frames = Frames::new(16);
            let mut seen = Vec::new();
            for part in wire.chunks(cut) {
                frames.feed(part);
                while let Some(frame) = frames.next().unwrap() {
                    seen.push(frame.to_vec());
                }
            }
            assert_eq!(seen, [b"abc".to_vec(), Vec::new(), b"de".to_vec()]);
        }
    }

    #[test]
    fn a_length_over_the_limit_is_refused_before_its_bytes_arrive() {
        let mut frames = Frames::new(16);
        frames.feed(&[0, 0, 17]);
        assert!(matches!(frames.next(), Err(NoiseFault::FrameTooLong(17))));
    }
}
