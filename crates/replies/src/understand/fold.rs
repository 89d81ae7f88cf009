//! A text as words to compare: lower case, without accents, punctuation, emoji and doubled letters.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Words of a text that are looked at.
const MOST_WORDS: usize = 60;
/// Letters of a word that are looked at.
const MOST_LETTERS: usize = 40;
/// Characters of a text that are looked at: a text of 65,536 says in its beginning what it wants.
const MOST_CHARS: usize = 2_000;

/// One word, or a number with what stands between its digits: `10:30`, `26/2`, `2026-03-01`, `1.5`, `2x`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Lower case, no accents.
    pub(crate) text: String,
    /// The same with doubled letters once: what is compared.
    pub(crate) key: String,
    /// Where it stands in the text that was looked at, in bytes.
    pub(crate) at: (usize, usize),
}

/// The words of a text.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let end = text.char_indices().nth(MOST_CHARS).map_or(text.len(), |(at, _)| at);
    let text = text.get(..end).unwrap_or(text);
    let mut found = Vec::new();
    let mut start: Option<usize> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let inside = start.is_some();
        let joins = matches!(c, ':' | '.' | '/' | '-' | ',')
            && inside
            && next.is_some_and(|next| next.is_ascii_digit())
            && text.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()));
        let quote = matches!(c, '\'' | '\u{2019}') && inside && next.is_some_and(char::is_alphanumeric);
        let plus = c == '+' && !inside && next.is_some_and(|next| next.is_ascii_digit());
        if c.is_alphanumeric() || is_combining_mark(c) && inside || joins || quote || plus {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            push(&mut found, text, from, at);
        }
        if found.len() == MOST_WORDS {
            return found;
        }
    }
    if let Some(from) = start {
        push(&mut found, text, from, text.len());
    }
    found
}

fn push(found: &mut Vec<Token>, text: &str, from: usize, to: usize) {
    let word = fold(text.get(from..to).unwrap_or_default());
    if !word.is_empty() {
        found.push(Token { key: squeeze(&word), text: word, at: (from, to) });
    }
}

/// Lower case, without accents and apostrophes.
pub(crate) fn fold(word: &str) -> String {
    let plain = word.nfkd().filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '\u{2019}'));
    plain.flat_map(char::to_lowercase).take(MOST_LETTERS).collect()
}

/// Doubled letters once; digits stay.
pub(crate) fn squeeze(word: &str) -> String {
    let mut squeezed = String::with_capacity(word.len());
    for c in word.chars() {
        if !squeezed.ends_with(c) || !c.is_alphabetic() {
            squeezed.push(c);
        }
    }
    squeezed
}

/// Whether two words are the same but for a slip of the finger: one letter in five, two in nine, never the first.
pub(crate) fn alike(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let slips = match short.chars().count() {
        0..=4 => return false,
        5..=8 => 1,
        _ => 2,
    };
    let letters = |word: &str| word.chars().all(char::is_alphabetic);
    long.len() - short.len() <= 2 * slips
        && one.chars().next() == other.chars().next()
        && letters(one)
        && letters(other)
        && strsim::osa_distance(one, other) <= slips
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn words_lose_case_accents_and_punctuation() {
        assert_eq!(texts("KÉSHO, saa 10:30!! (tafadhali)"), ["kesho", "saa", "10:30", "tafadhali"]);
        assert_eq!(texts("2️⃣"), ["2"]);
        assert_eq!(
            texts("Ng'ombe don’t 26/2 1.5kg +255 712"),
            ["ngombe", "dont", "26/2", "1.5kg", "+255", "712"]
        );
        assert!(texts("😀 🙏🏿 ... ---").is_empty());
        assert_eq!(texts("مرحبا"), ["مرحبا"]);
        assert_eq!(tokens(&"a ".repeat(60_000)).len(), MOST_WORDS);
        assert_eq!(tokens(&"x".repeat(65_536)).len(), 1);
    }

    #[test]
    fn slips_are_forgiven_in_long_words_only() {
        for (one, other) in [("apointment", "appointment"), ("kusuuka", "kusuka"), ("delivry", "delivery")] {
            assert!(alike(&squeeze(one), &squeeze(other)), "{one}");
        }
        for (one, other) in [("nane", "nne"), ("bei", "bet"), ("kesho", "mesho"), ("12345", "12346")] {
            assert!(!alike(&squeeze(one), &squeeze(other)), "{one}");
        }
    }
}
