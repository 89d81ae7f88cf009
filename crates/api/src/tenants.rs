//! Tenants, what their bots are told, their workers and their conversation logs.

use domain::{
    Condition, Delivery, DesiredState, Direction, Hours, Language, LogId, PackId, RecordId, TenantId,
    TenantStatus, Timestamp, WorkerStatus, Writer,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Session, given};

/// A tenant with its configuration, session and worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// The name an operator reads.
    pub name: String,
    /// The declared number in E.164, or null until onboarding.
    pub phone_number: Option<String>,
    /// Where it stands.
    pub status: TenantStatus,
    /// IANA time zone.
    pub timezone: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Since when an operator has suspended it.
    pub suspended_at: Option<Timestamp>,
    /// Why.
    pub suspended_reason: Option<String>,
    /// Digits of a linked number that is not the declared one and waits for an operator's word.
    pub held_number: Option<String>,
    /// Digits of a linked number that an operator has confirmed.
    pub confirmed_number: Option<String>,
    /// After how many days lines of the conversation log are deleted; null keeps them.
    pub retention_days: Option<u32>,
    /// Since when it is another installation's; it never runs here again.
    #[serde(default)]
    pub moved_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// What its bot is told.
    pub config: Config,
    /// Its session with WhatsApp.
    pub whatsapp_session: Session,
    /// Its worker process.
    pub worker_process: Worker,
    /// How its bot does, in one word and one sentence.
    pub health: Health,
    /// What is odd about it and may still be meant, like another tenant of the same name; told where one tenant is answered.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// The tags by which operators find it again, where tenants are listed, and where one is read, made or changed; `null` in
    /// other answers.
    #[serde(default)]
    pub tags: Option<Vec<String>>,
}

/// How a bot does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// The state, as the dashboard's list puts it.
    pub condition: Condition,
    /// Whether a person has to do something about it.
    pub needs_a_person: bool,
    /// The same in a sentence, with what to do.
    pub says: String,
}

/// What a bot is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Config {
    /// Id of the row.
    pub id: RecordId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Which pack answers.
    pub template_type: PackId,
    /// The name that customers read.
    pub business_name: String,
    /// Which language it answers in.
    pub language: Language,
    /// Opening hours: for each day from Monday, spans of minutes since midnight.
    pub hours: Option<Hours>,
    /// Messages of one contact that are answered in a minute; null for RATE_LIMIT_MAX_PER_MINUTE.
    pub rate_limit_per_minute: Option<u32>,
    /// Whether the text of a message is removed everywhere once its writer takes it back.
    pub remove_deleted: bool,
    /// Grows with every change.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A worker process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Worker {
    /// Id of the row.
    pub id: RecordId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Its name, derived from the tenant's id.
    pub process_name: String,
    /// What is observed.
    pub status: WorkerStatus,
    /// What an operator wants.
    pub desired_state: DesiredState,
    /// Why it last went wrong.
    pub last_error: Option<String>,
    /// Grows with every start.
    pub generation: i64,
    /// Process id while it runs.
    pub pid: Option<u32>,
    /// When the current generation was started.
    pub started_at: Option<Timestamp>,
    /// When it was last heard of.
    pub last_heartbeat_at: Option<Timestamp>,
    /// Whether it runs and has not been heard of for longer than STALE_THRESHOLD_MINUTES.
    pub stale: bool,
    /// Own memory (PSS) in bytes.
    pub memory_bytes: Option<u64>,
    /// Processor time since its start, in milliseconds.
    pub cpu_ms: Option<u64>,
    /// Inbound messages without an outcome.
    pub queued: Option<u64>,
    /// Replies that WhatsApp has not acknowledged.
    pub unsent: Option<u64>,
    /// Log rows not yet recorded here.
    pub unlogged: Option<u64>,
    /// When the last customer's message came.
    pub last_message_at: Option<Timestamp>,
    /// Customers' messages of the last day that could not be read.
    pub unreadable: Option<u64>,
    /// By how much WhatsApp's clock is ahead of this machine's, in milliseconds.
    pub clock_behind_ms: Option<i64>,
    /// How often it was started again by itself.
    pub restarts: u64,
    /// Rows of its conversation log that the database has refused for good.
    pub refused_log_rows: u64,
    /// Customers who are to be forgotten and whom its journal may still hold: its next start does that before it connects.
    pub erasures_waiting: u64,
    /// Chats in which a customer waited for a person at the last heartbeat.
    #[serde(default)]
    pub hand_offs: Option<u64>,
    /// When the row was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A tenant with the last lines of its conversation log, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TenantWithLogs {
    /// The tenant.
    pub tenant: Tenant,
    /// At most fifty lines.
    pub logs: Vec<Log>,
}

