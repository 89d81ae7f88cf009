//! What a text says, as far as a menu needs to know.

/// The words of a text in lower case, without punctuation and emoji. At most 40 are looked at.
pub(crate) fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '\u{2019}');
    parts.filter(|part| !part.is_empty()).take(40).map(str::to_lowercase).collect()
}

/// The number that is all that the words say: `2`, `2.`, `namba 2`, `mbili`.
pub(crate) fn only_number(words: &[String], number_words: &[String]) -> Option<usize> {
    let (first, rest) = words.split_first()?;
    let word = match rest {
        [] => first,
        [second] if matches!(first.as_str(), "namba" | "number" | "no" | "na") => second,
        _ => return None,
    };
    if let Some(place) = number_words.iter().position(|number| number == word) {
        return Some(place + 1);
    }
    word.parse().ok()
}

/// How many words the longest of the `wanted` phrases has that stands in what was said; 0 where none does.
pub(crate) fn longest_mention(said: &[String], wanted: &[String]) -> usize {
    let stands = |phrase: &[&str]| {
        said.windows(phrase.len())
            .any(|window| window.iter().zip(phrase).all(|(word, wanted)| word == wanted))
    };
    let phrases = wanted.iter().map(|phrase| phrase.split(' ').collect::<Vec<_>>());
    phrases.filter(|phrase| stands(phrase)).map(|phrase| phrase.len()).max().unwrap_or(0)
}

/// Whether a short text (up to four words) begins with one of `wanted`: `hello there` greets, a letter does not.
pub(crate) fn is_just(said: &[String], wanted: &[String]) -> bool {
    said.len() <= 4 && longest_mention(said.get(..said.len().min(2)).unwrap_or_default(), wanted) > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn numbers_are_read_in_the_ways_people_write_them() {
        let numbers = strings(&["moja", "mbili", "tatu"]);
        for text in ["2", " 2. ", "2)", "2️⃣", "*2*", "Mbili", "namba 2", "Namba mbili!"] {
            assert_eq!(only_number(&words(text), &numbers), Some(2), "{text}");
        }
        for text in ["", "2 watu", "saa 2 usiku", "😀", "2.5", "-", "nne"] {
            assert_eq!(only_number(&words(text), &numbers), None, "{text}");
        }
        assert_eq!(only_number(&words("99999999999999999999999999"), &numbers), None);
    }

    #[test]
    fn words_are_found_whole_and_phrases_together() {
        let said = words("Nataka kujua saa za kazi, tafadhali");
        assert_eq!(longest_mention(&said, &strings(&["saa", "saa za kazi", "kujua"])), 3);
        assert_eq!(longest_mention(&said, &strings(&["saa kazi"])), 0);
        assert_eq!(longest_mention(&said, &strings(&["kuju"])), 0);
    }

    #[test]
    fn a_greeting_is_short() {
        let greetings = strings(&["habari", "hello"]);
        assert!(is_just(&words("Habari!"), &greetings));
        assert!(is_just(&words("hello there 👋"), &greetings));
        assert!(!is_just(&words("habari yako, nataka kuagiza viatu viwili"), &greetings));
    }
}
