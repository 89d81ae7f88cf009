//! WhatsApp's marks in a message: `*bold*`, `_italic_`, `~struck~` and `` `code` ``, within a line and around words, as
//! phones show them.

/// A piece of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// The element that it stands in; empty for none.
    pub(super) element: &'static str,
    /// What it says.
    pub(super) text: &'a str,
}

/// The element of each mark.
const MARKS: [(char, &str); 4] = [('*', "strong"), ('_', "em"), ('~', "s"), ('`', "code")];

/// A message in pieces; marks that mark nothing stay as they are.
#[must_use]
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut plain_from, mut at) = (Vec::new(), 0, 0);
    while let Some(found) = text[at..].find(|c| MARKS.iter().any(|(mark, _)| *mark == c)) {
        let open = at + found;
        at = open + 1;
        if !is_edge(text[..open].chars().next_back()) {
            continue;
        }
        let Some((mark, element)) = MARKS.into_iter().find(|(mark, _)| text[open..].starts_with(*mark))
        else {
            continue;
        };
        let Some(length) = closing(&text[open + 1..], mark) else { continue };
        if open > plain_from {
            pieces.push(Piece { element: "", text: &text[plain_from..open] });
        }
        pieces.push(Piece { element, text: &text[open + 1..open + 1 + length] });
        at = open + length + 2;
        plain_from = at;
    }
    if plain_from < text.len() || pieces.is_empty() {
        pieces.push(Piece { element: "", text: &text[plain_from..] });
    }
    pieces
}

/// The length of what stands before the mark that closes it, in this line.
fn closing(text: &str, mark: char) -> Option<usize> {
    let line = text.split('\n').next().unwrap_or_default();
    if line.starts_with(|c: char| c.is_whitespace() || c == mark) {
        return None;
    }
    let mut ends = line.match_indices(mark).map(|(end, _)| end);
    ends.find(|end| {
        let (inside, after) = (&line[..*end], &line[*end + mark.len_utf8()..]);
        !inside.ends_with(char::is_whitespace) && is_edge(after.chars().next())
    })
}

/// Whether a mark may have this beside it, outside of what it marks.
fn is_edge(beside: Option<char>) -> bool {
    beside.is_none_or(|c| c.is_whitespace() || ".,;:!?()".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let piece = |piece: Piece<'_>| match piece.element {
            "" => piece.text.to_owned(),
            element => format!("<{element}>{}</{element}>", piece.text),
        };
        pieces(text).into_iter().map(piece).collect()
    }

    #[test]
    fn marks_around_words_are_shown_as_on_a_phone() {
        for (text, wanted) in [
            ("*1* Weka miadi\n*2* Bei", "<strong>1</strong> Weka miadi\n<strong>2</strong> Bei"),
            ("_polepole_, ~jana~ `x`", "<em>polepole</em>, <s>jana</s> <code>x</code>"),
            ("2 * 3 * 4", "2 * 3 * 4"),
            ("a*b*c", "a*b*c"),
            ("*never closed", "*never closed"),
            ("*not\nover lines*", "*not\nover lines*"),
            ("**", "**"),
            ("", ""),
            ("*ndiyo* au *hapana*?", "<strong>ndiyo</strong> au <strong>hapana</strong>?"),
            ("é*é* (*é*)", "é*é* (<strong>é</strong>)"),
        ] {
            assert_eq!(shown(text), wanted);
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_marks_is_left_out(text in "[a *_~`\né.]{0,60}") {
            let kept: String = pieces(&text).iter().map(|piece| piece.text).collect();
            let bare = |text: &str| text.replace(['*', '_', '~', '`'], "");
            proptest::prop_assert_eq!(bare(&kept), bare(&text));
        }
    }
}
