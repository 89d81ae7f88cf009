//! Opening hours with breaks, holidays and days of their own.

use std::fmt;

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer, value::SeqAccessDeserializer},
};

use crate::Text;
#[cfg(feature = "schema")]
use crate::schema::{Spans, Week};

/// From when to when on a day, `[from, to)`, in minutes since midnight; 1440 is its end.
pub type Span = (u16, u16);

/// Days for which [`Hours::next_opening`] looks ahead.
const LOOK_AHEAD_DAYS: i32 = 400;

/// When a business is open. As JSON either what `hours_json` has always been, seven lists of spans, Monday first, or an
/// object with `week` (those seven lists) and any of `breaks`, `closed` and `days`; written as the former where it says all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hours {
    /// For each day of the week, Monday first, the spans in order and apart.
    pub week: [Vec<Span>; 7],
    /// For each day of the week, when it is closed in between; empty or seven long.
    pub breaks: Vec<Vec<Span>>,
    /// Holidays: closed from the first day to the last.
    pub closed: Vec<Closed>,
    /// Days with hours of their own.
    pub days: Vec<Day>,
}

/// Days on which it is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// The first.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = Date))]
    pub from: Date,
    /// The last.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = Date))]
    pub to: Date,
    /// Why, such as the name of a holiday.
    #[serde(default)]
    pub name: Text,
}

/// A day with hours of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// Which.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = Date))]
    pub date: Date,
    /// When it is open; empty: not at all.
    #[cfg_attr(feature = "schema", schema(value_type = Spans))]
    pub spans: Vec<Span>,
    /// Why.
    #[serde(default)]
    pub name: Text,
}

/// The form with all of it.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Whole {
    /// For each day from Monday, spans `[from, to]` of minutes since midnight, in order and apart.
    #[cfg_attr(feature = "schema", schema(value_type = Week))]
    week: [Vec<Span>; 7],
    /// For each day from Monday, when it is closed in between.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = Week))]
    breaks: Vec<Vec<Span>>,
    /// Holidays, at most 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    closed: Vec<Closed>,
    /// Days with hours of their own, which come before holidays; at most 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    days: Vec<Day>,
}

impl Serialize for Hours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_plain() {
            return self.week.serialize(serializer);
        }
        let Self { week, breaks, closed, days } = self.clone();
        Whole { week, breaks, closed, days }.serialize(serializer)
    }
}

/// By its form and not by trying both, so that an error says what is wrong with the one that was meant.
impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Hours;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("seven lists of [from, to], Monday first, or an object with `week`")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, days: A) -> Result<Hours, A::Error> {
                let week = Deserialize::deserialize(SeqAccessDeserializer::new(days))?;
                Ok(Hours { week, ..Hours::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Hours, A::Error> {
                let Whole { week, breaks, closed, days } =
                    Deserialize::deserialize(MapAccessDeserializer::new(fields))?;
                Ok(Hours { week, breaks, closed, days })
            }
        }

        deserializer.deserialize_any(Either)
    }
}

