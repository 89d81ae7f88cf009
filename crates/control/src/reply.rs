//! How a page that asked for a change is answered; a script gets a document in its place.

use axum::response::Response;
use serde::Deserialize;
use web::{
    Client,
    place::{header_value, see_other},
    said,
    ui::{Html, Toast, Tone, fragment},
};

/// What a button's form sends along: the page to go back to where no script runs.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    pub(crate) back: Option<String>,
}

impl Back {
    /// A page of ours, and no other.
    pub(crate) fn place(self, otherwise: String) -> String {
        self.back
            .filter(|back| {
                back.starts_with("/admin/")
                    && back.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
            })
            .unwrap_or(otherwise)
    }
}

/// Answers to a page that asked for a change: a notice where a script asked, and the page anew where none did.
pub(crate) fn done(client: Client, words: impl Into<String>, place: &str) -> Response {
    if !client.fragment {
        return said::keep(see_other(place), &words.into());
    }
    fragment([Html::of(&Toast { tone: Tone::Ok, text: words.into() })])
}

/// Has a script leave for another page.
pub(crate) fn leave(client: Client, place: &str) -> Response {
    if !client.fragment {
        return see_other(place);
    }
    let mut response = fragment([]);
    response.headers_mut().insert("hx-redirect", header_value(place));
    response
}
