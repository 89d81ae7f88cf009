//! Tables to keep: CSV with a file's name, page by page as it is read, so that its size does not matter.

use accounts::Proof;
use axum::{
    body::{Body, Bytes},
    response::{IntoResponse, Response},
};
use domain::{Timestamp, limits::PAGE_MAX_ROWS};
use futures_util::stream::{self, StreamExt};
use http::{HeaderValue, header};
use jiff::tz::TimeZone;
use store::{Cursor, PageRequest, StoreError};
use web::csv;

use crate::{App, auth::Operator};

/// The name of a tenant's table: whose it is, what it holds and on which day it was made, like
/// `saluni-ya-amina-conversations-2026-11-28.csv`.
pub(crate) fn named(tenant: &str, what: &str, now: Timestamp, zone: &TimeZone) -> String {
    named_as(tenant, what, now, zone, "csv")
}

/// The same of a file of another kind, with what its name ends in.
pub(crate) fn named_as(tenant: &str, what: &str, now: Timestamp, zone: &TimeZone, ends: &str) -> String {
    let mut slug = String::new();
    for c in tenant.chars().take(60) {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    let tenant = if slug.is_empty() { "tenant" } else { slug };
    format!("{tenant}-{what}-{}.{ends}", now.to_zoned_datetime(zone.clone()).date())
}

/// A moment as spreadsheets read it, in a zone that the column's head names.
pub(crate) fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The head of a column of times, with their zone.
pub(crate) fn in_zone(column: &str, zone: &TimeZone) -> String {
    format!("{column} ({})", zone.iana_name().unwrap_or("UTC"))
}

/// A table whose rows are there already.
pub(crate) fn table(file: &str, rows: &str) -> Response {
    attached(file, format!("{}{rows}", csv::BOM).into())
}

/// A text to keep.
pub(crate) fn text(file: &str, text: String) -> Response {
    attached_as(file, "text/plain; charset=utf-8", text.into())
}

fn attached(file: &str, rows: Body) -> Response {
    attached_as(file, "text/csv; charset=utf-8", rows)
}

fn attached_as(file: &str, kind: &'static str, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
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
    head: &[impl AsRef<str>],
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
    head: &[impl AsRef<str>],
    page: F,
) -> Response
where
    F: Fn(PageRequest) -> R + Send + Sync + 'static,
    R: Future<Output = Result<(String, Option<Cursor>), StoreError>> + Send + 'static,
{
    let first = Some(PageRequest { limit: PAGE_MAX_ROWS, before: None });
    let head = format!("{}{}", csv::BOM, csv::row(head.iter().map(AsRef::as_ref)));
    let head = stream::once(async { Ok(Bytes::from(head)) });
    let pages = stream::try_unfold((page, first), |(page, request)| async move {
        let Some(request) = request else { return Ok::<_, StoreError>(None) };
        let (rows, next) = page(request).await?;
        let next = next.map(|before| PageRequest { limit: PAGE_MAX_ROWS, before: Some(before) });
        Ok(Some((Bytes::from(rows), (page, next))))
    });
    let rows = app.accounts.while_it_holds(proof.clone(), head.chain(pages));
    attached(file, Body::from_stream(rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_after_the_tenant_and_its_day() {
        let now: Timestamp = "2026-01-10T22:30:00Z".parse().unwrap();
        let zone = TimeZone::get("Africa/Dar_es_Salaam").unwrap();
        let name = |tenant: &str| named(tenant, "orders", now, &zone);
        assert_eq!(name("Saluni ya Amina"), "saluni-ya-amina-orders-2026-01-11.csv");
        assert_eq!(name("  \"../Duka; \u{1f600}"), "duka-orders-2026-01-11.csv");
        assert_eq!(name("\u{1f600}"), "tenant-orders-2026-01-11.csv");
        assert_eq!(local(now, &zone), "2026-01-11 01:30:00");
        assert_eq!(in_zone("time", &zone), "time (Africa/Dar_es_Salaam)");
    }
}
