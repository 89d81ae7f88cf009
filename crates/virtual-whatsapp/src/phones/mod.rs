//! What phones do: compose and send, receive and confirm, ask again, answer when asked again, look after the
//! devices linked to them. A customer's phone and an account's own phone are the same thing.

mod business;
mod compose;
mod devices;
mod history;
mod keys;
mod pass;
mod primary;
mod receive;
mod retry;
mod send;
mod settings;
mod signals;
mod stanzas;

pub(crate) use business::verified_name;
pub(crate) use compose::{About, Composer};
pub use compose::{Draft, Kind, Wrapper};
pub(crate) use devices::{group_hash, key_indexes, reachable};
pub(crate) use keys::{say_few_left, take_device_bundle};
pub(crate) use pass::{forward, forward_in_group, pass_receipt_on};
pub(crate) use primary::{after_catching_up, after_upload, unlink};
pub(crate) use receive::receipt;
pub(crate) use receive::{Incoming, receive, receive_in_group};
pub(crate) use retry::{answer_retry, ask_again};
pub use send::Via;
pub(crate) use send::{How, Target, resend, send};
pub(crate) use settings::{archive_chat, name_changed, save_contact, snapshot, tell};
pub(crate) use signals::{
    chat_state, dirty, hang_up, identity_changed, number_changed, ring, route, sender_key, show_presence,
    token,
};

use crate::signal::SignalFault;

/// Why a phone could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    /// There is no account of that number.
    #[error("{0} is not on this WhatsApp")]
    NoAccount(String),
    /// There is no such group, or the phone is not in it.
    #[error("{0} is no group of this phone")]
    NoGroup(String),
    /// The message is not remembered (any more), or was never sent.
    #[error("this phone remembers no message {0}")]
    NoMessage(String),
    /// A linked device has not uploaded its keys yet: wait for its `prekeys_uploaded` event.
    #[error("device {device} of {number} has uploaded no keys yet")]
    NoKeys {
        /// The account.
        number: String,
        /// Its device.
        device: u16,
    },
    /// The account has no such device.
    #[error("{number} has no linked device {device}")]
    NoDevice {
        /// The account.
        number: String,
        /// The device that was named.
        device: u16,
    },
    /// A broadcast list or newsletter has another form.
    #[error("{0}: a broadcast list or newsletter is named by 3 to 40 digits")]
    NoWay(String),
    /// A file is no base64.
    #[error("file: it is no base64")]
    NotBase64,
    /// A file is larger than the media store takes.
    #[error("file: it has more than {0} bytes, which is what the media store takes")]
    FileTooLarge(usize),
    /// The app-state patch could not be made.
    #[error("app state: {0}")]
    AppState(String),
    /// Encryption failed.
    #[error("encryption: {0}")]
    Signal(#[from] SignalFault),
}
