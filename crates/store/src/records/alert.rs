//! What an operator is told of by mail and webhook.

use domain::{RecordId, Timestamp};
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
