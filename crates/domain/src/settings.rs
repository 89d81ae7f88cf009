//! What a worker is told of its tenant: a versioned document that goes down the link.

use serde::{Deserialize, Serialize};

use crate::{Digits, Hours, Language, PackId};

/// One tenant's bot as the worker needs to know it. `version` grows with every change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BotSettings {
    /// Grows with every change; a worker keeps the highest it has seen.
    pub version: i64,
    /// The name that customers read.
    pub business_name: String,
    /// Which pack answers.
    pub pack: PackId,
    /// Which language it answers in.
    pub language: Language,
    /// IANA time zone, like `Africa/Dar_es_Salaam`.
    pub timezone: String,
    /// ISO 4217 code, like `TZS`.
    pub currency: String,
    /// Opening hours, where the tenant has set them.
    pub hours: Option<Hours>,
    /// The number the tenant has declared; empty until onboarding.
    pub declared_number: Option<Digits>,
    /// The linked number that an operator has confirmed although it is not the declared one.
    pub confirmed_number: Option<Digits>,
    /// The other forms in which WhatsApp may write the declared and the confirmed number, by their countries' rules; see
    /// [`crate::line_forms`]. A worker compares them as they are and parses no number.
    #[serde(default)]
    pub number_forms: Vec<Digits>,
    /// True while an operator has suspended the tenant: the bot answers nobody.
    pub suspended: bool,
    /// Whether the text of a message is removed everywhere once its writer takes it back.
    #[serde(default)]
    pub remove_deleted: bool,
}

/// How fast a worker may act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Messages of one contact that are answered in a minute.
    pub contact_per_minute: u32,
    /// Replies of the whole tenant in a minute; more are delayed, none is dropped.
    pub tenant_per_minute: u32,
    /// Messages that wait in one chat's queue before a "please wait".
    pub chat_queue: u32,
    /// Time between two heartbeats, in milliseconds.
    pub heartbeat_interval_ms: u64,
    /// How long a contact must have been quiet before it is answered, in milliseconds: people write one thing in several
    /// messages.
    #[serde(default = "quiet_ms")]
    pub quiet_ms: u32,
    /// By how much the time is ahead of this machine's, in milliseconds: 0 but in a demo, whose clock is moved to see
    /// what a bot says when a time has come.
    #[serde(default)]
    pub clock_ahead_ms: i64,
    /// How many workers run on this machine: after an outage they come back one after another.
    #[serde(default, skip_serializing_if = "is_none")]
    pub neighbours: u32,
    /// Whether the disk is short of room: nothing is then taken from customers, whom WhatsApp keeps waiting until there is.
    #[serde(default, skip_serializing_if = "is_plenty")]
    pub disk_short: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks for it")]
const fn is_plenty(short: &bool) -> bool {
    !*short
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks for it")]
const fn is_none(many: &u32) -> bool {
    *many == 0
}

/// The quiet time of a control plane that names none.
const fn quiet_ms() -> u32 {
    2_000
}
