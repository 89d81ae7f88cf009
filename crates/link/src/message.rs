//! What worker and control plane say to each other once each has proved itself. Version 1.

use domain::{BotSettings, Digits, Direction, JournalId, Limits, LogId, SessionState, Timestamp};
use serde::{Deserialize, Serialize};

/// From the worker to the control plane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// What became of a [`Down::SendText`].
    SendResult {
        /// The request's id.
        request: String,
        /// The message's WhatsApp id, or why it was not taken.
        result: Result<String, String>,
    },
    /// Something an operator should know, in plain words and without personal data.
    Problem {
        /// A stable name, like `session_corrupt`.
        code: ProblemCode,
        /// What happened and what to do.
        detail: String,
    },
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

/// One row of the conversation log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRow {
    /// Number within the journal, from 1, without gaps.
    pub sequence: u64,
    /// Given by the worker; a row that comes twice is one row.
    pub id: LogId,
    /// Which way the message went.
    pub direction: Direction,
    /// The contact: digits where the number is known, else `lid:` and the LID's digits.
    pub contact: String,
    /// The text, or a word in square brackets for what is no text, like `[image]`.
    pub text: String,
    /// WhatsApp's id of the message.
    pub wa_message_id: String,
    /// When the message was written (inbound) or its reply decided (outbound).
    pub at: Timestamp,
    /// Why a message got no reply, on inbound rows that got none.
    pub silence: Option<String>,
}

/// From the control plane to the worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Somebody is looking for a code: rounds may be asked for until `for_ms` from now.
    QrWanted {
        /// Milliseconds; sent again while somebody goes on looking.
        for_ms: u64,
    },
    /// A text typed by a person, to a contact who has written before.
    SendText {
        /// Comes back in [`Up::SendResult`]; the same request twice is one message.
        request: String,
        /// The contact, as in [`LogRow::contact`].
        contact: String,
        /// What to send.
        text: String,
    },
    /// End in good order: finish what is being answered, then exit with code 0.
    Stop,
    /// Unlink the device, then exit with code 0.
    LogOut,
}
