//! All routes, each with who may ask. The tests of access are made from this table.

use axum::{
    Router,
    extract::{MatchedPath, Request},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
};
use web::{
    Site,
    routes::{Access, Route},
};

use crate::{App, auth, pages, session, system, tenants, worker};

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
        Route::get("/admin/tenants", Operator, tenants::list::handle),
        Route::post("/admin/tenants", Operator, tenants::create::handle),
        Route::get("/admin/tenants/{id}", Operator, tenants::show::handle),
        Route::patch("/admin/tenants/{id}", Operator, tenants::update::handle),
        Route::delete("/admin/tenants/{id}", Operator, tenants::delete::handle),
        Route::post("/admin/tenants/{id}/confirm-number", Operator, tenants::confirm_number::handle),
        Route::get("/admin/tenants/{id}/logs", Operator, tenants::logs::handle),
        Route::get("/admin/tenants/{id}/logs/stream", Operator, tenants::logs_stream::handle),
        Route::post("/admin/tenants/{id}/worker/start", Operator, worker::start::handle),
        Route::post("/admin/tenants/{id}/worker/stop", Operator, worker::stop::handle),
        Route::post("/admin/tenants/{id}/worker/restart", Operator, worker::restart::handle),
        Route::post("/admin/tenants/{id}/worker/force-restart", Operator, worker::force_restart::handle),
        Route::get("/admin/tenants/{id}/qr", Operator, session::qr::handle),
        Route::get("/admin/tenants/{id}/qr/stream", Operator, session::qr_stream::handle),
    ]
}

/// The admin API, ready to be served.
pub fn router(app: App) -> Router {
    let shell = Some(pages::source(app.site.virtual_build));
    let site = Site { shell, ..app.site.clone() };
    let router = web::routes::router(table(), |access, handler| match access {
        Access::Public => handler,
        Access::Operator => handler.route_layer(from_fn_with_state(app.clone(), auth::operators_only)),
    });
    web::guard(router.with_state(app).layer(from_fn(count)), &site)
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
