//! Events of the tenant's life: the status, the session and the worker change together or not at all.

use domain::{
    SetupRequestId, SetupStatus, TenantEvent, TenantId, TenantStatus, Timestamp, Trouble, WorkerStatus,
};
use serde_json::json;

use super::{TENANT, TenantScope, found, worker::write_order};
use crate::{
    Actor, EventDetails, LinkedAccount, StatusChange, StoreError,
    actor::note,
    db::Tx,
    rows::Reader,
    sql::{lifecycle, setup, workers},
    together::Change,
};

impl TenantScope {
    /// Applies an event in one transaction: reads the status, asks [`TenantStatus::after`], writes what follows.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where the event does not apply in this status, [`StoreError::OldGeneration`] where a
    /// worker of another generation speaks, [`StoreError::NumberTaken`] where another tenant has linked the account,
    /// [`StoreError::NotFound`] where there is no such tenant. Nothing is changed then.
    pub async fn apply_event(
        &self,
        event: TenantEvent,
        details: EventDetails,
    ) -> Result<StatusChange, StoreError> {
        let (actor, now) = (self.actor, self.store.now());
        self.store.together(Applied { tenant: self.tenant, event, details, actor, now }).await
    }

    /// Notes which account is linked.
    ///
    /// # Errors
    /// [`StoreError::NumberTaken`] where another tenant has linked its number or LID.
    pub async fn link_number(&self, account: &LinkedAccount) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        link(&mut tx, account, self.store.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets the linked account, so that another tenant may link it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant.
    pub async fn unlink_number(&self) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().time(self.store.now());
        found(tx.execute(&lifecycle::UNLINK, args).await?)?;
        Ok(tx.commit().await?)
    }

