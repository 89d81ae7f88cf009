//! Which records a list shows.

use domain::Timestamp;
use jiff::{civil::Date, tz::TimeZone};
use serde::Deserialize;
use store::RecordFilter;
use utoipa::IntoParams;
use web::Problem;

use super::Book;
use crate::paging;

/// The query.
#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Query {
    /// Rows of the page: 50 where it is left out, 500 at most.
    pub(super) limit: Option<u32>,
    /// From the `Link` header of the page before.
    pub(super) before: Option<String>,
    /// Only those that stand on this day in the tenant's time zone, like 2026-01-31; `all` for every day.
    pub(super) day: Option<String>,
    /// Only those in this state.
    pub(super) state: Option<String>,
    /// Only those whose name, number or purpose holds this.
    pub(super) search: Option<String>,
}

/// The query as it is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) filter: RecordFilter,
    /// The one day that is shown.
    pub(super) day: Option<Date>,
}

impl Query {
    /// What was given and not left empty.
    pub(super) fn given(text: &Option<String>) -> Option<&str> {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }

    pub(super) fn read(&self, book: Book, zone: &TimeZone, now: Timestamp) -> Result<Read, Problem> {
        let text = paging::search(self.search.as_deref())?;
        let state = Self::given(&self.state);
        if state.is_some_and(|state| !book.states().contains(&state)) {
            let detail = words::books::state_field(book.states().join(", "));
            return Err(Problem::invalid_field("state", detail));
        }
        let wrong = || Problem::invalid_field("day", words::books::day_field());
        let begins = |day: Date| day.to_zoned_datetime(zone.clone()).map(|begins| begins.timestamp());
        let bookings = book.by_time();
        let mut filter =
            RecordFilter { state: state.map(str::to_owned), text, ..RecordFilter::of(book.kind()) };
        let mut day = None;
        match Self::given(&self.day) {
            Some("all") => {}
            Some(named) => {
                let named: Date = named.parse().map_err(|_| wrong())?;
                let next = named.tomorrow().map_err(|_| wrong())?;
                filter.from = Some(begins(named).map_err(|_| wrong())?);
                filter.until = Some(begins(next).map_err(|_| wrong())?);
                filter.soonest_first = bookings;
                day = Some(named);
            }
            // Who searches, or wants those that came, looks back too.
            None if bookings
                && filter.text.is_none()
                && filter.state.as_deref().is_none_or(|state| matches!(state, "booked" | "blocked")) =>
            {
                filter.from = begins(now.to_zoned_datetime(zone.clone()).date()).ok();
                filter.soonest_first = true;
            }
            None => {}
        }
        Ok(Read { filter, day })
    }

    /// All of it as pairs of an address.
    pub(super) fn place<'a>(&'a self, before: Option<&'a str>) -> [(&'static str, Option<&'a str>); 4] {
        let [day, state, search] = self.pairs(Self::given(&self.day));
        [day, state, search, ("before", before)]
    }

    /// The same without the place, with another day.
    pub(super) fn pairs<'a>(&'a self, day: Option<&'a str>) -> [(&'static str, Option<&'a str>); 3] {
        [("day", day), ("state", Self::given(&self.state)), ("search", Self::given(&self.search))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(book: Book, query: &Query) -> Result<Read, Problem> {
        let zone = TimeZone::get("Africa/Dar_es_Salaam").unwrap();
        query.read(book, &zone, "2026-01-10T22:00:00Z".parse().unwrap())
    }

    #[test]
    fn days_are_the_tenants_and_bookings_begin_with_today() {
        let today = read(Book::Bookings, &Query::default()).unwrap().filter;
        assert_eq!(today.from.unwrap().to_string(), "2026-01-10T21:00:00Z", "it is the 11th there already");
        assert!(today.until.is_none() && today.soonest_first);
        let day = Query { day: Some("2026-02-28".into()), ..Query::default() };
        let read_day = read(Book::Orders, &day).unwrap();
        assert_eq!(read_day.filter.until.unwrap().to_string(), "2026-02-28T21:00:00Z");
        assert!(!read_day.filter.soonest_first && read(Book::Bookings, &day).unwrap().filter.soonest_first);
        let all = Query { day: Some("all".into()), ..Query::default() };
        assert_eq!(read(Book::Bookings, &all).unwrap().filter, RecordFilter::of(domain::RecordKind::Booking));
        let searched = Query { search: Some("Asha".into()), ..Query::default() };
        assert_eq!(read(Book::Bookings, &searched).unwrap().filter.from, None);
    }

    #[test]
    fn what_cannot_be_is_named() {
        for day in ["31.1.2026", "2026-02-30", "today", "9999-12-31"] {
            let query = Query { day: Some(day.into()), ..Query::default() };
            assert_eq!(read(Book::Orders, &query).unwrap_err().field(), Some("day"), "{day}");
        }
        let query = Query { state: Some("booked".into()), ..Query::default() };
        assert_eq!(read(Book::Orders, &query).unwrap_err().field(), Some("state"));
    }
}
