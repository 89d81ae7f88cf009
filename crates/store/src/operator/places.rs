//! On which host each tenant's bot runs. A place changes by the steps of a move alone, each of which names the version that it
//! has seen: of two that move the same tenant, one is refused.

use domain::{HostState, PlaceStep, RecordId, TenantId, Timestamp};
use serde_json::json;
use sqlx::any::AnyRow;

use super::{Operator, hosts, insert_event};
use crate::{
    Actor, NewEvent, Place, StoreError,
    db::Tx,
    lease,
    rows::Reader,
    sql::{self, places},
    together::Change,
};

/// How the audit log calls it.
const PLACED: &str = "TENANT_PLACED";

impl Operator {
    /// A tenant's place; this machine where nothing else is written down.
    pub async fn place(&self, tenant: TenantId) -> Result<Place, StoreError> {
        let mut tx = self.read().await?;
        place(&mut tx, tenant).await
    }

    /// The places of all tenants that are on a host.
    pub async fn places(&self) -> Result<Vec<Place>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        tx.rows(&places::HOSTED, args).await?.iter().map(read).collect()
    }

    /// The places of those whose move was begun and is not over.
    pub async fn moves_under_way(&self) -> Result<Vec<Place>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        tx.rows(&places::UNDER_WAY, args).await?.iter().map(read).collect()
    }

    /// Some of those on one host, in the order of their ids, after `after`.
    pub async fn places_on(
        &self,
        host: &str,
        after: Option<TenantId>,
        rows: u32,
    ) -> Result<Vec<Place>, StoreError> {
        let mut tx = self.read().await?;
        let after = after.map(|after| after.to_string()).unwrap_or_default();
        let args = tx.args().text(host).text(&after).int(i64::from(rows));
        tx.rows(&places::ON_HOST, args).await?.iter().map(read).collect()
    }

    /// Gives a tenant that has never run its place on a host. One that has a place keeps it, and one that has run without one is
    /// on this machine. Its place, in any case.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant.
    pub async fn settle(&self, tenant: TenantId, host: &str) -> Result<Place, StoreError> {
        let (actor, epoch, now) = (self.actor(), self.store.epoch(), self.store.now());
        self.store.together(Settle { tenant, host: host.to_owned(), actor, epoch, now }).await
    }

    /// Whether a tenant may be given a place: it has none, and has never run.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant.
    pub async fn is_unsettled(&self, tenant: TenantId) -> Result<bool, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().id(tenant);
        let row = tx.row(&places::HAS_RUN, args).await?.ok_or(StoreError::NotFound("tenant"))?;
        Ok(Reader::new(&row).int()? == 0 && place(&mut tx, tenant).await?.version == 0)
    }

    /// Begins a move: from the commit of this on no generation of the tenant begins before it is over. `seen` is the place that
    /// the caller knows; `target` a host that is ready, or this machine.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] in `host` where the place has changed, a move is under way, the tenant is there already, or the
    /// target takes none; [`StoreError::NotFound`] where there is no such host or tenant; [`StoreError::Moved`].
    pub async fn begin_move(&self, seen: &Place, target: Option<&str>) -> Result<Place, StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        lease::check(&mut tx, self.store.epoch()).await?;
        if seen.host.as_deref() == target {
            return Err(conflict("the tenant is there already"));
        }
        if let Some(name) = target {
            let args = tx.args().text(name);
            let row = tx.row(&sql::hosts::GET, args).await?.ok_or(StoreError::NotFound("host"))?;
            if hosts::read(&row)?.state() != HostState::Ready {
                return Err(conflict("that host takes no tenants now; choose one that is ready"));
            }
        }
        let args =
            tx.args().id(seen.tenant).id(RecordId::generate()).opt_text(target).time(now).int(seen.version);
        let Some(row) = tx.row(&places::LEAVE, args).await? else {
            let args = tx.args().id(seen.tenant);
            tx.row(&places::HAS_RUN, args).await?.ok_or(StoreError::NotFound("tenant"))?;
            let now = place(&mut tx, seen.tenant).await?;
            return Err(if now.version == seen.version && now.step == PlaceStep::Stays {
                StoreError::Moved
            } else {
                changed()
            });
        };
        let row = &mut Reader::new(&row);
        let begun = Place {
            tenant: seen.tenant,
            host: row.opt_text()?,
            other: target.map(str::to_owned),
            step: PlaceStep::Leaves,
            version: row.int()?,
        };
        let payload = json!({ "from": begun.host, "to": begun.other });
        self.noted(&mut tx, seen.tenant, "TENANT_MOVE_BEGUN", payload).await?;
        tx.commit().await?;
        Ok(begun)
    }

    /// Goes on with a move that was begun: whoever began it is refused from now on.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the place has changed.
    pub async fn take_move_up(&self, seen: &Place) -> Result<Place, StoreError> {
        self.step(seen, seen.clone(), false).await
    }

    /// The tenant is where it was to go. What is left where it came from is to be removed.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the place has changed, or the tenant does not leave.
    pub async fn arrive(&self, seen: &Place) -> Result<Place, StoreError> {
        leaves(seen)?;
        let next = Place {
            host: seen.other.clone(),
            other: seen.host.clone(),
            step: PlaceStep::Clears,
            ..seen.clone()
        };
        self.step(seen, next, true).await
    }

    /// The tenant stays where it was. What has come where it was to go is to be removed.
    ///
    /// # Errors
    /// As [`arrive`](Self::arrive).
    pub async fn turn_back(&self, seen: &Place) -> Result<Place, StoreError> {
        leaves(seen)?;
        self.step(seen, Place { step: PlaceStep::Clears, ..seen.clone() }, true).await
    }

    /// Nothing is left elsewhere: the move is over.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the place has changed, or there was nothing to be removed.
    pub async fn cleared(&self, seen: &Place) -> Result<Place, StoreError> {
        if seen.step != PlaceStep::Clears {
            return Err(changed());
        }
        self.step(seen, Place { other: None, step: PlaceStep::Stays, ..seen.clone() }, false).await
    }

    async fn step(&self, seen: &Place, next: Place, placed: bool) -> Result<Place, StoreError> {
        let mut tx = self.write().await?;
        lease::check(&mut tx, self.store.epoch()).await?;
        let args = tx
            .args()
            .id(seen.tenant)
            .int(seen.version)
            .opt_text(next.host.as_deref())
            .opt_text(next.other.as_deref())
            .label(next.step)
            .time(self.store.now());
        let row = tx.row(&places::STEP, args).await?.ok_or_else(changed)?;
        let version = Reader::new(&row).int()?;
        if placed {
            let from = if next.host == seen.host { seen.other.as_deref() } else { seen.host.as_deref() };
            let payload = from_to(from, next.host.as_deref());
            self.noted(&mut tx, seen.tenant, PLACED, payload).await?;
        }
        tx.commit().await?;
        Ok(Place { version, ..next })
    }

    async fn noted(
        &self,
        tx: &mut Tx,
        tenant: TenantId,
        event_type: &'static str,
        payload: serde_json::Value,
    ) -> Result<(), StoreError> {
        note(tx, (self.actor(), self.store.now()), tenant, event_type, payload).await
    }
}

