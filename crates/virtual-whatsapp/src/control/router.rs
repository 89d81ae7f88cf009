//! All routes. A route and its description are one thing, so that neither can be without the other.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::response::IntoResponse as _;
use axum::routing::get;
use axum::{Router, middleware};
use http::StatusCode;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::Problem;
use super::{
    App, accounts, chats, devices, events, faults, gestures, groups, guard, linking, messages, openapi, page,
    server,
};

/// Largest body of a request: a long list.
const BODY_MAX: usize = 256 << 10;
/// Largest message: one with a file in base64, of some four megabytes.
const MESSAGE_MAX: usize = 6 << 20;
/// Largest picture of a QR code.
const PICTURE_MAX: usize = 4 << 20;

pub(super) fn router(app: App, hosts: http_kit::Hosts) -> Router {
    let (router, description) = api().split_for_parts();
    let description = Arc::new(description);
    router
        .route("/openapi.json", get(async move || axum::Json((*description).clone())))
        .merge(page::router())
        .method_not_allowed_fallback(async || {
            let detail = "this path takes other methods: /openapi.json lists them";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail).into_response()
        })
        .fallback(async || {
            let detail = "there is nothing under this path: /openapi.json lists what there is";
            Problem::new(StatusCode::NOT_FOUND, "route-not-found", detail).into_response()
        })
        .layer(tower_http::catch_panic::CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(hosts, guard::guard))
        .with_state(app)
}

fn api() -> OpenApiRouter<App> {
    let pictures =
        OpenApiRouter::new().routes(routes!(linking::scan)).layer(DefaultBodyLimit::max(PICTURE_MAX));
    let messages = OpenApiRouter::new()
        .routes(routes!(chats::messages, messages::send))
        .layer(DefaultBodyLimit::max(MESSAGE_MAX));
    OpenApiRouter::with_openapi(openapi::Api::openapi())
        .routes(routes!(server::about))
        .routes(routes!(server::counters))
        .routes(routes!(server::restart))
        .routes(routes!(server::move_clock))
        .routes(routes!(accounts::list, accounts::create))
        .routes(routes!(accounts::show, accounts::change))
        .routes(routes!(linking::pairing_code))
        .routes(routes!(devices::list))
        .routes(routes!(devices::show, devices::unlink))
        .routes(routes!(devices::disconnect))
        .routes(routes!(devices::use_up_prekeys))
        .routes(routes!(chats::stream))
        .routes(routes!(chats::chats))
        .routes(routes!(chats::exactly_once))
        .routes(routes!(messages::resend))
        .routes(routes!(messages::kinds))
        .routes(routes!(gestures::typing))
        .routes(routes!(gestures::read))
        .routes(routes!(gestures::ask_again))
        .routes(routes!(gestures::call))
        .routes(routes!(gestures::give_token))
        .routes(routes!(gestures::reinstall))
        .routes(routes!(gestures::archive))
        .routes(routes!(gestures::hang_up))
        .routes(routes!(gestures::save_contact))
        .routes(routes!(gestures::presence))
        .routes(routes!(gestures::change_number))
        .routes(routes!(devices::mark_dirty))
        .routes(routes!(devices::give_route))
        .routes(routes!(groups::list, groups::create))
        .routes(routes!(faults::list, faults::switch_on, faults::switch_all_off))
        .routes(routes!(faults::switch_off))
        .routes(routes!(events::list))
        .routes(routes!(events::stream))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .merge(pictures)
        .merge(messages)
}
