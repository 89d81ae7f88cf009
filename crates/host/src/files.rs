//! Files over a stream: of each its name and length, its bytes, and their SHA-256. They go from file to file, never through memory
//! as a whole.

use std::{
    fs::File,
    io::{self, Seek as _},
    path::Path,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::wire::{hear, say, within};

/// What is read and written at once.
const CHUNK_BYTES: usize = 32 * 1024;
/// How long a chunk may take.
const CHUNK_TIME: Duration = Duration::from_secs(30);
/// Files in one transfer: more than a cell can have.
const FILES_MAX: usize = 32;
/// The longest name of a file, in bytes.
const NAME_MAX_BYTES: usize = 100;
/// The most that one transfer may hold, in bytes; WORKER_DIRECTORY_MAX_MB is far below it where it is set with care.
const MOST_BYTES: u64 = 16 * 1024 * 1024 * 1024;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    File { name: String, bytes: u64 },
    Sum(String),
    End,
}

/// Sends files, each as long as it is now.
pub(crate) async fn send<N: AsRef<str>>(
    stream: &mut (impl AsyncWrite + Unpin),
    files: Vec<(N, File)>,
) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES];
    for (name, mut file) in files {
        file.rewind()?;
        let bytes = file.metadata()?.len();
        within(CHUNK_TIME, say(stream, &Part::File { name: name.as_ref().to_owned(), bytes })).await?;
        let (mut file, mut left, mut sum) = (tokio::fs::File::from_std(file), bytes, Sha256::new());
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(CHUNK_BYTES).min(CHUNK_BYTES);
            let read = file.read(&mut chunk[..most]).await?;
            if read == 0 {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "a file became shorter while it was sent",
                ));
            }
            sum.update(&chunk[..read]);
            within(CHUNK_TIME, stream.write_all(&chunk[..read])).await?;
            left -= read as u64;
        }
        within(CHUNK_TIME, say(stream, &Part::Sum(hex::encode(sum.finalize())))).await?;
    }
    within(CHUNK_TIME, say(stream, &Part::End)).await
}

/// Receives files, each into one without a name in this folder.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] where there are too many, they are too large, or one is not what was sent.
pub(crate) async fn receive(
    stream: &mut (impl AsyncRead + Unpin),
    folder: &Path,
) -> io::Result<Vec<(String, File)>> {
    let invalid = |words: &str| io::Error::new(io::ErrorKind::InvalidData, words.to_owned());
    let (mut files, mut room) = (Vec::new(), MOST_BYTES);
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let (name, bytes) = match within(CHUNK_TIME, hear(stream)).await? {
            Part::End => return Ok(files),
            Part::File { name, bytes } => (name, bytes),
            Part::Sum(_) => return Err(invalid("a checksum came without a file")),
        };
        if files.len() == FILES_MAX || name.len() > NAME_MAX_BYTES {
            return Err(invalid("more files came than a tenant has"));
        }
        room = room.checked_sub(bytes).ok_or_else(|| invalid("more bytes came than a tenant may have"))?;
        let own = tempfile::tempfile_in(folder)?;
        let (mut own, mut left, mut sum) = (tokio::fs::File::from_std(own), bytes, Sha256::new());
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(CHUNK_BYTES).min(CHUNK_BYTES);
            let read = within(CHUNK_TIME, stream.read(&mut chunk[..most])).await?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            sum.update(&chunk[..read]);
            own.write_all(&chunk[..read]).await?;
            left -= read as u64;
        }
        own.flush().await?;
        match within(CHUNK_TIME, hear(stream)).await? {
            Part::Sum(told) if told == hex::encode(sum.finalize()) => {}
            _ => return Err(invalid("a file came that is not what was sent")),
        }
        let mut own = own.into_std().await;
        own.rewind()?;
        files.push((name, own));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use std::io::{Read as _, Write as _};

    use super::*;

    fn file(content: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content).unwrap();
        file
    }

    async fn sent(files: Vec<(&str, File)>) -> Vec<u8> {
        let mut bytes = Vec::new();
        send(&mut bytes, files).await.unwrap();
        bytes
    }

    #[tokio::test]
    async fn files_come_as_they_were_sent() {
        let much: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
        let bytes = sent(vec![("a", file(&much)), ("b", file(b""))]).await;
        let mut came = receive(&mut bytes.as_slice(), &std::env::temp_dir()).await.unwrap();
        assert_eq!(came.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        let mut content = Vec::new();
        came[0].1.read_to_end(&mut content).unwrap();
        assert!(content == much);
    }

    #[tokio::test]
    async fn what_is_cut_anywhere_or_changed_anywhere_is_refused() {
        let bytes = sent(vec![("a", file(b"content")), ("b", file(b"more"))]).await;
        let folder = std::env::temp_dir();
        for end in 0..bytes.len() {
            assert!(receive(&mut &bytes[..end], &folder).await.is_err(), "cut at byte {end}");
        }
        let at = bytes.windows(7).position(|part| part == b"content").unwrap();
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let refused = receive(&mut changed.as_slice(), &folder).await.unwrap_err();
        assert!(refused.to_string().contains("not what was sent"), "{refused}");
    }

    #[tokio::test]
    async fn files_without_end_and_giant_ones_are_refused_before_they_are_taken() {
        let folder = std::env::temp_dir();
        let many = sent((0..=FILES_MAX).map(|_| ("a", file(b"x"))).collect()).await;
        assert!(receive(&mut many.as_slice(), &folder).await.is_err());
        let mut giant = Vec::new();
        say(&mut giant, &Part::File { name: "a".to_owned(), bytes: u64::MAX }).await.unwrap();
        let refused = receive(&mut giant.as_slice(), &folder).await.unwrap_err();
        assert!(refused.to_string().contains("more bytes"), "{refused}");
    }
}
