//! Days in a text, as seen from today in the tenant's time zone.

use jiff::{ToSpan, civil::Date};

use super::{Token, vocabulary, vocabulary::Relative};

/// A day that a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// This one.
    Day(Date),
    /// One that has been.
    Past(Date),
    /// A day that no calendar has, such as 30 February.
    NoSuchDay,
}

/// The first day that a text names, and which of its words do.
pub(crate) fn date(tokens: &[Token], today: Date) -> Option<(Named, Vec<usize>)> {
    (0..tokens.len()).find_map(|at| {
        let (named, from, words) = date_at(tokens, at, today)?;
        Some((named, (from..from + words).collect()))
    })
}

fn date_at(tokens: &[Token], at: usize, today: Date) -> Option<(Named, usize, usize)> {
    let vocabulary = vocabulary();
    if let Some(hit) = vocabulary.relative.at(tokens, at).into_iter().next() {
        let days = match hit.target {
            Relative::Today => 0,
            Relative::Tomorrow => 1,
            Relative::AfterTomorrow => 2,
            Relative::Yesterday => -1,
            Relative::NextWeek => {
                // "Wiki ijayo Jumanne" and "Tuesday next week" name a day of that week; alone it is its Monday.
                let after = vocabulary.days.at(tokens, at + hit.words).into_iter().next();
                let monday = 7 - i64::from(today.weekday().to_monday_zero_offset());
                let day = after.as_ref().map_or(0, |day| i64::from(day.target));
                let words = hit.words + after.map_or(0, |day| day.words);
                return Some((Named::Day(today.checked_add((monday + day).days()).ok()?), at, words));
            }
            Relative::Next => {
                let day = vocabulary.days.at(tokens, at + hit.words).into_iter().next()?;
                return Some((weekday(today, day.target, true)?, at, hit.words + day.words));
            }
        };
        let date = today.checked_add(i64::from(days).days()).ok()?;
        return Some((if days < 0 { Named::Past(date) } else { Named::Day(date) }, at, hit.words));
    }
    if let Some(day) = vocabulary.days.at(tokens, at).into_iter().next() {
        let after = vocabulary.relative.at(tokens, at + day.words).into_iter().next();
        return match after.map(|hit| (hit.target, hit.words)) {
            Some((Relative::Next, words)) => Some((weekday(today, day.target, true)?, at, day.words + words)),
            Some((Relative::NextWeek, words)) => {
                let ahead = 7 - i64::from(today.weekday().to_monday_zero_offset()) + i64::from(day.target);
                Some((Named::Day(today.checked_add(ahead.days()).ok()?), at, day.words + words))
            }
            // "Saturday 28 February": the date says it, and says it better.
            _ => match date_at(tokens, at + day.words, today) {
                Some((named, _, words)) if in_numbers(tokens, at + day.words) => {
                    Some((named, at, day.words + words))
                }
                _ => Some((weekday(today, day.target, false)?, at, day.words)),
            },
        };
    }
    numbered(tokens, at, today)
}

/// Whether a day stands here in numbers.
fn in_numbers(tokens: &[Token], at: usize) -> bool {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    text(at).starts_with(|c: char| c.is_ascii_digit()) || matches!(text(at), "tarehe" | "tar" | "the")
}

/// The next such day; today's counts unless `strictly` after it.
fn weekday(today: Date, day: i8, strictly: bool) -> Option<Named> {
    let ahead = (i64::from(day) - i64::from(today.weekday().to_monday_zero_offset())).rem_euclid(7);
    let ahead = if ahead == 0 && strictly { 7 } else { ahead };
    today.checked_add(ahead.days()).ok().map(Named::Day)
}

/// `26 Feb`, `Feb 26`, `26/2`, `26-2-2026`, `2026-02-26`, `tarehe 26`, `the 26th`, with or without a year.
fn numbered(tokens: &[Token], at: usize, today: Date) -> Option<(Named, usize, usize)> {
    let token = tokens.get(at)?;
    let month_at = |at: usize| {
        vocabulary().months.at(tokens, at).into_iter().find(|hit| hit.exact).map(|hit| hit.target)
    };
    let year_at = |at: usize| {
        let text = &tokens.get(at)?.text;
        if text.len() == 4 {
            text.parse::<i16>().ok().filter(|year| (1900..=2999).contains(year))
        } else {
            None
        }
    };
    let parts: Vec<&str> = token.text.split(['/', '-', '.']).collect();
    if parts.len() >= 2
        && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    {
        let number = |place: usize| parts.get(place).and_then(|part| part.parse::<i16>().ok());
        let short = |year: i16| if year < 100 { 2000 + year } else { year };
        return match (parts.len(), parts.first().map(|part| part.len())) {
            (3, Some(4)) => Some((made(number(0), number(1)?, number(2)?, today), at, 1)),
            (3, _) => Some((made(number(2).map(short), number(1)?, number(0)?, today), at, 1)),
            // "1.5" is a quantity, "26.2" may be one too: only a slash and a dash are a day's.
            (2, _) if !token.text.contains('.') => Some((made(None, number(1)?, number(0)?, today), at, 1)),
            _ => None,
        };
    }
    if matches!(token.text.as_str(), "tarehe" | "tar" | "the" | "on" | "trh") {
        let (named, _, words) = numbered(tokens, at + 1, today).or_else(|| {
            let text = tokens.get(at + 1)?.text.as_str();
            let counted = token.text != "on" && (token.text != "the" || text.ends_with(char::is_alphabetic));
            let day = ordinal(text).filter(|_| counted)?;
            Some((of_month(day, today)?, at + 1, 1))
        })?;
        return Some((named, at, words + 1));
    }
    if let Some(day) = ordinal(&token.text) {
        let of = usize::from(
            tokens.get(at + 1).is_some_and(|token| matches!(token.text.as_str(), "of" | "ya" | "mwezi")),
        );
        if let Some(month) = month_at(at + 1 + of) {
            let year = year_at(at + 2 + of);
            let words = 2 + of + usize::from(year.is_some());
            return Some((made(year, i16::from(month), day, today), at, words));
        }
        // "26th" alone.
        if token.text.ends_with(|c: char| c.is_alphabetic()) {
            return Some((of_month(day, today)?, at, 1));
        }
        return None;
    }
    if let Some(month) = month_at(at)
        && let Some(day) = tokens.get(at + 1).and_then(|token| ordinal(&token.text))
    {
        let year = year_at(at + 2);
        return Some((made(year, i16::from(month), day, today), at, 2 + usize::from(year.is_some())));
    }
    None
}

