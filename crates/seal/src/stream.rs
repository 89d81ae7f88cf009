//! Seals what is too long to hold: a file in pieces, each bound to its place, so that one that is cut short, put
//! together anew or changed does not open.
//!
//! STREAM of Hoang, Reyhanitabar, Rogaway and Vizár (2015) with XChaCha20-Poly1305, by the crate `chacha20poly1305`: a
//! random nonce of 19 bytes for each file, beside which a counter and a mark for the last piece make up the rest.

use std::{
    fmt,
    io::{self, Read, Write},
};

use chacha20poly1305::{
    XChaCha20Poly1305,
    aead::{
        KeyInit as _,
        stream::{DecryptorBE32, EncryptorBE32},
    },
};
use ring::rand::{SecureRandom as _, SystemRandom};

/// How a sealed file begins.
const MARK: &[u8; 17] = b"flowhq.sealed.v1\n";
/// What of the nonce is random.
const NONCE: usize = 19;
/// Bytes of a piece before it is sealed.
const PIECE: usize = 64 * 1024;
/// Bytes by which a sealed piece is longer.
const TAG: usize = 16;

/// Seals and opens files for one purpose.
#[derive(Clone)]
pub struct FileKey(pub(crate) [u8; 32]);

/// Leaves the key out.
impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileKey")
    }
}

impl FileKey {
    /// Writes to `into` what is written to the answer, sealed. Without [`Sealing::finish`] the file does not open.
    ///
    /// # Errors
    /// Where `into` cannot be written, or the system gives no random numbers.
    pub fn seal<W: Write>(&self, mut into: W) -> io::Result<Sealing<W>> {
        let mut nonce = [0; NONCE];
        SystemRandom::new()
            .fill(&mut nonce)
            .map_err(|_| io::Error::other("the system gives no random numbers"))?;
        into.write_all(MARK)?;
        into.write_all(&nonce)?;
        let cipher = XChaCha20Poly1305::new((&self.0).into());
        let stream = EncryptorBE32::from_aead(cipher, (&nonce).into());
        Ok(Sealing { into, stream, piece: Vec::with_capacity(PIECE + TAG) })
    }

    /// Reads what was sealed. What it yields before its end is whole so far; only its end says that nothing is missing.
    ///
    /// # Errors
    /// Where `from` cannot be read, or does not begin as a sealed file does ([`io::ErrorKind::InvalidData`]).
    pub fn open<R: Read>(&self, mut from: R) -> io::Result<Opening<R>> {
        let (mut mark, mut nonce) = ([0; MARK.len()], [0; NONCE]);
        let begun = from.read_exact(&mut mark).and_then(|()| from.read_exact(&mut nonce));
        match begun {
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error),
            Ok(()) if mark == *MARK => {}
            _ => return Err(foreign("it does not begin as a sealed file does")),
        }
        let cipher = XChaCha20Poly1305::new((&self.0).into());
        let stream = Some(DecryptorBE32::from_aead(cipher, (&nonce).into()));
        Ok(Opening { from, stream, sealed: Vec::new(), opened: Vec::new(), at: 0 })
    }
}

fn foreign(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// A file that is being sealed.
pub struct Sealing<W> {
    into: W,
    stream: EncryptorBE32<XChaCha20Poly1305>,
    piece: Vec<u8>,
}

impl<W: Write> Sealing<W> {
    /// Seals the last piece and gives back what was written to.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        let last = self.stream.encrypt_last(self.piece.as_slice()).map_err(|_| too_long())?;
        self.into.write_all(&last)?;
        self.into.flush()?;
        Ok(self.into)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        // A full piece waits for what follows it: the last one is sealed as the last.
        if self.piece.len() == PIECE {
            self.stream.encrypt_next_in_place(b"", &mut self.piece).map_err(|_| too_long())?;
            self.into.write_all(&self.piece)?;
            self.piece.clear();
        }
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.into.flush()
    }
}

