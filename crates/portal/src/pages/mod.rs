//! The pages, by what one does there. An endpoint is one file; each folder lists its own routes.

mod home;
mod language;
mod site;

use crate::{
    Route, assets, documents, linking, onboarding,
    routes::{Access::Public, get, post},
    sign_in, status, trying,
};

/// All of them.
pub(crate) fn routes() -> Vec<Route> {
    let mut all = vec![
        get("/", Public, home::handle),
        post("/language", Public, language::handle),
        get("/assets/{file}", Public, assets::serve),
    ];
    all.extend(site::routes());
    all.extend(sign_in::routes());
    all.extend(onboarding::routes());
    all.extend(status::routes());
    all.extend(linking::routes());
    all.extend(trying::routes());
    all.extend(documents::routes());
    all.extend(crate::app::routes());
    all
}

/// A place of this site that a browser may be led to: a path, and nothing that some browser reads as another site.
pub(crate) fn own_place(text: &str) -> Option<&str> {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let plain = text.starts_with('/')
        && !path.contains("//")
        && text.len() <= 2_000
        && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    plain.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_away() {
        for own in ["/", "/app/status", "/app/messages?search=a%20b", "/?a=//b"] {
            assert_eq!(own_place(own), Some(own));
        }
        for foreign in
            ["", "https://evil.example", "//evil.example", "/\\evil.example", "/a\tb", "app", "/a//b"]
        {
            assert_eq!(own_place(foreign), None, "{foreign}");
        }
    }
}
