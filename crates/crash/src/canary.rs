//! Faults that are planted on purpose. A crash driver that does not find each of them proves nothing.

/// A planted fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canary {
    /// A message is acknowledged to WhatsApp before it is written.
    AcknowledgeBeforeWrite,
    /// A reply is sent before its outcome is fixed.
    SendThenMark,
    /// After a restart an unsettled reply goes out under a new id.
    NewIdAfterRestart,
    /// The journal's commits are not synced.
    NoSync,
    /// The control plane forgets how far it has acknowledged a journal.
    ForgetAcknowledgement,
    /// Log rows are acknowledged to the worker before they are committed.
    AcknowledgeLogsBeforeCommit,
    /// A worker of an older generation may open the journal.
    StaleGeneration,
}

impl Canary {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::AcknowledgeBeforeWrite,
        Self::SendThenMark,
        Self::NewIdAfterRestart,
        Self::NoSync,
        Self::ForgetAcknowledgement,
        Self::AcknowledgeLogsBeforeCommit,
        Self::StaleGeneration,
    ];

    /// How the environment names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AcknowledgeBeforeWrite => "acknowledge-before-write",
            Self::SendThenMark => "send-then-mark",
            Self::NewIdAfterRestart => "new-id-after-restart",
            Self::NoSync => "no-sync",
            Self::ForgetAcknowledgement => "forget-acknowledgement",
            Self::AcknowledgeLogsBeforeCommit => "acknowledge-logs-before-commit",
            Self::StaleGeneration => "stale-generation",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|canary| canary.name() == name)
    }
}