/// The counter of pieces has 32 bits: 256 TiB.
fn too_long() -> io::Error {
    io::Error::other("the file is too long to be sealed")
}

/// A sealed file that is being opened.
pub struct Opening<R> {
    from: R,
    /// Gone with the last piece.
    stream: Option<DecryptorBE32<XChaCha20Poly1305>>,
    sealed: Vec<u8>,
    opened: Vec<u8>,
    at: usize,
}

impl<R: Read> Opening<R> {
    /// Opens the next piece. The last one is the one after which nothing comes.
    fn next(&mut self) -> io::Result<()> {
        // One byte more than a piece tells whether another follows.
        let wanted = PIECE + TAG + 1 - self.sealed.len();
        let mut limited = (&mut self.from).take(wanted as u64);
        limited.read_to_end(&mut self.sealed)?;
        let foreign = || foreign("it was sealed with another key, is cut short, or was changed since");
        let is_last = self.sealed.len() <= PIECE + TAG;
        let opened = if is_last {
            let Some(stream) = self.stream.take() else { return Ok(()) };
            stream.decrypt_last(self.sealed.as_slice())
        } else {
            let Some(stream) = self.stream.as_mut() else { return Ok(()) };
            stream.decrypt_next(&self.sealed[..PIECE + TAG])
        };
        self.opened = opened.map_err(|_| foreign())?;
        self.at = 0;
        let begun = self.sealed.get(PIECE + TAG).copied();
        self.sealed.clear();
        self.sealed.extend(begun);
        Ok(())
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.opened.len() && self.stream.is_some() {
            self.next()?;
        }
        let given = into.len().min(self.opened.len() - self.at);
        into[..given].copy_from_slice(&self.opened[self.at..self.at + given]);
        self.at += given;
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::MasterKey;

    fn key(digit: &str) -> FileKey {
        MasterKey::from_setting(&secrecy::SecretString::from(digit.repeat(64)))
            .unwrap()
            .file_key("backup")
            .unwrap()
    }

    fn sealed(key: &FileKey, bytes: &[u8]) -> Vec<u8> {
        let mut sealing = key.seal(Vec::new()).unwrap();
        for part in bytes.chunks(10_007) {
            sealing.write_all(part).unwrap();
        }
        sealing.finish().unwrap()
    }

    fn opened(key: &FileKey, sealed: &[u8]) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        key.open(sealed)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    #[test]
    fn what_was_sealed_opens_whole_whatever_its_length() {
        let key = key("a");
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 5] {
            let bytes: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let first = sealed(&key, &bytes);
            assert_eq!(opened(&key, &first).unwrap(), bytes, "{length}");
            assert_ne!(first, sealed(&key, &bytes), "nobody sees that two are the same");
        }
    }

    #[test]
    fn what_is_cut_changed_reordered_or_of_another_key_does_not_open() {
        let (own, bytes) = (key("a"), vec![7; 2 * PIECE + 100]);
        let whole = sealed(&own, &bytes);
        let refused =
            |bytes: &[u8]| assert_eq!(opened(&own, bytes).unwrap_err().kind(), io::ErrorKind::InvalidData);
        assert!(opened(&key("b"), &whole).is_err());
        let head = MARK.len() + NONCE;
        for cut in [0, 5, head, head + PIECE + TAG, head + 2 * (PIECE + TAG), whole.len() - 1] {
            refused(&whole[..cut]);
        }
        for at in [0, MARK.len(), head, head + PIECE, whole.len() - 1] {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            refused(&changed);
        }
        let mut longer = whole.clone();
        longer.push(0);
        refused(&longer);
        let (first, second) = (head..head + PIECE + TAG, head + PIECE + TAG..head + 2 * (PIECE + TAG));
        refused(
            &[&whole[..head], &whole[second], &whole[first], &whole[head + 2 * (PIECE + TAG)..]].concat(),
        );
        assert_eq!(format!("{own:?}"), "FileKey");
    }
}
