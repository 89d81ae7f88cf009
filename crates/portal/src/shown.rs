//! Numbers and times as people read them.

use domain::Timestamp;

/// A number in groups: `+255 754 000 111`.
pub(crate) fn number(number: &str) -> String {
    let digits = number.trim_start_matches('+');
    // The country's code first: one digit for North America and Russia, three for most of Africa, else two.
    let code = match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..] => 2,
        [b'2', ..] => 3,
        [b'3' | b'4' | b'5' | b'6' | b'8' | b'9', second, ..] => {
            if matches!(
                (digits.as_bytes()[0], second),
                (b'3', b'5' | b'7' | b'8')
                    | (b'4', b'2')
                    | (b'5', b'0' | b'9')
                    | (b'6', b'7'..=b'9')
                    | (b'8', b'0' | b'5' | b'7' | b'8')
                    | (b'9', b'6' | b'7' | b'9')
            ) {
                3
            } else {
                2
            }
        }
        _ => 0,
    };
    let (code, rest) = digits.split_at_checked(code).unwrap_or((digits, ""));
    let mut text = format!("+{code}");
    let groups = rest.len().div_ceil(3);
    for (at, digit) in rest.chars().enumerate() {
        // The last group has two to four.
        if at % 3 == 0 && (at / 3 < groups.saturating_sub(1) || rest.len() % 3 != 1) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A day and an hour in a zone, in the reader's way: `28 November 2026, 14:05`.
pub(crate) fn moment(at: Timestamp, zone: &str) -> String {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let at = at.to_zoned_datetime(zone);
    format!("{}, {}", words::date::of(at.day(), at.month(), at.year()), at.strftime("%H:%M"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_people_write_them() {
        for (plain, shown) in [
            ("+255754000111", "+255 754 000 111"),
            ("254712345678", "+254 712 345 678"),
            ("+4930901820", "+49 309 018 20"),
            ("+12025550123", "+1 202 555 0123"),
            ("+27821234567", "+27 821 234 567"),
            ("", "+"),
        ] {
            assert_eq!(number(plain), shown);
        }
    }
}
