//! What a text says: words and numbers, days and times, and which of the things that a bot knows it names.

pub(crate) mod clock;
pub(crate) mod dates;
pub(crate) mod fold;
pub(crate) mod index;
pub(crate) mod numbers;
pub(crate) mod vocabulary;

pub(crate) use fold::{Token, tokens};
pub(crate) use index::Index;
pub(crate) use vocabulary::vocabulary;