/// One line of a conversation log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Log {
    /// Its id.
    pub id: LogId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Which way the message went.
    pub direction: Direction,
    /// Who wrote.
    pub from_number: String,
    /// Who was written to.
    pub to_number: String,
    /// The text.
    pub message_text: String,
    /// WhatsApp's id of the message.
    pub wa_message_id: String,
    /// Why an inbound message got no reply, where it got none.
    pub silence: Option<String>,
    /// When it came or was decided. The list has the order in which things happened to the bot, whatever any clock says.
    pub created_at: Timestamp,
    /// When an inbound message was written, by its sender's clock and WhatsApp's.
    pub sent_at: Option<Timestamp>,
    /// WhatsApp's id of the message that this one corrects or takes back.
    pub about: Option<String>,
    /// How far a message of the business has come: decided, given up, taken by WhatsApp, on the customer's phone, seen there,
    /// listened to. It only ever comes farther. Null for an inbound message, and for one that was sent before this was told.
    #[serde(default)]
    pub delivery: Option<Delivery>,
    /// Why it never arrives, where it does not.
    #[serde(default)]
    pub delivery_reason: Option<String>,
    /// Who wrote a message of the business: the bot as an answer, the bot since its time had come, a person on a page or by a
    /// command, or somebody on the owner's phone. Null for an inbound message, and for one that was sent before this was told.
    #[serde(default)]
    pub writer: Option<Writer>,
}

/// Takes a tenant to be created.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateTenant {
    /// 1 to 120 characters.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// With its country code; may come later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// IANA name; `Africa/Dar_es_Salaam` where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Three capitals; `TZS` where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What its bot is told; all of it may be left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<ConfigInput>,
    /// The same as `config.template_type`; where both are given they are equal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PackId>)]
    pub template_type: Option<String>,
    /// The same as `config.business_name`; where both are given they are equal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_name: Option<String>,
    /// The same as `config.language`; where both are given they are equal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

/// Takes changes to a tenant; what is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateTenant {
    /// 1 to 120 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// With its country code, or null to empty it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "given")]
    #[schema(value_type = Option<String>)]
    pub phone_number: Option<Option<String>>,
    /// IANA name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Three capitals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// 1 to 3650 days, or null to keep the conversation log.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "given")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 3650)]
    pub retention_days: Option<Option<u32>>,
    /// What its bot is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<ConfigInput>,
}

/// Takes what a bot is told; what is left out stays, or is BOOKING, the tenant's name, SW and no hours on creation.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfigInput {
    /// Which pack answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PackId>)]
    pub template_type: Option<String>,
    /// The name that customers read, 1 to 120 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 120)]
    pub business_name: Option<String>,
    /// Which language it answers in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Opening hours, or null to empty them; `hours_json` is an older name for it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "given", alias = "hours_json")]
    #[schema(value_type = Option<Hours>)]
    pub hours: Option<Option<Hours>>,
    /// Messages of one contact that are answered in a minute, 1 to 10,000, or null for RATE_LIMIT_MAX_PER_MINUTE.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "given")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 10000)]
    pub rate_limit_per_minute: Option<Option<u32>>,
    /// Whether the text of a message is removed everywhere once its writer takes it back; false where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remove_deleted: Option<bool>,
}

/// Takes the number that an operator confirms although it is not the declared one.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmNumber {
    /// The held number's digits, so that nobody confirms another one than they saw.
    #[schema(pattern = r"^\+?[0-9]{5,18}$")]
    pub number: String,
}

/// Takes why a tenant is suspended.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Suspend {
    /// 1 to 2,000 characters that the owner reads.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_and_left_out_are_two_things() {
        let left_out: UpdateTenant = serde_json::from_str("{}").unwrap();
        assert_eq!(left_out.phone_number, None);
        let emptied: UpdateTenant = serde_json::from_str(r#"{"phone_number":null}"#).unwrap();
        assert_eq!(emptied.phone_number, Some(None));
        assert_eq!(serde_json::to_string(&emptied).unwrap(), r#"{"phone_number":null}"#);
    }
}
