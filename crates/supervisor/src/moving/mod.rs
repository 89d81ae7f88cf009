//! A tenant goes from one host to another, or between a host and this machine: stop, fence, copy, start there.
//!
//! The database says first that the tenant leaves: from then on no generation of it begins. Then its worker is ended, and its
//! cell closed where it is, for good; only then is the cell read. It is laid where the tenant goes and read back, and only where
//! both are the same does the database say that the tenant is there. So whatever interrupts this, the tenant is in one place, and
//! the same goes on: by the version of its place whoever began it is told apart from whoever goes on.

mod background;
mod carry;
mod even;
mod planted;

use domain::{HostOrder, PlaceStep, TenantId};
use store::{HostRecord, Place, StoreError};
use tokio::sync::oneshot;

pub(crate) use background::carry_on;

use crate::{Error, Handle, Places, service::Shared, tenant::Command};

/// What a place is called in a refusal.
const HOST: &str = "host";

impl Handle {
    /// The places where workers run, where there are hosts.
    #[must_use]
    pub fn places(&self) -> Option<&Places> {
        self.shared.runtime.places()
    }

    /// Moves a tenant to a host, or to this machine, and waits until it is there. Asked again after an interruption, it goes on;
    /// asked for where the tenant comes from, it turns back.
    ///
    /// # Errors
    /// [`Error::Away`] where either place does not answer; [`Error::Store`] where the target takes no tenants, the tenant is there
    /// already or goes elsewhere; [`Error::NotDone`] with the reason where it could not be carried. It is in one place then, and
    /// [`Operator::place`](store::Operator::place) says in which.
    pub async fn move_to(&self, tenant: TenantId, target: Option<&str>) -> Result<(), Error> {
        let places = self.hosted()?;
        let _alone = self.shared.moving.try_with(tenant).ok_or(Error::Busy)?;
        let operator = self.shared.store.operator().by(self.actor);
        let mut place = operator.place(tenant).await?;
        if place.step == PlaceStep::Clears {
            place = self.clear(places, &place).await?;
        }
        match place.step {
            PlaceStep::Leaves if place.host.as_deref() == target => {
                let place = operator.take_move_up(&place).await?;
                return self.turn_back(places, &place).await;
            }
            PlaceStep::Leaves if place.other.as_deref() == target => {
                let place = operator.take_move_up(&place).await?;
                return self.carry(places, &place).await;
            }
            PlaceStep::Leaves => {
                let reason =
                    "the tenant is on its way to another place; move it there or back first".to_owned();
                return Err(Error::Store(StoreError::Conflict { field: HOST, reason }));
            }
            PlaceStep::Stays | PlaceStep::Clears => {}
        }
        // Both must answer before anything is stopped.
        match places.at(target) {
            Err(crate::Away::Unknown { .. }) => return Err(Error::Store(StoreError::NotFound(HOST))),
            at => at.map_err(away)?,
        };
        if !places.is_lost(place.host.as_deref()) {
            places.at(place.host.as_deref()).map_err(away)?;
        }
        let place = operator.begin_move(&place, target).await?;
        places.expected(target, true);
        crash::point("place_leaves");
        self.carry(places, &place).await
    }

    /// Orders something of a host: that it takes tenants, that it is emptied, or that it is given up for good.
    ///
    /// # Errors
    /// [`Error::Store`] where there is no such host.
    pub async fn order_host(&self, host: &str, order: HostOrder) -> Result<HostRecord, Error> {
        let ordered = self.shared.store.operator().by(self.actor).order_host(host, order).await;
        let ordered = ordered.map_err(Error::Store)?;
        if let Some(places) = self.places() {
            places.ordered(host, order);
        }
        Ok(ordered)
    }

    fn hosted(&self) -> Result<&Places, Error> {
        let why = "this installation has no hosts: all bots run on this machine. HOSTS names hosts";
        self.places().ok_or_else(|| Error::NotDone(why.to_owned()))
    }

    /// Has a tenant's task end its worker and begin none, without a change of what is wanted.
    async fn leave(&self, tenant: TenantId, lost: bool) -> Result<(), Error> {
        let (reply, answer) = oneshot::channel();
        Shared::send(&self.shared, tenant, Command::Leave { reply, lost })?;
        answer.await.unwrap_or(Err(Error::ShuttingDown))
    }

    /// Has a tenant's task look where the tenant is now.
    fn placed(&self, places: &Places, place: &Place) {
        places.moved(place.tenant, place.host.as_deref());
        // Where it is busy, it looks in a moment by itself.
        let _busy = Shared::send(&self.shared, place.tenant, Command::Placed);
    }
}

fn away(away: crate::Away) -> Error {
    Error::Away(away.into())
}
