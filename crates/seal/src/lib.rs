//! Secrets that are of no use without a key which lies elsewhere: the one master key, beside the database and never in it.
//!
//! Each purpose has a key of its own, derived from the master key, so that what was sealed for one opens for no other; and
//! each secret is bound to whose it is. ChaCha20-Poly1305 (RFC 8439) and HKDF-SHA-256 (RFC 5869), both by `ring`.

mod change;
mod key;
mod sealer;
mod stream;

pub use change::KeyChange;
pub use key::{KeyError, MasterKey};
pub use sealer::{SealError, Sealer};
pub use stream::{FileKey, Opening, Sealing};
