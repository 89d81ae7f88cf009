//! What the admin API answers and takes, as JSON. The command line reads its answers with the same types.
//!
//! Numbers and names stand in them as plain text: checking is the business of what takes them in.

use domain::{
    DesiredState, Direction, EventId, Hours, Language, LogId, PackType, RecordId, SessionState,
    SetupRequestId, SetupStatus, TenantId, TenantStatus, Timestamp, UserId, WorkerStatus,
};
use serde::{Deserialize, Serialize};

/// A tenant with its configuration, session and worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// What a bot is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// Id of the row.
    pub id: RecordId,
    /// Which pack answers.
    pub template_type: PackType,
    /// The name that customers read.
    pub business_name: String,
    /// Which language it answers in.
    pub language: Language,
    /// Opening hours: for each day from Monday, spans of minutes since midnight.
    pub hours: Option<Hours>,
    /// Messages of one contact that are answered in a minute; null for RATE_LIMIT_MAX_PER_MINUTE.
    pub rate_limit_per_minute: Option<u32>,
    /// Grows with every change.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A session with WhatsApp. The QR code is no part of it: it is a credential and has a path of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Id of the row.
    pub id: RecordId,
    /// The connection's state.
    pub state: SessionState,
    /// When it was last known to be connected.
    pub last_seen_at: Option<Timestamp>,
    /// Digits of the linked number.
    pub linked_number: Option<String>,
    /// When it was linked.
    pub linked_at: Option<Timestamp>,
    /// When the row was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A worker process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worker {
    /// Id of the row.
    pub id: RecordId,
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
    /// How often it was started again by itself.
    pub restarts: u64,
    /// When the row was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A tenant with the last lines of its conversation log, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantWithLogs {
    /// The tenant.
    pub tenant: Tenant,
    /// At most fifty lines.
    pub logs: Vec<Log>,
}

/// One line of a conversation log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// When it was written or decided.
    pub created_at: Timestamp,
}

/// The QR code of a tenant, or why there is none.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Qr {
    /// Where the tenant stands.
    pub status: TenantStatus,
    /// The session's state; a code is there in `QR_READY` only.
    pub state: SessionState,
    /// The code's text.
    pub qr: Option<String>,
    /// The code as an SVG picture in a `data:` URL.
    pub data_url: Option<String>,
    /// When the code is void.
    pub expires_at: Option<Timestamp>,
}

/// Leaves the code out: it is a credential.
impl std::fmt::Debug for Qr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Qr").field("status", &self.status).field("state", &self.state).finish_non_exhaustive()
    }
}

/// The code that links a phone by typing it there, or that there is none.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingCode {
    /// Where the tenant stands.
    pub status: TenantStatus,
    /// The session's state; a code is there in `QR_READY` only.
    pub state: SessionState,
    /// Its eight characters.
    pub code: Option<String>,
    /// Digits of the number whose phone takes it.
    pub number: Option<String>,
    /// When the code is void.
    pub expires_at: Option<Timestamp>,
}

impl PairingCode {
    /// The code as the phone shows it, like `ABCD-EFGH`.
    #[must_use]
    pub fn grouped(&self) -> Option<String> {
        let code = self.code.as_deref()?;
        Some(code.split_at_checked(4).map_or_else(|| code.to_owned(), |(a, b)| format!("{a}-{b}")))
    }
}

/// Leaves the code out: it is a credential.
impl std::fmt::Debug for PairingCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PairingCode")
            .field("status", &self.status)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// Takes a tenant to be created.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateTenant {
    /// 1 to 120 characters.
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
}

/// Takes changes to a tenant; what is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateTenant {
    /// 1 to 120 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// With its country code, or null to empty it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "given")]
    pub phone_number: Option<Option<String>>,
    /// IANA name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Three capitals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// 1 to 3650 days, or null to keep the conversation log.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "given")]
    pub retention_days: Option<Option<u32>>,
    /// What its bot is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<ConfigInput>,
}

/// Takes what a bot is told; what is left out stays, or is BOOKING, the tenant's name, SW and no hours on creation.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigInput {
    /// Which pack answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_type: Option<PackType>,
    /// The name that customers read, 1 to 120 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_name: Option<String>,
    /// Which language it answers in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Opening hours, or null to empty them.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "given")]
    pub hours: Option<Option<Hours>>,
    /// Messages of one contact that are answered in a minute, 1 to 10,000, or null for RATE_LIMIT_MAX_PER_MINUTE.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "given")]
    pub rate_limit_per_minute: Option<Option<u32>>,
}

