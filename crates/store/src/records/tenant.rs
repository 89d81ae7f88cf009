//! Tenants and what their bots are told.

use domain::{
    AWAY_FOR_LONG, BotSettings, Condition, Digits, Facts, Hours, Language, Limits, PackId, Particulars,
    Phone, RecordId, TenantId, TenantStatus, Timestamp,
};
use serde::Serialize;

use super::{WhatsappSession, WorkerProcess};

/// What is needed to create a tenant. Lengths are checked by the API; see [`domain::limits`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTenant {
    /// The name an operator reads.
    pub name: String,
    /// The declared number; may come later.
    pub phone: Option<Phone>,
    /// IANA time zone, like `Africa/Dar_es_Salaam`.
    pub timezone: String,
    /// ISO 4217 code, like `TZS`.
    pub currency: String,
    /// The name that customers read.
    pub business_name: String,
    /// Which pack answers.
    pub template_type: PackId,
    /// Which language it answers in.
    pub language: Language,
    /// Opening hours, where they are known.
    pub hours: Option<Hours>,
    /// Messages of one contact that are answered in a minute; `None` for the platform's setting.
    pub rate_limit_per_minute: Option<u32>,
    /// Whether the text of a message is removed everywhere once its writer takes it back.
    pub remove_deleted: bool,
    /// The business profile that it begins with, as JSON that says version 1.
    pub profile: Option<String>,
}

/// One row of `tenants`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TenantRecord {
    /// Its id.
    pub id: TenantId,
    /// The name an operator reads.
    pub name: String,
    /// The declared number; empty until onboarding.
    pub phone_number: Option<Phone>,
    /// Where it stands.
    pub status: TenantStatus,
    /// IANA time zone.
    pub timezone: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Since when an operator has suspended it; the bot then answers nobody.
    pub suspended_at: Option<Timestamp>,
    /// Why, in the operator's words.
    pub suspended_reason: Option<String>,
    /// A linked number that is not the declared one and waits for an operator's word.
    pub held_number: Option<Digits>,
    /// A linked number that an operator has confirmed although it is not the declared one.
    pub confirmed_number: Option<Digits>,
    /// After how many days rows of the conversation log are deleted; `None` keeps them.
    pub retention_days: Option<u32>,
    /// Since when it is another installation's: it never runs here again.
    pub moved_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When its row last changed.
    pub updated_at: Timestamp,
}

/// One row of `tenant_configs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TenantConfig {
    /// Its id.
    pub id: RecordId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Which pack answers.
    pub template_type: PackId,
    /// The name that customers read.
    pub business_name: String,
    /// Which language it answers in.
    pub language: Language,
    /// Opening hours, where they are set.
    pub hours: Option<Hours>,
    /// Messages of one contact that are answered in a minute; `None` for the platform's setting.
    pub rate_limit_per_minute: Option<u32>,
    /// Whether the text of a message is removed everywhere once its writer takes it back.
    pub remove_deleted: bool,
    /// Grows with every change of anything a worker is told, this row's or the tenant's.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A tenant with its one-to-one rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TenantDetail {
    /// The tenant.
    pub tenant: TenantRecord,
    /// What its bot is told.
    pub config: TenantConfig,
    /// Its session.
    pub session: WhatsappSession,
    /// Its worker.
    pub worker: WorkerProcess,
}

impl TenantDetail {
    /// How fast its bot may act, where the platform allows `platform`.
    #[must_use]
    pub fn limits(&self, platform: Limits) -> Limits {
        let own = self.config.rate_limit_per_minute;
        Limits { contact_per_minute: own.unwrap_or(platform.contact_per_minute), ..platform }
    }

    /// How its bot does. What was heard of before `stale_before` is stale, what was connected before `away_before` and is
    /// not is away for long.
    #[must_use]
    pub fn condition(&self, stale_before: Timestamp, away_before: Timestamp) -> Condition {
        Condition::of(&Facts {
            status: self.tenant.status,
            session: self.session.state,
            worker: self.worker.status,
            desired: self.worker.desired_state,
            trouble: self.session.trouble,
            suspended: self.tenant.suspended_at.is_some(),
            held: self.tenant.held_number.is_some(),
            requested: self.worker.requests_waiting > 0,
            heard: self.worker.last_heartbeat_at.or(self.worker.started_at),
            seen: self.session.last_seen_at,
            stale_before,
            away_before,
        })
    }

    /// The same with what its sentence needs. A running worker that was silent for `stale_after` is stale.
    #[must_use]
    pub fn particulars(&self, stale_after: std::time::Duration, now: Timestamp) -> Particulars<'_> {
        let (tenant, session, worker) = (&self.tenant, &self.session, &self.worker);
        let stale_before = now.checked_sub(stale_after).unwrap_or(Timestamp::MIN);
        let condition =
            self.condition(stale_before, now.checked_sub(AWAY_FOR_LONG).unwrap_or(Timestamp::MIN));
        Particulars {
            condition,
            why: match condition {
                Condition::Suspended => tenant.suspended_reason.as_deref(),
                _ => worker.last_error.as_deref(),
            },
            since: match condition {
                Condition::Away | Condition::Reconnecting => session.last_seen_at,
                Condition::Stale => worker.last_heartbeat_at.or(worker.started_at),
                Condition::Answering => worker.last_message_at,
                _ => None,
            },
            until: session.trouble_until,
            number: tenant.held_number.as_ref().map(Digits::as_str),
            suspended: tenant.suspended_at.is_some(),
            zone: &tenant.timezone,
            now,
        }
    }

    /// The document that goes down the link.
    #[must_use]
    pub fn bot_settings(&self) -> BotSettings {
        let declared = self.tenant.phone_number.as_ref().map(Phone::digits);
        let numbers = declared.iter().chain(&self.tenant.confirmed_number);
        BotSettings {
            number_forms: numbers.flat_map(domain::line_forms).collect(),
            remove_deleted: self.config.remove_deleted,
            version: self.config.version,
            business_name: self.config.business_name.clone(),
            pack: self.config.template_type,
            language: self.config.language,
            timezone: self.tenant.timezone.clone(),
            currency: self.tenant.currency.clone(),
            hours: self.config.hours.clone(),
            declared_number: declared,
            confirmed_number: self.tenant.confirmed_number.clone(),
            suspended: self.tenant.suspended_at.is_some(),
        }
    }
}

/// Changes to a tenant's own row; `None` leaves a field as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TenantChange {
    /// A new name.
    pub name: Option<String>,
    /// A new declared number, or `Some(None)` to empty it.
    pub phone: Option<Option<Phone>>,
    /// A new time zone.
    pub timezone: Option<String>,
    /// A new currency.
    pub currency: Option<String>,
    /// After how many days rows of the conversation log are deleted, or `Some(None)` to keep them.
    pub retention_days: Option<Option<u32>>,
}

/// Changes to a tenant's configuration; `None` leaves a field as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfigChange {
    /// Another pack.
    pub template_type: Option<PackId>,
    /// Another name that customers read.
    pub business_name: Option<String>,
    /// Another language.
    pub language: Option<Language>,
    /// Other opening hours, or `Some(None)` to empty them.
    pub hours: Option<Option<Hours>>,
    /// Another rate limit, or `Some(None)` for the platform's setting.
    pub rate_limit_per_minute: Option<Option<u32>>,
    /// Whether what is taken back is removed.
    pub remove_deleted: Option<bool>,
}

/// How many tenants stand in each status, zeros left out.
pub type StatusCounts = Vec<(TenantStatus, u64)>;
