//! The tenant's own row and its configuration.

use domain::Digits;
use serde_json::{Value, json};

use super::{TENANT, TenantScope, found};
use crate::{
    Actor, ConfigChange, StoreError, TenantChange, TenantDetail,
    actor::note,
    db::Tx,
    records::changes,
    rows,
    sql::{lifecycle, tenants},
};

impl TenantScope {
    /// The tenant with its configuration, session and worker.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant.
    pub async fn get(&self) -> Result<TenantDetail, StoreError> {
        let mut tx = self.read().await?;
        detail(&mut tx).await
    }

    /// Changes the tenant's own row.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant.
    pub async fn update(&self, change: TenantChange) -> Result<TenantDetail, StoreError> {
        self.update_both(None, change, ConfigChange::default()).await
    }

    /// Changes what the tenant's bot is told and raises the configuration's version.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant.
    pub async fn configure(&self, change: ConfigChange) -> Result<TenantDetail, StoreError> {
        self.update_both(None, TenantChange::default(), change).await
    }

    /// Both at once, with one line in the audit log. What changes raises the configuration's version.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant; [`StoreError::Conflict`] in `version` where `seen` is not
    /// the version that stands, so that nobody saves over what somebody else has saved.
    pub async fn update_both(
        &self,
        seen: Option<i64>,
        change: TenantChange,
        told: ConfigChange,
    ) -> Result<TenantDetail, StoreError> {
        self.change("TENANT_CHANGED", |detail| {
            if seen.is_some_and(|seen| seen != detail.config.version) {
                let reason = "somebody else has changed this tenant meanwhile".to_owned();
                return Err(StoreError::Conflict { field: "version", reason });
            }
            let tenant = &mut detail.tenant;
            tenant.name = change.name.unwrap_or_else(|| tenant.name.clone());
            tenant.phone_number = change.phone.unwrap_or_else(|| tenant.phone_number.clone());
            tenant.timezone = change.timezone.unwrap_or_else(|| tenant.timezone.clone());
            tenant.retention_days = change.retention_days.unwrap_or(tenant.retention_days);
            tenant.currency = change.currency.unwrap_or_else(|| tenant.currency.clone());
            let config = &mut detail.config;
            config.template_type = told.template_type.unwrap_or(config.template_type);
            config.business_name = told.business_name.unwrap_or_else(|| config.business_name.clone());
            config.language = told.language.unwrap_or(config.language);
            config.hours = told.hours.unwrap_or_else(|| config.hours.clone());
            config.rate_limit_per_minute = told.rate_limit_per_minute.unwrap_or(config.rate_limit_per_minute);
            config.remove_deleted = told.remove_deleted.unwrap_or(config.remove_deleted);
            Ok(())
        })
        .await
    }

    /// Suspends the tenant with the operator's reason, or lifts a suspension with `None`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant.
    pub async fn set_suspended(&self, reason: Option<String>) -> Result<TenantDetail, StoreError> {
        let now = self.store.now();
        let event = if reason.is_some() { "TENANT_SUSPENDED" } else { "TENANT_SUSPENSION_LIFTED" };
        self.change(event, |detail| {
            let tenant = &mut detail.tenant;
            tenant.suspended_at = reason.as_ref().map(|_| tenant.suspended_at.unwrap_or(now));
            tenant.suspended_reason = reason;
            Ok(())
        })
        .await
    }

    /// Notes that a number other than the declared one is linked and waits for an operator, or that none does.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant.
    pub async fn set_hold(&self, number: Option<Digits>) -> Result<TenantDetail, StoreError> {
        self.change("NUMBER_HELD", |detail| {
            detail.tenant.held_number = number;
            Ok(())
        })
        .await
    }

    /// Confirms the number that is held: the bot may answer under it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where another number is held, or none.
    pub async fn confirm_number(&self, number: Digits) -> Result<TenantDetail, StoreError> {
        self.change("NUMBER_CONFIRMED", |detail| {
            if detail.tenant.held_number.as_ref() != Some(&number) {
                return Err(StoreError::Conflict {
                    field: "number",
                    reason: "this number does not wait for confirmation; reload and look again".to_owned(),
                });
            }
            detail.tenant.held_number = None;
            detail.tenant.confirmed_number = Some(number);
            Ok(())
        })
        .await
    }

