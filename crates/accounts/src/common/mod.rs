//! Passwords that are tried first: made of a word or two that everybody uses, with figures and signs about them, of rows
//! of a keyboard, of something repeated, or of the person's own name and address.
//!
//! The list holds words and not passwords: with at least twelve characters, what people choose is a word with something
//! behind it. A sentence of three words and more passes.

use std::{collections::HashSet, sync::LazyLock};

/// Words, one a line, in letters of ASCII.
const WORDS: &str = include_str!("words.txt");
/// Rows of keyboards and the alphabet, each read in both directions.
const ROWS: [&str; 9] = [
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789012345678901234567890",
    "1234567890",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjklzxcvbnm",
    "asdfghjkl",
    "zxcvbnm",
];
/// Letters of a row, in order, that are no accident.
const RUN: usize = 4;
/// A part of a name or an address that is too short to be one's own.
const OWN_PART: usize = 4;

static LISTED: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| WORDS.lines().map(str::trim).filter(|word| !word.is_empty()).collect());

/// Why a password is too easy to guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Common {
    /// It holds the person's own name or address.
    Own,
    /// It repeats itself.
    Repeated,
    /// It is made of words that everybody uses.
    Words,
}

/// Why a password is too easy to guess; `None` where it is not. `own` is what belongs to the person: name and address.
#[must_use]
pub fn refuse_common(password: &str, own: &[&str]) -> Option<Common> {
    let lower = password.to_lowercase();
    let bare: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    let read: String = bare.chars().map(unleet).collect();
    for part in own.iter().flat_map(|own| parts(own)) {
        if bare.contains(&part) || read.contains(&part) {
            return Some(Common::Own);
        }
    }
    let distinct: HashSet<char> = lower.chars().collect();
    if distinct.len() < 5 || is_repeated(&lower) || is_repeated(&bare) {
        return Some(Common::Repeated);
    }
    // Figures at the ends are a year or a count; within a word they may stand for letters.
    let core = bare.trim_matches(|c: char| c.is_ascii_digit());
    let core_read: String = core.chars().map(unleet).collect();
    let plain: String = bare.chars().filter(|c| c.is_alphabetic()).collect();
    for text in [core, &core_read, &plain, &read, &bare] {
        if few_words(text, 2) {
            return Some(Common::Words);
        }
    }
    None
}

/// A letter for the sign that people write in its place.
fn unleet(c: char) -> char {
    match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        '8' => 'b',
        other => other,
    }
}

/// Parts of a name or an address that are long enough to count.
fn parts(own: &str) -> impl Iterator<Item = String> {
    let whole: String = own.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let own = own.to_lowercase();
    let parts: Vec<String> = own
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_owned)
        .chain([whole])
        .filter(|part| part.chars().count() >= OWN_PART && part != "example" && part != "mail")
        .collect();
    parts.into_iter()
}

/// Whether a text is one shorter text over and over.
fn is_repeated(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=chars.len() / 2)
        .any(|length| length <= 8 && chars.chunks(length).all(|chunk| chars.starts_with(chunk)))
}

/// Whether a text is made of at most so many listed words and runs of a keyboard's row; the same again counts once.
fn few_words(text: &str, most: usize) -> bool {
    let chars: Vec<char> = text.chars().take(64).collect();
    if chars.is_empty() || text.chars().count() > chars.len() {
        // Figures and signs alone are too few to choose from.
        return chars.is_empty();
    }
    covers(&chars, most, &mut Vec::new())
}

fn covers(rest: &[char], left: usize, used: &mut Vec<String>) -> bool {
    // A letter or two behind it add nothing.
    if rest.len() <= 2 {
        return true;
    }
    for end in (2..=rest.len()).rev() {
        let part: String = rest[..end].iter().collect();
        let again = used.contains(&part);
        if (again || left > 0) && (LISTED.contains(part.as_str()) || is_run(&part)) {
            used.push(part);
            if covers(&rest[end..], if again { left } else { left - 1 }, used) {
                return true;
            }
            used.pop();
        }
    }
    false
}

/// Whether a text is a piece of a row, in either direction.
fn is_run(text: &str) -> bool {
    text.len() >= RUN
        && ROWS.iter().any(|row| row.contains(text) || row.chars().rev().collect::<String>().contains(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(password: &str) -> bool {
        refuse_common(password, &["Juma Said", "juma.said@acme-agency.example"]).is_some()
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for password in [
            "password1234",
            "Password1234!",
            "p4ssw0rd2026",
            "passwordpassword",
            "welcome12345",
            "WelcomeAdmin1",
            "qwertyuiop12",
            "qwertyuiopasdf",
            "123456789012",
            "1234567890ab",
            "abcdefghijkl",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "letmein-letmein",
            "iloveyou2026",
            "karibu123456",
            "tanzania2026",
            "simba-yanga-2026",
            "whatsapp12345",
            "flowhq123456",
            "admin@123456",
            "juma12345678",
            "xx-Said-9931-juma",
            "acme-agency-77",
            "summer202620",
        ] {
            assert!(refused(password), "{password}");
        }
    }

    #[test]
    fn what_nobody_tries_is_taken() {
        for password in [
            "a sentence is fine",
            "correct horse battery staple",
            "kahawa bila sukari kwa mzee",
            "bq4t-x9w2m-77kd",
            "seven blue kettles sing",
            "my bot answers at dawn",
        ] {
            assert_eq!(refuse_common(password, &["Juma Said", "juma.said@acme.example"]), None, "{password}");
        }
        let made = crate::password::generate();
        assert_eq!(refuse_common(secrecy::ExposeSecret::expose_secret(&made), &["Juma Said"]), None);
    }

    #[test]
    fn the_list_is_plain_words_each_once() {
        assert!(LISTED.len() > 1_000, "{}", LISTED.len());
        assert_eq!(LISTED.len(), WORDS.lines().count(), "each once");
        assert!(LISTED.iter().all(|word| word.len() >= 2 && word.bytes().all(|b| b.is_ascii_lowercase())));
    }

    #[test]
    fn a_long_one_costs_little() {
        let long = "password".repeat(500);
        assert!(refuse_common(&long, &[]).is_some());
        assert!(refuse_common(&"qwerty asdf kettles x".repeat(40), &[]).is_none());
    }
}
