//! What an operator is told of by mail and webhook.

use domain::{RecordId, TenantId, Timestamp};
use serde_json::Value;

/// Something that is wrong now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertCause {
    /// Names the cause, the same as long as it lasts, like `tenant:0198…` or `disk`.
    pub id: String,
    /// One line: what is wrong with whom.
    pub title: String,
    /// What is sent when it begins: free of message texts and credentials.
    pub payload: Value,
}

/// Something that is still to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertDelivery {
    /// Its id; the receiver may know it again by this.
    pub id: RecordId,
    /// By which way.
    pub channel: String,
    /// What is sent.
    pub payload: Value,
    /// How often it was tried in vain.
    pub attempts: u64,
    /// When it was put into the queue.
    pub created_at: Timestamp,
}

/// How a try to send an alert went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::EnumString, strum::VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum AlertOutcome {
    /// The receiver took it.
    Sent,
    /// The receiver did not take it; it is tried again.
    Failed,
    /// It was tried for long enough, or once where that is all.
    GivenUp,
}

/// A try to send an alert, as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertTry {
    /// The delivery's id: what is tried again is the same line.
    pub id: RecordId,
    /// By which way.
    pub channel: String,
    /// What it says: `raised`, `cleared` or `test`.
    pub kind: String,
    /// One line: what is wrong with whom.
    pub title: String,
    /// How it went.
    pub outcome: AlertOutcome,
    /// Why it was not taken, in words.
    pub detail: Option<String>,
    /// How often it was tried by then.
    pub tries: u64,
}

/// What became of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertResult {
    /// The last try.
    pub tried: AlertTry,
    /// When that was.
    pub at: Timestamp,
}

/// The tenant that a cause is about, from its id.
pub(crate) fn tenant_of(cause: &str) -> Option<TenantId> {
    cause.split_once(':').and_then(|(_, id)| id.parse().ok())
}