/// Takes the number that an operator confirms although it is not the declared one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmNumber {
    /// The held number's digits, so that nobody confirms another one than they saw.
    pub number: String,
}

/// An owner's request to have the bot switched on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupRequest {
    /// Its id.
    pub id: SetupRequestId,
    /// For which tenant.
    pub tenant_id: TenantId,
    /// That tenant's name.
    pub tenant_name: String,
    /// Who asked.
    pub user_id: UserId,
    /// That person's name.
    pub user_name: String,
    /// That person's address.
    pub user_email: String,
    /// Which pack was asked for.
    pub template_type: PackType,
    /// The number to be linked, in E.164.
    pub whatsapp_number: String,
    /// How far it has come.
    pub status: SetupStatus,
    /// The note of owner or operator.
    pub notes: Option<String>,
    /// Who decided: a user's id, or `admin`.
    pub reviewed_by: Option<String>,
    /// That operator's name, where it is one with an account.
    pub reviewer_name: Option<String>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// An approved request, and what became of the worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// The request.
    pub request: SetupRequest,
    /// Why the worker did not start, where it did not; it is tried again.
    pub worker_error: Option<String>,
}

/// Takes a setup request to be filed in an owner's name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateSetupRequest {
    /// For which tenant.
    pub tenant_id: TenantId,
    /// The owner; added to the tenant where the address is not known there.
    pub owner: Person,
    /// Which pack.
    pub template_type: PackType,
    /// The number to be linked, with its country code.
    pub whatsapp_number: String,
    /// A note of at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// A person.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// 1 to 120 characters.
    pub name: String,
    /// An e-mail address.
    pub email: String,
}

/// Takes why a request is rejected.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reject {
    /// 1 to 2,000 characters that the owner reads.
    pub note: String,
}

/// Takes why a tenant is suspended.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspend {
    /// 1 to 2,000 characters that the owner reads.
    pub reason: String,
}

/// A line of the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Which tenant, if any; stays when the tenant is gone.
    pub tenant_id: Option<TenantId>,
    /// Who acted: a user's id, `admin`, `system` or `worker`.
    pub actor: String,
    /// The person's name, where it is one who is known.
    pub actor_name: Option<String>,
    /// What happened, like `TENANT_CREATED`.
    pub event_type: String,
    /// What changed, each field as `{"from", "to"}`, or other details.
    pub payload: serde_json::Value,
    /// When.
    pub created_at: Timestamp,
}

/// An operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorListed {
    /// The person's id.
    pub id: UserId,
    /// The person's name.
    pub name: String,
    /// The address that the person signs in with.
    pub email: String,
    /// Whether the person can sign in with a password.
    pub has_password: bool,
    /// Whether a second factor is asked for too.
    pub has_second_factor: bool,
    /// Since when.
    pub created_at: Timestamp,
}

/// Takes an operator to be added.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateOperator {
    /// 1 to 120 characters.
    pub name: String,
    /// The address that the person will sign in with.
    pub email: String,
    /// 12 to 1,024 characters; where it is left out, one is made and answered this once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// Leaves the password out.
impl std::fmt::Debug for CreateOperator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreateOperator").field("name", &self.name).finish_non_exhaustive()
    }
}

/// An operator with a new password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPassword {
    /// The person's id.
    pub id: UserId,
    /// The person's name.
    pub name: String,
    /// The address that the person signs in with.
    pub email: String,
    /// The password, where it was made here; it is shown this once.
    pub password: Option<String>,
}

/// Leaves the password out.
impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewPassword").field("name", &self.name).finish_non_exhaustive()
    }
}

/// One's own account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAccount {
    /// The name.
    pub name: String,
    /// The address; null for the admin password, which has no account.
    pub email: Option<String>,
    /// Whether a second factor is asked for.
    pub has_second_factor: bool,
}

/// A second factor to be confirmed by its first code.
#[derive(Clone, Serialize, Deserialize)]
pub struct NewSecondFactor {
    /// The secret in Base32.
    pub secret: String,
    /// The same as an `otpauth:` address for a QR code.
    pub address: String,
}