/// `26`, `26th`, `1st`.
fn ordinal(text: &str) -> Option<i16> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = text.get(number.len()..)?;
    if !matches!(ending, "" | "st" | "nd" | "rd" | "th") || number.len() > 2 {
        return None;
    }
    number.parse().ok().filter(|day| (1..=31).contains(day))
}

/// The next day with this number in its month.
fn of_month(day: i16, today: Date) -> Option<Named> {
    let day = i8::try_from(day).ok()?;
    let mut month = today.first_of_month();
    for _ in 0..13 {
        if let Ok(date) = Date::new(month.year(), month.month(), day)
            && date >= today
        {
            return Some(Named::Day(date));
        }
        month = month.checked_add(1.month()).ok()?;
    }
    Some(Named::NoSuchDay)
}

fn made(year: Option<i16>, month: i16, day: i16, today: Date) -> Named {
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else { return Named::NoSuchDay };
    match year {
        Some(year) => match Date::new(year, month, day) {
            Ok(date) if date < today => Named::Past(date),
            Ok(date) => Named::Day(date),
            Err(_) => Named::NoSuchDay,
        },
        None => match Date::new(today.year(), month, day) {
            Ok(date) if date >= today => Named::Day(date),
            // A day of this year that has been is next year's, unless it is a day or two ago: then it is a slip.
            Ok(date) if today.since(date).is_ok_and(|span| span.get_days() <= 31) => Named::Past(date),
            Ok(_) => Date::new(today.year() + 1, month, day).map_or(Named::NoSuchDay, Named::Day),
            Err(_) => Named::NoSuchDay,
        },
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;
    use crate::understand::tokens;

    fn read(text: &str, today: Date) -> Option<Named> {
        date(&tokens(text), today).map(|(named, _)| named)
    }

    #[test]
    fn days_are_read_in_both_languages() {
        // A Monday.
        let today = day(2026, 2, 23);
        for (text, date) in [
            ("leo", day(2026, 2, 23)),
            ("kesho saa nne asubuhi", day(2026, 2, 24)),
            ("kesho kutwa", day(2026, 2, 25)),
            ("the day after tomorrow at 9", day(2026, 2, 25)),
            ("Jumamosi ijayo", day(2026, 2, 28)),
            ("next Monday", day(2026, 3, 2)),
            ("monday", day(2026, 2, 23)),
            ("wiki ijayo jumanne", day(2026, 3, 3)),
            ("Tuesday next week", day(2026, 3, 3)),
            ("26 Feb", day(2026, 2, 26)),
            ("Feb 26th", day(2026, 2, 26)),
            ("26/2", day(2026, 2, 26)),
            ("26-02-2027", day(2027, 2, 26)),
            ("2026-03-01", day(2026, 3, 1)),
            ("tarehe 5", day(2026, 3, 5)),
            ("on the 5th", day(2026, 3, 5)),
            ("5 machi", day(2026, 3, 5)),
            ("jumapili tarehe 1 Machi", day(2026, 3, 1)),
            ("1 Jan", day(2027, 1, 1)),
            ("jumamos", day(2026, 2, 28)),
        ] {
            assert_eq!(read(text, today), Some(Named::Day(date)), "{text}");
        }
    }

    #[test]
    fn a_day_that_was_or_never_is_says_so() {
        let today = day(2026, 2, 23);
        assert_eq!(read("jana", today), Some(Named::Past(day(2026, 2, 22))));
        assert_eq!(read("20 Feb", today), Some(Named::Past(day(2026, 2, 20))));
        assert_eq!(read("1/1/2020", today), Some(Named::Past(day(2020, 1, 1))));
        assert_eq!(read("29 February", today), Some(Named::NoSuchDay));
        assert_eq!(read("29 February", day(2028, 2, 1)), Some(Named::Day(day(2028, 2, 29))));
        assert_eq!(read("31/4", today), Some(Named::NoSuchDay));
        assert_eq!(read("99/99", today), Some(Named::NoSuchDay));
        for text in ["", "10:30", "2 braids", "1.5 kilo", "saa nne", "nataka kusuka"] {
            assert_eq!(read(text, today), None, "{text}");
        }
    }
}
