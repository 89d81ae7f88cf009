//! The rows of a new tenant.

use domain::{DesiredState, Phone, RecordId, SessionState, TenantId, TenantStatus, Timestamp, WorkerStatus};

use serde_json::{Value, json};

use super::{Operator, insert_event};
use crate::{
    NewEvent, NewTenant, NotesChange, StoreError,
    db::{Args, Tx},
    scope::{changed_notes, declared, hours_json},
    sql::{Reach, Statement, notes, people, profiles, tenants},
};

impl Operator {
    /// Creates many tenants in one transaction, each with what is noted of it: all of them, or none where one cannot be made.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] in `phone_number` where another tenant has declared one of the numbers.
    pub async fn create_tenants(
        &self,
        all: &[(NewTenant, NotesChange)],
    ) -> Result<Vec<TenantId>, StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        let mut ids = Vec::new();
        for (new, noted) in all {
            let id = TenantId::generate();
            insert(&mut tx, id, new, now).await?;
            let payload = json!({ "template_type": new.template_type, "language": new.language });
            self.line(&mut tx, id, "TENANT_CREATED", payload, now).await?;
            let (tags, note) =
                (noted.tags.clone().unwrap_or_default(), noted.note.clone().unwrap_or_default());
            let changed = changed_notes(!tags.is_empty(), !note.is_empty());
            if !changed.is_empty() {
                let args = tx.args().id(id).id(RecordId::generate()).int(1).text(&note).time(now);
                tx.execute(&notes::NEW_NOTE, args).await?;
                for tag in tags {
                    let args = tx.args().id(id).id(RecordId::generate()).text(tag.as_str()).time(now);
                    tx.execute(&notes::NEW_TAG, args).await?;
                }
                self.line(&mut tx, id, "TENANT_NOTED", changed.into(), now).await?;
            }
            ids.push(id);
        }
        tx.commit().await?;
        Ok(ids)
    }

    /// A line of the audit log about a tenant, in a transaction across tenants.
    async fn line(
        &self,
        tx: &mut Tx,
        tenant: TenantId,
        event_type: &'static str,
        payload: Value,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (user_id, actor) = (self.actor.user(), self.actor.to_string());
        let event = NewEvent { tenant_id: Some(tenant), user_id, actor, event_type, payload };
        insert_event(tx, &event, now).await.map(drop)
    }
}

/// Writes a tenant with its configuration, session and worker rows, in a transaction of its own or in one across tenants.
///
/// # Errors
/// [`StoreError::Conflict`] in `phone_number` where another tenant has declared it.
pub(crate) async fn insert(
    tx: &mut Tx,
    tenant: TenantId,
    new: &NewTenant,
    now: Timestamp,
) -> Result<(), StoreError> {
    let across = tx.reach() == Reach::Operator;
    let of = |within: &'static Statement, other: &'static Statement| if across { other } else { within };
    // Within the tenant its id is bound already.
    let args = |tx: &Tx| -> Args { if across { tx.args().id(tenant) } else { tx.args() } };
    let row = args(tx)
        .text(&new.name)
        .opt_text(new.phone.as_ref().map(Phone::as_str))
        .label(TenantStatus::New)
        .text(&new.timezone)
        .text(&new.currency)
        .time(now);
    tx.execute(of(&tenants::INSERT_TENANT, &people::NEW_TENANT), row).await.map_err(declared)?;
    let row = args(tx)
        .id(RecordId::generate())
        .text(new.template_type.as_str())
        .text(&new.business_name)
        .label(new.language)
        .opt_text(hours_json(new.hours.as_ref())?.as_deref())
        .opt_count(new.rate_limit_per_minute.map(u64::from))
        .time(now)
        .flag(new.remove_deleted);
    tx.execute(of(&tenants::INSERT_CONFIG, &people::NEW_CONFIG), row).await?;
    let row = args(tx).id(RecordId::generate()).label(SessionState::Disconnected).time(now);
    tx.execute(of(&tenants::INSERT_SESSION, &people::NEW_SESSION), row).await?;
    let row = args(tx)
        .id(RecordId::generate())
        .text(&process_name(tenant))
        .label(WorkerStatus::Stopped)
        .label(DesiredState::Stopped)
        .time(now);
    tx.execute(of(&tenants::INSERT_WORKER, &people::NEW_WORKER), row).await?;
    if let Some(profile) = &new.profile {
        let row = args(tx).id(RecordId::generate()).int(1).text(profile).time(now);
        tx.execute(of(&profiles::SAVE, &people::NEW_PROFILE), row).await?;
    }
    Ok(())
}

/// From the id alone, never from what a person typed.
fn process_name(tenant: TenantId) -> String {
    format!("flowhq-worker-{tenant}")
}