    /// Writes down how an unlink went that somebody has ordered. Where WhatsApp has confirmed it, the account is forgotten,
    /// so that another tenant may link it; else it is kept, with `why_not` as the worker's last error.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant.
    pub async fn unlinked(&self, why_not: Option<String>) -> Result<(), StoreError> {
        let now = self.store.now();
        let mut tx = self.write_of_moved().await?;
        match why_not {
            None => {
                let args = tx.args().time(now);
                found(tx.execute(&lifecycle::UNLINK, args).await?)?;
                let args = tx.args();
                tx.execute(&lifecycle::RELEASE_HOLD, args).await?;
                note(&mut tx, self.actor, "DEVICE_UNLINKED", &json!({}), now).await?;
            }
            Some(why) => {
                let words = format!(
                    "WhatsApp has not confirmed that the device is unlinked ({why}); unlink it again, or on the phone: \
                     WhatsApp, Settings, Linked devices, tap this device, Log out"
                );
                let args = tx.args().opt_label(None::<WorkerStatus>).flag(true).text(&words).time(now);
                tx.row(&lifecycle::WORKER_AFTER, args).await?.ok_or(TENANT)?;
                note(&mut tx, self.actor, "UNLINK_UNCONFIRMED", &json!({ "reason": why }), now).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}

/// An event, to be applied.
struct Applied {
    tenant: TenantId,
    event: TenantEvent,
    details: EventDetails,
    actor: Actor,
    now: Timestamp,
}

impl Change for Applied {
    type Done = StatusChange;

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    async fn carry_out(&self, tx: &mut Tx) -> Result<StatusChange, StoreError> {
        let (event, details, now) = (self.event, &self.details, self.now);
        let old = lock(tx, now).await?;
        if let Some(generation) = details.generation {
            check_generation(tx, generation).await?;
        }
        let new = old.after(event)?;
        if new != old {
            let args = tx.args().label(new);
            found(tx.execute(&lifecycle::SET_STATUS, args).await?)?;
        }

        let qr = details.qr.as_ref().filter(|_| event == TenantEvent::QrReceived);
        let (code, expires) = (qr.map(|(code, _)| code.as_str()), qr.map(|(_, expires)| *expires));
        let seen = (event == TenantEvent::Connected).then_some(now);
        let (write_trouble, trouble, until) = trouble(event, details.trouble);
        let args = tx
            .args()
            .opt_label(event.session_state())
            .flag(event.clears_qr() || code.is_some())
            .opt_text(code)
            .opt_time(expires)
            .opt_time(seen)
            .time(now)
            .flag(write_trouble)
            .opt_label(trouble)
            .opt_time(until);
        let row = tx.row(&lifecycle::SESSION_AFTER, args).await?.ok_or(TENANT)?;
        let session = Reader::new(&row).label()?;

        if event == TenantEvent::LoggedOut {
            let args = tx.args().time(now);
            found(tx.execute(&lifecycle::UNLINK, args).await?)?;
        }
        if let Some(account) = &details.linked {
            link(tx, account, now).await?;
        }

        let (write_error, last_error) = match (event, details.last_error.as_deref()) {
            (TenantEvent::Connected, None) => (true, None),
            (_, None) => (false, None),
            (_, Some(error)) => (true, Some(error)),
        };
        let args = tx.args().opt_label(worker_status(event)).flag(write_error).opt_text(last_error).time(now);
        let row = tx.row(&lifecycle::WORKER_AFTER, args).await?.ok_or(TENANT)?;
        let worker = Reader::new(&row).label()?;
        if let Some(order) = details.order {
            write_order(tx, self.actor, order, now).await?;
        }
        let actor = if details.generation.is_some() { Actor::Worker } else { self.actor };
        if let Some(name) = audited(event)
            && new != old
        {
            note(tx, actor, name, &json!({ "from": old, "to": new }), now).await?;
        }
        if event == TenantEvent::Connected {
            activate_requests(tx, actor, now).await?;
        }
        Ok(StatusChange { old, new, session, worker })
    }
}

/// Takes the tenant's row until the transaction ends.
pub(super) async fn lock(tx: &mut Tx, now: Timestamp) -> Result<TenantStatus, StoreError> {
    let args = tx.args().time(now);
    let row = tx.row(&lifecycle::LOCK, args).await?.ok_or(TENANT)?;
    Reader::new(&row).label()
}

/// Refuses a worker of another generation than the current one.
pub(super) async fn check_generation(tx: &mut Tx, got: i64) -> Result<(), StoreError> {
    let args = tx.args();
    let row = tx.row(&workers::GENERATION, args).await?.ok_or(TENANT)?;
    let current = Reader::new(&row).int()?;
    if got == current { Ok(()) } else { Err(StoreError::OldGeneration { current, got }) }
}

async fn link(tx: &mut Tx, account: &LinkedAccount, now: Timestamp) -> Result<(), StoreError> {
    let args = tx.args().text(account.number.as_str()).opt_text(account.lid.as_deref()).time(now);
    match tx.execute(&lifecycle::LINK, args).await {
        Ok(changed) => found(changed),
        Err(error) if crate::error::is_unique_violation(&error) => Err(StoreError::NumberTaken),
        Err(error) => Err(error.into()),
    }
}

/// What an event says of why the session does not work: whether anything, what, and until when.
fn trouble(
    event: TenantEvent,
    told: Option<(Trouble, Option<Timestamp>)>,
) -> (bool, Option<Trouble>, Option<Timestamp>) {
    let by_itself = match event {
        TenantEvent::LoggedOut => Some(Trouble::PhoneRemoved),
        TenantEvent::AuthenticationFailed => Some(Trouble::Refused),
        TenantEvent::SessionCorrupt => Some(Trouble::SessionCorrupt),
        TenantEvent::SessionLost => Some(Trouble::SessionLost),
        TenantEvent::WorkerStarted
        | TenantEvent::QrReceived
        | TenantEvent::PairingCodeReceived
        | TenantEvent::QrRoundExpired
        | TenantEvent::Connected
        | TenantEvent::Stopped => return (true, None, None),
        TenantEvent::Disconnected
        | TenantEvent::WorkerCrashed
        | TenantEvent::HeartbeatStale
        | TenantEvent::CrashLoop
        | TenantEvent::DisconnectedTooLong => None,
    };
    match (told, by_itself) {
        (Some((trouble, until)), _) => (true, Some(trouble), until),
        (None, Some(trouble)) => (true, Some(trouble), None),
        // What is known already stays: a number that is limited is so after a crash, too.
        (None, None) => (false, None, None),
    }
}

/// What an event says of the process; `None` where it says nothing.
const fn worker_status(event: TenantEvent) -> Option<WorkerStatus> {
    match event {
        TenantEvent::WorkerStarted => Some(WorkerStatus::Running),
        TenantEvent::Stopped => Some(WorkerStatus::Stopped),
        TenantEvent::WorkerCrashed | TenantEvent::CrashLoop => Some(WorkerStatus::Error),
        TenantEvent::QrReceived
        | TenantEvent::PairingCodeReceived
        | TenantEvent::QrRoundExpired
        | TenantEvent::Connected
        | TenantEvent::Disconnected
        | TenantEvent::LoggedOut
        | TenantEvent::AuthenticationFailed
        | TenantEvent::HeartbeatStale
        | TenantEvent::DisconnectedTooLong
        | TenantEvent::SessionCorrupt
        | TenantEvent::SessionLost => None,
    }
}

/// An approved request has reached its end when the phone is linked.
async fn activate_requests(tx: &mut Tx, actor: Actor, now: Timestamp) -> Result<(), StoreError> {
    let args = tx.args().time(now);
    for row in tx.rows(&setup::ACTIVATE, args).await? {
        let request: SetupRequestId = Reader::new(&row).id()?;
        let payload = json!({ "request": request, "from": SetupStatus::Approved, "to": SetupStatus::Active });
        note(tx, actor, "SETUP_REQUEST_ACTIVE", &payload, now).await?;
    }
    Ok(())
}

/// What the audit log calls an event that changed the status; `None` for what an operator's own line tells already,
/// and for codes that come and go.
const fn audited(event: TenantEvent) -> Option<&'static str> {
    match event {
        TenantEvent::Connected => Some("SESSION_CONNECTED"),
        TenantEvent::LoggedOut => Some("SESSION_LOGGED_OUT"),
        TenantEvent::AuthenticationFailed => Some("SESSION_REFUSED"),
        TenantEvent::DisconnectedTooLong => Some("SESSION_AWAY_TOO_LONG"),
        TenantEvent::SessionCorrupt => Some("SESSION_CORRUPT"),
        TenantEvent::SessionLost => Some("SESSION_LOST"),
        TenantEvent::HeartbeatStale => Some("WORKER_STALE"),
        TenantEvent::CrashLoop => Some("WORKER_CRASH_LOOP"),
        TenantEvent::WorkerStarted
        | TenantEvent::QrReceived
        | TenantEvent::PairingCodeReceived
        | TenantEvent::QrRoundExpired
        | TenantEvent::Disconnected
        | TenantEvent::WorkerCrashed
        | TenantEvent::Stopped => None,
    }
}
