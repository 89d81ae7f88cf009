//! What a tenant's page shows of its books: today's bookings, and the orders and tickets that are open.

use askama::Template;
use domain::{RecordKind, TenantId};
use jiff::tz::TimeZone;
use store::{PageRequest, RecordFilter};
use web::ui::Icon;

use super::line::{self, Line};
use crate::{error::Answer, tenants::TenantCall};

/// Of each book.
const SHOWN: u32 = 6;

/// The card.
#[derive(Template)]
#[template(path = "books/today.html")]
pub(crate) struct Today {
    id: TenantId,
    bookings: Vec<Line>,
    orders: Vec<Line>,
    tickets: Vec<Line>,
}

impl askama::filters::HtmlSafe for Today {}

impl Today {
    /// Reads it.
    pub(crate) async fn of(call: &TenantCall) -> Answer<Self> {
        let tenant = &call.detail.tenant;
        let zone = TimeZone::get(&tenant.timezone).unwrap_or(TimeZone::UTC);
        let (from, until) = line::today(&zone, call.app.now()).unzip();
        let bookings =
            RecordFilter { from, until, soonest_first: true, ..RecordFilter::of(RecordKind::Booking) };
        let open = |kind| RecordFilter { open: Some(true), ..RecordFilter::of(kind) };
        let mut lines = Vec::new();
        for filter in [bookings, open(RecordKind::Order), open(RecordKind::Ticket)] {
            let found = call.scope.records(&filter, PageRequest { limit: SHOWN, before: None }).await?;
            lines.push(found.items.iter().map(|one| Line::of(one, &zone, &tenant.currency)).collect());
        }
        let mut lines = lines.into_iter();
        let mut next = || lines.next().unwrap_or_default();
        Ok(Self { id: call.id(), bookings: next(), orders: next(), tickets: next() })
    }
}
