//! `POST /auth/sign-out`: ends the session. The browser forgets it whatever becomes of that.

use axum::response::Response;
use http::{Method, header};
use serde_json::json;
use web::place::see_other;

use crate::{Answer, Visitor, browser};

pub(super) async fn handle(visitor: Visitor) -> Answer {
    let mut response: Response = see_other("/");
    if visitor.facts.is_some() {
        let plane = &visitor.portal.plane;
        let ended =
            plane.send_json::<()>(&visitor.who, Method::POST, "/portal/session/end", &json!({})).await;
        if let Err(error) = ended {
            tracing::warn!(%error, "a session was left in the browser alone: the control plane could not end it");
        }
    }
    if let Some(cookie) = browser::end(visitor.portal.https()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
