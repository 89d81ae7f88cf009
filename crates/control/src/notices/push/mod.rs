//! Web push: a message that only the browser can read (RFC 8291, RFC 8188), signed by a key that its push service knows
//! (VAPID, RFC 8292).

pub(crate) mod encrypt;
mod key;
mod send;

pub use self::key::{PushError, PushKey};
pub(crate) use self::{
    encrypt::are_keys,
    send::{Sent, may_push_to, send},
};
