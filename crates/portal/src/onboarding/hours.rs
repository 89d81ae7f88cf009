//! Opening hours as a form has them: for each day whether it is open, from when and until when. A second span of a day is
//! for the page of the bot; where there is one it is kept as it is.

use domain::{Hours, Span};
use web::Problem;

use super::save::Form;

/// A day of the form.
pub(super) struct Day {
    pub(super) name: &'static str,
    pub(super) open: bool,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) error: Option<String>,
}

/// Days from Monday.
pub(super) fn names() -> [&'static str; 7] {
    use words::forms::{friday, monday, saturday, sunday, thursday, tuesday, wednesday};
    [monday(), tuesday(), wednesday(), thursday(), friday(), saturday(), sunday()]
}

/// The days as they stand, or as most shops have them.
pub(super) fn days(hours: Option<&Hours>) -> [Day; 7] {
    let mut names = names().into_iter().enumerate();
    [(); 7].map(|()| {
        let (day, name) = names.next().unwrap_or_default();
        let span = hours.map_or_else(
            || (day != 6).then_some((8 * 60, 18 * 60)),
            |hours| Some((hours.week[day].first()?.0, hours.week[day].last()?.1)),
        );
        let (from, until) = span.unwrap_or((8 * 60, 18 * 60));
        Day { name, open: span.is_some(), from: clock(from), until: clock(until), error: None }
    })
}

/// What was typed, kept for the form.
pub(super) fn typed(form: &Form, problem: Option<&Problem>) -> [Day; 7] {
    let mut day = 0;
    days(None).map(|shown| {
        let (open, from, until) = form.day(day);
        let error = problem.filter(|problem| problem.field() == Some(&format!("day_{day}")));
        day += 1;
        Day {
            open,
            from: from.to_owned(),
            until: until.to_owned(),
            error: error.map(|problem| problem.detail().to_owned()),
            ..shown
        }
    })
}

/// Reads them.
pub(super) fn read(form: &Form) -> Result<Hours, Problem> {
    let mut week: [Vec<Span>; 7] = Default::default();
    for (day, (spans, name)) in week.iter_mut().zip(names()).enumerate() {
        let (open, from, until) = form.day(day);
        if !open {
            continue;
        }
        let wrong = || Problem::invalid_field(format!("day_{day}"), words::portal_setup::hours_wrong(name));
        // Midnight as the end of a day is its last minute's end.
        let until = minute(until).map(|until| if until == 0 { 24 * 60 } else { until });
        let (from, until) = minute(from).zip(until).filter(|(from, until)| from < until).ok_or_else(wrong)?;
        spans.push((from, until));
    }
    Ok(Hours { week, ..Hours::default() })
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once([':', '.'])?;
    // A browser may send seconds.
    let minute = minute.split(':').next()?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 24 && minute < 60 && (hour < 24 || minute == 0)).then_some(hour * 60 + minute)
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

/// In words: days that are alike and follow one another in one line, like `Monday – Friday: 08:00–18:00`.
pub(super) fn lines(hours: &Hours) -> Vec<String> {
    let spans = |day: usize| -> String {
        let texts = hours.week[day].iter().map(|(from, until)| {
            let until = if *until == 24 * 60 { "24:00".to_owned() } else { clock(*until) };
            format!("{}–{until}", clock(*from))
        });
        texts.collect::<Vec<_>>().join(", ")
    };
    let (names, mut lines, mut day) = (names(), Vec::new(), 0);
    while day < 7 {
        let (first, text) = (day, spans(day));
        while day < 7 && spans(day) == text {
            day += 1;
        }
        let last = day - 1;
        let days = if first == last {
            names[first].to_owned()
        } else {
            format!("{} – {}", names[first], names[last])
        };
        let text = if text.is_empty() { words::portal_setup::closed().to_owned() } else { text };
        lines.push(format!("{days}: {text}"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_told_in_few_lines() {
        let mut week: [Vec<Span>; 7] = Default::default();
        for day in &mut week[..5] {
            day.push((480, 1080));
        }
        week[5] = vec![(540, 720), (780, 1440)];
        let hours = Hours { week, ..Hours::default() };
        assert_eq!(
            lines(&hours),
            ["Monday – Friday: 08:00–18:00", "Saturday: 09:00–12:00, 13:00–24:00", "Sunday: Closed"]
        );
    }

    #[test]
    fn times_are_read_as_browsers_and_people_write_them() {
        assert_eq!(minute("08:30"), Some(510));
        assert_eq!(minute("8.30"), Some(510));
        assert_eq!(minute("08:30:00"), Some(510));
        assert_eq!(minute("24:00"), Some(1440));
        for wrong in ["", "8", "25:00", "24:01", "8:60", "a:b"] {
            assert_eq!(minute(wrong), None, "{wrong}");
        }
    }
}
