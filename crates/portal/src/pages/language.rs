//! `POST /language`: the language in which whoever asks reads the pages. Kept in a cookie, for those who are not signed in
//! too.

use axum::{extract::State, response::Response};
use domain::Language;
use serde::Deserialize;
use web::{FormBody, Problem, lang};

use crate::{Portal, pages::own_place};

/// What the switch of every page sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Choice {
    language: String,
    back: String,
}

pub(crate) async fn handle(
    State(portal): State<Portal>,
    FormBody(choice): FormBody<Choice>,
) -> Result<Response, Problem> {
    let language = match choice.language.as_str() {
        "sw" => Language::Sw,
        "en" => Language::En,
        _ => return Err(Problem::invalid_field("language", words::checks::language())),
    };
    Ok(lang::keep(language, own_place(&choice.back).unwrap_or("/"), portal.https()))
}
