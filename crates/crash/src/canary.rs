//! Faults that are planted on purpose. A suite that does not find each of its own proves nothing.

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
    /// What stands against a record's change, such as a time that is taken, is passed over by the journal.
    SkipConflict,
    /// Records are acknowledged to the worker without being written.
    AcknowledgeRecordsUnwritten,
    /// After a restart it is forgotten which times were done with.
    ForgetDone,
    /// A cell is copied beside the worker that lives in it, which goes on where it was.
    UnfencedMove,
    /// A host that is started again takes none of its workers over.
    ForgottenWorkers,
    /// What reads the conversation log names no tenant.
    DroppedPredicate,
    /// The same, and a transaction is everybody's instead of one tenant's.
    DroppedTenant,
    /// A table's policies bind everybody but its owner.
    PolicyNotForced,
    /// The process log tells tenants' names.
    NameInLog,
    /// A metric has a tenant's number for a label.
    NumberInMetrics,
}

impl Canary {
    /// What the crash driver has to find.
    pub const CRASH: [Self; 10] = [
        Self::AcknowledgeBeforeWrite,
        Self::SendThenMark,
        Self::NewIdAfterRestart,
        Self::NoSync,
        Self::ForgetAcknowledgement,
        Self::AcknowledgeLogsBeforeCommit,
        Self::StaleGeneration,
        Self::SkipConflict,
        Self::AcknowledgeRecordsUnwritten,
        Self::ForgetDone,
    ];

    /// What its scenes with hosts have to find.
    pub const HOSTS: [Self; 2] = [Self::UnfencedMove, Self::ForgottenWorkers];

    /// What the tests of isolation have to find.
    pub const ISOLATION: [Self; 5] = [
        Self::DroppedPredicate,
        Self::DroppedTenant,
        Self::PolicyNotForced,
        Self::NameInLog,
        Self::NumberInMetrics,
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
            Self::SkipConflict => "skip-conflict",
            Self::AcknowledgeRecordsUnwritten => "acknowledge-records-unwritten",
            Self::ForgetDone => "forget-done",
            Self::UnfencedMove => "unfenced-move",
            Self::ForgottenWorkers => "forgotten-workers",
            Self::DroppedPredicate => "dropped-predicate",
            Self::DroppedTenant => "dropped-tenant",
            Self::PolicyNotForced => "policy-not-forced",
            Self::NameInLog => "name-in-log",
            Self::NumberInMetrics => "number-in-metrics",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::CRASH.into_iter().chain(Self::HOSTS).chain(Self::ISOLATION).find(|canary| canary.name() == name)
    }
}
