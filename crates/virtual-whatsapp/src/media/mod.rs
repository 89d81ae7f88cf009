//! The media store: sealed files that phones and devices put there and fetch from there over TLS. It sees ciphertext
//! only, as WhatsApp's does, holds so much and no more, and forgets what is old.

mod seal;
mod serve;
mod store;

pub(crate) use seal::{FileKind, Sealed, seal};
pub(crate) use serve::serve;
pub(crate) use store::{Found, MediaStore, Refused};
