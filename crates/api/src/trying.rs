//! Trying a bot.

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What happens next in the trial.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({ "text": "Habari, nataka miadi kesho saa nne asubuhi" }))]
#[serde(default, deny_unknown_fields)]
pub struct TryBot {
    /// What the customer writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// So much time passes, in minutes, a week at most: reminders come.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "crate::given::number")]
    #[schema(minimum = 1, maximum = 10_080)]
    pub wait_minutes: Option<u32>,
    /// `yes` forgets the conversation and begins anew; nothing else is done then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again: Option<String>,
}

/// The conversation so far. It is kept in memory for half an hour, and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tried {
    /// What time it is in the trial.
    pub now: Timestamp,
    /// What was said, oldest first.
    pub lines: Vec<TriedLine>,
}

/// One thing that was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TriedLine {
    /// Whether the bot said it; else the customer did.
    pub bot: bool,
    /// What was said; empty where the bot keeps quiet.
    pub text: String,
    /// When, in the trial's time.
    pub at: Timestamp,
}
