//! Linking a phone. A code, to scan or to type, is a credential: it is answered to operators only, and never logged or cached.

pub(crate) mod pairing_code;
pub(crate) mod qr;
pub(crate) mod qr_picture;
pub(crate) mod qr_stream;
