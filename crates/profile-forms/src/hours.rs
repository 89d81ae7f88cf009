//! Opening hours as a person types them: `09:00-13:00, 14:00-18:00`, one line a day; a line for each holiday, like
//! `2026-12-25 - 2026-12-26 = Krismasi / Christmas`; and one for each day with hours of its own, like
//! `2026-12-24: 09:00-12:00 = Mkesha / Christmas Eve`.

use domain::{Closed, Day, Hours, Span};
use jiff::civil::Date;
use web::Problem;

use crate::both;

/// Days from Monday, as the forms name them.
#[must_use]
pub fn days() -> [&'static str; 7] {
    use words::forms::{friday, monday, saturday, sunday, thursday, tuesday, wednesday};
    [monday(), tuesday(), wednesday(), thursday(), friday(), saturday(), sunday()]
}
/// The fields of the form.
pub const FIELDS: [&str; 7] = ["hours_0", "hours_1", "hours_2", "hours_3", "hours_4", "hours_5", "hours_6"];
/// Those of the breaks.
pub const BREAKS: [&str; 7] =
    ["breaks_0", "breaks_1", "breaks_2", "breaks_3", "breaks_4", "breaks_5", "breaks_6"];

/// What is typed of the hours.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'a> {
    /// For each day from Monday, when it is open.
    pub week: [&'a str; 7],
    /// For each day from Monday, when it is closed in between.
    pub breaks: [&'a str; 7],
    /// A line for each holiday.
    pub holidays: &'a str,
    /// A line for each day with hours of its own.
    pub special: &'a str,
}

/// Reads all of it; seven empty days are no hours at all.
///
/// # Errors
/// Where something cannot be read; the problem names the field.
pub fn read(typed: &Typed<'_>) -> Result<Option<Hours>, Problem> {
    let nothing = |lines: &[&str]| lines.iter().all(|line| line.trim().is_empty());
    if nothing(&typed.week) {
        if nothing(&typed.breaks) && nothing(&[typed.holidays, typed.special]) {
            return Ok(None);
        }
        return Err(Problem::invalid_field(FIELDS[0], words::forms::hours_week_first()));
    }
    let mut week: [Vec<Span>; 7] = Default::default();
    for ((day, line), field) in week.iter_mut().zip(typed.week).zip(FIELDS) {
        *day = spans(field, line)?;
    }
    let mut breaks = Vec::new();
    if !nothing(&typed.breaks) {
        for (line, field) in typed.breaks.into_iter().zip(BREAKS) {
            breaks.push(spans(field, line)?);
        }
    }
    let lines = |text: &'_ str| -> Vec<String> {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let closed = lines(typed.holidays).iter().map(|line| holiday(line)).collect::<Result<_, _>>()?;
    let days = lines(typed.special).iter().map(|line| special(line)).collect::<Result<_, _>>()?;
    Ok(Some(Hours { week, breaks, closed, days }))
}

fn spans(field: &str, line: &str) -> Result<Vec<Span>, Problem> {
    let mut spans: Vec<Span> = Vec::new();
    for span in line.split(',').map(str::trim).filter(|span| !span.is_empty()) {
        let read = span.split_once(['-', '–']).and_then(|(from, to)| Some((minute(from)?, minute(to)?)));
        let span = read
            .filter(|(from, to)| from < to)
            .ok_or_else(|| Problem::invalid_field(field, words::forms::hours_wrong()))?;
        spans.push(span);
    }
    if spans.windows(2).any(|pair| pair[0].1 >= pair[1].0) {
        return Err(Problem::invalid_field(field, words::forms::hours_order()));
    }
    Ok(spans)
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once([':', '.'])?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 24 && minute < 60 && (hour < 24 || minute == 0)).then_some(hour * 60 + minute)
}

/// `2026-12-25`, or as it is written by hand, `25/12/2026`.
fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let mut parts = text.split(['/', '.']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let date =
        Date::new(year.trim().parse().ok()?, month.trim().parse().ok()?, day.trim().parse().ok()?).ok()?;
    parts.next().is_none().then_some(date)
}

/// What stands between the days of a holiday; a hyphen within a date has no space beside it.
const UNTIL: [&str; 4] = [" - ", "–", " to ", " hadi "];

fn holiday(line: &str) -> Result<Closed, Problem> {
    let wrong = || Problem::invalid_field("holidays", words::forms::holiday_line(line));
    let (dates, name) = line.split_once('=').unwrap_or((line, ""));
    let (from, to) = UNTIL.iter().find_map(|until| dates.split_once(until)).unwrap_or((dates, dates));
    let (from, to) = date(from).zip(date(to)).ok_or_else(wrong)?;
    if to < from {
        return Err(Problem::invalid_field("holidays", words::forms::holiday_backwards(line)));
    }
    Ok(Closed { from, to, name: both::read(name) })
}

fn special(line: &str) -> Result<Day, Problem> {
    let wrong = || Problem::invalid_field("special", words::forms::special_line(line));
    let (when, name) = line.split_once('=').unwrap_or((line, ""));
    let (on, open) = when.split_once(':').ok_or_else(wrong)?;
    let open = open.trim();
    let spans = match open.to_lowercase().as_str() {
        "" | "closed" | "imefungwa" => Vec::new(),
        _ => spans("special", open).map_err(|_| wrong())?,
    };
    Ok(Day { date: date(on).ok_or_else(wrong)?, spans, name: both::read(name) })
}

