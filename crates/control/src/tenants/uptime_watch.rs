//! Has written down how bots do: the strips of the day and the spans of uptime, of all once a minute, and of one whose status
//! changes at once.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::TenantId;
use supervisor::{Change, ChangeKind};
use tokio::sync::{Notify, broadcast};

use super::strip::stale_before;
use crate::App;

/// How often all are looked at; the worst of five minutes counts.
const LOOK: Duration = Duration::from_secs(60);
/// Tenants that are looked at together.
const TOGETHER: usize = 500;

/// Has it written until the control plane ends.
pub async fn watch(app: App) {
    let changes = app.supervisor.changes();
    let stop = app.stop.clone();
    stop.run_until_cancelled(write(&app, changes)).await;
}

pub(crate) async fn write(app: &App, changes: broadcast::Receiver<Change>) {
    let changed = Changed::default();
    tokio::join!(look(app), changed.note(changes), changed.write(app));
}

/// Looks at all of them, again and again.
async fn look(app: &App) {
    loop {
        if let Err(error) = app.store.operator().watch_heartbeats(stale_before(app)).await {
            tracing::warn!(%error, "the strips of the day were not written");
        }
        if let Err(error) = app.store.operator().watch_standings(app.stale_after).await {
            tracing::warn!(%error, "whether bots answer was not written down");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Those whose status has changed and that were not looked at since.
#[derive(Default)]
struct Changed {
    tenants: Mutex<HashSet<TenantId>>,
    more: Notify,
}

impl Changed {
    /// Notes who changes, and waits for nothing else, so that it falls behind nobody. What it misses all the same is seen when
    /// all are looked at: to look at all of them for it would take so long, with thousands, that more is missed meanwhile.
    async fn note(&self, mut changes: broadcast::Receiver<Change>) {
        loop {
            match changes.recv().await {
                Ok(Change { tenant, kind: ChangeKind::Status }) => {
                    self.tenants.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant);
                    self.more.notify_one();
                }
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                // The control plane ends.
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }

    async fn write(&self, app: &App) {
        loop {
            self.more.notified().await;
            let tenants = std::mem::take(&mut *self.tenants.lock().unwrap_or_else(PoisonError::into_inner));
            for some in tenants.into_iter().collect::<Vec<_>>().chunks(TOGETHER) {
                if let Err(error) = app.store.operator().watch_standings_of(some, app.stale_after).await {
                    tracing::warn!(%error, "whether bots answer was not written down");
                }
            }
        }
    }
}
