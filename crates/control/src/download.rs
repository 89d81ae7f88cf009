//! Tables to keep: CSV with a file's name, page by page as it is read, so that its size does not matter.

use accounts::Proof;
use axum::{
    body::{Body, Bytes},
    response::{IntoResponse, Response},
};
use domain::limits::PAGE_MAX_ROWS;
use futures_util::stream::{self, StreamExt};
use http::{HeaderValue, header};
use store::{Cursor, PageRequest, StoreError};
use web::csv;

use crate::{App, auth::Operator};

/// A table whose rows are there already.
pub(crate) fn table(file: &str, rows: impl Into<Body>) -> Response {
    let mut response = rows.into().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(named) = HeaderValue::from_str(&format!("attachment; filename=\"{file}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, named);
    }
    response
}

/// A table that is read while it is sent, for as long as who asked may read it.
pub(crate) fn pages<F, R>(
    app: &App,
    operator: &Operator,
    file: &str,
    head: &'static [&'static str],
    page: F,
) -> Response
where
    F: Fn(PageRequest) -> R + Send + Sync + 'static,
    R: Future<Output = Result<(String, Option<Cursor>), StoreError>> + Send + 'static,
{
    pages_for(app, &operator.proof, file, head, page)
}

/// The same for whoever has proved it in another way, such as a person of a tenant.
pub(crate) fn pages_for<F, R>(
    app: &App,
    proof: &Proof,
    file: &str,
    head: &'static [&'static str],
    page: F,
) -> Response
where
    F: Fn(PageRequest) -> R + Send + Sync + 'static,
    R: Future<Output = Result<(String, Option<Cursor>), StoreError>> + Send + 'static,
{
    let first = Some(PageRequest { limit: PAGE_MAX_ROWS, before: None });
    let head = stream::once(async { Ok(Bytes::from(csv::row(head.iter().copied()))) });
    let pages = stream::try_unfold((page, first), |(page, request)| async move {
        let Some(request) = request else { return Ok::<_, StoreError>(None) };
        let (rows, next) = page(request).await?;
        let next = next.map(|before| PageRequest { limit: PAGE_MAX_ROWS, before: Some(before) });
        Ok(Some((Bytes::from(rows), (page, next))))
    });
    let rows = app.accounts.while_it_holds(proof.clone(), head.chain(pages));
    table(file, Body::from_stream(rows))
}
