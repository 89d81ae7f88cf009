//! What worker and control plane say to each other once each has proved itself. Version 4.
//!
//! What is asked of a worker and must be answered goes as [`Down::Ask`] and comes back as [`Up::Answer`]; all else is
//! told and needs no answer.

mod ask;
pub(crate) mod before;
mod bounds;
mod contact;
mod document;
#[cfg(test)]
mod every_field;

pub use ask::{Answer, Question};
pub use bounds::{CUT_MARK, WORDS_MAX_CHARS};
pub use contact::{ContactMessage, ContactPart};
pub use document::{DOCUMENT_MAX_BYTES, DocumentKind, Gathered, Gathering, PART_BYTES, document_parts};
pub use domain::{DeliveryRow, HandOffRow, LogRow, RecordRow};

use std::fmt;

use domain::{BotSettings, Confinement, Digits, JournalId, Limits, SessionState, Timestamp};
use serde::{Deserialize, Serialize};

/// From the worker to the control plane. `Debug` shows no code, text or contact.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Up {
    /// First, once: whose journal this is and what runs.
    Hello {
        /// A journal that was made anew has another id, and its sequence starts at 1.
        journal: JournalId,
        /// The highest sequence number the journal holds.
        last_sequence: u64,
        /// Version of the worker's executable.
        build: String,
        /// Whether this journal has yet to be told the tenant's open records, by [`Down::OpenRecords`]: it was made anew or
        /// put back from a backup, and takes no booking before.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        wants_records: bool,
    },
    /// That the worker lives, with its figures.
    Heartbeat(Heartbeat),
    /// A QR code to be scanned, void after `expires_in_ms`.
    Qr {
        /// The text of the code. A credential: never logged.
        code: String,
        /// Milliseconds until the next code or the end of the round.
        expires_in_ms: u64,
    },
    /// A code to be typed on the phone instead of a scan.
    PairingCode {
        /// Eight characters. A credential: never logged.
        code: String,
        /// Milliseconds until it is void.
        expires_in_ms: u64,
        /// The number whose phone takes it.
        number: Digits,
    },
    /// What has become of the session.
    Session(SessionReport),
    /// Conversation log rows, in order, to be acknowledged.
    Logs {
        /// Whose sequence numbers these are.
        journal: JournalId,
        /// At least one row; sequence numbers grow by one from row to row.
        rows: Vec<LogRow>,
    },
    /// Records as they now are, in the order of their last change, to be acknowledged.
    Records {
        /// Whose sequence numbers these are. They are others than those of log rows.
        journal: JournalId,
        /// At least one row; sequence numbers grow from row to row.
        rows: Vec<RecordRow>,
    },
    /// How far messages of ours have come, each as it now is, in the order of the last change, to be acknowledged. A message
    /// goes up with its row of the log first, and is named here once that row was acknowledged.
    Deliveries {
        /// Whose sequence numbers these are. They are others than those of log rows and records.
        journal: JournalId,
        /// At least one row; sequence numbers grow from row to row.
        rows: Vec<DeliveryRow>,
    },
    /// All chats that a person has or is to have, whenever one comes to them or goes, and once on each connection.
    HandOffs {
        /// Those that wait longest first.
        rows: Vec<HandOffRow>,
        /// How many there are; more than rows where not all are named.
        total: u64,
    },
    /// What became of a [`Down::Ask`].
    Answer {
        /// The request's id.
        request: String,
        /// The answer, or why there is none, in words.
        result: Result<Answer, String>,
    },
    /// Something an operator should know, in plain words and without personal data.
    Problem {
        /// A stable name, like `session_corrupt`.
        code: ProblemCode,
        /// What happened and what to do.
        detail: String,
    },
}

/// The numbers of the next records of each kind: one more than the highest that was ever given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextNumbers {
    /// Of bookings, `B-`.
    pub booking: u32,
    /// Of orders, `O-`.
    pub order: u32,
    /// Of tickets, `T-`.
    pub ticket: u32,
    /// Of blocks, `X-`.
    pub block: u32,
}

/// How much of a product orders have taken since it was counted, those that are done included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoldSince {
    /// The product's code.
    pub code: String,
    /// Which count it goes off: the profile's version with which it was counted.
    pub counted: i64,
    /// How much, in hundredths.
    pub sold: u64,
}

/// What can be wrong with a worker, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ProblemCode {
    /// `session.db` cannot be read; it was left untouched.
    SessionCorrupt,
    /// `journal.db` cannot be read; it was left untouched.
    JournalCorrupt,
    /// The disk is full or failing.
    Disk,
    /// Anything else.
    Other,
}

