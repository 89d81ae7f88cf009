//! Which times are free for a service, and on whose time.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime, Time},
    tz::AmbiguousOffset,
};

use super::bot::Bot;
use crate::{Availability, Service, Span, profile::minute_of, records::end};

/// When bookings are taken where opening hours are not known.
const USUAL: Span = (8 * 60, 18 * 60);

/// A time that can be booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) at: Timestamp,
    /// Minutes since midnight in the tenant's time zone.
    pub(crate) minute: u16,
    pub(crate) lane: String,
    /// Who does it, where that is somebody.
    pub(crate) with: Option<String>,
}

/// Why a time cannot be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotFree {
    Taken,
    Closed,
    TooSoon,
    /// Clocks go forward over it.
    Skipped,
}

/// What is to be booked: a service or, where a pack asks for none, just time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) service: Option<&'a Service>,
    /// Who is to do it.
    pub(crate) with: Option<&'a str>,
    /// A booking that moves, and frees its own time.
    pub(crate) moves: Option<&'a str>,
    /// How long it takes where no service says so.
    pub(crate) minutes: Option<u16>,
}

impl Bot {
    pub(crate) fn minutes(&self, wanted: Wanted<'_>) -> u16 {
        let slot = self.profile().booking.slot_minutes;
        wanted.service.map(|service| service.minutes).or(wanted.minutes).unwrap_or(slot).max(5)
    }

    /// Whose time it can take, with the person's name where it is a person's.
    fn lanes(&self, wanted: Wanted<'_>) -> Vec<(String, Option<String>)> {
        let numbered = |of: &str, count: u16| {
            (1..=count.max(1)).map(|n| (format!("{of}/{n}"), None)).collect::<Vec<_>>()
        };
        let Some(service) = wanted.service else { return numbered("", self.profile().booking.at_once) };
        if !service.staff.is_empty() {
            let names =
                service.staff.iter().filter(|name| wanted.with.is_none_or(|with| with == name.as_str()));
            return names.map(|name| (name.trim().to_owned(), Some(name.trim().to_owned()))).collect();
        }
        match service.at_once {
            Some(count) => numbered(&service.code, count),
            None => numbered("", self.profile().booking.at_once),
        }
    }

    /// Whose time a booking by hand can take, the first choice first, with the person's name where it is a person's: that of a
    /// service by its code, or, without one, the places that all services share.
    #[must_use]
    pub fn lanes_of(&self, service: Option<&str>, with: Option<&str>) -> Vec<(String, Option<String>)> {
        let service = service.and_then(|code| self.profile().services.iter().find(|one| one.code == code));
        self.lanes(Wanted { service, with, moves: None, minutes: None })
    }

    /// When bookings are taken on a day.
    fn open_on(&self, day: Date) -> Vec<Span> {
        self.business.settings.hours.as_ref().map_or_else(|| vec![USUAL], |hours| hours.on(day))
    }

    /// The last day for which bookings are taken.
    pub(crate) fn last_day(&self, now: Timestamp) -> Date {
        let days = i64::from(self.profile().booking.days_ahead.max(1)) - 1;
        let today = self.today(now);
        today.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(today)
    }

    /// All times of a day that are free, each on the first lane that is.
    pub(crate) fn free(
        &self,
        wanted: Wanted<'_>,
        day: Date,
        held: &Availability,
        now: Timestamp,
    ) -> Vec<Start> {
        let minutes = self.minutes(wanted);
        let step = self.profile().booking.slot_minutes.max(5);
        let lanes = self.lanes(wanted);
        let mut free = Vec::new();
        for (from, to) in self.open_on(day) {
            let mut minute = from;
            while minute.saturating_add(minutes) <= to {
                if let Ok(start) = self.start(wanted, day, minute, &lanes, held, now) {
                    free.push(start);
                }
                minute = minute.saturating_add(step);
            }
        }
        free
    }

    /// Whether a time can be booked: a person's own time need not stand in the list.
    pub(crate) fn at(
        &self,
        wanted: Wanted<'_>,
        day: Date,
        minute: u16,
        held: &Availability,
        now: Timestamp,
    ) -> Result<Start, NotFree> {
        let minutes = self.minutes(wanted);
        let step = self.profile().booking.slot_minutes.max(5);
        let within = |(from, to): &Span| *from <= minute && minute.saturating_add(minutes) <= *to;
        let Some((from, _)) = self.open_on(day).into_iter().find(within) else { return Err(NotFree::Closed) };
        if !(minute - from).is_multiple_of(step) {
            return Err(NotFree::Taken);
        }
        self.start(wanted, day, minute, &self.lanes(wanted), held, now)
    }

    fn start(
        &self,
        wanted: Wanted<'_>,
        day: Date,
        minute: u16,
        lanes: &[(String, Option<String>)],
        held: &Availability,
        now: Timestamp,
    ) -> Result<Start, NotFree> {
        let at = self.instant(day, minute).ok_or(NotFree::Skipped)?;
        let lead = SignedDuration::from_mins(i64::from(self.profile().booking.lead_minutes));
        if now.checked_add(lead).is_ok_and(|earliest| at < earliest) {
            return Err(NotFree::TooSoon);
        }
        let minutes = self.minutes(wanted);
        let lane = lanes.iter().find(|(lane, _)| held.is_free(lane, at, minutes, wanted.moves));
        let (lane, with) = lane.cloned().ok_or(NotFree::Taken)?;
        Ok(Start { at, minute, lane, with })
    }

    /// The instant of a day's minute; `None` where clocks go forward over it. Of a minute that comes twice the first.
    pub(crate) fn instant(&self, day: Date, minute: u16) -> Option<Timestamp> {
        let hour = i8::try_from(minute / 60).ok()?;
        let time = Time::new(hour % 24, i8::try_from(minute % 60).ok()?, 0, 0).ok()?;
        let ambiguous = self.zone.to_ambiguous_timestamp(DateTime::from_parts(day, time));
        if matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
            return None;
        }
        ambiguous.compatible().ok()
    }

    /// The first day after this one with a free time.
    pub(crate) fn next_free_day(
        &self,
        wanted: Wanted<'_>,
        after: Date,
        held: &Availability,
        now: Timestamp,
    ) -> Option<Date> {
        let last = self.last_day(now);
        let mut day = after.max(self.today(now).yesterday().ok()?);
        while day < last {
            day = day.tomorrow().ok()?;
            if !self.free(wanted, day, held, now).is_empty() {
                return Some(day);
            }
        }
        None
    }

    /// Whether a timer may go off now: within opening hours, or where they are not known in the daytime. Else when it may.
    pub(crate) fn may_disturb(&self, now: Timestamp) -> Result<(), Timestamp> {
        let local = self.zone.to_datetime(now);
        let minute = minute_of(local.time());
        let open = self.open_on(local.date());
        if open.iter().any(|(from, to)| (*from..*to).contains(&minute)) {
            return Ok(());
        }
        let mut day = local.date();
        for _ in 0..14 {
            let next = self
                .open_on(day)
                .into_iter()
                .map(|(from, _)| from)
                .find(|from| day > local.date() || *from > minute);
            if let Some(at) = next.and_then(|from| self.instant(day, from)) {
                return Err(at);
            }
            let Ok(tomorrow) = day.tomorrow() else { break };
            day = tomorrow;
        }
        Ok(())
    }
}

/// Whether a stretch of time is over.
pub(crate) fn is_over(at: Timestamp, minutes: u16, now: Timestamp) -> bool {
    end(at, minutes) <= now
}
