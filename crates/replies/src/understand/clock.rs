//! Times of day in a text. The Swahili clock counts from six: saa nne asubuhi is 10:00, saa mbili usiku 20:00.

use super::{Token, vocabulary, vocabulary::Clock};

/// A time that a text names, in minutes since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// This one.
    At(u16),
    /// One of two, twelve hours apart: opening hours say which.
    Either(u16, u16),
    /// A time that no clock shows, such as 25:00.
    NoSuchTime,
}

/// The first time that a text names, and which of its words do. A number alone is one only where `alone` says that a time was
/// asked for.
pub(crate) fn time(tokens: &[Token], used: &[bool], alone: bool) -> Option<(Said, Vec<usize>)> {
    let free = |at: usize| used.get(at) != Some(&true);
    (0..tokens.len()).filter(|at| free(*at)).find_map(|at| {
        let (said, words) = time_at(tokens, at, alone)?;
        (at..at + words).all(free).then(|| (said, (at..at + words).collect()))
    })
}

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Am,
    Pm,
    /// Of the Swahili clock, with the first and the last hour that it covers, counted past midnight.
    Hours(u16, u16),
}

fn part(tokens: &[Token], at: usize) -> Option<(Part, usize)> {
    let (clock, words) = clock(tokens, at)?;
    let part = match clock {
        Clock::Am => Part::Am,
        Clock::Pm => Part::Pm,
        Clock::Dawn => Part::Hours(3, 6),
        Clock::Morning => Part::Hours(5, 12),
        Clock::Noon => Part::Hours(11, 16),
        Clock::Afternoon => Part::Hours(12, 18),
        Clock::Evening => Part::Hours(15, 20),
        Clock::Night => Part::Hours(18, 29),
        _ => return None,
    };
    Some((part, words))
}

fn clock(tokens: &[Token], at: usize) -> Option<(Clock, usize)> {
    vocabulary().clock.at(tokens, at).into_iter().find(|hit| hit.exact).map(|hit| (hit.target, hit.words))
}

fn time_at(tokens: &[Token], at: usize, alone: bool) -> Option<(Said, usize)> {
    match clock(tokens, at) {
        Some((Clock::Saa, words)) => {
            return swahili(tokens, at + words).map(|(said, more)| (said, words + more));
        }
        Some((Clock::At, words)) => {
            return english(tokens, at + words, true).map(|(said, more)| (said, words + more));
        }
        Some((Clock::Noon, words)) if tokens.get(at).is_some_and(|token| token.text != "mchana") => {
            return Some((Said::At(12 * 60), words));
        }
        Some((Clock::Midnight, words)) => return Some((Said::At(0), words)),
        _ => {}
    }
    if let Some(past) = past_or_to(tokens, at) {
        return Some(past);
    }
    // "4 asubuhi" and "nne asubuhi" are the Swahili clock's without its saa.
    if let Some((hour, minute, words)) = hour(tokens, at)
        && let Some((Part::Hours(..), _)) = part(tokens, at + words)
        && english_part(tokens, at + words).is_none()
    {
        let (said, more) = swahili(tokens, at)?;
        // "10:30 asubuhi" is half past ten, since half past four is no morning.
        let (part, _) = part(tokens, at + words)?;
        return match said {
            Said::NoSuchTime if fits(part, hour * 60 + minute) => Some((Said::At(hour * 60 + minute), more)),
            said => Some((said, more)),
        };
    }
    english(tokens, at, alone && tokens.len() <= 3)
}

/// Parts of the day that English says.
fn english_part(tokens: &[Token], at: usize) -> Option<(Part, usize)> {
    let in_the = match (tokens.get(at), tokens.get(at + 1)) {
        (Some(one), Some(two)) if one.text == "in" && two.text == "the" => 2,
        (Some(one), _) if one.text == "at" => 1,
        _ => 0,
    };
    let token = tokens.get(at + in_the)?;
    let english = ["am", "pm", "a.m", "p.m", "morning", "afternoon", "evening", "night", "dawn", "noon"];
    let (part, words) = part(tokens, at + in_the)?;
    english.contains(&token.text.as_str()).then_some((part, words + in_the))
}