/// Figures of a living worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// When it was made.
    pub at: Timestamp,
    /// State of the session.
    pub session: SessionState,
    /// Own memory (PSS), in bytes; `None` where the system does not tell.
    pub memory_bytes: Option<u64>,
    /// Processor time used since the start, in milliseconds.
    pub cpu_ms: u64,
    /// Time since the start, in milliseconds.
    pub uptime_ms: u64,
    /// Inbound messages without an outcome.
    pub queued: u64,
    /// Replies not yet acknowledged by WhatsApp.
    pub unsent: u64,
    /// Log rows not yet acknowledged by the control plane.
    pub unlogged: u64,
    /// When the last customer's message came.
    pub last_message_at: Option<Timestamp>,
    /// [`BotSettings::version`] of what is answered by; `None` before the first welcome of all, and from a worker of
    /// the version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings_version: Option<i64>,
    /// Customers' messages of the last day that could not be read.
    #[serde(default)]
    pub unreadable: u64,
    /// By how much WhatsApp's clock is ahead of this machine's, in milliseconds, as the last login told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_behind_ms: Option<i64>,
    /// Version of the business profile that is answered by; `None` while none has come down, and from a worker of the version
    /// before. Where it is another than the tenant's, the profile goes down again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_version: Option<i64>,
    /// Hash of the pack that is answered by; `None` where there is none of the settings' name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pack_hash: Option<String>,
    /// Chats that a person has or is to have.
    #[serde(default)]
    pub hand_offs: u64,
    /// Records not yet acknowledged by the control plane.
    #[serde(default)]
    pub unsent_records: u64,
    /// How far it has confined itself; `None` from a worker of the version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confinement: Option<Confinement>,
}

/// What has become of the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SessionReport {
    /// Linked and connected under this number.
    Connected {
        /// The account's number.
        number: Digits,
        /// The account's LID, where WhatsApp told it.
        lid: Option<String>,
    },
    /// The connection was lost; the worker tries again by itself.
    Disconnected {
        /// Why, in words.
        reason: String,
        /// Whether WhatsApp could not be reached at all: no network, no name resolution, nobody who answers.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unreachable: bool,
    },
    /// A round of QR codes ended without a scan.
    QrRoundExpired,
    /// The phone removed the device. Nothing will bring this session back.
    LoggedOut,
    /// Another client took this session's place, or WhatsApp refused it. Not to be tried again by itself.
    Refused {
        /// Why, in words.
        reason: String,
    },
    /// WhatsApp has limited this number for a time.
    TemporarilyBanned {
        /// When it ends, where WhatsApp told it.
        until: Option<Timestamp>,
        /// Why, in words.
        reason: String,
    },
    /// The linked number is not the declared one: nobody is answered until an operator confirms it.
    Held {
        /// The number that was linked.
        number: Digits,
    },
}

/// From the control plane to the worker. `Debug` shows no text or contact.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Down {
    /// First, once: what to answer with.
    Welcome {
        /// The tenant's bot.
        settings: BotSettings,
        /// How fast it may act.
        limits: Limits,
        /// The highest sequence number of this journal that is committed and synced; 0 where there is none.
        acknowledged: u64,
        /// The same for its records.
        #[serde(default)]
        acknowledged_records: u64,
        /// Whether [`Down::OpenRecords`] follows, for a hello that wants records.
        #[serde(default)]
        records_follow: bool,
    },
    /// The settings or limits have changed.
    Configure {
        /// The tenant's bot.
        settings: BotSettings,
        /// How fast it may act.
        limits: Limits,
    },
    /// All rows of `journal` up to `sequence` are committed and synced.
    Acknowledge {
        /// Whose sequence numbers these are.
        journal: JournalId,
        /// The highest one that is safe to forget.
        sequence: u64,
    },
    /// All records of `journal` up to `sequence` are committed and synced.
    AcknowledgeRecords {
        /// Whose sequence numbers these are.
        journal: JournalId,
        /// The highest one that need not go up again.
        sequence: u64,
    },
    /// All deliveries of `journal` up to `sequence` are committed and synced.
    AcknowledgeDeliveries {
        /// Whose sequence numbers these are.
        journal: JournalId,
        /// The highest one that need not go up again.
        sequence: u64,
    },
    /// A part of the business profile or of a pack. Made and put together in `document.rs`.
    Document {
        /// What it is of.
        what: DocumentKind,
        /// The profile's version, or the pack's hash.
        name: String,
        /// Which part, from 0, in order.
        part: u32,
        /// How many there are; 0 says that this installation has the tenant's pack no more.
        parts: u32,
        /// The part's text.
        text: String,
    },
    /// The tenant's records for a journal that wants them, see [`Up::Hello::wants_records`]: all that are open, and where one
    /// likes the last ones that are not. What the journal holds open and no part names is forgotten there.
    OpenRecords {
        /// Whose hello asked for them.
        journal: JournalId,
        /// Which part, from 0, in order.
        part: u32,
        /// How many there are, at least one.
        parts: u32,
        /// The numbers of the next records, at least: none is ever given twice.
        next: NextNumbers,
        /// Records; their sequence numbers mean nothing here.
        rows: Vec<RecordRow>,
        /// What was sold of goods that were counted at a known time, in any part.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        sold: Vec<SoldSince>,
    },
    /// Somebody is looking for a code: rounds may be asked for until `for_ms` from now.
    QrWanted {
        /// Milliseconds; sent again while somebody goes on looking.
        for_ms: u64,
    },
    /// Something to do or to tell, to be answered by one [`Up::Answer`].
    Ask {
        /// Comes back in the answer. The same request twice is one.
        request: String,
        /// What is asked.
        question: Question,
    },
    /// A worker that was launched to wait with its connection to WhatsApp, see [`crate::launch::Launch::wait`], need
    /// wait no longer.
    Connect,
    /// End in good order: finish what is being answered, then exit with code 0.
    Stop,
}

