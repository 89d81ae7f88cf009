//! `GET /api/auth/start/{provider}`: leads a browser to a provider.

use axum::{extract::Path, response::IntoResponse};
use http::header;
use oidc::Start;
use web::{Asked, place::header_value};

use super::{callback::trouble, form, inside, pending::Begun};
use crate::{Answer, Visitor};

pub(super) async fn handle(
    visitor: Visitor,
    Path(provider): Path<String>,
    Asked(query): Asked<form::Parameters>,
) -> Answer {
    let next = inside(&query.next);
    let portal = &visitor.portal;
    let found = portal.provider(&provider)?;
    let language = Some(words::code(words::language()));
    let (place, pending) = match found.client.start(Start { language, email: None }).await {
        Ok(begun) => begun,
        Err(error) => return Ok(form::again(&visitor, next, &trouble(found, &error)).await),
    };
    let begun = Begun { pending, next: next.to_owned() };
    let mut response =
        (http::StatusCode::SEE_OTHER, [(header::LOCATION, header_value(&place))]).into_response();
    if let Some(cookie) = portal.keeper.keep(&begun, portal.https()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
