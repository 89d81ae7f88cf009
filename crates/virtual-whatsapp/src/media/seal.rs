//! Sealing a file as phones do: a key of its own, AES-CBC and a MAC.

use wacore::download::MediaType;
use wacore::upload::encrypt_media_with_key;

/// What a file is, which its keys are bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    Image,
    Video,
    Audio,
    Document,
    History,
    AppState,
}

impl FileKind {
    const fn keys(self) -> MediaType {
        match self {
            Self::Image => MediaType::Image,
            Self::Video => MediaType::Video,
            Self::Audio => MediaType::Audio,
            Self::Document => MediaType::Document,
            Self::History => MediaType::History,
            Self::AppState => MediaType::AppState,
        }
    }
}

/// A sealed file and what its reader needs.
#[derive(Debug, Clone)]
pub(crate) struct Sealed {
    pub(crate) bytes: Vec<u8>,
    pub(crate) key: [u8; 32],
    pub(crate) sha256: [u8; 32],
    pub(crate) sealed_sha256: [u8; 32],
    pub(crate) length: u64,
}

/// Seals a file under `key`; `None` where the cipher fails, which it does not.
pub(crate) fn seal(plain: &[u8], kind: FileKind, key: [u8; 32]) -> Option<Sealed> {
    let sealed = encrypt_media_with_key(plain, kind.keys(), Some(&key))
        .inspect_err(|e| tracing::warn!(error = %e, "a file was not sealed"))
        .ok()?;
    Some(Sealed {
        bytes: sealed.data_to_upload,
        key,
        sha256: sealed.file_sha256,
        sealed_sha256: sealed.file_enc_sha256,
        length: plain.len() as u64,
    })
}