    /// Deletes the tenant and all its rows but the audit log, which gets one more line, without personal data. People
    /// who belonged to no other tenant go too.
    /// `actor` is a user's id, `admin` or `system`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant.
    pub async fn delete(&self, actor: &str) -> Result<(), StoreError> {
        let people = self.members().await?;
        let mut tx = self.write_of_moved().await?;
        let args = tx.args();
        found(tx.execute(&tenants::DELETE, args).await?)?;
        note(&mut tx, Actor::read(actor), "TENANT_DELETED", &json!({}), self.store.now()).await?;
        tx.commit().await?;
        self.store.operator().forget_people(people.iter().map(|member| member.user.id)).await?;
        self.store.forget_deleted().await
    }

    /// Reads the tenant, lets `edit` change it, and writes tenant, configuration and what changed back, all in one
    /// transaction. Where nothing changes, there is no line in the audit log.
    async fn change(
        &self,
        event: &'static str,
        edit: impl FnOnce(&mut TenantDetail) -> Result<(), StoreError> + Send,
    ) -> Result<TenantDetail, StoreError> {
        let mut tx = self.write().await?;
        let detail = self.change_within(&mut tx, event, edit).await?;
        tx.commit().await?;
        Ok(detail)
    }

    /// The same as part of a transaction, which the caller commits.
    pub(super) async fn change_within(
        &self,
        tx: &mut Tx,
        event: &'static str,
        edit: impl FnOnce(&mut TenantDetail) -> Result<(), StoreError> + Send,
    ) -> Result<TenantDetail, StoreError> {
        let now = self.store.now();
        let args = tx.args().time(now);
        tx.row(&lifecycle::LOCK, args).await?.ok_or(TENANT)?;
        let mut detail = detail(tx).await?;
        let before = detail.clone();
        let told = detail.bot_settings();
        edit(&mut detail)?;

        detail.tenant.updated_at = now;
        let tenant = &detail.tenant;
        let args = tx
            .args()
            .text(&tenant.name)
            .opt_text(tenant.phone_number.as_ref().map(domain::Phone::as_str))
            .text(&tenant.timezone)
            .text(&tenant.currency)
            .opt_time(tenant.suspended_at)
            .opt_text(tenant.suspended_reason.as_deref())
            .opt_text(tenant.held_number.as_ref().map(Digits::as_str))
            .opt_text(tenant.confirmed_number.as_ref().map(Digits::as_str))
            .opt_count(tenant.retention_days.map(u64::from))
            .time(now);
        found(tx.execute(&tenants::UPDATE_TENANT, args).await.map_err(declared)?)?;
        let other_limits = before.config.rate_limit_per_minute != detail.config.rate_limit_per_minute;
        let (was, is) = (&before.tenant, &detail.tenant);
        // The bot is told nothing of these two, but who saves over another one's change is.
        let otherwise = was.name != is.name || was.retention_days != is.retention_days;
        if told != detail.bot_settings() || other_limits || otherwise {
            let config = &mut detail.config;
            config.version += 1;
            config.updated_at = now;
            let args = tx
                .args()
                .text(config.template_type.as_str())
                .text(&config.business_name)
                .label(config.language)
                .opt_text(hours_json(config.hours.as_ref())?.as_deref())
                .opt_count(config.rate_limit_per_minute.map(u64::from))
                .flag(config.remove_deleted)
                .int(config.version)
                .time(now);
            found(tx.execute(&tenants::UPDATE_CONFIG, args).await?)?;
        }
        let changes = changes(&before, &detail);
        if !changes.is_empty() {
            note(tx, self.actor, event, &Value::Object(changes), now).await?;
        }
        Ok(detail)
    }
}

async fn detail(tx: &mut Tx) -> Result<TenantDetail, StoreError> {
    let args = tx.args();
    rows::detail(&tx.row(&tenants::GET, args).await?.ok_or(TENANT)?)
}

/// A number that another tenant has declared. Whose it is, an operator may look up; here nobody is told.
pub(crate) fn declared(error: sqlx::Error) -> StoreError {
    if crate::error::is_unique_violation(&error) {
        let reason = "another tenant has declared this number".to_owned();
        return StoreError::Conflict { field: "phone_number", reason };
    }
    error.into()
}

/// Opening hours as they are stored.
pub(crate) fn hours_json(hours: Option<&domain::Hours>) -> Result<Option<String>, StoreError> {
    hours
        .map(serde_json::to_string)
        .transpose()
        .map_err(|error| StoreError::Invalid { field: "hours", reason: error.to_string() })
}
