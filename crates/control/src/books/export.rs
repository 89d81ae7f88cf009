//! A book as a table, page by page as it is read.

use domain::TenantId;
use jiff::tz::TimeZone;
use serde_json::json;
use store::{Cursor, PageRequest, RecordFilter, StoreError};
use web::csv;

use super::{Book, line::Line, query::Query};
use crate::{App, audit, download, error::Answer, tenants::TenantCall};

const HEAD: [&str; 12] = [
    "number", "state", "day", "time", "name", "contact", "phone", "what", "total", "note", "version",
    "changed",
];

/// Answers the table.
pub(super) async fn answer(call: &TenantCall, book: Book, query: &Query) -> Answer {
    let (app, id) = (call.app.clone(), call.id());
    let tenant = &call.detail.tenant;
    let zone = TimeZone::get(&tenant.timezone).unwrap_or(TimeZone::UTC);
    let filter = query.read(book, &zone, app.now())?.filter;
    let currency = tenant.currency.clone();
    let kind: &str = book.kind().into();
    audit::record(&app, &call.operator, id, "RECORDS_EXPORTED", &json!({ "of": kind.to_uppercase() })).await;
    let file = download::named(&tenant.name, book.path(), app.now(), &zone);
    let mut head = HEAD.map(str::to_owned);
    let changed = download::in_zone("changed", &zone);
    head[HEAD.len() - 1] = changed;
    // Of the reader: what comes later is made when nobody's language is set any more.
    let language = words::language();
    Ok(download::pages(&call.app, &call.operator, &file, &head, move |request| {
        let (app, filter, zone, currency) = (app.clone(), filter.clone(), zone.clone(), currency.clone());
        words::reading(language, async move { page(&app, id, &filter, request, &zone, &currency).await })
    }))
}

async fn page(
    app: &App,
    id: TenantId,
    filter: &RecordFilter,
    request: PageRequest,
    zone: &TimeZone,
    currency: &str,
) -> Result<(String, Option<Cursor>), StoreError> {
    let found = app.store.tenant(id).records(filter, request).await?;
    let rows = found.items.iter().map(|stored| {
        let line = Line::of(stored, zone, currency);
        let at = stored.stands_at.to_zoned_datetime(zone.clone());
        csv::row([
            line.reference.as_str(),
            &stored.state,
            &at.date().to_string(),
            &line.time,
            &line.who,
            line.contact.as_deref().unwrap_or_default(),
            &line.phone,
            &line.what,
            &line.total,
            &line.note,
            &stored.version.to_string(),
            &download::local(stored.changed_at, zone),
        ])
    });
    Ok((rows.collect(), found.next))
}
