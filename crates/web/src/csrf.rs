//! No page of another site may make a browser change anything here.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_kit::OwnOrigins;

use crate::{Kind, Problem};

/// Refuses what changes something and comes from a page that is not ours.
pub(crate) async fn refuse_foreign_sites(
    State(own): State<OwnOrigins>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() || own.sent(request.headers()) {
        return next.run(request).await;
    }
    Problem::new(Kind::CrossSiteRequest, words::problem::other_site()).into_response()
}
