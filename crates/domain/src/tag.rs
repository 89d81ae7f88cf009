//! A word by which an operator finds tenants again.

use std::{fmt, str::FromStr};

use crate::limits::{TAG_MAX_CHARS, TAGS_MAX};

/// A tag: 1 to 32 characters in lower case, of one line, without commas and without blanks at its ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

/// Why a text is no tag, or why a list of them is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTag {
    /// Nothing is left of it.
    #[error("a tag has at least one character")]
    Empty,
    /// It is too long.
    #[error("the tag \"{tag}\" has {length} characters; at most {TAG_MAX_CHARS} are taken")]
    Long {
        /// Its beginning.
        tag: String,
        /// How many characters it has.
        length: usize,
    },
    /// A comma parts tags, and a control character shows nowhere.
    #[error("the tag \"{0}\" has a comma or a control character in it; leave that out")]
    Sign(String),
    /// There are too many.
    #[error("these are {0} tags; at most {TAGS_MAX} are taken")]
    Many(usize),
}

impl Tag {
    /// The tag as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A list of them, in the order of the alphabet and each once.
    ///
    /// # Errors
    /// [`InvalidTag`] of the first that is none, or [`InvalidTag::Many`].
    pub fn list<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Result<Vec<Self>, InvalidTag> {
        let mut tags =
            texts.into_iter().map(|text| text.as_ref().parse()).collect::<Result<Vec<Self>, _>>()?;
        tags.sort_unstable();
        tags.dedup();
        if tags.len() > TAGS_MAX { Err(InvalidTag::Many(tags.len())) } else { Ok(tags) }
    }

    /// The same as people type it: commas between them, and what is empty is none.
    ///
    /// # Errors
    /// As [`Tag::list`].
    pub fn typed(text: &str) -> Result<Vec<Self>, InvalidTag> {
        Self::list(text.split(',').filter(|tag| !tag.trim().is_empty()))
    }
}

impl FromStr for Tag {
    type Err = InvalidTag;

    fn from_str(text: &str) -> Result<Self, InvalidTag> {
        let text = text.trim();
        // Told back as it was given, but never more of it than is read.
        let shown = || text.chars().take(TAG_MAX_CHARS).collect::<String>();
        if text.is_empty() {
            return Err(InvalidTag::Empty);
        }
        if text.chars().any(|c| c == ',' || c.is_control()) {
            return Err(InvalidTag::Sign(shown()));
        }
        // Some letters are longer in lower case, so that they are counted as they will stand.
        let tag = text.to_lowercase();
        let length = tag.chars().count();
        if length > TAG_MAX_CHARS {
            return Err(InvalidTag::Long { tag: shown(), length });
        }
        Ok(Self(tag))
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Result<Vec<String>, InvalidTag> {
        Tag::typed(text).map(|tags| tags.into_iter().map(|tag| tag.0).collect())
    }

    #[test]
    fn tags_are_the_same_however_they_are_typed() {
        assert_eq!(
            typed(" VIP, kariakoo ,vip,,ÉTÉ"),
            Ok(vec!["kariakoo".into(), "vip".into(), "été".into()])
        );
        assert_eq!(typed(" , "), Ok(Vec::new()));
        assert_eq!(Tag::list(["a,b"]), Err(InvalidTag::Sign("a,b".to_owned())));
        assert_eq!(Tag::list(["a", " "]), Err(InvalidTag::Empty));
        assert!(matches!(typed("a\u{7}"), Err(InvalidTag::Sign(_))));
    }

    #[test]
    fn twelve_tags_of_thirty_two_characters_fit_and_no_more() {
        let (fits, long) = ("é".repeat(TAG_MAX_CHARS), "é".repeat(TAG_MAX_CHARS + 1));
        assert!(fits.parse::<Tag>().is_ok());
        assert_eq!(long.parse::<Tag>(), Err(InvalidTag::Long { tag: fits, length: TAG_MAX_CHARS + 1 }));
        // This one is two characters in lower case.
        assert!(matches!("İ".repeat(TAG_MAX_CHARS).parse::<Tag>(), Err(InvalidTag::Long { .. })));
        let many = |n: usize| (0..n).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
        assert_eq!(typed(&many(TAGS_MAX)).map(|tags| tags.len()), Ok(TAGS_MAX));
        assert_eq!(typed(&many(TAGS_MAX + 1)), Err(InvalidTag::Many(TAGS_MAX + 1)));
    }
}