impl Up {
    /// What kind of message it is.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Hello { .. } => "hello",
            Self::Heartbeat(_) => "heartbeat",
            Self::Qr { .. } => "qr",
            Self::PairingCode { .. } => "pairing_code",
            Self::Session(_) => "session",
            Self::Logs { .. } => "logs",
            Self::Records { .. } => "records",
            Self::Deliveries { .. } => "deliveries",
            Self::HandOffs { .. } => "hand_offs",
            Self::Answer { .. } => "answer",
            Self::Problem { .. } => "problem",
        }
    }
}

impl Down {
    /// What kind of message it is.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Welcome { .. } => "welcome",
            Self::Configure { .. } => "configure",
            Self::Acknowledge { .. } => "acknowledge",
            Self::AcknowledgeRecords { .. } => "acknowledge_records",
            Self::AcknowledgeDeliveries { .. } => "acknowledge_deliveries",
            Self::Document { .. } => "document",
            Self::OpenRecords { .. } => "open_records",
            Self::QrWanted { .. } => "qr_wanted",
            Self::Ask { .. } => "ask",
            Self::Connect => "connect",
            Self::Stop => "stop",
        }
    }
}

impl fmt::Debug for Up {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct(self.name());
        match self {
            Self::Hello { journal, last_sequence, build, wants_records } => shown
                .field("journal", journal)
                .field("last_sequence", last_sequence)
                .field("build", build)
                .field("wants_records", wants_records),
            Self::Heartbeat(beat) => shown.field("at", &beat.at).field("session", &beat.session),
            Self::Qr { expires_in_ms, .. } | Self::PairingCode { expires_in_ms, .. } => {
                shown.field("expires_in_ms", expires_in_ms)
            }
            Self::Session(report) => shown.field("report", report),
            Self::Logs { journal, rows } => shown.field("journal", journal).field("rows", rows),
            Self::Records { journal, rows } => shown.field("journal", journal).field("rows", rows),
            Self::Deliveries { journal, rows } => shown.field("journal", journal).field("rows", rows),
            Self::HandOffs { rows, total } => shown.field("rows", rows).field("total", total),
            Self::Answer { request, result } => shown.field("request", request).field("result", result),
            Self::Problem { code, detail } => shown.field("code", code).field("detail", detail),
        };
        shown.finish()
    }
}

impl fmt::Debug for Down {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct(self.name());
        match self {
            Self::Welcome { settings, acknowledged, .. } => {
                shown.field("settings", &settings.version).field("acknowledged", acknowledged)
            }
            Self::Configure { settings, .. } => shown.field("settings", &settings.version),
            Self::Acknowledge { journal, sequence }
            | Self::AcknowledgeRecords { journal, sequence }
            | Self::AcknowledgeDeliveries { journal, sequence } => {
                shown.field("journal", journal).field("sequence", sequence)
            }
            Self::Document { what, name, part, parts, .. } => {
                shown.field("what", what).field("name", name).field("part", part).field("parts", parts)
            }
            Self::OpenRecords { journal, part, parts, rows, .. } => {
                shown.field("journal", journal).field("part", part).field("parts", parts).field("rows", rows)
            }
            Self::QrWanted { for_ms } => shown.field("for_ms", for_ms),
            Self::Ask { request, question } => shown.field("request", request).field("question", question),
            Self::Connect | Self::Stop => &mut shown,
        };
        shown.finish()
    }
}
