//! Texts for errors and logs.

use std::{borrow::Cow, error::Error, fmt::Write as _};

/// An error with all its causes, each once, separated by colons.
pub(crate) fn causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            let _ = write!(text, ": {cause_text}");
        }
        next = cause.source();
    }
    text
}

/// Hides what may be somebody's number or hidden id: of a run of seven or more digits only the last three stay.
pub(crate) fn mask(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut masked = String::new();
    let (mut copied, mut at) = (0, 0);
    while at < bytes.len() {
        let run = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        if run >= 7 {
            masked.push_str(&text[copied..at]);
            masked.extend(std::iter::repeat_n('*', run - 3));
            copied = at + run - 3;
        }
        at += run.max(1);
    }
    if copied == 0 && masked.is_empty() {
        return Cow::Borrowed(text);
    }
    masked.push_str(&text[copied..]);
    Cow::Owned(masked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_runs_of_digits_are_masked() {
        assert_eq!(mask("from 255712345678@s.whatsapp.net"), "from *********678@s.whatsapp.net");
        assert_eq!(mask("7654321"), "****321");
        assert_eq!(mask("at 12:30, code 515, é 1234567é"), "at 12:30, code 515, é ****567é");
        assert!(matches!(mask("nothing 123456 here"), Cow::Borrowed(_)));
    }

    #[test]
    fn causes_are_told_once() {
        let io = std::io::Error::other("disk full");
        let error = whatsapp_rust::wacore::store::error::StoreError::Io(io);
        assert_eq!(causes(&error), "I/O error: disk full");
    }

    proptest::proptest! {
        #[test]
        fn masking_hides_digits_only_and_is_done_once(text in ".{0,80}|[0-9 é]{0,60}") {
            let masked = mask(&text);
            proptest::prop_assert_eq!(masked.chars().count(), text.chars().count());
            let kept = masked.chars().zip(text.chars()).all(|(now, then)| now == then || now == '*' && then.is_ascii_digit());
            proptest::prop_assert!(kept);
            let longest = masked.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
            proptest::prop_assert!(longest < Some(7));
            proptest::prop_assert_eq!(mask(&masked), &*masked);
        }
    }
}