/// After "saa": an hour from 1 to 12 counted from six, or one of 24.
fn swahili(tokens: &[Token], at: usize) -> Option<(Said, usize)> {
    let (hour, mut minute, mut words) = hour(tokens, at)?;
    let mut before = false;
    match (clock(tokens, at + words), tokens.get(at + words + 1)) {
        (Some((Clock::And, _)), Some(next)) => {
            let hit = vocabulary().parts.at(tokens, at + words + 1).into_iter().next();
            if let Some(hit) = hit.filter(|_| minute == 0) {
                minute = if hit.target == 50 { 30 } else { 15 };
                words += 1 + hit.words;
            } else if matches!(clock(tokens, at + words + 1), Some((Clock::Minutes, _)))
                && let Some(number) = number(tokens, at + words + 2)
            {
                minute = number.0.min(59);
                words += 2 + number.1;
            } else {
                let _ = next;
            }
        }
        (Some((Clock::LessQuarter, more)), _) => {
            (before, minute) = (true, 15);
            words += more;
        }
        _ => {}
    }
    let of_day = part(tokens, at + words);
    if let Some((_, more)) = of_day {
        words += more;
    }
    if hour > 24 || minute > 59 {
        return Some((Said::NoSuchTime, words));
    }
    let less = |minutes: u16| if before { (minutes + 1440 - 15) % 1440 } else { minutes + minute };
    if hour == 0 || hour > 12 {
        return Some((Said::At(less(hour % 24 * 60) % 1440), words));
    }
    let first = less((hour + 6) % 12 * 60) % 720;
    let (early, late) = (first, first + 720);
    let said = match of_day {
        None => Said::Either(early, late),
        Some((Part::Am, _)) => Said::At(early),
        Some((Part::Pm, _)) => Said::At(late),
        Some((part, _)) if fits(part, early) => Said::At(early),
        Some((part, _)) if fits(part, late) => Said::At(late),
        Some(_) => Said::NoSuchTime,
    };
    Some((said, words))
}

fn fits(part: Part, minutes: u16) -> bool {
    match part {
        Part::Am => minutes < 720,
        Part::Pm => minutes >= 720,
        Part::Hours(from, to) => {
            let within = |minutes: u16| (from * 60..=to * 60).contains(&minutes);
            within(minutes) || within(minutes + 1440)
        }
    }
}

/// `10:30`, `10am`, `3 pm`, `15h`; `10` where a number is one.
fn english(tokens: &[Token], at: usize, alone: bool) -> Option<(Said, usize)> {
    if let Some(past) = past_or_to(tokens, at) {
        return Some(past);
    }
    let token = tokens.get(at)?;
    let colon = token.text.contains(':') || token.text.ends_with(['m', 'h']);
    let (hour, minute, mut words) = hour(tokens, at)?;
    let glued = match token.text.as_str() {
        text if text.ends_with("am") => Some(Part::Am),
        text if text.ends_with("pm") => Some(Part::Pm),
        _ => None,
    };
    let of_day = glued.map(|part| (part, 0)).or_else(|| english_part(tokens, at + words));
    let o_clock = matches!(clock(tokens, at + words), Some((Clock::Oclock, _)));
    if of_day.is_none() && !o_clock && !colon && !alone {
        return None;
    }
    words += of_day.map_or(usize::from(o_clock), |(_, more)| more);
    if hour > 24 || minute > 59 {
        return Some((Said::NoSuchTime, words));
    }
    let minutes = hour % 24 * 60 + minute;
    let said = match of_day {
        Some((Part::Am, _)) if hour <= 12 => Said::At(minutes % 720),
        Some((Part::Pm, _)) if hour <= 12 => Said::At(minutes % 720 + 720),
        Some((part @ Part::Hours(..), _)) if hour <= 12 => {
            let early = minutes % 720;
            if fits(part, early) { Said::At(early) } else { Said::At(early + 720) }
        }
        None if (1..=12).contains(&hour) => {
            let early = minutes % 720;
            // Ten is ten in the morning first, twelve is noon.
            if hour == 12 { Said::Either(early + 720, early) } else { Said::Either(early, early + 720) }
        }
        _ => Said::At(minutes),
    };
    Some((said, words))
}

/// `half past ten`, `quarter to four`.
fn past_or_to(tokens: &[Token], at: usize) -> Option<(Said, usize)> {
    let hit = vocabulary().parts.at(tokens, at).into_iter().next()?;
    let (way, more) = clock(tokens, at + hit.words)?;
    let offset: i32 = match (way, hit.target) {
        (Clock::Past, 50) => 30,
        (Clock::Past, _) => 15,
        (Clock::To, 25) if tokens.get(at + hit.words).is_some_and(|token| token.text == "to") => -15,
        _ => return None,
    };
    let (number, words) = number(tokens, at + hit.words + more)?;
    if !(1..=12).contains(&number) {
        return None;
    }
    let all = hit.words + more + words;
    let early = u16::try_from((i32::from(number) % 12 * 60 + offset).rem_euclid(720)).unwrap_or_default();
    Some(match english_part(tokens, at + all) {
        Some((part, more)) => (Said::At(if fits(part, early) { early } else { early + 720 }), all + more),
        None => (Said::Either(early, early + 720), all),
    })
}

