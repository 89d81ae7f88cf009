//! The rows of a new tenant.

use domain::{DesiredState, Phone, RecordId, SessionState, TenantId, TenantStatus, Timestamp, WorkerStatus};

use crate::{
    NewTenant, StoreError,
    db::{Args, Tx},
    scope::{declared, hours_json},
    sql::{Reach, Statement, people, profiles, tenants},
};

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