/// What is to become of a tenant that may have no place.
struct Settle {
    tenant: TenantId,
    host: String,
    actor: Actor,
    epoch: i64,
    now: Timestamp,
}

impl Change for Settle {
    type Done = Place;

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn reach(&self) -> Option<TenantId> {
        None
    }

    async fn carry_out(&self, tx: &mut Tx) -> Result<Place, StoreError> {
        lease::check(tx, self.epoch).await?;
        let args = tx.args().id(self.tenant).id(RecordId::generate()).text(&self.host).time(self.now);
        if tx.execute(&places::SETTLE, args).await? > 0 {
            let payload = from_to(None, Some(&self.host));
            note(tx, (self.actor, self.now), self.tenant, PLACED, payload).await?;
        }
        place(tx, self.tenant).await
    }
}

fn from_to(from: Option<&str>, to: Option<&str>) -> serde_json::Value {
    json!({ "from": from, "to": to })
}

async fn note(
    tx: &mut Tx,
    (actor, now): (Actor, Timestamp),
    tenant: TenantId,
    event_type: &'static str,
    payload: serde_json::Value,
) -> Result<(), StoreError> {
    let event = NewEvent {
        tenant_id: Some(tenant),
        user_id: actor.user(),
        actor: actor.to_string(),
        event_type,
        payload,
    };
    insert_event(tx, &event, now).await.map(drop)
}

fn conflict(reason: &str) -> StoreError {
    StoreError::Conflict { field: "host", reason: reason.to_owned() }
}

fn changed() -> StoreError {
    conflict("the tenant's place has changed meanwhile, or it is being moved; look again")
}

fn leaves(place: &Place) -> Result<(), StoreError> {
    if place.step == PlaceStep::Leaves { Ok(()) } else { Err(changed()) }
}

async fn place(tx: &mut Tx, tenant: TenantId) -> Result<Place, StoreError> {
    let args = tx.args().id(tenant);
    match tx.row(&places::GET, args).await? {
        Some(row) => read(&row),
        None => Ok(Place { tenant, host: None, other: None, step: PlaceStep::Stays, version: 0 }),
    }
}

fn read(row: &AnyRow) -> Result<Place, StoreError> {
    let row = &mut Reader::new(row);
    Ok(Place {
        tenant: row.id()?,
        host: row.opt_text()?,
        other: row.opt_text()?,
        step: row.label()?,
        version: row.int()?,
    })
}
