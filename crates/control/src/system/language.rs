//! `POST /admin/language`: the language in which whoever asks reads the pages. Kept in a cookie, for those who are not
//! signed in too.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{FormBody, Problem, lang};

use crate::{App, error::Answer, reply::Back};

/// A language of the pages, by its code.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "it describes what is taken")]
enum PageLanguage {
    /// Swahili.
    Sw,
    /// English.
    En,
}

/// What the switch of every page sends.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct LanguageForm {
    /// `sw` or `en`.
    #[schema(required, value_type = PageLanguage)]
    language: String,
    /// The page to go back to.
    back: Option<String>,
}

/// Choose the language of the pages
///
/// Kept in the cookie `flowhq_lang`, and goes before what the browser prefers. Documents of the API stay English.
#[utoipa::path(
    post, path = "/admin/language", tag = "pages",
    request_body(content = LanguageForm, content_type = "application/x-www-form-urlencoded"), responses((status = 303))
)]
pub(crate) async fn handle(State(app): State<App>, FormBody(form): FormBody<LanguageForm>) -> Answer {
    let language = match form.language.as_str() {
        "sw" => domain::Language::Sw,
        "en" => domain::Language::En,
        _ => return Err(Problem::invalid_field("language", words::checks::language()).into()),
    };
    let place = match form.back.as_deref() {
        // The licence's page is for everybody and lies beside the others.
        Some("/source") => "/source".to_owned(),
        _ => Back { back: form.back }.place("/admin/tenants".to_owned()),
    };
    Ok::<Response, _>(lang::keep(language, &place, app.accounts.options().https))
}
