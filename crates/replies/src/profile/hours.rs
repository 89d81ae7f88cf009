//! Opening hours with breaks, holidays and days of their own.

use domain::Hours;
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::Text;

/// From when to when on a day, `[from, to)`, in minutes since midnight; 1440 is its end.
pub type Span = (u16, u16);

/// Days for which [`OpeningHours::next_opening`] looks ahead.
const LOOK_AHEAD_DAYS: i32 = 400;

/// When a business is open. As JSON either what `hours_json` has always been, seven lists of spans, Monday first, or an
/// object with `week` (those seven lists) and any of `breaks`, `closed` and `days`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct OpeningHours {
    /// For each day of the week, Monday first, the spans in order and apart.
    pub week: [Vec<Span>; 7],
    /// For each day of the week, when it is closed in between; empty or seven long.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<Vec<Span>>,
    /// Holidays: closed from the first day to the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<Closed>,
    /// Days with hours of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
}

/// Days on which it is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// The first.
    pub from: Date,
    /// The last.
    pub to: Date,
    /// Why, such as the name of a holiday.
    #[serde(default)]
    pub name: Text,
}

/// A day with hours of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// Which.
    pub date: Date,
    /// When it is open; empty: not at all.
    pub spans: Vec<Span>,
    /// Why.
    #[serde(default)]
    pub name: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    week: [Vec<Span>; 7],
    #[serde(default)]
    breaks: Vec<Vec<Span>>,
    #[serde(default)]
    closed: Vec<Closed>,
    #[serde(default)]
    days: Vec<Day>,
}

/// By its form and not by trying both, so that an error says what is wrong with the one that was meant.
impl<'de> Deserialize<'de> for OpeningHours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = serde_json::Value::deserialize(deserializer)?;
        if written.is_array() {
            let week = serde_json::from_value(written).map_err(D::Error::custom)?;
            return Ok(Self { week, ..Self::default() });
        }
        let Whole { week, breaks, closed, days } =
            serde_json::from_value(written).map_err(D::Error::custom)?;
        Ok(Self { week, breaks, closed, days })
    }
}

impl From<&Hours> for OpeningHours {
    fn from(hours: &Hours) -> Self {
        Self { week: hours.0.clone(), ..Self::default() }
    }
}

impl OpeningHours {
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
pub(crate) fn minute_of(time: jiff::civil::Time) -> u16 {
    u16::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn salon() -> OpeningHours {
        let day = vec![(540, 1080)];
        OpeningHours {
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
        assert_eq!(OpeningHours::default().next_opening(at("2026-12-23T17:00:00Z"), &zone), None);
    }

    #[test]
    fn the_hours_of_before_are_still_read() {
        let old = "[[[540,1080]],[[540,1080]],[],[],[],[],[]]";
        let hours: OpeningHours = serde_json::from_str(old).unwrap();
        assert_eq!(hours.week[1], [(540, 1080)]);
        let wrong = serde_json::from_str::<OpeningHours>(r#"{"week":[[],[],[],[],[],[],[]],"close":[]}"#)
            .unwrap_err();
        assert!(wrong.to_string().contains("unknown field `close`"), "{wrong}");
        let whole = serde_json::to_string(&salon()).unwrap();
        assert_eq!(serde_json::from_str::<OpeningHours>(&whole).unwrap(), salon());
    }
}