/// Writes spans.
#[must_use]
pub fn line(spans: Option<&Vec<Span>>) -> String {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let spans = spans.map(Vec::as_slice).unwrap_or_default();
    spans.iter().map(|(from, to)| format!("{}-{}", clock(*from), clock(*to))).collect::<Vec<_>>().join(", ")
}

/// Writes holidays, a line each.
#[must_use]
pub fn holidays(hours: Option<&Hours>) -> String {
    let line = |closed: &Closed| {
        let dates = match closed.from == closed.to {
            true => closed.from.to_string(),
            false => format!("{} - {}", closed.from, closed.to),
        };
        named(dates, &both::line(&closed.name))
    };
    lines(hours.map(|hours| hours.closed.iter().map(line).collect()))
}

/// Writes days with hours of their own, a line each.
#[must_use]
pub fn specials(hours: Option<&Hours>) -> String {
    let line = |day: &Day| {
        let open = line(Some(&day.spans));
        let open = if open.is_empty() { words::forms::closed().to_owned() } else { open };
        named(format!("{}: {open}", day.date), &both::line(&day.name))
    };
    lines(hours.map(|hours| hours.days.iter().map(line).collect()))
}

fn named(when: String, name: &str) -> String {
    if name.is_empty() { when } else { format!("{when} = {name}") }
}

fn lines(lines: Option<Vec<String>>) -> String {
    lines.unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use domain::Text;
    use jiff::civil::date;

    use super::*;

    fn week(week: [&str; 7]) -> Typed<'_> {
        Typed { week, breaks: [""; 7], holidays: "", special: "" }
    }

    #[test]
    fn hours_are_read_as_they_are_written() {
        let typed = ["09:00-13:00, 14:00-18:00", "", "8.30 – 24:00", "", "", "", ""];
        let read_ = read(&week(typed)).unwrap().unwrap();
        assert_eq!(read_.week[0], [(540, 780), (840, 1080)]);
        assert_eq!(read_.week[2], [(510, 1440)]);
        assert!(read_.is_plain());
        assert_eq!(line(read_.week.first()), "09:00-13:00, 14:00-18:00");
        assert_eq!(line(None), "");
        assert_eq!(read(&week([""; 7])).unwrap(), None);
    }

    #[test]
    fn breaks_holidays_and_days_of_their_own_are_read_as_they_are_written() {
        let typed = Typed {
            breaks: ["13:00-14:00", "", "", "", "", "", ""],
            holidays: "2026-12-25 - 2026-12-26 = Krismasi / Christmas\r\n\r\n9/12/2026\n",
            special: "2026-12-24: 09:00-12:00 = Mkesha\n31.12.2026: closed\n2027-01-02:\n",
            ..week(["09:00-18:00", "", "", "", "", "", ""])
        };
        let hours = read(&typed).unwrap().unwrap();
        assert_eq!(hours.breaks[0], [(780, 840)]);
        assert_eq!((hours.breaks.len(), hours.closed.len(), hours.days.len()), (7, 2, 3));
        assert_eq!(hours.closed[0].name, Text::both("Krismasi", "Christmas"));
        assert_eq!((hours.closed[1].from, hours.closed[1].to), (date(2026, 12, 9), date(2026, 12, 9)));
        assert_eq!((hours.days[0].spans.as_slice(), hours.days[1].spans.len()), (&[(540, 720)][..], 0));
        let (holidays, specials) = (holidays(Some(&hours)), specials(Some(&hours)));
        assert_eq!(holidays, "2026-12-25 - 2026-12-26 = Krismasi / Christmas\n2026-12-09");
        assert_eq!(specials, "2026-12-24: 09:00-12:00 = Mkesha\n2026-12-31: closed\n2027-01-02: closed");
        let again = Typed { holidays: &holidays, special: &specials, ..typed };
        assert_eq!(read(&again).unwrap().unwrap(), hours);
    }

    #[test]
    fn what_is_no_time_names_its_day() {
        for wrong in
            ["9", "09:00", "18:00-09:00", "09:00-25:00", "09:61-10:00", "09:00-12:00, 11:00-13:00", "a-b"]
        {
            let mut lines = [""; 7];
            lines[3] = wrong;
            assert_eq!(read(&week(lines)).unwrap_err().field(), Some("hours_3"), "{wrong}");
            let breaks = Typed { breaks: lines, ..week(["09:00-18:00"; 7]) };
            assert_eq!(read(&breaks).unwrap_err().field(), Some("breaks_3"), "{wrong}");
        }
        for (holidays, special, field) in [
            ("Christmas", "", "holidays"),
            ("2026-02-30", "", "holidays"),
            ("2026-12-26 - 2026-12-25", "", "holidays"),
            ("", "2026-12-24", "special"),
            ("", "2026-12-24: morning", "special"),
            ("", "tomorrow: 09:00-12:00", "special"),
        ] {
            let typed = Typed { holidays, special, ..week(["09:00-18:00"; 7]) };
            let problem = read(&typed).unwrap_err();
            assert_eq!(problem.field(), Some(field));
            assert!(problem.detail().contains(holidays) && problem.detail().contains(special), "{problem:?}");
        }
        let alone = Typed { holidays: "2026-12-25", ..week([""; 7]) };
        assert_eq!(read(&alone).unwrap_err().field(), Some("hours_0"), "no day would be open");
    }
}
