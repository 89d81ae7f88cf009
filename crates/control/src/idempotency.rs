//! `Idempotency-Key` on everything that an operator's script sends by POST: the same key with the same request gets the
//! same answer, and nothing is done twice (draft-ietf-httpapi-idempotency-key-header).

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{TenantId, limits::REQUEST_BODY_MAX_BYTES};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use sha2::{Digest, Sha256};
use store::Idempotency;
use web::{Kind, Problem, basic};

use crate::{App, auth::Operator, error::Answer};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Where tenants are put in.
pub(crate) const IMPORT: &str = "/admin/tenants/import";
pub(crate) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// A longer key is none.
const LONGEST: usize = 255;

/// Runs the request, or answers what the first one with this key was answered.
pub(crate) async fn once(app: &App, operator: &Operator, request: Request, next: Next) -> Response {
    let given = request.headers().get(KEY).cloned();
    let script = request.method() == Method::POST && !basic::prefers_html(request.headers());
    // Answers that show a new password once must not be kept, nor a hash of what proves one.
    // A move is the same when it is asked for again, and whoever asks while it is under way waits for it.
    let secret = ["/admin/operators", "/admin/account", "/admin/confirm", "/admin/tenants/move-"]
        .iter()
        .any(|path| request.uri().path().starts_with(path))
        || ["/owner-links", "/look", "/move-out"].iter().any(|path| request.uri().path().ends_with(path))
        // This answers words of many tenants, and keeps none of them.
        || request.uri().path() == IMPORT;
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
    let text = readable(given)?;
    let place = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let key = hex::encode(Sha256::digest(format!("{}\0{place}\0{text}", operator.actor)));
    let (parts, body) = request.into_parts();
    let body = Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let body = body.map_err(|_| Problem::new(Kind::MalformedJson, words::problem::broke_off()))?;
    let keys = app.store.operator();
    if let Some((status, location, body)) = taken(app, &key, &body).await? {
        return Ok(again(status, location, body));
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

/// Takes a key for a request; what the first one with it was answered, where there was one that is over.
async fn taken(app: &App, key: &str, body: &[u8]) -> Answer<Option<(u16, Option<String>, String)>> {
    match app.store.operator().take_key(key, &hex::encode(Sha256::digest(body))).await? {
        Idempotency::New => Ok(None),
        Idempotency::UnderWay => Err(Problem::new(
            Kind::Conflict,
            "A request with this Idempotency-Key is under way, or its end was never seen; look at what is there.",
        )
        .with_field("Idempotency-Key")
        .with_header(header::RETRY_AFTER, HeaderValue::from_static("2"))
        .into()),
        Idempotency::OtherRequest => Err(Problem::invalid_field(
            "Idempotency-Key",
            "This Idempotency-Key was used for another request; give each request its own.",
        )
        .into()),
        Idempotency::Answered { status, location, body } => Ok(Some((status, location, body))),
    }
}

/// Does something once for a key that its own handler has read, whether by a header or by a form, and keeps of its answer
/// what that handler says: `of_it`, where nobody's words stand.
pub(crate) async fn once_by<T, F>(
    app: &App,
    operator: &Operator,
    (place, given): (&str, &str),
    body: &[u8],
    work: F,
    of_it: impl FnOnce(&T) -> String,
) -> Answer<Result<T, String>>
where
    F: Future<Output = Answer<T>>,
{
    let key = hex::encode(Sha256::digest(format!("{}\0{place}\0{given}", operator.actor)));
    if let Some((_, _, kept)) = taken(app, &key, body).await? {
        return Ok(Err(kept));
    }
    let keys = app.store.operator();
    let done = match work.await {
        Ok(done) => done,
        Err(error) => {
            keys.drop_key(&key).await?;
            return Err(error);
        }
    };
    if let Err(error) = keys.answer_key(&key, 200, None, &of_it(&done), &[]).await {
        tracing::error!(%error, "the answer of an idempotent request could not be kept");
    }
    Ok(Ok(done))
}

/// The key of a request, where it has one.
pub(crate) fn key_of(headers: &HeaderMap) -> Answer<Option<String>> {
    let Some(given) = headers.get(KEY) else { return Ok(None) };
    Ok(Some(readable(given)?.to_owned()))
}

fn readable(given: &HeaderValue) -> Answer<&str> {
    let text = given.to_str().ok().filter(|text| (1..=LONGEST).contains(&text.len()));
    let wrong = || {
        Problem::invalid_field(
            "Idempotency-Key",
            "The header `Idempotency-Key` has 1 to 255 visible ASCII characters, such as a UUID.",
        )
    };
    Ok(text.ok_or_else(wrong)?)
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
