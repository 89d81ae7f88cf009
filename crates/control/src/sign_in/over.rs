//! A form that came once its session had ended: what was typed is kept in a page that sends it again, so that nobody types it
//! twice. Nothing of it is done before somebody is signed in, and nothing of it is remembered here.

use askama::Template;
use axum::{
    extract::Request,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use web::{
    Kind, Problem,
    place::{address, see_other},
    ui::{Head, Icon},
};

use super::{SIGN_IN, safe_next};
use crate::{App, refused, refused::Pairs, shell};

#[derive(Template)]
#[template(path = "over.html")]
struct View {
    /// Where the form was sent.
    action: String,
    pairs: Pairs,
    sign_in: String,
}

/// Answers a form that nobody is signed in for. `page` is the page on which it stands, where that is known.
pub(crate) async fn answer(app: &App, request: Request, page: Option<&str>) -> Response {
    let by_script = request.headers().contains_key("hx-request");
    let path = request.uri().path().to_owned();
    let back = page.map_or_else(|| safe_next(""), safe_next);
    let sign_in = address(SIGN_IN, &[("next", Some(&back))]);
    let pairs = match refused::may_be_shown(&request) {
        true => refused::fields(request).await.map(|(pairs, _)| pairs).unwrap_or_default(),
        false => Vec::new(),
    };
    if refused::typed(&pairs).next().is_none() {
        return see_other(&sign_in);
    }
    if by_script {
        // The page stays as it is, with all that was typed.
        return Problem::new(Kind::Unauthorized, words::sign_in::over_here()).into_response();
    }
    let mut page = shell::outside(app)
        .page(&Head::narrow(words::sign_in::over()), &View { action: path, pairs, sign_in });
    *page.status_mut() = StatusCode::UNAUTHORIZED;
    page
}
