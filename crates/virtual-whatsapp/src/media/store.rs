//! What the store holds, by path. Files are named by the hash of what was uploaded, so that the same file is one.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::clock::millis;
use crate::options::Limits;
use crate::sync::lock;

/// Why an upload was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum Refused {
    #[error("the file has more bytes than the store takes")]
    TooLarge,
    #[error("the file is not the one that its token names")]
    OtherToken,
}

/// What there is under a path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    File(Bytes),
    /// It was there and is too old.
    Expired,
    Nothing,
}

#[derive(Debug)]
struct File {
    bytes: Bytes,
    until_ms: u64,
}

#[derive(Debug, Default)]
struct Kept {
    files: HashMap<String, File>,
    order: VecDeque<String>,
    bytes: usize,
    /// Where it can be reached, as `host:port`; nowhere while nobody listens for it.
    host: Option<String>,
}

#[derive(Debug)]
pub(crate) struct MediaStore {
    kept: Mutex<Kept>,
    /// What uploads must bring along: what `media_conn` has told.
    pub(crate) auth: String,
}

impl MediaStore {
    pub(crate) fn new(auth: String) -> Self {
        Self { kept: Mutex::default(), auth }
    }

    pub(crate) fn host(&self) -> Option<String> {
        lock(&self.kept).host.clone()
    }

    pub(crate) fn set_host(&self, host: Option<String>) {
        lock(&self.kept).host = host;
    }

    /// Takes a file whose token is the hash of its bytes.
    pub(crate) fn upload(
        &self,
        token: &str,
        bytes: Bytes,
        now_ms: u64,
        limits: &Limits,
    ) -> Result<String, Refused> {
        if bytes.len() > limits.media_file {
            return Err(Refused::TooLarge);
        }
        let name = name_of(&bytes);
        // Clients write it with and without padding.
        if token.trim_end_matches(['=', '.']) != name {
            return Err(Refused::OtherToken);
        }
        Ok(self.put(bytes, now_ms, limits))
    }

    /// Keeps a file and returns its direct path. The oldest are forgotten for it.
    pub(crate) fn put(&self, bytes: Bytes, now_ms: u64, limits: &Limits) -> String {
        let name = name_of(&bytes);
        let until_ms = now_ms.saturating_add(millis(limits.media_kept));
        // Clients append more to a query that is there.
        let path = format!("/v/t62.7118-24/{name}.enc?ccb=11-4&oe={:x}", until_ms / 1000);
        let mut kept = lock(&self.kept);
        kept.forget(&name);
        while kept.bytes.saturating_add(bytes.len()) > limits.media_total {
            let Some(oldest) = kept.order.front().cloned() else { break };
            kept.forget(&oldest);
        }
        kept.bytes += bytes.len();
        kept.order.push_back(name.clone());
        kept.files.insert(name, File { bytes, until_ms });
        path
    }

    /// What is kept under the last part of a direct path.
    pub(crate) fn get(&self, name: &str, now_ms: u64) -> Found {
        match lock(&self.kept).files.get(name.trim_end_matches(".enc")) {
            Some(file) if now_ms < file.until_ms => Found::File(file.bytes.clone()),
            Some(_) => Found::Expired,
            None => Found::Nothing,
        }
    }
}

impl Kept {
    fn forget(&mut self, name: &str) {
        if let Some(file) = self.files.remove(name) {
            self.bytes -= file.bytes.len();
            self.order.retain(|there| there != name);
        }
    }
}

fn name_of(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits {
            media_file: 10,
            media_total: 20,
            media_kept: std::time::Duration::from_secs(5),
            ..Limits::default()
        }
    }

    fn name(path: &str) -> String {
        path.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned()
    }

    #[test]
    fn a_file_is_kept_for_its_time_and_then_said_to_be_gone() {
        let store = MediaStore::new(String::new());
        let path = store.put(Bytes::from_static(b"one"), 1_000, &limits());
        assert_eq!(store.get(&name(&path), 5_999), Found::File(Bytes::from_static(b"one")));
        assert_eq!(store.get(&name(&path), 6_000), Found::Expired);
        assert_eq!(store.get("other.enc", 1_000), Found::Nothing);
    }

    #[test]
    fn the_oldest_make_room_and_the_same_file_twice_is_one() {
        let store = MediaStore::new(String::new());
        let paths: Vec<_> = [&b"aaaaaaaaaa"[..], b"bbbbbbbbbb", b"bbbbbbbbbb", b"cccc"]
            .map(|file| store.put(Bytes::copy_from_slice(file), 0, &limits()))
            .to_vec();
        assert_eq!(store.get(&name(&paths[0]), 1), Found::Nothing);
        assert!(matches!(store.get(&name(&paths[1]), 1), Found::File(_)));
        assert!(matches!(store.get(&name(&paths[3]), 1), Found::File(_)));
    }

    #[test]
    fn an_upload_is_what_its_token_says_and_not_too_large() {
        let store = MediaStore::new(String::new());
        let token = name_of(b"one");
        assert!(store.upload(&format!("{token}="), Bytes::from_static(b"one"), 0, &limits()).is_ok());
        assert_eq!(store.upload(&token, Bytes::from_static(b"two"), 0, &limits()), Err(Refused::OtherToken));
        let long = Bytes::from(vec![0; 11]);
        assert_eq!(store.upload(&name_of(&long), long, 0, &limits()), Err(Refused::TooLarge));
    }
}