impl Hours {
    /// Whether the seven lists say all of it.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.breaks.is_empty() && self.closed.is_empty() && self.days.is_empty()
    }

    /// As near as seven lists come to it: breaks are taken out, dates are left out.
    #[must_use]
    pub fn plain(&self) -> Self {
        let mut day = 0;
        let week = [(); 7].map(|()| {
            day += 1;
            self.weekday(day - 1)
        });
        Self { week, ..Self::default() }
    }

    /// When it is open on a date, breaks taken out.
    #[must_use]
    pub fn on(&self, date: Date) -> Vec<Span> {
        if let Some(day) = self.days.iter().find(|day| day.date == date) {
            return day.spans.clone();
        }
        if self.holiday(date).is_some() {
            return Vec::new();
        }
        self.weekday(usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default())
    }

    /// When it is open on a day of the week, Monday being 0, breaks taken out.
    #[must_use]
    pub fn weekday(&self, day: usize) -> Vec<Span> {
        let mut spans = self.week.get(day).cloned().unwrap_or_default();
        for (from, to) in self.breaks.get(day).into_iter().flatten().copied() {
            spans = spans
                .into_iter()
                .flat_map(|(open, close)| [(open, close.min(from)), (open.max(to), close)])
                .filter(|(open, close)| open < close)
                .collect();
        }
        spans.sort_unstable();
        spans.dedup();
        spans
    }

    /// The holiday that this date belongs to.
    #[must_use]
    pub fn holiday(&self, date: Date) -> Option<&Closed> {
        self.closed.iter().find(|closed| closed.from <= date && date <= closed.to)
    }

    /// Whether it is open now.
    #[must_use]
    pub fn is_open(&self, now: Timestamp, zone: &TimeZone) -> bool {
        let now = zone.to_datetime(now);
        let minute = minute_of(now.time());
        self.on(now.date()).iter().any(|(from, to)| (*from..*to).contains(&minute))
    }

    /// The day and minute at which it opens next, now excluded; `None` where it does not within a year.
    #[must_use]
    pub fn next_opening(&self, now: Timestamp, zone: &TimeZone) -> Option<(Date, u16)> {
        let now = zone.to_datetime(now);
        let minute = minute_of(now.time());
        for ahead in 0..LOOK_AHEAD_DAYS {
            let date = now.date().checked_add(ahead.days()).ok()?;
            let mut openings = self.on(date).into_iter().map(|(from, _)| from);
            if let Some(from) = openings.find(|from| ahead > 0 || *from > minute) {
                return Some((date, from));
            }
        }
        None
    }
}

/// Minutes since midnight.
#[must_use]
pub fn minute_of(time: jiff::civil::Time) -> u16 {
    u16::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn salon() -> Hours {
        let day = vec![(540, 1080)];
        Hours {
            week: [day.clone(), day.clone(), day.clone(), day.clone(), day.clone(), day, vec![]],
            breaks: [(); 7].map(|()| vec![(780, 840)]).to_vec(),
            closed: vec![Closed {
                from: date(2026, 12, 24),
                to: date(2026, 12, 26),
                name: Text::both("Krismasi", "Christmas"),
            }],
            days: vec![Day { date: date(2026, 12, 26), spans: vec![(600, 720)], name: Text::default() }],
        }
    }

    #[test]
    fn breaks_holidays_and_days_of_their_own_count() {
        let hours = salon();
        assert_eq!(hours.on(date(2026, 12, 23)), [(540, 780), (840, 1080)]);
        assert!(hours.on(date(2026, 12, 25)).is_empty());
        assert_eq!(hours.on(date(2026, 12, 26)), [(600, 720)], "a day's own hours come before a holiday");
        let zone = TimeZone::get("Africa/Dar_es_Salaam").unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert!(hours.is_open(at("2026-12-23T06:00:00Z"), &zone));
        assert!(!hours.is_open(at("2026-12-23T10:30:00Z"), &zone), "a break");
        assert_eq!(hours.next_opening(at("2026-12-23T10:30:00Z"), &zone), Some((date(2026, 12, 23), 840)));
        assert_eq!(hours.next_opening(at("2026-12-23T17:00:00Z"), &zone), Some((date(2026, 12, 26), 600)));
        assert_eq!(Hours::default().next_opening(at("2026-12-23T17:00:00Z"), &zone), None);
    }

    #[test]
    fn the_hours_of_before_are_still_read() {
        let old = "[[[540,1080]],[[540,1080]],[],[],[],[],[]]";
        let hours: Hours = serde_json::from_str(old).unwrap();
        assert_eq!(hours.week[1], [(540, 1080)]);
        let wrong =
            serde_json::from_str::<Hours>(r#"{"week":[[],[],[],[],[],[],[]],"close":[]}"#).unwrap_err();
        assert!(wrong.to_string().contains("unknown field `close`"), "{wrong}");
        assert_eq!(serde_json::to_string(&hours).unwrap(), old, "and written as they were");
        let text = serde_json::from_str::<Hours>("\"9 to 5\"").unwrap_err().to_string();
        assert!(text.contains("an object with `week`"), "{text}");
        let whole = serde_json::to_string(&salon()).unwrap();
        assert_eq!(serde_json::from_str::<Hours>(&whole).unwrap(), salon());
        assert_eq!(salon().plain().week[0], [(540, 780), (840, 1080)]);
        assert!(salon().plain().is_plain());
    }
}
