//! Signing in: by password, by a link, by email or by a provider. What was proved is the control plane's to judge; here are
//! the forms, and the cookie that comes of it.

mod ask_link;
mod begin;
mod businesses;
mod callback;
mod choose_business;
mod form;
mod leave;
mod link;
mod look_at_link;
mod password;
mod pending;
mod save_password;
mod start;
mod submit;
mod take_link;

use askama::Template;
use web::{
    Problem,
    ui::{Banner, Field},
};

use crate::{
    Route,
    routes::{
        Access::{Public, SignedIn},
        get, post,
    },
};

pub(crate) use begin::begin;
pub(crate) use pending::Keeper;

/// Where one signs in.
pub(crate) const SIGN_IN: &str = "/auth/signin";
/// Where whoever has just signed in goes: on to their status where there is one.
pub(crate) const INSIDE: &str = "/app/onboarding";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get(SIGN_IN, Public, form::handle),
        post(SIGN_IN, Public, submit::handle),
        get("/auth/email", Public, ask_link::show),
        post("/auth/email", Public, ask_link::handle),
        get("/auth/link", Public, link::handle),
        post("/auth/link", Public, look_at_link::handle),
        post("/auth/link/take", Public, take_link::handle),
        get("/auth/password", SignedIn, password::handle),
        post("/auth/password", SignedIn, save_password::handle),
        post("/auth/sign-out", Public, leave::handle),
        get("/app/businesses", SignedIn, businesses::handle),
        post("/app/businesses", SignedIn, choose_business::handle),
        get("/api/auth/start/{provider}", Public, start::handle),
        get("/api/auth/callback/{provider}", Public, callback::handle),
    ]
}

/// A page with one form, as most here are.
#[derive(Template)]
#[template(path = "sign_in/step.html")]
struct Step<'a> {
    title: &'a str,
    say: &'a str,
    action: &'a str,
    fields: Vec<Field>,
    /// Whose password it is, so that the browser keeps both together.
    username: Option<&'a str>,
    hidden: Vec<(&'a str, &'a str)>,
    button: &'a str,
    banner: Option<Banner>,
    /// Another way: address and name.
    other: Option<(&'a str, &'a str)>,
    /// Whether its field is filled from what stands behind the `#` of the address.
    token: bool,
}

/// Where to go then, of what a form or an address brought along: a page for whoever is signed in, and no other.
fn inside(next: &str) -> &str {
    crate::pages::own_place(next).filter(|place| place.starts_with("/app/")).unwrap_or(INSIDE)
}

/// What is wrong, above a form where it is about no field of it.
fn banner(problem: Option<&Problem>, fields: &[Field]) -> Option<Banner> {
    let shown = fields.iter().any(|field| field.error.is_some());
    problem.filter(|_| !shown).map(|problem| Banner::wrong(problem.said("")))
}

#[cfg(test)]
mod tests;
