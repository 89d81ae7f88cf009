//! What moves tenants without being asked for each: moves that were interrupted go on, hosts that are drained are emptied, and
//! hosts are evened out.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::{PlaceStep, TenantId};
use futures_util::future::join_all;
use store::{Actor, Place, StoreError};
use tokio::time::Instant;

use crate::{Error, Handle, Places, service::Shared};

/// Tenants that are moved at once.
const AT_ONCE: u32 = 4;
/// A tenant that could not be moved is left alone for so long.
const AGAIN_AFTER: Duration = Duration::from_secs(60);

/// Goes on until the supervisor closes.
pub(crate) async fn carry_on(shared: Arc<Shared>) {
    let handle = Handle { shared: Arc::clone(&shared), actor: Actor::System };
    let Some(places) = handle.places() else { return };
    let mut failed = HashMap::new();
    let every = crash::hurried(shared.options.check_every.min(Duration::from_secs(10)));
    loop {
        tokio::select! {
            () = shared.closing.cancelled() => return,
            () = async {
                handle.go_on(places).await;
                handle.empty(places, &mut failed).await;
                // One tenant at a time, so that what is more urgent comes first.
                if !handle.even_one(places, &mut failed).await {
                    // Whichever comes first.
                    let _time = tokio::time::timeout(every, places.work.notified()).await;
                }
            } => {}
        }
    }
}

impl Handle {
    /// Goes on with what was begun and is not over.
    async fn go_on(&self, places: &Places) {
        let under_way = match self.shared.store.operator().moves_under_way().await {
            Ok(under_way) => under_way,
            Err(error) => return tracing::warn!(%error, "moves that were begun cannot be looked at yet"),
        };
        for place in under_way {
            // Somebody is at it.
            let Some(_alone) = self.shared.moving.try_with(place.tenant) else { continue };
            match self.go_on_with(places, &place).await {
                Ok(()) => tracing::info!(tenant = %place.tenant, "a move that was interrupted is over"),
                Err(Error::Store(StoreError::Conflict { .. })) => {}
                Err(error) => {
                    tracing::warn!(tenant = %place.tenant, %error, "a move that was begun cannot go on yet");
                }
            }
        }
    }

    async fn go_on_with(&self, places: &Places, place: &Place) -> Result<(), Error> {
        // Nothing is taken up that cannot be ended either way.
        let [here, there] = [&place.host, &place.other]
            .map(|host| places.at(host.as_deref()).is_ok() || places.is_lost(host.as_deref()));
        match place.step {
            PlaceStep::Stays => Ok(()),
            PlaceStep::Clears if there => self.clear(places, place).await.map(drop),
            PlaceStep::Leaves if here && there => {
                let place = self.shared.store.operator().take_move_up(place).await?;
                if places.is_lost(place.other.as_deref()) {
                    self.turn_back(places, &place).await
                } else {
                    self.carry(places, &place).await
                }
            }
            PlaceStep::Clears | PlaceStep::Leaves => Ok(()),
        }
    }

    /// Moves the tenants of hosts that are drained to where there is room.
    async fn empty(&self, places: &Places, failed: &mut HashMap<TenantId, Instant>) {
        failed.retain(|_, at| at.elapsed() < crash::hurried(AGAIN_AFTER));
        for host in places.draining() {
            let mut after = None;
            loop {
                if self.shared.closing.is_cancelled() || !places.draining().contains(&host) {
                    break;
                }
                let found = match self.shared.store.operator().places_on(&host, after, AT_ONCE).await {
                    Ok(found) => found,
                    Err(error) => return tracing::warn!(%host, %error, "a host cannot be emptied yet"),
                };
                let Some(last) = found.last() else { break };
                after = Some(last.tenant);
                let movable = found.iter().filter(|place| !failed.contains_key(&place.tenant));
                let moved = join_all(movable.map(|place| self.move_away(places, place)));
                for (tenant, moved) in moved.await {
                    if let Err(error) = moved {
                        tracing::warn!(%host, %tenant, %error, "a tenant could not be moved from a host that is drained");
                        failed.insert(tenant, Instant::now());
                    }
                }
            }
        }
    }

    /// Moves a tenant to where most room is.
    async fn move_away(&self, places: &Places, place: &Place) -> (TenantId, Result<(), Error>) {
        let moved = match places.keep_room() {
            Some(target) => {
                let moved = self.move_to(place.tenant, Some(&target)).await;
                // It counts by its place now, or does not come.
                places.expected(Some(&target), false);
                moved
            }
            None => Err(Error::NotDone("no other host has room".to_owned())),
        };
        (place.tenant, moved)
    }
}
