//! What a tenant's page shows of its books: today's bookings, the orders and tickets that are open, and the chats that wait
//! for a person.

use askama::Template;
use domain::{RecordKind, TenantId};
use jiff::tz::TimeZone;
use store::{PageRequest, RecordFilter};
use web::{
    place::encode,
    ui::{Html, Icon, ago},
};

use super::line::{self, Line};
use crate::{
    error::Answer,
    messages::{chats, hand_offs},
    tenants::TenantCall,
};

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
    waiting: Vec<Waiting>,
    waits: Option<String>,
}

/// A chat that waits for a person.
struct Waiting {
    name: String,
    contact: String,
    why: String,
    since: Html,
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
        let handed = hand_offs::read(&call.app, call.id());
        let now = call.app.now();
        let waiting = handed.chats.iter().take(SHOWN as usize).map(|chat| Waiting {
            name: chats::name(&chat.contact),
            contact: encode(&chat.contact),
            why: hand_offs::why(&chat.reason).to_owned(),
            since: Html::of(&ago(chat.since, now, &tenant.timezone)),
        });
        Ok(Self {
            id: call.id(),
            bookings: next(),
            orders: next(),
            tickets: next(),
            waiting: waiting.collect(),
            waits: Some(handed.total).filter(|total| *total > 0).map(words::messages::waiting),
        })
    }
}
