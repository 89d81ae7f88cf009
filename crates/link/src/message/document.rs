//! Documents in parts: a profile may have 2 MiB and a frame 1 MiB. How one is cut, and how it is put together again.

use serde::{Deserialize, Serialize};

use super::Down;

/// The longest document, in bytes.
pub const DOCUMENT_MAX_BYTES: usize = 4 * 1024 * 1024;
/// The longest text of a part, in bytes: JSON makes up to six bytes of one.
pub const PART_BYTES: usize = 128 * 1024;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// The tenant's business profile, as JSON; its name is its version in decimal.
    Profile,
    /// A pack: its files by path as one JSON object of texts; its name is its hash.
    Pack,
}

/// A document that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    /// What it is.
    pub what: DocumentKind,
    /// Its name.
    pub name: String,
    /// All of it; `None` says that there is none any more.
    pub text: Option<String>,
}

/// Cuts a document into its frames; `None` says that there is none any more.
pub fn document_parts(what: DocumentKind, name: &str, text: Option<&str>) -> Vec<Down> {
    let mut texts = Vec::new();
    let mut left = text.unwrap_or_default();
    while !left.is_empty() {
        let (part, rest) = left.split_at(left.floor_char_boundary(PART_BYTES));
        texts.push(part.to_owned());
        left = rest;
    }
    if texts.is_empty() {
        texts.push(String::new());
    }
    let parts = if text.is_some() { count(texts.len()) } else { 0 };
    let frames = texts.into_iter().enumerate();
    frames
        .map(|(part, text)| Down::Document { what, name: name.to_owned(), part: count(part), parts, text })
        .collect()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Puts documents together. One that comes out of order, or is too long, is dropped whole: it comes again.
#[derive(Debug, Default)]
pub struct Gathering {
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    what: DocumentKind,
    name: String,
    parts: u32,
    next: u32,
    text: String,
}

impl Gathering {
    /// Takes one part; the document where it is whole with it.
    pub fn take(
        &mut self,
        what: DocumentKind,
        name: &str,
        part: u32,
        parts: u32,
        text: &str,
    ) -> Option<Gathered> {
        if parts == 0 {
            self.open = None;
            return Some(Gathered { what, name: name.to_owned(), text: None });
        }
        let known = self.open.take().filter(|open| {
            open.what == what && open.name == name && open.parts == parts && open.next == part
        });
        let mut open = match known {
            Some(open) => open,
            None if part == 0 => Open { what, name: name.to_owned(), parts, next: 0, text: String::new() },
            None => return None,
        };
        if open.text.len().saturating_add(text.len()) > DOCUMENT_MAX_BYTES {
            return None;
        }
        open.text.push_str(text);
        open.next += 1;
        if open.next < parts {
            self.open = Some(open);
            return None;
        }
        Some(Gathered { what, name: open.name, text: Some(open.text) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::FRAME_MAX_BYTES;

    fn take(gathering: &mut Gathering, frame: &Down) -> Option<Gathered> {
        let Down::Document { what, name, part, parts, text } = frame else { unreachable!() };
        gathering.take(*what, name, *part, *parts, text)
    }

    #[test]
    fn what_was_cut_is_put_together_and_every_part_fits_a_frame() {
        for text in ["", "{}", &"é\u{1}\"".repeat(300_000)] {
            let frames = document_parts(DocumentKind::Profile, "7", Some(text));
            let (last, first) = frames.split_last().unwrap();
            let mut gathering = Gathering::default();
            for frame in &frames {
                assert!(serde_json::to_vec(frame).unwrap().len() <= FRAME_MAX_BYTES);
            }
            assert!(first.iter().all(|frame| take(&mut gathering, frame).is_none()));
            let whole = take(&mut gathering, last).unwrap();
            assert!(whole.text.as_deref() == Some(text) && whole.name == "7");
        }
        let [gone] = &document_parts(DocumentKind::Pack, "", None)[..] else { unreachable!() };
        let gathered = take(&mut Gathering::default(), gone).unwrap();
        assert_eq!(gathered, Gathered { what: DocumentKind::Pack, name: String::new(), text: None });
    }

    #[test]
    fn what_comes_out_of_order_or_without_end_is_dropped() {
        let text = "x".repeat(2 * PART_BYTES + 1);
        let frames = document_parts(DocumentKind::Profile, "7", Some(&text));
        let others = document_parts(DocumentKind::Profile, "8", Some(&text));
        let mut gathering = Gathering::default();
        for frame in [&frames[0], &others[1], &frames[2], &frames[1], &frames[0], &frames[2]] {
            assert_eq!(take(&mut gathering, frame), None);
        }
        let long = "x".repeat(PART_BYTES);
        for part in 0..100 {
            assert_eq!(gathering.take(DocumentKind::Pack, "h", part, 101, &long), None);
        }
        assert!(gathering.open.is_none());
    }
}
