//! All routes, each with who may ask. The tests of access are made from this table.

use accounts::BrowserSessions;
use axum::{
    Router,
    extract::{MatchedPath, Request},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};
use web::{
    Site,
    routes::{Access, Route},
};

use crate::{
    App, audit, auth, books, contacts, hosts, linking, messages, operators, portal, profile, setup_requests,
    shell, sign_in, system, tenants, trying, workers,
};

/// The table: every resource's own, one after the other.
#[must_use]
pub fn table() -> Vec<Route<App>> {
    [
        system::routes(),
        tenants::routes(),
        profile::routes(),
        trying::routes(),
        books::routes(),
        workers::routes(),
        linking::routes(),
        messages::routes(),
        contacts::routes(),
        setup_requests::routes(),
        audit::routes(),
        sign_in::routes(),
        operators::routes(),
        hosts::routes(),
        portal::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The admin API, ready to be served.
pub fn router(app: App) -> Router {
    let shell = Some(shell::source(&app));
    let site = Site { shell, ..app.site.clone() };
    let router = web::routes::router(table(), |access, handler| match access {
        Access::Public => handler,
        Access::Operator => handler.route_layer(from_fn_with_state(app.clone(), auth::operators_only)),
        Access::Portal | Access::Member | Access::Owner => {
            handler.route_layer(from_fn_with_state((app.clone(), access), portal::admit::admit))
        }
    });
    let sessions = SessionManagerLayer::new(BrowserSessions(app.store.clone()))
        .with_name(app.accounts.options().cookie("flowhq_admin"))
        .with_secure(app.accounts.options().https)
        .with_http_only(true)
        // A link in an alert leads a signed-in operator to the page; what changes something is guarded by its origin.
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(
            time::Duration::try_from(app.accounts.options().idle).unwrap_or(time::Duration::HOUR),
        ));
    web::guard(router.with_state(app).layer(sessions).layer(from_fn(count)), &site)
}

/// Counts requests by route, never by address: labels are words of ours, since each is kept for ever.
async fn count(request: Request, next: Next) -> Response {
    let method = web::method::word(request.method());
    let path = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!("flowhq_http_requests_total", "method" => method, "route" => path, "status" => status)
        .increment(1);
    response
}
