//! Numbers, quantities and telephone numbers in a text.

use super::{Token, vocabulary};
use crate::Amount;

/// A number in a text, with where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) quantity: Amount,
    pub(crate) at: usize,
    pub(crate) words: usize,
}

/// The number that is all that a text says: `2`, `2.`, `namba 2`, `mbili`. Nothing where it is no whole number.
pub(crate) fn only_number(tokens: &[Token]) -> Option<usize> {
    let rest = match tokens {
        [first, rest @ ..]
            if !rest.is_empty() && matches!(first.text.as_str(), "namba" | "number" | "no" | "na") =>
        {
            rest
        }
        all => all,
    };
    if let [token] = rest
        && token.text.bytes().all(|byte| byte.is_ascii_digit())
    {
        return token.text.parse().ok();
    }
    vocabulary().numbers.just(rest, 0).and_then(|number| usize::try_from(number).ok())
}

/// All quantities of a text, halves and quarters counted in: `2x`, `mbili`, `1.5`, `moja na nusu`, `nusu kilo`. What `used`
/// marks belongs to something else, such as a time.
pub(crate) fn quantities(tokens: &[Token], used: &[bool]) -> Vec<Counted> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if used.get(at) == Some(&true) {
            at += 1;
            continue;
        }
        match quantity(tokens, at) {
            Some((quantity, words)) => {
                found.push(Counted { quantity, at, words });
                at += words;
            }
            None => at += 1,
        }
    }
    found
}

fn quantity(tokens: &[Token], at: usize) -> Option<(Amount, usize)> {
    let vocabulary = vocabulary();
    let token = tokens.get(at)?;
    let part = |at: usize| {
        let hit = vocabulary.parts.at(tokens, at).into_iter().next()?;
        Some((u64::from(hit.target), hit.words))
    };
    if let Some((hundredths, words)) = part(at) {
        return Some((Amount::hundredths(hundredths), words));
    }
    let (whole, mut words) = match number_token(&token.text) {
        Some(number) => (number, 1),
        None => {
            let hit = vocabulary.numbers.at(tokens, at).into_iter().next()?;
            (Amount::whole(hit.target), hit.words)
        }
    };
    // "Moja na nusu", "two and a half".
    let and = tokens.get(at + words).is_some_and(|token| matches!(token.text.as_str(), "na" | "and"));
    if and && let Some((hundredths, more)) = part(at + words + 1) {
        words += 1 + more;
        return Some((whole.plus(Amount::hundredths(hundredths)), words));
    }
    Some((whole, words))
}

/// `2`, `2x`, `x2`, `1.5`, `1,5`, `2kg`: a number with at most a unit behind it.
fn number_token(text: &str) -> Option<Amount> {
    let text = text.strip_prefix('x').unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    if !number.starts_with(|c: char| c.is_ascii_digit())
        || !unit.chars().all(char::is_alphabetic)
        || unit.len() > 4
    {
        return None;
    }
    // A comma before three digits parts thousands, before others a fraction.
    let number = match number.rsplit_once(',') {
        Some((_, rest)) if rest.len() == 3 => number.replace(',', ""),
        _ => number.replace(',', "."),
    };
    number.parse().ok()
}

/// A telephone number: nine to fifteen digits in one piece or several.
pub(crate) fn phone(tokens: &[Token]) -> Option<(String, usize, usize)> {
    for at in 0..tokens.len() {
        let mut digits = String::new();
        let mut words = 0;
        for token in tokens.iter().skip(at) {
            let plus = if token.text.starts_with('+') && words == 0 { "+" } else { "" };
            let number = token.text.trim_start_matches('+');
            let plain: String = number.chars().filter(|c| *c != '-' && *c != '.').collect();
            if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
                break;
            }
            digits.push_str(plus);
            digits.push_str(&plain);
            words += 1;
        }
        let count = digits.trim_start_matches('+').len();
        if (9..=15).contains(&count) {
            return Some((digits, at, words));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::understand::tokens;

    #[test]
    fn numbers_are_read_in_the_ways_people_write_them() {
        for text in ["2", " 2. ", "2)", "2️⃣", "*2*", "Mbili", "namba 2", "Namba mbili!", "mbilii"] {
            assert_eq!(only_number(&tokens(text)), Some(2), "{text}");
        }
        for text in ["", "2 watu", "saa 2 usiku", "😀", "2.5", "-", "99999999999999999999999999"] {
            assert_eq!(only_number(&tokens(text)), None, "{text}");
        }
    }

    #[test]
    fn quantities_are_read() {
        for (text, said) in [
            ("mbili", "2"),
            ("2x soda", "2"),
            ("x3", "3"),
            ("nusu kilo", "0.50"),
            ("kilo moja na nusu", "1.50"),
            ("1.5kg", "1.50"),
            ("1,5", "1.50"),
            ("1,000", "1000"),
            ("half a kilo", "0.50"),
            ("two and a half", "2.50"),
            ("robo", "0.25"),
            ("kumi na mbili", "12"),
        ] {
            let tokens = tokens(text);
            let found = quantities(&tokens, &[]);
            assert_eq!(
                found.first().map(|found| found.quantity.to_string()).as_deref(),
                Some(said),
                "{text}"
            );
        }
        assert!(quantities(&tokens("1.234567 99999999999999999999"), &[]).is_empty());
    }

    #[test]
    fn telephone_numbers_are_found() {
        for (text, said) in [
            ("0712345678", "0712345678"),
            ("namba yangu ni +255 712 345 678", "+255712345678"),
            ("0712-345-678 nipigie", "0712345678"),
        ] {
            assert_eq!(phone(&tokens(text)).map(|(number, ..)| number).as_deref(), Some(said), "{text}");
        }
        assert_eq!(phone(&tokens("12345678901234567890")), None);
    }
}
