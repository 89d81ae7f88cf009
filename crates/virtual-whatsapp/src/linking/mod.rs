//! Linking a device to an account: by QR code or by pairing code.

mod adv;
mod candidate;
mod code;
mod qr;

use adv::key_index_list;
pub(crate) use candidate::{Candidate, Waiting, indexes};
pub(crate) use code::enter;
pub(crate) use qr::scan;

/// Why a device was not linked.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The text is no code of a linked-devices screen.
    #[error("the QR text is no WhatsApp link code: it has {0} comma-separated fields instead of 4 or more")]
    NotACode(usize),
    /// A field of the code is no base64 of 32 bytes.
    #[error("the {0} key in the QR text is not 32 bytes of base64")]
    BadKey(&'static str),
    /// The reference is unknown or too old.
    #[error("the QR code has expired or belongs to another server")]
    Expired,
    /// The code's keys are not those of the device that waits.
    #[error("the QR code names another {0} key than the device registered with")]
    OtherKey(&'static str),
    /// No device waits for a pairing code of this number.
    #[error("no device waits for a pairing code of {0}")]
    NoCode(String),
    /// What was typed is no pairing code.
    #[error("a pairing code has 8 letters and digits, as ABCD-EFGH")]
    NotAPairingCode,
    /// The typed code is not the one that the device shows.
    #[error("the pairing code is wrong")]
    WrongCode,
    /// As many devices are linked as WhatsApp allows.
    #[error("{0} devices are linked already, which is WhatsApp's limit")]
    TooMany(usize),
    /// The device was being linked by somebody else.
    #[error("the device is being linked already")]
    Taken,
    /// The device went away or did not answer in time.
    #[error("the device did not confirm the link")]
    NotConfirmed,
    /// The device's answer is wrong.
    #[error("the device's answer is wrong: {0}")]
    BadAnswer(&'static str),
    /// The phone's own keys failed, which they do not.
    #[error("the phone's keys: {0}")]
    Keys(#[from] crate::signal::SignalFault),
}
