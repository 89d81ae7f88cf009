//! The page of every step of signing in: a few words, some fields, and a button.

use askama::Template;
use axum::response::Response;
use web::{
    Problem,
    ui::{Banner, Field, Head, Input},
};

use crate::{App, shell};

/// One step.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(super) struct Step<'a> {
    pub(super) title: &'static str,
    pub(super) say: &'static str,
    pub(super) action: &'static str,
    pub(super) fields: Vec<Field>,
    /// Where to go then.
    pub(super) next: Option<&'a str>,
    pub(super) button: &'static str,
    /// Whether there is a way back to the first step.
    pub(super) back: bool,
    /// What is wrong, where no field is at fault.
    pub(super) banner: Option<Banner>,
}

impl Step<'_> {
    /// The page, with what was wrong the last time.
    pub(super) fn page(mut self, app: &App, problem: Option<&Problem>) -> Response {
        self.fields = self.fields.into_iter().map(|field| field.wrong(problem)).collect();
        let beside = self.fields.iter().any(|field| field.error.is_some());
        self.banner = problem.filter(|_| !beside).map(|problem| Banner::wrong(problem.detail()));
        shell::refused(shell::outside(app).page(&Head::narrow(self.title), &self), problem)
    }
}

/// The password that is asked for.
pub(super) fn password() -> Field {
    Field::new("password", words::sign_in::password(), Input::PASSWORD)
}

/// The code of a second factor.
pub(super) fn code(hint: &'static str) -> Field {
    Field::new("code", words::sign_in::code(), Input::CODE).hint(hint)
}
