//! Days, times and opening hours as people say them. Swahili tells its own clock and, so that nobody comes six hours off,
//! the other one behind it.

use std::fmt::Write;

use domain::Language;
use jiff::{Timestamp, civil::Date};

use super::bot::Bot;
use crate::profile::minute_of;

const DAYS: [[&str; 7]; 2] = [
    ["Jumatatu", "Jumanne", "Jumatano", "Alhamisi", "Ijumaa", "Jumamosi", "Jumapili"],
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
];
const MONTHS: [[&str; 12]; 2] = [
    [
        "Januari", "Februari", "Machi", "Aprili", "Mei", "Juni", "Julai", "Agosti", "Septemba", "Oktoba",
        "Novemba", "Desemba",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
];

const fn at(language: Language) -> usize {
    match language {
        Language::Sw => 0,
        Language::En => 1,
    }
}

/// `Saturday 28 February`, with its year where that is another than today's.
pub(crate) fn date(date: Date, today: Date, language: Language) -> String {
    let day = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
    let month = usize::try_from(date.month()).unwrap_or(1).saturating_sub(1);
    let names = at(language);
    let day = DAYS.get(names).and_then(|days| days.get(day)).copied().unwrap_or_default();
    let month = MONTHS.get(names).and_then(|months| months.get(month)).copied().unwrap_or_default();
    let of = match language {
        Language::Sw => " tarehe",
        Language::En => "",
    };
    let mut said = format!("{day}{of} {} {month}", date.day());
    if date.year() != today.year() {
        let _ = write!(said, " {}", date.year());
    }
    said
}

/// `10:00`, or `saa 4:00 asubuhi (10:00)`.
pub(crate) fn time(minutes: u16, language: Language) -> String {
    let (hour, minute) = (minutes / 60 % 24, minutes % 60);
    match language {
        Language::En => format!("{hour:02}:{minute:02}"),
        Language::Sw => {
            let part = match hour {
                4..=5 => "alfajiri",
                6..=11 => "asubuhi",
                12..=15 => "mchana",
                16..=18 => "jioni",
                _ => "usiku",
            };
            let told = match (hour + 6) % 12 {
                0 => 12,
                told => told,
            };
            format!("saa {told}:{minute:02} {part} ({hour:02}:{minute:02})")
        }
    }
}

/// A clock's time without its part of the day, for opening hours.
fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// One line for each run of days with equal hours.
fn hours(days: &[Vec<(u16, u16)>], language: Language) -> String {
    let (to, closed) = match language {
        Language::Sw => ("hadi", "tumefunga"),
        Language::En => ("to", "closed"),
    };
    let names = DAYS.get(at(language)).copied().unwrap_or_default();
    let mut text = String::new();
    let mut days = days.iter().zip(names).peekable();
    while let Some((spans, first)) = days.next() {
        let mut last = first;
        while let Some((_, day)) = days.next_if(|(other, _)| *other == spans) {
            last = day;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(first);
        if last != first {
            let _ = write!(text, " {to} {last}");
        }
        let spans: Vec<_> =
            spans.iter().map(|(from, to)| format!("{}–{}", clock(*from), clock(*to))).collect();
        let _ = write!(text, ": {}", if spans.is_empty() { closed.to_owned() } else { spans.join(", ") });
    }
    text
}

impl Bot {
    pub(crate) fn say_date(&self, day: Date, now: Timestamp) -> String {
        date(day, self.today(now), self.language)
    }

    pub(crate) fn say_time(&self, minutes: u16) -> String {
        time(minutes, self.language)
    }

    /// A day with its time.
    pub(crate) fn say_when(&self, when: Timestamp, now: Timestamp) -> String {
        let local = self.zone.to_datetime(when);
        format!("{}, {}", self.say_date(local.date(), now), self.say_time(minute_of(local.time())))
    }

    /// The opening hours as lines; empty where they are not known.
    pub(crate) fn say_hours(&self) -> String {
        let Some(known) = &self.business.settings.hours else { return String::new() };
        let days: Vec<_> = (0..7).map(|day| known.weekday(day)).collect();
        hours(&days, self.language)
    }

    /// Whether the business is open now; `true` where its hours are not known.
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        self.business.settings.hours.as_ref().is_none_or(|hours| hours.is_open(now, &self.zone))
    }

    /// When it opens next, as people say it: today's time, or a day and a time.
    pub(crate) fn say_opening(&self, now: Timestamp) -> Option<String> {
        let (day, minute) = self.business.settings.hours.as_ref()?.next_opening(now, &self.zone)?;
        if day == self.today(now) {
            return Some(self.say_time(minute));
        }
        Some(format!("{}, {}", self.say_date(day, now), self.say_time(minute)))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

    #[test]
    fn days_and_times_are_said_so_that_nobody_comes_six_hours_off() {
        let today = day(2026, 2, 23);
        assert_eq!(date(day(2026, 2, 28), today, Language::En), "Saturday 28 February");
        assert_eq!(date(day(2027, 1, 1), today, Language::Sw), "Ijumaa tarehe 1 Januari 2027");
        for (minutes, said) in [
            (600, "saa 4:00 asubuhi (10:00)"),
            (750, "saa 6:30 mchana (12:30)"),
            (1200, "saa 2:00 usiku (20:00)"),
            (0, "saa 6:00 usiku (00:00)"),
            (360, "saa 12:00 asubuhi (06:00)"),
            (1080, "saa 12:00 jioni (18:00)"),
        ] {
            assert_eq!(time(minutes, Language::Sw), said);
        }
    }
}
