//! Lets the portal in, and nobody else: its key, what it has signed, and for whom it asks.
//!
//! A key that has leaked opens nothing, since it cannot sign; a header that a browser has smuggled in opens nothing, since it
//! is not signed; and what was signed once is good for one request.

use accounts::{Means, PeopleError, Proof, people::Found};
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use claim::{Asked, Claim, body_hash};
use domain::{MembershipStatus, Role, limits::REQUEST_BODY_MAX_BYTES};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use store::Actor;
use web::{Kind, Problem, routes::Access};

use super::call::{Asking, Seat};
use crate::{
    App,
    error::{Answer, Error, no_tenant},
};

/// The portal's key.
pub(crate) const KEY: HeaderName = HeaderName::from_static("x-portal-key");
/// What the portal has signed.
pub(crate) const CLAIM: HeaderName = HeaderName::from_static("x-portal-claim");
/// For whom an old client asks.
pub(crate) const EMAIL: HeaderName = HeaderName::from_static("x-user-email");
/// The language of whoever reads the answer.
pub(crate) const LANGUAGE: HeaderName = HeaderName::from_static("x-language");

/// Lets the portal through, for whom the route is.
pub(crate) async fn admit(
    State((app, access)): State<(App, Access)>,
    request: Request,
    next: Next,
) -> Response {
    let named = request.headers().get(LANGUAGE).and_then(|value| value.to_str().ok());
    let language = named.and_then(words::of_code).unwrap_or_else(|| web::lang::of(request.headers()));
    words::reading(language, async move {
        let request = match identify(&app, access, request).await {
            Ok(request) => request,
            Err(error) => return error.into_response(),
        };
        let is_safe = request.method().is_safe();
        let run = words::reading(language, next.run(request));
        // What changes something runs to its end, whoever goes away meanwhile.
        let done = if is_safe { Ok(run.await) } else { app.work.spawn(run).await };
        let mut response = done.unwrap_or_else(|error| Problem::internal(&error).into_response());
        response.extensions_mut().insert(web::Proved);
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        response
    })
    .await
}

async fn identify(app: &App, access: Access, request: Request) -> Answer<Request> {
    check_key(app, request.headers())?;
    let Some(header) = request.headers().get(CLAIM).cloned() else {
        return by_address(app, access, request).await;
    };
    let (mut parts, body) = request.into_parts();
    let body = whole(body).await?;
    let path = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let asked = Asked { method: parts.method.as_str(), path, body_hash: &body_hash(&body) };
    let refused = |why: claim::Refusal| {
        let kind = if why == claim::Refusal::Full { Kind::Unavailable } else { Kind::Unauthorized };
        Error::from(Problem::new(kind, words::people::wrong_claim(why)))
    };
    let text = header.to_str().map_err(|_| refused(claim::Refusal::Unreadable))?;
    let claim = app.portal.claims.verify(text, asked, app.now().as_millisecond()).map_err(refused)?;
    let found = match &claim.session {
        Some(session) => match app.accounts.people().session(session).await {
            Ok(found) => Some(found),
            Err(PeopleError::SessionOver) => None,
            Err(error) => return Err(error.into()),
        },
        None => None,
    };
    if access != Access::Portal {
        let found = found.as_ref().ok_or(PeopleError::SessionOver)?;
        let seat = seat_of(found, &claim)?;
        if seat.looking.is_some() && !parts.method.is_safe() {
            return Err(only_looking().into());
        }
        allow(access, &seat)?;
        parts.extensions.insert(seat);
    }
    parts.extensions.insert(Asking { session: claim.session, found });
    Ok(Request::from_parts(parts, Body::from(body)))
}

fn check_key(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    let given = headers.get(KEY).map_or(&b""[..], HeaderValue::as_bytes);
    if app.portal.takes(given) {
        return Ok(());
    }
    // Where nothing is set, no key from outside could be right.
    if app.portal.keys.is_empty() {
        return Err(Problem::new(Kind::Unavailable, words::people::no_key()));
    }
    Err(Problem::new(Kind::Unauthorized, words::people::wrong_key()))
}

