//! The faults that the tests of isolation plant beside the supervisor: what it tells of tenants is said where nobody may
//! read it. In a build for customers nothing listens.

use std::sync::Arc;

use crash::Canary;
use tokio::sync::broadcast::error::RecvError;

use crate::service::Shared;

/// Listens where [`Canary::NameInLog`] or [`Canary::NumberInMetrics`] is planted, until the supervisor closes.
pub(crate) fn listen(shared: &Arc<Shared>) {
    if crash::canary(Canary::NameInLog) || crash::canary(Canary::NumberInMetrics) {
        shared.tasks.spawn(tell(Arc::clone(shared)));
    }
}

async fn tell(shared: Arc<Shared>) {
    let mut changes = shared.changes.subscribe();
    while let Some(changed) = shared.closing.run_until_cancelled(changes.recv()).await {
        let tenant = match changed {
            Ok(change) => change.tenant,
            Err(RecvError::Lagged(_)) => continue,
            Err(RecvError::Closed) => return,
        };
        let Ok(detail) = shared.store.tenant(tenant).get().await else { continue };
        if crash::canary(Canary::NameInLog) {
            tracing::info!(name = detail.tenant.name, "a tenant has changed");
        }
        if crash::canary(Canary::NumberInMetrics)
            && let Some(number) = detail.tenant.phone_number
        {
            metrics::counter!("flowhq_changes_total", "number" => number.digits().as_str().to_owned())
                .increment(1);
        }
    }
}
