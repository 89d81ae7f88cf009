//! `Idempotency-Key` on everything that an operator's script sends by POST: the same key with the same request gets the
//! same answer, and nothing is done twice (draft-ietf-httpapi-idempotency-key-header).

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{TenantId, limits::REQUEST_BODY_MAX_BYTES};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use sha2::{Digest, Sha256};
use store::Idempotency;
use web::{Kind, Problem, basic};

use crate::{App, auth::Operator, error::Answer};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// A longer key is none.
const LONGEST: usize = 255;

/// Runs the request, or answers what the first one with this key was answered.
pub(crate) async fn once(app: &App, operator: &Operator, request: Request, next: Next) -> Response {
    let given = request.headers().get(KEY).cloned();
    let script = request.method() == Method::POST && !basic::prefers_html(request.headers());
    // Answers that show a new password once must not be kept, nor a hash of what proves one.
    let secret = ["/admin/operators", "/admin/account", "/admin/confirm"]
        .iter()
        .any(|path| request.uri().path().starts_with(path))
        || ["/owner-links", "/look"].iter().any(|path| request.uri().path().ends_with(path));
    let Some(given) = given.filter(|_| script && !secret) else {
        return next.run(request).await;
    };
    guarded(app, operator, &given, request, next).await.unwrap_or_else(IntoResponse::into_response)
}

async fn guarded(
    app: &App,
    operator: &Operator,
    given: &HeaderValue,
    request: Request,
    next: Next,
) -> Answer {
    let text = given.to_str().ok().filter(|text| (1..=LONGEST).contains(&text.len()));
    let text = text.ok_or_else(|| {
        Problem::invalid_field(
            "Idempotency-Key",
            "The header `Idempotency-Key` has 1 to 255 visible ASCII characters, such as a UUID.",
        )
    })?;
    let place = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let key = hex::encode(Sha256::digest(format!("{}\0{place}\0{text}", operator.actor)));
    let (parts, body) = request.into_parts();
    let body = Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let body = body.map_err(|_| Problem::new(Kind::MalformedJson, words::problem::broke_off()))?;
    let keys = app.store.operator();
    match keys.take_key(&key, &hex::encode(Sha256::digest(&body))).await? {
        Idempotency::New => {}
        Idempotency::UnderWay => {
            return Err(Problem::new(
                Kind::Conflict,
                "A request with this Idempotency-Key is under way, or its end was never seen; look at what is there.",
            )
            .with_field("Idempotency-Key")
            .with_header(header::RETRY_AFTER, HeaderValue::from_static("2"))
            .into());
        }
        Idempotency::OtherRequest => {
            return Err(Problem::invalid_field(
                "Idempotency-Key",
                "This Idempotency-Key was used for another request; give each request its own.",
            )
            .into());
        }
        Idempotency::Answered { status, location, body } => return Ok(again(status, location, body)),
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if !response.status().is_success() {
        // Nothing was created, so that the key may be used again.
        keys.drop_key(&key).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, REQUEST_BODY_MAX_BYTES)
        .await
        .map_err(|error| Problem::internal(&error))?;
    let location = parts.headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
    let text = String::from_utf8_lossy(&body);
    // The work is done: where its answer cannot be kept, the first asker still gets it.
    let of = named(&place, location, &body);
    if let Err(error) = keys.answer_key(&key, parts.status.as_u16(), location, &text, &of).await {
        tracing::error!(%error, "the answer of an idempotent request could not be kept");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// The ids in an answer that may be its tenant's: in the request's path, in the new thing's, and in the document. With the
/// tenant, what was answered goes.
fn named(path: &str, location: Option<&str>, body: &[u8]) -> Vec<TenantId> {
    let document: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let places = ["/tenant_id", "/tenant/id", "/id"];
    let inside = places.iter().filter_map(|place| document.pointer(place)?.as_str());
    let paths = [Some(path), location].into_iter().flatten();
    let of_paths = paths.flat_map(|path| path.split(['/', '?']));
    let mut ids: Vec<TenantId> = Vec::new();
    for id in of_paths.chain(inside).filter_map(|text| text.parse().ok()) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

fn again(status: u16, location: Option<String>, body: String) -> Response {
    let mut response = body.into_response();
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    if let Some(location) = location.and_then(|text| HeaderValue::from_str(&text).ok()) {
        headers.insert(header::LOCATION, location);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_names_its_tenant_wherever_it_stands() {
        let (tenant, other) = (TenantId::generate(), TenantId::generate());
        let at = |path: &str, location: Option<&str>, body: &str| named(path, location, body.as_bytes());
        assert_eq!(at(&format!("/admin/tenants/{tenant}/start?x=1"), None, "null"), [tenant]);
        assert_eq!(at("/admin/tenants", Some(&format!("/admin/tenants/{tenant}")), ""), [tenant]);
        assert_eq!(at("/admin/tenants", None, &format!("{{\"id\":\"{tenant}\"}}")), [tenant]);
        let approved = format!("{{\"id\":\"{other}\",\"tenant\":{{\"id\":\"{tenant}\"}}}}");
        let path = format!("/admin/setup-requests/{other}/approve");
        assert_eq!(at(&path, None, &approved), [other, tenant], "the store knows which one is a tenant");
        assert_eq!(at("/admin/x", None, "[]"), []);
    }
}