/// What the person of a session is to the tenant that is claimed, or chosen, or the only one.
fn seat_of(found: &Found, claim: &Claim) -> Answer<Seat> {
    let user = &found.account.user;
    if claim.user.as_deref() != Some(user.id.to_string().as_str()) {
        return Err(Problem::new(Kind::Unauthorized, words::people::other_person()).into());
    }
    let seat = match &claim.tenant {
        Some(tenant) => tenant.parse().ok().and_then(|tenant| found.seat_of(tenant)).ok_or_else(no_tenant)?,
        None if found.seats.is_empty() => {
            return Err(Problem::new(Kind::TenantNotFound, words::people::no_tenant()).into());
        }
        None => found.seat().ok_or_else(|| Problem::new(Kind::Conflict, words::people::choose_tenant()))?,
    };
    let means = Means::Portal { session: Some(found.session.id.clone()), tenant: seat.tenant };
    Ok(Seat {
        user: user.clone(),
        role: seat.role,
        tenant: seat.tenant,
        proof: Proof { actor: Actor::User(user.id), version: String::new(), means },
        looking: found.session.looking.as_ref().map(|(operator, _)| *operator),
    })
}

/// An old client: the key and an address, where the settings say that this is enough.
async fn by_address(app: &App, access: Access, mut request: Request) -> Answer<Request> {
    let email = request.headers().get(EMAIL).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let given = request.headers().get(KEY).map_or(&b""[..], HeaderValue::as_bytes);
    let (true, true, Some(email)) = (app.portal.plain, app.portal.is_configured(given), email) else {
        return Err(Problem::new(Kind::Unauthorized, words::people::no_claim()).into());
    };
    if access == Access::Portal {
        return Err(Problem::new(Kind::Unauthorized, words::people::no_claim()).into());
    }
    let people = app.store.people();
    let account = people.account_by_email(&email).await?;
    let account = account.ok_or_else(|| Problem::new(Kind::PersonNotFound, words::people::no_user()))?;
    let mut seats = people.seats(account.user.id).await?;
    seats.retain(|seat| seat.status == MembershipStatus::Active);
    let seat = match &seats[..] {
        [] => return Err(Problem::new(Kind::TenantNotFound, words::people::no_tenant()).into()),
        [only] => only,
        _ => return Err(Problem::new(Kind::Conflict, words::people::several_tenants()).into()),
    };
    let means = Means::Portal { session: None, tenant: seat.tenant };
    let seat = Seat {
        role: seat.role,
        tenant: seat.tenant,
        proof: Proof { actor: Actor::User(account.user.id), version: String::new(), means },
        user: account.user,
        looking: None,
    };
    allow(access, &seat)?;
    request.extensions_mut().insert(seat);
    request.extensions_mut().insert(Asking::default());
    Ok(request)
}

fn allow(access: Access, seat: &Seat) -> Result<(), Problem> {
    if access == Access::Owner && seat.role != Role::Owner {
        return Err(Problem::new(Kind::Forbidden, words::people::owner_only()));
    }
    Ok(())
}

/// What is said to an operator who looks, and would change something.
pub(super) fn only_looking() -> Problem {
    Problem::new(Kind::Forbidden, words::people::only_looking())
}

/// The body, since its hash is signed.
async fn whole(body: Body) -> Result<Bytes, Problem> {
    axum::body::to_bytes(body, REQUEST_BODY_MAX_BYTES).await.map_err(|error| {
        let error = axum::Error::into_inner(error);
        if error.is::<http_body_util::LengthLimitError>() {
            return Problem::new(Kind::BodyTooLarge, words::problem::too_large(REQUEST_BODY_MAX_BYTES));
        }
        Problem::new(Kind::MalformedJson, words::problem::broke_off())
    })
}
