//! `/api/portal/…`: documents for scripts of a signed-in browser. They are the control plane's own, handed on as they are;
//! the cookie says who asks, and no page of another site can send anything (the rule stands in `web::guard`).

mod session;

use axum::{
    extract::RawQuery,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, header};
use http_body_util::BodyExt;
use web::{JsonBody, Problem};

use self::session::Session;
use crate::{
    AskError, Refusal, Route,
    routes::{Access::Document, get, post},
    transport::Away,
};

/// Largest document that is handed on.
const LARGEST: usize = 8 * 1024 * 1024;
/// What is kept of an answer's headers.
const KEPT: [HeaderName; 4] = [header::CONTENT_TYPE, header::LOCATION, header::RETRY_AFTER, header::LINK];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/api/portal/me", Document, async |who: Session| read(who, "/portal/me", None).await),
        post("/api/portal/setup-request", Document, ask),
        get("/api/portal/tenant/current/status", Document, async |who: Session| {
            read(who, "/portal/tenant/current/status", None).await
        }),
        get("/api/portal/tenant/current/qr", Document, async |who: Session| {
            read(who, "/portal/tenant/current/qr", None).await
        }),
        get("/api/portal/tenant/current/logs", Document, async |who: Session, RawQuery(query): RawQuery| {
            read(who, "/portal/tenant/current/logs", query.as_deref()).await
        }),
    ]
}

async fn ask(who: Session, JsonBody(body): JsonBody<serde_json::Value>) -> Response {
    hand_on(&who, Method::POST, "/portal/setup-request", Some(body.to_string().into())).await
}

async fn read(who: Session, path: &str, query: Option<&str>) -> Response {
    let path = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    hand_on(&who, Method::GET, &path, None).await
}

async fn hand_on(who: &Session, method: Method, path: &str, body: Option<Bytes>) -> Response {
    match handed_on(who, method, path, body).await {
        Ok(response) => response,
        // Never the way to a page: a script asked.
        Err(AskError::Refused(problem)) => problem.into_response(),
        Err(error) => Refusal::from(error).into_response(),
    }
}

async fn handed_on(
    who: &Session,
    method: Method,
    path: &str,
    body: Option<Bytes>,
) -> Result<Response, AskError> {
    let Session(call) = who;
    let answer = call.portal.plane.send(&call.who, method, path, body).await?;
    let (parts, body) = answer.into_parts();
    let body = http_body_util::Limited::new(body, LARGEST).collect().await;
    let body = body.map_err(|error| Away(format!("the answer broke off: {error}")))?.to_bytes();
    if !parts.status.is_success() && Problem::read(&body).is_none() {
        return Err(crate::ask::refused(parts.status, &body));
    }
    let mut response = body.into_response();
    *response.status_mut() = parts.status;
    response.headers_mut().remove(header::CONTENT_TYPE);
    for name in KEPT {
        if let Some(value) = parts.headers.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
