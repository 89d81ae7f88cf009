//! What is said on one stream: frames of four bytes of length, most significant first, and that many bytes of JSON. Each stream
//! begins with what is asked and is answered once; bytes as they are follow where files or a tunnel were asked for.
//!
//! A frame is read to its end and no further, so that what follows it is read by whoever it is for. Names and fields only ever come
//! to these: a frame of the version before must be read by this one, and the fixtures beside this crate are those.

mod answered;
mod asked;

use std::{io, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::timeout,
};

pub(crate) use answered::{Answer, Bound, Fault, Found, Listed, News, Started, Tail};
pub(crate) use asked::Verb;

/// The largest frame, in bytes.
pub(crate) const FRAME_MAX_BYTES: usize = 64 * 1024;
/// Ids of tenants in one frame.
pub(crate) const LISTED_AT_ONCE: usize = 1_000;
/// Tenants of which one host may say that something runs.
pub(crate) const LISTED_MAX: usize = 100_000;
/// Workers of one tenant of which a host may say that they run.
pub(crate) const FOUND_MAX: usize = 16;

/// Words of the other side, cut to length and free of line breaks and escapes.
pub(crate) fn tidied(words: &str, most: usize) -> String {
    words.chars().take(most).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Writes one frame.
///
/// # Errors
/// Where the stream fails, or the frame is too large.
pub(crate) async fn say<T: Serialize>(stream: &mut (impl AsyncWrite + Unpin), said: &T) -> io::Result<()> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, said).map_err(io::Error::other)?;
    let body = frame.len() - 4;
    let length = u32::try_from(body).ok().filter(|_| body <= FRAME_MAX_BYTES);
    let length = length.ok_or_else(|| io::Error::other(format!("a frame of {body} bytes is too large")))?;
    frame[..4].copy_from_slice(&length.to_be_bytes());
    stream.write_all(&frame).await?;
    stream.flush().await
}

/// Reads one frame.
///
/// # Errors
/// [`io::ErrorKind::UnexpectedEof`] where the stream ends before it; [`io::ErrorKind::InvalidData`] where it is too large or is no
/// such message.
pub(crate) async fn hear<T: DeserializeOwned>(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<T> {
    let mut head = [0; 4];
    stream.read_exact(&mut head).await?;
    let length = usize::try_from(u32::from_be_bytes(head)).unwrap_or(usize::MAX);
    let invalid = |words| io::Error::new(io::ErrorKind::InvalidData, words);
    if length > FRAME_MAX_BYTES {
        return Err(invalid(format!("a frame of {length} bytes is larger than any")));
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    // The parser's own words quote the frame, which may hold a secret: name only the place.
    serde_json::from_slice(&body)
        .map_err(|error| invalid(format!("a frame of {length} bytes is none, see byte {}", error.column())))
}

/// The same within some time.
pub(crate) async fn within<T>(time: Duration, what: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(time, what).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[tokio::test]
    async fn a_frame_is_read_to_its_end_and_no_further() {
        let (mut near, mut far) = tokio::io::duplex(1024);
        say(&mut near, &Bound::Looked).await.unwrap();
        near.write_all(b"raw").await.unwrap();
        drop(near);
        assert_eq!(hear::<Bound>(&mut far).await.unwrap(), Bound::Looked);
        let mut rest = Vec::new();
        far.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest, b"raw");
    }

    #[tokio::test]
    async fn giant_frames_and_nonsense_are_refused_before_they_are_read() {
        let mut giant: &[u8] = &[0xFF; 8];
        let error = hear::<Bound>(&mut giant).await.unwrap_err();
        assert!(error.to_string().contains("larger than any"), "{error}");
        let mut nonsense: &[u8] = b"\0\0\0\x06secret";
        let error = hear::<Bound>(&mut nonsense).await.unwrap_err();
        assert!(error.kind() == io::ErrorKind::InvalidData && !error.to_string().contains("secret"));
        let mut cut: &[u8] = b"\0\0\0\x06\"loo";
        assert_eq!(hear::<Bound>(&mut cut).await.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        let much = "x".repeat(FRAME_MAX_BYTES);
        assert!(say(&mut tokio::io::sink(), &much).await.is_err());
    }
}
