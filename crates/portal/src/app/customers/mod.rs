//! Customers: who wrote, where it stands with them, and what is noted.

mod download;
mod list;
mod save;
mod show;

use domain::CustomerState;
use web::ui::{Pill, Tone};

use crate::{
    Route,
    routes::{Access::SetUp, get, post},
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/app/customers", SetUp, list::handle),
        get("/app/customers.csv", SetUp, download::handle),
        get("/app/customers/{contact}", SetUp, show::handle),
        post("/app/customers/{contact}", SetUp, save::handle),
    ]
}

/// All of them, in the order in which a customer goes through them.
const STATES: [CustomerState; 5] = [
    CustomerState::New,
    CustomerState::Waiting,
    CustomerState::Confirmed,
    CustomerState::Done,
    CustomerState::Lost,
];

/// What a state is called: of one customer.
fn state(state: CustomerState) -> &'static str {
    use words::portal_customers as say;
    match state {
        CustomerState::New => say::one_new(),
        CustomerState::Waiting => say::one_waiting(),
        CustomerState::Confirmed => say::one_confirmed(),
        CustomerState::Done => say::one_done(),
        CustomerState::Lost => say::one_lost(),
    }
}

/// What a state is called: of several.
fn group(state: CustomerState) -> &'static str {
    use words::portal_customers as say;
    match state {
        CustomerState::New => say::new(),
        CustomerState::Waiting => say::waiting(),
        CustomerState::Confirmed => say::confirmed(),
        CustomerState::Done => say::done(),
        CustomerState::Lost => say::lost(),
    }
}

fn pill(of: CustomerState) -> Pill {
    let tone = match of {
        CustomerState::Waiting => Tone::Warn,
        CustomerState::Confirmed => Tone::Ok,
        CustomerState::New | CustomerState::Done | CustomerState::Lost => Tone::Off,
    };
    Pill::new(tone, state(of))
}

/// The state of a word in an address or a form.
fn read(word: &str) -> Option<CustomerState> {
    STATES.into_iter().find(|state| <&str>::from(*state) == word)
}
