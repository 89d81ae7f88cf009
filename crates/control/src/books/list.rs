//! The list of a book, as a page or as a document.

use askama::Template;
use domain::TenantId;
use jiff::tz::TimeZone;
use store::{Page, StoredRecord};
use web::{
    place::{address, encode},
    ui::{Empty, Field, Head, Icon, Pager},
};

use super::{
    Book, by_hand,
    line::{self, Line},
    query::{Query, Read},
    state,
};
use crate::{
    audit,
    error::Answer,
    messages::chats,
    paging::{self, rows},
    shell::Section,
    tenants::TenantCall,
};

/// Answers a list.
pub(super) async fn answer(call: &TenantCall, book: Book, query: &Query) -> Answer {
    let zone = TimeZone::get(&call.detail.tenant.timezone).unwrap_or(TimeZone::UTC);
    let read = query.read(book, &zone, call.app.now())?;
    let request = paging::Request::read(query.limit, query.before.as_deref())?;
    audit::reading(&call.app, &call.operator, call.id()).await?;
    let found = call.scope.records(&read.filter, rows(&request)).await?;
    let path = format!("{}/{}", call.place(), book.path());
    if !call.client.html {
        let records: Vec<_> = found.items.into_iter().map(line::document).collect();
        let pairs = query.pairs(Query::given(&query.day));
        return Ok(request.answer(&records, found.next, &path, &pairs));
    }
    let adding = if book.by_time() { Some(by_hand::fields(call, book).await?) } else { None };
    let view = View::of(call, book, query, &read, &found, &request, &zone, adding);
    let head = Head::new(book.title(&call.detail.tenant.name)).following(call.app.feed.address());
    Ok(call.page(Section::Tenants, head, &view).await)
}

#[derive(Template)]
#[template(path = "books/list.html")]
struct View {
    id: TenantId,
    name: String,
    title: String,
    books: Vec<(String, &'static str, bool)>,
    path: String,
    /// This very list.
    here: String,
    export: String,
    /// The day that is shown, as its input has it.
    day: String,
    days: Vec<(String, &'static str)>,
    states: Vec<(&'static str, String, bool)>,
    search: String,
    rows: Vec<Row>,
    with_total: bool,
    /// The form by which one is added.
    adding: Option<Vec<Field>>,
    kind: &'static str,
    empty: Empty,
    pager: Pager,
}

struct Row {
    line: Line,
    /// Who wrote, and where the chat is.
    chat: Option<(String, String)>,
}

impl View {
    #[expect(clippy::too_many_arguments, reason = "what a page is made of")]
    fn of(
        call: &TenantCall,
        book: Book,
        query: &Query,
        read: &Read,
        found: &Page<StoredRecord>,
        request: &paging::Request,
        zone: &TimeZone,
        adding: Option<Vec<Field>>,
    ) -> Self {
        let place = call.place();
        let path = format!("{place}/{}", book.path());
        let row = |stored: &StoredRecord| {
            let line = Line::of(stored, zone, &call.detail.tenant.currency);
            let chat = line
                .contact
                .as_deref()
                .map(|contact| (chats::name(contact), format!("{place}?contact={}#chats", encode(contact))));
            Row { line, chat }
        };
        let rows: Vec<Row> = found.items.iter().map(row).collect();
        let pairs = query.pairs(Query::given(&query.day));
        let today = call.app.now().to_zoned_datetime(zone.clone()).date();
        let shown = read.day.unwrap_or(today);
        let on = |day: Option<jiff::civil::Date>| {
            day.map(|day| address(&path, &query.pairs(Some(&day.to_string()))))
        };
        let days = [
            (on(shown.yesterday().ok()), words::books::earlier()),
            (on(Some(today)), words::books::today()),
            (on(shown.tomorrow().ok()), words::books::later()),
            (Some(address(&path, &query.pairs(Some("all")))), words::books::all_days()),
        ];
        let chosen = Query::given(&query.state);
        let states = book.states().iter().map(|word| (*word, state(word).to_owned(), chosen == Some(*word)));
        Self {
            id: call.id(),
            name: call.detail.tenant.name.clone(),
            title: book.title(&call.detail.tenant.name),
            books: Book::ALL
                .iter()
                .map(|one| (format!("{place}/{}", one.path()), one.label(), *one == book))
                .collect(),
            here: address(&path, &query.place(request.before.map(|before| before.to_string()).as_deref())),
            export: address(&format!("{path}.csv"), &pairs),
            day: read.day.map(|day| day.to_string()).unwrap_or_default(),
            days: days.into_iter().filter_map(|(href, label)| Some((href?, label))).collect(),
            states: states.collect(),
            search: Query::given(&query.search).unwrap_or_default().to_owned(),
            with_total: matches!(book, Book::Bookings | Book::Orders),
            adding,
            empty: empty(book),
            pager: request.pager(words::books::shown(rows.len() as u64), found.next, &path, &pairs),
            kind: book.kind().into(),
            rows,
            path,
        }
    }
}

fn empty(book: Book) -> Empty {
    use words::books as say;
    match book {
        Book::Bookings => Empty::new("clock", say::none_bookings(), say::none_bookings_text()),
        Book::Orders => Empty::new("inbox", say::none_orders(), say::none_orders_text()),
        Book::Tickets => Empty::new("chat", say::none_tickets(), say::none_tickets_text()),
        Book::Blocks => Empty::new("clock", say::none_blocks(), say::none_blocks_text()),
    }
}
