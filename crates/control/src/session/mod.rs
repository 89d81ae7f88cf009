//! Linking a phone. A QR code is a credential: it is answered to operators only, and never logged or cached.

pub(crate) mod qr;
pub(crate) mod qr_picture;
pub(crate) mod qr_stream;
