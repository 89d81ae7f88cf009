//! `GET /brand/logo`: the agency's picture.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use web::{Kind, Problem};

use crate::Portal;

pub(super) async fn handle(State(portal): State<Portal>) -> Result<Response, Problem> {
    let logo = portal.options.logo.clone();
    let (media, bytes) = logo.ok_or_else(|| Problem::new(Kind::RouteNotFound, words::problem::no_logo()))?;
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    Ok(response)
}
