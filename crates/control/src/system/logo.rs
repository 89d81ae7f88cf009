//! `GET /brand/logo`: the agency's picture, for the pages before the sign-in too.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use web::{Kind, Problem};

use crate::App;

/// The agency's picture
#[utoipa::path(
    get, path = "/brand/logo", tag = "pages", responses((status = 200, content_type = "image/*", body = Vec<u8>))
)]
pub(crate) async fn handle(State(app): State<App>) -> Result<Response, Problem> {
    let (media, bytes) =
        app.brand.logo.clone().ok_or_else(|| Problem::new(Kind::RouteNotFound, words::problem::no_logo()))?;
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    Ok(response)
}
