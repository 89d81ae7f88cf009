//! A conversation as the phone shows it.

use askama::{Template, filters::HtmlSafe};

use super::marked::{self, Piece};

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bubble {
    /// Unique on the page.
    pub id: String,
    /// The day, where it is another one than that of the message above.
    pub day: Option<String>,
    /// Whether the business wrote it.
    pub out: bool,
    /// The text.
    pub text: String,
    /// RFC 3339.
    pub at: String,
    /// Hours and minutes in the tenant's zone.
    pub clock: String,
    /// Why it got no reply.
    pub silence: Option<String>,
}

impl Bubble {
    fn pieces(&self) -> Vec<Piece<'_>> {
        marked::pieces(&self.text)
    }
}

/// Messages, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/chat.html")]
pub struct Chat {
    /// The messages.
    pub lines: Vec<Bubble>,
}

impl HtmlSafe for Chat {}
