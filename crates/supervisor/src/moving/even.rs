//! Hosts are evened out: tenants go from the fullest to the emptiest, one after the other, by the same moves as any other.

use std::collections::HashMap;

use domain::{PlaceStep, TenantId};
use store::{Place, StoreError};
use tokio::time::Instant;

use crate::{Error, Handle, Places};

/// What is named in a refusal.
const HOSTS: &str = "hosts";
/// Tenants that are looked at together for one that can be moved.
const ROWS: u32 = 50;
/// Tenants that could not be moved, after which no more are tried: each of them was away for nothing.
const FAILED_MAX: u64 = 3;

impl Handle {
    /// Begins to move tenants from the fullest hosts that take tenants to the emptiest, until those are even: one after the other,
    /// by no more moves than this answers. None is moved where they are even already. What is left of them does not outlive this
    /// process.
    ///
    /// # Errors
    /// [`Error::NotDone`] where there are no hosts; [`Error::Store`] with a conflict where tenants are being moved already.
    pub async fn even_hosts(&self) -> Result<u64, Error> {
        let places = self.hosted()?;
        let conflict = |reason: String| Err(Error::Store(StoreError::Conflict { field: HOSTS, reason }));
        if let Some(left) = places.evening() {
            return conflict(format!(
                "hosts are being evened out already: {left} tenants are to be moved yet"
            ));
        }
        if let Some(host) = places.emptying() {
            return conflict(format!("host {host} is being emptied; even out once that is over"));
        }
        let under_way = self.shared.store.operator().moves_under_way().await.map_err(Error::Store)?;
        let leaving = under_way.iter().filter(|place| place.step == PlaceStep::Leaves).count();
        if leaving > 0 {
            return conflict(format!("tenants are being moved ({leaving}); even out once that is over"));
        }
        let moves = places.moves_to_even();
        if moves > 0 && !places.begin_evening(moves) {
            return conflict("hosts are being evened out already".to_owned());
        }
        Ok(moves)
    }

    /// Moves the next tenant where hosts are being evened out; whether there may be one more.
    pub(super) async fn even_one(&self, places: &Places, failed: &mut HashMap<TenantId, Instant>) -> bool {
        if places.evening().is_none() {
            return false;
        }
        let Some((from, to)) = places.next_way() else {
            places.end_evening();
            return false;
        };
        let place = match self.movable(&from, failed).await {
            Ok(Some(place)) => place,
            Ok(None) => {
                tracing::warn!(
                    host = from,
                    "no tenant of a host can be moved: hosts are not evened out further"
                );
                places.end_evening();
                return false;
            }
            Err(error) => {
                tracing::warn!(host = from, %error, "hosts cannot be evened out yet");
                return false;
            }
        };
        let tenant = place.tenant;
        match self.move_to(tenant, Some(&to)).await {
            Ok(()) => places.evened(),
            Err(error) => {
                tracing::warn!(host = from, %tenant, %error, "a tenant could not be moved to a host that is emptier");
                failed.insert(tenant, Instant::now());
                if places.could_not_even() >= FAILED_MAX {
                    tracing::warn!("hosts are not evened out further: several tenants could not be moved");
                    places.end_evening();
                }
            }
        }
        places.evening().is_some()
    }

    /// A tenant on a host that can be moved, in the order of their ids.
    async fn movable(
        &self,
        host: &str,
        failed: &HashMap<TenantId, Instant>,
    ) -> Result<Option<Place>, StoreError> {
        let mut after = None;
        loop {
            let found = self.shared.store.operator().places_on(host, after, ROWS).await?;
            let Some(last) = found.last() else { return Ok(None) };
            after = Some(last.tenant);
            let is_movable =
                |place: &Place| place.step == PlaceStep::Stays && !failed.contains_key(&place.tenant);
            if let Some(place) = found.into_iter().find(is_movable) {
                return Ok(Some(place));
            }
        }
    }
}
