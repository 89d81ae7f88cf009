//! Where the bot stands: one sentence and one button for each state, the way so far, and what the request said.

mod events;
mod say;
mod show;

use say::{Now, now};

use crate::{
    Route,
    routes::{
        Access::{SetUp, SignedIn},
        get,
    },
};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        // Whose request was rejected reads why here, and is led to onboarding by a button.
        get("/app/status", SignedIn, show::handle),
        get("/app", SignedIn, show::home),
        get("/app/events", SetUp, events::handle),
    ]
}

#[cfg(test)]
mod tests;
