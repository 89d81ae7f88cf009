//! The small blocks.

use askama::{Template, filters::HtmlSafe};

use super::{Html, Icon};

/// What a status means, as colour and shape; the word beside it says the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum Tone {
    /// Nothing runs and nothing should.
    Off,
    /// All is well.
    Ok,
    /// Somebody should do something, or wait.
    Warn,
    /// Broken.
    Bad,
}

impl HtmlSafe for Tone {}

/// A status: colour, shape and word.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/pill.html")]
pub struct Pill {
    /// What it means.
    pub tone: Tone,
    /// The word.
    pub word: String,
}

/// A count that filters.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/tile.html")]
pub struct Tile {
    /// What a high count means.
    pub tone: Tone,
    /// How many.
    pub count: u64,
    /// Of what.
    pub label: &'static str,
    /// The list that shows them.
    pub href: String,
    /// Whether that list is the one being shown.
    pub current: bool,
}

/// Something to know before anything else on the page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/banner.html")]
pub struct Banner {
    /// What it means.
    pub tone: Tone,
    /// A name of the sprite.
    pub icon: &'static str,
    /// One sentence.
    pub title: String,
    /// What to do, or nothing.
    pub text: String,
    /// Where to do it: address and verb.
    pub link: Option<(String, String)>,
}

/// The outcome of what was just done; goes away by itself.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/toast.html")]
pub struct Toast {
    /// What it means.
    pub tone: Tone,
    /// One sentence.
    pub text: String,
}

/// A question over the page. A button with `popovertarget` of its id opens it, without a script.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/dialog.html")]
pub struct Dialog {
    /// Unique on the page.
    pub id: String,
    /// The question.
    pub title: String,
    /// What it holds.
    pub body: Html,
}

/// What a list shows that has nothing yet: what will be here, and the step that gets there.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/empty.html")]
pub struct Empty {
    /// A name of the sprite.
    pub icon: &'static str,
    /// What is missing.
    pub title: String,
    /// What will be here.
    pub text: String,
    /// The step: address and verb.
    pub link: Option<(String, String)>,
}

/// The way on in a list that is paged by keys.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/pager.html")]
pub struct Pager {
    /// What is shown, like `50 of 1,000 tenants`.
    pub shown: String,
    /// The first page, where this is none.
    pub first: Option<String>,
    /// The next page, where there is one.
    pub next: Option<String>,
}

/// Numbered steps; those that are done have a tick.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/steps.html")]
pub struct Steps {
    /// The step and whether it is done.
    pub steps: Vec<(String, bool)>,
}

/// A code to scan, on white in both themes, with the time that is left and what to do on the phone.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/qr.html")]
pub struct QrPanel {
    /// The drawn code.
    pub code: Html,
    /// When it is void, in RFC 3339.
    pub expires: String,
    /// The same in words, for a page without scripts.
    pub left: String,
    /// What to do on the phone.
    pub steps: Steps,
    /// The other way.
    pub other: Html,
}

/// A code to type on the phone, with the time that is left and what to do there.
#[derive(Clone, PartialEq, Eq, Template)]
#[template(path = "ui/pairing_code.html")]
pub struct PairingPanel {
    /// The code as the phone shows it, like `ABCD-EFGH`. A credential.
    pub code: String,
    /// When it is void, in RFC 3339.
    pub expires: String,
    /// The same in words, for a page without scripts.
    pub left: String,
    /// What to do on the phone.
    pub steps: Steps,
    /// The other way.
    pub other: Html,
}

/// Leaves the code out.
impl std::fmt::Debug for PairingPanel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PairingPanel").field("expires", &self.expires).finish_non_exhaustive()
    }
}

impl Pill {
    /// A status.
    #[must_use]
    pub fn new(tone: Tone, word: impl Into<String>) -> Self {
        Self { tone, word: word.into() }
    }
}

impl Banner {
    /// Something that is wrong, in a sentence.
    #[must_use]
    pub fn wrong(title: impl Into<String>) -> Self {
        Self { tone: Tone::Bad, icon: "alert", title: title.into(), text: String::new(), link: None }
    }

    /// Something that was done.
    #[must_use]
    pub fn done(title: impl Into<String>) -> Self {
        Self { tone: Tone::Ok, icon: "check", ..Self::wrong(title) }
    }
}

impl Empty {
    /// What is missing, and what will be here.
    #[must_use]
    pub fn new(icon: &'static str, title: &str, text: &str) -> Self {
        Self { icon, title: title.to_owned(), text: text.to_owned(), link: None }
    }

    /// With the step that gets there.
    #[must_use]
    pub fn link(self, address: impl Into<String>, verb: &str) -> Self {
        Self { link: Some((address.into(), verb.to_owned())), ..self }
    }
}

impl HtmlSafe for Pill {}
impl HtmlSafe for Tile {}
impl HtmlSafe for Banner {}
impl HtmlSafe for Toast {}
impl HtmlSafe for Dialog {}
impl HtmlSafe for Empty {}
impl HtmlSafe for Pager {}
impl HtmlSafe for Steps {}
impl HtmlSafe for QrPanel {}
impl HtmlSafe for PairingPanel {}
