//! `GET /livez`: that the process answers. `GET /readyz`: that it reaches the control plane too.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;

use crate::{Portal, Who};

pub(super) async fn handle() -> &'static str {
    "ok"
}

pub(super) async fn ready(State(portal): State<Portal>) -> Response {
    let about = portal.plane.get::<serde::de::IgnoredAny>(&Who::default(), "/portal/about").await;
    match about {
        Ok(_) => "ok".into_response(),
        // The log says why; a probe is told no more than that.
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the control plane does not answer").into_response(),
    }
}
