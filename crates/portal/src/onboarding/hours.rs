//! Opening hours as a form has them: for each day whether it is open, from when and until when. Breaks and dates are for the
//! page of the bot; where there are any, as in a request that is sent again, they are kept.

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
            error: error.map(|problem| problem.said(shown.name)),
            ..shown
        }
    })
}

/// Reads them. What this form does not show of the hours that stand stays.
pub(super) fn read(form: &Form, stands: Option<&Hours>) -> Result<Hours, Problem> {
    let mut hours = stands.cloned().unwrap_or_default();
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
        *spans = within(&hours.week[day], from, until);
    }
    for (breaks, spans) in hours.breaks.iter_mut().zip(&week) {
        breaks.retain(|(from, until)| spans.iter().any(|span| span.0 < *from && *until < span.1));
    }
    if hours.breaks.iter().all(Vec::is_empty) {
        hours.breaks.clear();
    }
    Ok(Hours { week, ..hours })
}

/// The spans of a day that now begins and ends like this: the gaps between those that stand are kept, as far as they lie
/// within.
fn within(stands: &[Span], from: u16, until: u16) -> Vec<Span> {
    let cut = stands.iter().map(|span| (span.0.max(from), span.1.min(until)));
    let mut spans: Vec<Span> = cut.filter(|span| span.0 < span.1).collect();
    if spans.is_empty() {
        return vec![(from, until)];
    }
    let end = spans.len() - 1;
    (spans[0].0, spans[end].1) = (from, until);
    spans
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
        let texts = hours.weekday(day).into_iter().map(|(from, until)| {
            let until = if until == 24 * 60 { "24:00".to_owned() } else { clock(until) };
            format!("{}–{until}", clock(from))
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
    fn breaks_and_dates_of_before_are_kept_when_hours_are_sent_again() {
        let closed = vec![domain::Closed {
            from: jiff::civil::date(2026, 12, 25),
            to: jiff::civil::date(2026, 12, 25),
            name: domain::Text::default(),
        }];
        let mut week: [Vec<Span>; 7] = Default::default();
        week[0] = vec![(480, 720), (780, 1080)];
        week[1] = vec![(480, 1080)];
        week[2] = vec![(480, 1080)];
        let mut breaks = vec![Vec::new(); 7];
        breaks[1] = vec![(720, 780)];
        breaks[2] = vec![(720, 780)];
        let stands = Hours { week, breaks, closed: closed.clone(), days: Vec::new() };
        let form = |days: &[(usize, &str, &str)]| {
            let fields = days.iter().flat_map(|(day, from, until)| {
                [("open", "on"), ("from", *from), ("until", *until)]
                    .map(|(name, value)| (format!("{name}_{day}"), value.into()))
            });
            serde_json::from_value::<Form>(fields.collect::<serde_json::Map<_, _>>().into()).unwrap()
        };
        let sent = form(&[(0, "08:00", "18:00"), (1, "09:00", "17:00")]);
        let hours = read(&sent, Some(&stands)).unwrap();
        assert_eq!(hours.week[0], [(480, 720), (780, 1080)]);
        assert_eq!(hours.week[1], [(540, 1020)]);
        assert!(hours.week[2].is_empty());
        assert_eq!(
            (&hours.breaks[1], hours.breaks[2].len()),
            (&vec![(720, 780)], 0),
            "a day that is closed has none"
        );
        assert_eq!(hours.closed, closed);
        assert_eq!(
            lines(&hours)[..2],
            ["Monday: 08:00–12:00, 13:00–18:00", "Tuesday: 09:00–12:00, 13:00–17:00"]
        );
        // The gap lies outside of what is open now.
        let short = read(&form(&[(0, "14:00", "19:00")]), Some(&stands)).unwrap();
        assert_eq!((&short.week[0], short.breaks.len()), (&vec![(840, 1140)], 0));
        assert!(read(&form(&[(0, "18:00", "08:00")]), Some(&stands)).is_err());
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
