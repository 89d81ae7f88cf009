//! All routes, each with who may ask. The tests of access are made from this table.

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
    App, auth, board, contacts, events, openapi, operators, pages, session, setup_requests,
    sign_in::{self, Sessions},
    system, tenants,
};

/// The table.
#[must_use]
pub fn table() -> Vec<Route<App>> {
    use Access::{Operator, Public};

    vec![
        Route::get("/", Public, system::root::handle),
        Route::get("/assets/{file}", Public, web::ui::serve_asset),
        Route::get("/livez", Public, system::livez::handle),
        Route::get("/readyz", Public, system::readyz::handle),
        Route::get("/metrics", Operator, system::metrics::handle),
        Route::get("/admin/stream", Operator, system::stream::handle),
        Route::get("/admin/tenants", Operator, board::list::handle),
        Route::post("/admin/tenants", Operator, board::create::handle),
        Route::get("/admin/tenants/new", Operator, board::create::show),
        Route::post("/admin/tenants/actions", Operator, board::bulk::begin),
        Route::get("/admin/tenants/actions/{id}", Operator, board::bulk::show),
        Route::get("/admin/tenants/{id}", Operator, board::tenant::handle),
        Route::post("/admin/tenants/{id}", Operator, board::configure::handle),
        Route::patch("/admin/tenants/{id}", Operator, tenants::update::handle),
        Route::delete("/admin/tenants/{id}", Operator, tenants::delete::handle),
        Route::post("/admin/tenants/{id}/delete", Operator, board::delete::handle),
        Route::post("/admin/tenants/{id}/unlink", Operator, board::unlink::handle),
        Route::post("/admin/tenants/{id}/messages", Operator, board::message::handle),
        Route::post("/admin/tenants/{id}/confirm-number", Operator, board::confirm::handle),
        Route::get("/admin/tenants/{id}/logs", Operator, tenants::logs::handle),
        Route::get("/admin/tenants/{id}/logs.csv", Operator, board::export::handle),
        Route::get("/admin/tenants/{id}/logs/stream", Operator, tenants::logs_stream::handle),
        Route::post("/admin/tenants/{id}/worker/start", Operator, board::act::start),
        Route::post("/admin/tenants/{id}/worker/stop", Operator, board::act::stop),
        Route::post("/admin/tenants/{id}/worker/restart", Operator, board::act::restart),
        Route::post("/admin/tenants/{id}/worker/force-restart", Operator, board::act::force_restart),
        Route::get("/admin/tenants/{id}/contacts/{contact}", Operator, contacts::export::handle),
        Route::delete("/admin/tenants/{id}/contacts/{contact}", Operator, contacts::erase::handle),
        Route::get("/admin/tenants/{id}/qr", Operator, session::qr::handle),
        Route::get("/admin/tenants/{id}/qr.png", Operator, session::qr_picture::png),
        Route::get("/admin/tenants/{id}/qr.svg", Operator, session::qr_picture::svg),
        Route::get("/admin/tenants/{id}/qr/stream", Operator, session::qr_stream::handle),
        Route::get("/admin/tenants/{id}/pairing-code", Operator, session::pairing_code::show),
        Route::post("/admin/tenants/{id}/pairing-code", Operator, board::pairing_code::handle),
        Route::post("/admin/tenants/{id}/suspend", Operator, tenants::suspend::suspend),
        Route::post("/admin/tenants/{id}/lift-suspension", Operator, tenants::suspend::lift),
        Route::get("/admin/sign-in", Public, sign_in::show::handle),
        Route::post("/admin/sign-in", Public, sign_in::submit::handle),
        Route::get("/admin/sign-in/code", Public, sign_in::code::show),
        Route::post("/admin/sign-in/code", Public, sign_in::code::handle),
        Route::post("/admin/sign-out", Public, sign_in::leave::handle),
        Route::get("/admin/account", Operator, operators::account::handle),
        Route::post("/admin/account/password", Operator, operators::change_password::handle),
        Route::get("/admin/account/second-factor", Operator, operators::second_factor::show),
        Route::post("/admin/account/second-factor", Operator, operators::second_factor::confirm),
        Route::post("/admin/account/second-factor/remove", Operator, operators::second_factor::remove),
        Route::get("/admin/operators", Operator, operators::list::handle),
        Route::post("/admin/operators", Operator, operators::create::handle),
        Route::post("/admin/operators/{id}/reset", Operator, operators::reset_password::handle),
        Route::post("/admin/operators/{id}/remove", Operator, operators::remove::handle),
        Route::get("/admin/setup-requests", Operator, setup_requests::list::handle),
        Route::post("/admin/setup-requests", Operator, setup_requests::create::handle),
        Route::get("/admin/setup-requests/{id}", Operator, setup_requests::show::handle),
        Route::post("/admin/setup-requests/{id}/review", Operator, setup_requests::review::handle),
        Route::post("/admin/setup-requests/{id}/approve", Operator, setup_requests::approve::handle),
        Route::post("/admin/setup-requests/{id}/reject", Operator, setup_requests::reject::handle),
        Route::get("/admin/system", Operator, system::overview::handle),
        Route::get("/admin/usage.csv", Operator, system::usage::handle),
        Route::get("/admin/openapi.json", Operator, openapi::handle),
        Route::get("/admin/docs", Operator, openapi::page::handle),
        Route::get("/admin/events", Operator, events::list::handle),
        Route::get("/admin/events.csv", Operator, events::export::handle),
        Route::get("/brand/logo", Public, system::logo::handle),
        Route::get("/source", Public, system::source::handle),
    ]
}

/// The admin API, ready to be served.
pub fn router(app: App) -> Router {
    let shell = Some(pages::source(&app));
    let site = Site { shell, ..app.site.clone() };
    let router = web::routes::router(table(), |access, handler| match access {
        Access::Public => handler,
        Access::Operator => handler.route_layer(from_fn_with_state(app.clone(), auth::operators_only)),
    });
    let sessions = SessionManagerLayer::new(Sessions(app.store.clone()))
        .with_name(app.sign_in.cookie("flowhq_admin"))
        .with_secure(app.sign_in.https)
        .with_http_only(true)
        // A link in an alert leads a signed-in operator to the page; what changes something is guarded by its origin.
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(
            time::Duration::try_from(app.sign_in.idle).unwrap_or(time::Duration::HOUR),
        ));
    web::guard(router.with_state(app).layer(sessions).layer(from_fn(count)), &site)
}

/// Counts requests by route, never by address.
async fn count(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!("flowhq_http_requests_total", "method" => method.to_string(), "route" => path, "status" => status)
        .increment(1);
    response
}
