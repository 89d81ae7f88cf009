//! Text of the document as a page shows it: what stands between backticks is code.

/// A run of words, or of code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) code: bool,
    pub(crate) text: String,
}

/// Cuts a text into runs. A backtick without its partner is one.
pub(crate) fn spans(text: &str) -> Vec<Span> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some((before, within, after)) = rest.split_once('`').and_then(|(before, after)| {
        let (within, after) = after.split_once('`')?;
        Some((before, within, after))
    }) {
        all.push(Span { code: false, text: before.to_owned() });
        all.push(Span { code: true, text: within.to_owned() });
        rest = after;
    }
    all.push(Span { code: false, text: rest.to_owned() });
    all.retain(|span| !span.text.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stands_between_backticks() {
        let shown = |text| spans(text).into_iter().map(|span| (span.code, span.text)).collect::<Vec<_>>();
        let span = |code, text: &str| (code, text.to_owned());
        assert_eq!(
            shown("In `qr`, as `code`."),
            [
                span(false, "In "),
                span(true, "qr"),
                span(false, ", as "),
                span(true, "code"),
                span(false, "."),
            ]
        );
        assert_eq!(shown("one ` alone"), [span(false, "one ` alone")]);
        assert_eq!(shown(""), []);
    }
}
