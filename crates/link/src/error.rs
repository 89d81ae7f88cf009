//! What can go wrong on a link, and what one side tells the other when it refuses.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// Why a connection was refused, by name. A newer peer's unknown name reads as [`Reason::Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Reason {
    /// No protocol version in common.
    Version,
    /// The other side speaks for another tenant.
    Tenant,
    /// The other side speaks for another generation of this tenant's worker.
    Generation,
    /// The proof of the token is wrong.
    Proof,
    /// A frame is larger than allowed.
    TooLarge,
    /// A frame is no message of this protocol.
    Malformed,
    /// A message that may not come now.
    State,
    /// The other side took too long.
    Timeout,
    /// Something newer than this build.
    #[serde(other)]
    Other,
}

/// A refusal as it goes over the wire and into both sides' logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}: {detail}", <&str>::from(reason))]
pub struct Refusal {
    /// By name.
    pub reason: Reason,
    /// In words, at most 200 characters. From a peer it is untrusted: only ever shown, never acted on.
    pub detail: String,
}

impl Refusal {
    /// A refusal with its reason in words.
    #[must_use]
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }.tidied()
    }

    /// Cut to length and free of line breaks and escapes, so that a peer cannot write lines into our log.
    #[must_use]
    pub(crate) fn tidied(self) -> Self {
        let tidy = |c: char| if c.is_control() { ' ' } else { c };
        Self { reason: self.reason, detail: self.detail.chars().take(200).map(tidy).collect() }
    }
}

/// A link that cannot be opened or has ended.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The stream failed.
    #[error("the link's stream failed: {0}")]
    Io(#[from] std::io::Error),
    /// The other side closed the stream.
    #[error("the other side closed the link")]
    Closed,
    /// A frame that was about to be sent is larger than allowed.
    #[error("a frame of {size} bytes is too large to send; at most {limit} bytes go into one")]
    TooLarge {
        /// Bytes of the frame.
        size: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// A message that was about to be sent cannot be written as JSON.
    #[error("a message cannot be encoded: {0}")]
    Encode(#[source] serde_json::Error),
    /// We refused the other side, and told it so where the stream still took it.
    #[error("refused the other side of the link: {0}")]
    Refused(#[source] Refusal),
    /// The other side refused us.
    #[error("the other side of the link refused us: {0}")]
    RefusedByPeer(#[source] Refusal),
}

impl LinkError {
    /// A refusal of ours.
    pub(crate) fn refuse(reason: Reason, detail: impl Into<String>) -> Self {
        Self::Refused(Refusal::new(reason, detail))
    }

    /// Our reason, where it is we who refused.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}
