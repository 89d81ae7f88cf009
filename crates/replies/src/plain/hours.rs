//! Opening hours as lines of text: days with the same hours stand together.

use std::fmt::Write;

use domain::Hours;

use super::pack::HourWords;

/// One line for each run of days with equal hours, without a newline at the end.
pub(crate) fn lines(hours: &Hours, words: &HourWords) -> String {
    let mut text = String::new();
    let mut days = hours.0.iter().zip(&words.days).peekable();
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
            let _ = write!(text, " {} {last}", words.to);
        }
        let _ = write!(text, ": {}", day(spans, words));
    }
    text
}

fn day(spans: &[(u16, u16)], words: &HourWords) -> String {
    if spans.is_empty() {
        return words.closed.clone();
    }
    let spans: Vec<_> = spans.iter().map(|(from, to)| format!("{}–{}", clock(*from), clock(*to))).collect();
    spans.join(", ")
}

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;
    use crate::plain::pack::common;

    #[test]
    fn days_with_equal_hours_stand_together() {
        let week = vec![(8 * 60, 18 * 60)];
        let saturday = vec![(9 * 60, 12 * 60), (14 * 60, 16 * 60 + 30)];
        let hours = Hours([week.clone(), week.clone(), week.clone(), week.clone(), week, saturday, vec![]]);
        assert_eq!(
            lines(&hours, &common(Language::En).hours),
            "Monday to Friday: 08:00–18:00\nSaturday: 09:00–12:00, 14:00–16:30\nSunday: closed"
        );
        assert_eq!(
            lines(&hours, &common(Language::Sw).hours),
            "Jumatatu hadi Ijumaa: 08:00–18:00\nJumamosi: 09:00–12:00, 14:00–16:30\nJumapili: tumefunga"
        );
    }
}
