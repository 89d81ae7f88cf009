//! Onboarding: what an owner asks for, in five short steps. What was typed is kept in a cookie of this page alone, so that a
//! line that breaks, or a phone that is put away, costs nothing; it is sent once, at the end.

mod draft;
mod hours;
mod number;
mod save;
mod send;
mod show;
mod steps;
mod view;

use crate::{
    Route,
    routes::{Access::SignedIn, get, post},
};

/// Where it is.
pub(crate) const ONBOARDING: &str = "/app/onboarding";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get(ONBOARDING, SignedIn, show::handle),
        post(ONBOARDING, SignedIn, save::handle),
        post("/app/onboarding/send", SignedIn, send::handle),
    ]
}
