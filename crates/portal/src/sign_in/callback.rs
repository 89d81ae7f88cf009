//! `GET /api/auth/callback/{provider}`: the way back from a provider. What it says is verified by `oidc`; who that is here,
//! the control plane decides.

use api::portal::{PortalSignedIn, ProviderSignIn};
use axum::{
    extract::{Path, RawQuery},
    response::Response,
};
use http::{HeaderMap, Method, header};
use oidc::{OidcError, Trouble};
use web::{Kind, Problem};

use super::{INSIDE, begin, form, inside, pending};
use crate::{Answer, Portal, Visitor, Who, options::Provider};

pub(super) async fn handle(
    visitor: Visitor,
    headers: HeaderMap,
    Path(provider): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let portal = &visitor.portal;
    let found = portal.provider(&provider)?;
    let Some(begun) = portal.keeper.kept(&headers) else {
        let problem = Problem::new(Kind::Conflict, words::portal_sign_in::provider_began_elsewhere());
        return Ok(used(portal, form::again(&visitor, INSIDE, &problem).await));
    };
    let next = inside(&begun.next).to_owned();
    let person = match found.client.finish(begun.pending, query.as_deref().unwrap_or_default()).await {
        Ok(person) => person,
        Err(error) => {
            let problem = trouble(found, &error);
            return Ok(used(portal, form::again(&visitor, INSIDE, &problem).await));
        }
    };
    let asked = ProviderSignIn {
        provider: found.client.id().to_owned(),
        issuer: person.issuer,
        subject: person.subject,
        email: person.email,
        name: person.name,
        language: Some(person.locale.as_deref().and_then(words::of_code).unwrap_or_else(words::language)),
    };
    let plane = &portal.plane;
    let signed_in = plane
        .send_json::<PortalSignedIn>(&Who::default(), Method::POST, "/portal/sign-in/provider", &asked)
        .await;
    match signed_in {
        Ok(signed_in) => Ok(used(portal, begin(portal, &signed_in, &next))),
        Err(error) => match error.refusal() {
            Some(refusal) => Ok(used(portal, form::again(&visitor, &next, refusal).await)),
            None => Err(error.into()),
        },
    }
}

/// What a page says after a sign-in that came to nothing, above all ways in.
pub(super) fn trouble(provider: &Provider, error: &OidcError) -> Problem {
    let name = provider.name.as_str();
    // The error's text holds nothing of the person's; what the provider sent was cut by whoever made it.
    tracing::info!(provider = provider.client.id(), %error, "a sign-in by a provider came to nothing");
    let (kind, detail) = match error.trouble() {
        Trouble::Cancelled => (Kind::Conflict, words::portal_sign_in::provider_cancelled(name)),
        Trouble::Again => (Kind::Conflict, words::portal_sign_in::provider_again(name)),
        Trouble::Away => (Kind::Unavailable, words::portal_sign_in::provider_away(name)),
        Trouble::Email => (Kind::Conflict, words::portal_sign_in::provider_email(name)),
        Trouble::Operator => (Kind::Unavailable, words::portal_sign_in::provider_operator(name)),
    };
    Problem::new(kind, detail)
}

/// What was begun is over, whatever became of it.
fn used(portal: &Portal, mut response: Response) -> Response {
    if let Some(cookie) = pending::forget(portal.https()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