/// Codes for when the app is lost, each good for one sign-in; shown this once.
#[derive(Clone, Serialize, Deserialize)]
pub struct RecoveryCodes {
    /// The codes.
    pub recovery_codes: Vec<String>,
}

/// How the control plane is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct System {
    /// As `flowhq --version` says it.
    pub version: String,
    /// The engine.
    pub database: String,
    /// How long the database took to answer; null where it did not.
    pub database_ms: Option<u64>,
    /// Free space beneath DATA_DIR, in bytes.
    pub disk_free_bytes: Option<u64>,
    /// All space there.
    pub disk_total_bytes: Option<u64>,
    /// Memory of the control plane itself (RSS), in bytes.
    pub memory_bytes: Option<u64>,
    /// Tenants by status.
    pub tenants: Vec<Counted>,
    /// Workers by status.
    pub workers: Vec<Counted>,
    /// Memory of all workers together (PSS) at their last heartbeats.
    pub worker_memory_bytes: u64,
    /// Inbound messages without an outcome, of all workers.
    pub queued: u64,
    /// Replies that WhatsApp has not acknowledged.
    pub unsent: u64,
    /// Log rows not yet recorded here.
    pub unlogged: u64,
    /// The tenants with most in their queues.
    pub busiest: Vec<Busy>,
    /// Tenants in ERROR, newest first.
    pub failing: Vec<Failing>,
    /// When the last backup was made; null: backups are not set up.
    pub backups: Option<String>,
    /// The settings in force, secrets masked.
    pub settings: Vec<InForce>,
}

/// A count by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Of what.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// A tenant with something in its queues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Busy {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// Inbound messages without an outcome.
    pub queued: u64,
    /// Replies not acknowledged.
    pub unsent: u64,
}

/// A tenant in ERROR.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failing {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// Why.
    pub last_error: Option<String>,
}

/// A setting in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// Its environment variable.
    pub name: String,
    /// Its value, masked where it is a secret; null where it is not set.
    pub value: Option<String>,
}

/// A field that may be left out, or be null, or have a value: serde alone takes null for left out.
mod given {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<T: Serialize, S: Serializer>(
        value: &Option<Option<T>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().and_then(Option::as_ref).serialize(serializer)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }
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

    #[test]
    fn a_code_does_not_show_in_debug() {
        let qr = Qr {
            status: TenantStatus::QrReady,
            state: SessionState::QrReady,
            qr: Some("2@secret".to_owned()),
            data_url: None,
            expires_at: None,
        };
        assert!(!format!("{qr:?}").contains("secret"));
        let typed = PairingCode {
            status: TenantStatus::QrReady,
            state: SessionState::QrReady,
            code: Some("ABCD1234".to_owned()),
            number: Some("255712345678".to_owned()),
            expires_at: None,
        };
        let shown = format!("{typed:?}");
        assert!(!shown.contains("ABCD") && !shown.contains("255712"), "{shown}");
        assert_eq!(typed.grouped().as_deref(), Some("ABCD-1234"));
    }
}

/// All that is held of one customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContactExport {
    /// The contact, as in the log.
    pub contact: String,
    /// Whether the worker's journal was asked too, and told everything; it can be asked while the worker runs.
    pub complete: bool,
    /// Lines of the conversation log, newest first.
    pub log: Vec<Log>,
    /// What the worker's journal holds, where it knows the contact.
    pub journal: Option<ContactJournal>,
}

/// What a worker's journal holds of a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContactJournal {
    /// Phone number, where it is known.
    pub number: Option<String>,
    /// WhatsApp's hidden id, where it is known.
    pub lid: Option<String>,
    /// The name that the customer goes by.
    pub push_name: Option<String>,
    /// When the customer last wrote.
    pub wrote_at: Option<Timestamp>,
    /// What the bot remembers of the conversation.
    pub conversation: Option<serde_json::Value>,
    /// Messages, the customer's first, each side in order.
    pub messages: Vec<ContactMessage>,
}

/// One message of a customer, or to one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContactMessage {
    /// Which way it went.
    pub direction: Direction,
    /// WhatsApp's id of it.
    pub wa_message_id: String,
    /// Its text.
    pub text: Option<String>,
    /// What has become of it.
    pub state: Option<String>,
    /// When it was written.
    pub at: Timestamp,
}

/// What went of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactErased {
    /// Messages in the worker's journal.
    pub journal_messages: u64,
    /// Rows of the conversation log.
    pub log_rows: u64,
}
