//! `GET /portal/tenant/current/records`: one kind of records, by days, state and text.

use api::portal::DeskRecords;
use axum::{Json, response::IntoResponse};
use domain::{RecordKind, Timestamp};
use jiff::civil::Date;
use serde::Deserialize;
use store::RecordFilter;
use utoipa::IntoParams;
use web::{Asked, Problem};

use super::Lines;
use crate::{books::Book, error::Answer, paging, portal::call::MemberCall};

/// The query.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// BOOKING, ORDER, TICKET or BLOCK; a booking where it is left out.
    kind: Option<String>,
    /// Only those that stand on this day or later, in the tenant's time zone, like 2026-01-31.
    from: Option<String>,
    /// Only those that stand on this day or earlier.
    to: Option<String>,
    /// Only those in this state.
    state: Option<String>,
    /// Only those that are open, or only those that are not.
    open: Option<bool>,
    /// Only those whose name, number or purpose holds this.
    search: Option<String>,
    /// Rows of the page: 50 where it is left out, 500 at most.
    limit: Option<u32>,
    /// From the answer before.
    before: Option<String>,
}

/// Bookings, orders, tickets or blocked hours
///
/// Bookings and blocked hours the soonest first, others the newest first.
#[utoipa::path(
    get, path = "/portal/tenant/current/records", tag = "portal", params(Parameters),
    responses((status = 200, body = DeskRecords))
)]
pub(crate) async fn handle(call: MemberCall, Asked(query): Asked<Parameters>) -> Answer {
    let page = super::super::page(query.limit, query.before.as_deref())?;
    let desk = call.reading().await?;
    let lines = Lines::of(&desk);
    let filter = filter(&query, &lines)?;
    let found = desk.scope.records(&filter, page).await?;
    let list = DeskRecords {
        records: found.items.into_iter().map(|stored| lines.record(stored)).collect(),
        next: super::super::next(found.next),
    };
    Ok(Json(list).into_response())
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

fn filter(query: &Parameters, lines: &Lines) -> Result<RecordFilter, Problem> {
    let word = given(&query.kind).unwrap_or("booking").to_ascii_lowercase();
    let kind: RecordKind = word.parse().map_err(|_| Problem::invalid_field("kind", words::desk::kind()))?;
    let book = Book::of(kind);
    let state = given(&query.state);
    if state.is_some_and(|state| !book.states().contains(&state)) {
        let detail = words::books::state_field(book.states().join(", "));
        return Err(Problem::invalid_field("state", detail));
    }
    Ok(RecordFilter {
        state: state.map(str::to_owned),
        open: query.open,
        text: paging::search(query.search.as_deref())?,
        from: given(&query.from).map(|day| begins("from", day, lines, false)).transpose()?,
        until: given(&query.to).map(|day| begins("to", day, lines, true)).transpose()?,
        soonest_first: book.by_time(),
        ..RecordFilter::of(kind)
    })
}

/// When a day begins in the tenant's zone, or the next one.
fn begins(field: &'static str, day: &str, lines: &Lines, the_next: bool) -> Result<Timestamp, Problem> {
    let wrong = || Problem::invalid_field(field, words::messages::day(field));
    let mut day: Date = day.parse().map_err(|_| wrong())?;
    if the_next {
        day = day.tomorrow().map_err(|_| wrong())?;
    }
    day.to_zoned_datetime(lines.zone.clone()).map(|begins| begins.timestamp()).map_err(|_| wrong())
}
