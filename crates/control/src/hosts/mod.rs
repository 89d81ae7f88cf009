//! Machines beside this one on which bots run.

mod drain;
mod even;
mod list;
mod lost;
mod undrain;

use domain::HostState;
use store::HostRecord;
use utoipa_axum::routes;
use web::routes::{Route, operator};

use crate::App;

/// Where the page is.
pub(crate) const PATH: &str = "/admin/hosts";

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![
        operator(routes!(list::handle)),
        operator(routes!(drain::handle)),
        operator(routes!(undrain::handle)),
        operator(routes!(even::show)),
        operator(routes!(even::handle)),
        operator(routes!(lost::show)),
        operator(routes!(lost::handle)),
    ]
}

/// A host as the API tells it.
fn told(app: &App, host: HostRecord) -> api::Host {
    let places = app.supervisor.places();
    let about = places.and_then(|places| places.about(&host.name));
    let away = places.and_then(|places| places.host_away(&host.name));
    let state = host.state();
    let tenants = places.map_or(0, |places| places.tenants_on(&host.name));
    api::Host {
        why: away.filter(|_| state != HostState::Lost).map(|away| away.why()),
        last_seen_at: places.and_then(|places| places.seen(&host.name)).or(host.seen_at),
        running: about.as_ref().map(|about| about.running),
        disk_low: about
            .as_ref()
            .and_then(|about| about.disk_free)
            .is_some_and(|free| free < app.alerts.disk_low_bytes),
        disk_short: places.is_some_and(|places| places.is_disk_short(&host.name)),
        disk_free_bytes: about.as_ref().and_then(|about| about.disk_free),
        protections: about.map(|about| about.protections).unwrap_or_default(),
        state,
        since: host.since,
        name: host.name,
        address: host.address,
        version: host.version,
        incarnation: host.incarnation,
        capacity: host.capacity,
        tenants,
    }
}
