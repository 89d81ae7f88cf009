//! What is asked of a worker, and how it answers.

use std::fmt;

use domain::Digits;
use serde::{Deserialize, Serialize};

use super::{ContactPart, RecordRow};

/// What is asked of a worker. `Debug` shows no text, number or contact.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Question {
    /// Link by a code that is typed on the phone with this number, in place of QR codes; answered with the code that is
    /// good already where there is one.
    PairingCode {
        /// The phone's number.
        number: Digits,
    },
    /// Send a text typed by a person, to a contact who has written before.
    SendText {
        /// The contact, as in [`super::LogRow::contact`].
        contact: String,
        /// What to send.
        text: String,
    },
    /// Tell what the journal holds of a contact.
    ReadContact {
        /// The contact, as in [`super::LogRow::contact`].
        contact: String,
        /// Messages that were told already.
        skip: u64,
    },
    /// Forget a contact, unless something of it is still on its way.
    EraseContact {
        /// The contact, as in [`super::LogRow::contact`].
        contact: String,
    },
    /// Take a record that a person has made or changed.
    ChangeRecord {
        /// Whose a new one is, as in [`super::LogRow::contact`]; `None` for nobody's. One that is there keeps its contact.
        contact: Option<String>,
        /// The version that the person has seen; `None`: it is new, and the journal gives it its number.
        expects: Option<u32>,
        /// All of it as JSON: `replies::Record`. Its version, number where it is new, and time of change are the journal's.
        record: String,
    },
    /// Give a chat back to the bot.
    HandBack {
        /// The contact, as in [`super::LogRow::contact`].
        contact: String,
    },
    /// Take a chat over: the bot keeps quiet in it.
    TakeOver {
        /// The contact, as in [`super::LogRow::contact`].
        contact: String,
    },
    /// Write a copy of the journal beside it, for a backup: [`crate::cell::JOURNAL_COPY`].
    CopyJournal,
    /// Unlink the device, then exit with code 0.
    LogOut,
}

/// How a worker answers a [`Question`] of the same name. `Debug` shows no code, text or contact.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    /// The code to type. It comes as [`super::Up::PairingCode`] as well, since others look for it too.
    PairingCode {
        /// Eight characters. A credential: never logged.
        code: String,
        /// Milliseconds until it is void.
        expires_in_ms: u64,
    },
    /// The text was taken.
    SendText {
        /// The message's WhatsApp id.
        wa_message_id: String,
    },
    /// A part of what the journal holds.
    ReadContact {
        /// Nothing for a contact that was never heard of.
        part: Option<ContactPart>,
    },
    /// The contact is forgotten.
    EraseContact {
        /// How many messages went.
        messages: u64,
    },
    /// What became of a person's change.
    ChangeRecord {
        /// The record as it now is, which also goes up with the others; or why it was not taken, as JSON:
        /// `replies::Conflict`.
        taken: Result<RecordRow, String>,
    },
    /// The bot has the chat again, or had it.
    HandBack,
    /// A person has the chat.
    TakeOver,
    /// The copy is there.
    CopyJournal {
        /// Its bytes.
        bytes: u64,
    },
    /// WhatsApp has confirmed that the device is unlinked, or there was none.
    LogOut,
}

impl Question {
    /// What kind of question it is.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::PairingCode { .. } => "pairing_code",
            Self::SendText { .. } => "send_text",
            Self::ReadContact { .. } => "read_contact",
            Self::EraseContact { .. } => "erase_contact",
            Self::ChangeRecord { .. } => "change_record",
            Self::HandBack { .. } => "hand_back",
            Self::TakeOver { .. } => "take_over",
            Self::CopyJournal => "copy_journal",
            Self::LogOut => "log_out",
        }
    }
}

impl Answer {
    /// The name of the questions that it answers.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::PairingCode { .. } => "pairing_code",
            Self::SendText { .. } => "send_text",
            Self::ReadContact { .. } => "read_contact",
            Self::EraseContact { .. } => "erase_contact",
            Self::ChangeRecord { .. } => "change_record",
            Self::HandBack => "hand_back",
            Self::TakeOver => "take_over",
            Self::CopyJournal { .. } => "copy_journal",
            Self::LogOut => "log_out",
        }
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PairingCode { expires_in_ms, .. } => {
                f.debug_struct("pairing_code").field("expires_in_ms", expires_in_ms).finish_non_exhaustive()
            }
            Self::SendText { wa_message_id } => {
                f.debug_struct("send_text").field("wa_message_id", wa_message_id).finish()
            }
            Self::ReadContact { part } => {
                let messages = part.as_ref().map(|part| part.messages.len());
                f.debug_struct("read_contact").field("messages", &messages).finish_non_exhaustive()
            }
            Self::EraseContact { messages } => {
                f.debug_struct("erase_contact").field("messages", messages).finish()
            }
            Self::ChangeRecord { taken } => {
                let taken = taken.as_ref().ok();
                f.debug_struct("change_record").field("taken", &taken).finish()
            }
            Self::CopyJournal { bytes } => f.debug_struct("copy_journal").field("bytes", bytes).finish(),
            Self::HandBack | Self::TakeOver | Self::LogOut => f.write_str(self.name()),
        }
    }
}
