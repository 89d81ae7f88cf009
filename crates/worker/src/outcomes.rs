//! Where outcomes are fixed: the seam between a chat's turn and the journal.

use async_trait::async_trait;

use crate::{
    channel::Address,
    journal::{Fixed, Journal, JournalError, Outcome},
};

/// Fixes outcomes.
#[async_trait]
pub(crate) trait Outcomes: Send + Sync {
    /// Fixes an outcome, of messages that are answered at `to`: all of it, synced, or nothing.
    async fn fix(&self, to: &Address, outcome: Outcome) -> Result<Fixed, JournalError>;
}

#[async_trait]
impl Outcomes for Journal {
    async fn fix(&self, _to: &Address, outcome: Outcome) -> Result<Fixed, JournalError> {
        Self::fix(self, outcome).await
    }
}
