//! What a try may show to be false.

use serde::Serialize;

/// What kind of promise was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A message was acknowledged and is nowhere, or got no answer.
    Lost,
    /// A message was answered under a second id, or is in the inbox twice.
    Doubled,
    /// Replies of a chat came in another order, or messages were taken in another order than they were written in.
    Misordered,
    /// A reply says something else than the model.
    WrongReply,
    /// A conversation is remembered otherwise than the model does.
    WrongState,
    /// A customer's phone could not read a reply: a key was used twice, or forgotten.
    Unreadable,
    /// A database is damaged.
    Damaged,
    /// A row of the control plane's log is missing.
    LogLost,
    /// A row of the control plane's log is there twice.
    LogDoubled,
    /// A record is missing in the journal or in the control plane's books, or stands otherwise than its customer was told.
    RecordLost,
    /// A time is taken twice, or more is sold than there was.
    DoubleBooked,
    /// A reminder came twice or not at all.
    Reminder,
    /// Something is left of who was to be forgotten.
    NotForgotten,
    /// A worker of an older generation was admitted.
    StaleAdmitted,
    /// Two connections of one tenant's device at once.
    TwoAtOnce,
    /// A tenant's cell is on no host, on two, or elsewhere than its place; or its phone had to link again.
    Misplaced,
    /// A worker runs, and nobody looks after it.
    NotTakenOver,
    /// It did not come to rest in time.
    Hung,
    /// A process panicked or gave up.
    Broke,
}

impl Kind {
    /// In words, for tables.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Doubled => "doubled",
            Self::Misordered => "out of order",
            Self::WrongReply => "wrong reply",
            Self::WrongState => "wrong state",
            Self::Unreadable => "unreadable",
            Self::Damaged => "damaged database",
            Self::LogLost => "log row lost",
            Self::LogDoubled => "log row doubled",
            Self::RecordLost => "record lost",
            Self::DoubleBooked => "double booking",
            Self::Reminder => "reminder not once",
            Self::NotForgotten => "not forgotten",
            Self::StaleAdmitted => "stale generation admitted",
            Self::TwoAtOnce => "two at once",
            Self::Misplaced => "misplaced",
            Self::NotTakenOver => "not taken over",
            Self::Hung => "hung",
            Self::Broke => "broke",
        }
    }
}

/// A broken promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which kind.
    pub kind: Kind,
    /// What was seen.
    pub what: String,
}

impl Finding {
    pub(super) fn new(kind: Kind, what: impl Into<String>) -> Self {
        // Replies are long, and their beginnings tell them apart.
        let what: String = what.into();
        Self { kind, what: what.replace('\n', " ").chars().take(240).collect() }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind.words(), self.what)
    }
}