/// An hour and its minutes: `10`, `10:30`, `10.30`, `10am`, `nne`.
fn hour(tokens: &[Token], at: usize) -> Option<(u16, u16, usize)> {
    let text = tokens.get(at)?.text.as_str();
    let plain = text.trim_end_matches("am").trim_end_matches("pm").trim_end_matches('h');
    let digits =
        |text: &str| !text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((hour, minute)) = plain.split_once([':', '.']) {
        if !digits(hour) || !digits(minute) || minute.len() != 2 {
            return None;
        }
        return Some((hour.parse().ok()?, minute.parse().ok()?, 1));
    }
    if digits(plain) {
        return Some((plain.parse().ok()?, 0, 1));
    }
    number(tokens, at).map(|(number, words)| (number, 0, words))
}

fn number(tokens: &[Token], at: usize) -> Option<(u16, usize)> {
    let text = tokens.get(at)?.text.as_str();
    if !text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((text.parse().ok()?, 1));
    }
    let hit = vocabulary().numbers.at(tokens, at).into_iter().next()?;
    u16::try_from(hit.target).ok().map(|number| (number, hit.words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::understand::tokens;

    fn read(text: &str) -> Option<Said> {
        time(&tokens(text), &[], false).map(|(said, _)| said)
    }

    const fn at(hour: u16, minute: u16) -> Said {
        Said::At(hour * 60 + minute)
    }

    #[test]
    fn the_swahili_clock_counts_from_six() {
        for (text, said) in [
            ("kesho saa nne asubuhi", at(10, 0)),
            ("saa 4 asubuhi", at(10, 0)),
            ("saa nne na nusu asubuhi", at(10, 30)),
            ("saa 4:30 asubuhi", at(10, 30)),
            ("saa nne na robo asubuhi", at(10, 15)),
            ("saa nne kasorobo asubuhi", at(9, 45)),
            ("saa sita mchana", at(12, 0)),
            ("saa sita usiku", at(0, 0)),
            ("saa nane mchana", at(14, 0)),
            ("saa kumi jioni", at(16, 0)),
            ("saa kumi na moja jioni", at(17, 0)),
            ("saa kumi na mbili na nusu jioni", at(18, 30)),
            ("saa moja usiku", at(19, 0)),
            ("saa nane usiku", at(2, 0)),
            ("saa kumi alfajiri", at(4, 0)),
            ("saa kumi na mbili asubuhi", at(6, 0)),
            ("4 asubuhi", at(10, 0)),
            ("nne asubuhi", at(10, 0)),
            ("10:30 asubuhi", at(10, 30)),
            ("saa 16:00", at(16, 0)),
            ("saa nne na dakika kumi asubuhi", at(10, 10)),
            ("saa nne", Said::Either(600, 1320)),
            ("saa 10", Said::Either(240, 960)),
            ("saa 25", Said::NoSuchTime),
        ] {
            assert_eq!(read(text), Some(said), "{text}");
        }
    }

    #[test]
    fn the_english_clock_is_read_too() {
        for (text, said) in [
            ("tomorrow at 10", Said::Either(600, 1320)),
            ("10:30", Said::Either(630, 1350)),
            ("10am", at(10, 0)),
            ("3 pm", at(15, 0)),
            ("12am", at(0, 0)),
            ("12 pm", at(12, 0)),
            ("15:45", at(15, 45)),
            ("at noon", at(12, 0)),
            ("midnight", at(0, 0)),
            ("3 in the afternoon", at(15, 0)),
            ("ten in the morning", at(10, 0)),
            ("half past ten", Said::Either(630, 1350)),
            ("quarter to four pm", at(15, 45)),
            ("at 12", Said::Either(720, 0)),
            ("10 o'clock", Said::Either(600, 1320)),
            ("25:00", Said::NoSuchTime),
            ("10:75", Said::NoSuchTime),
        ] {
            assert_eq!(read(text), Some(said), "{text}");
        }
        for text in ["", "10", "two braids", "26 Feb", "nne", "1.5 kilo", "asubuhi"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(time(&tokens("10"), &[], true).map(|(said, _)| said), Some(Said::Either(600, 1320)));
    }
}
