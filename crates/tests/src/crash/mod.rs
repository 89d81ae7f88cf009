//! The crash driver: seeded conversations of several customers against real processes that are ended by SIGKILL at
//! chosen points and instants, compared with a model. It must never call a run good that it did not see to its end.

pub mod attack;
pub mod base;
mod books;
mod chat;
mod check;
pub mod deal;
mod dealing;
mod erased;
mod failing;
pub mod findings;
pub mod generate;
pub mod hosts;
mod model;
pub mod plan;
pub mod power;
pub mod record;
pub mod report;
mod rows;
pub mod run;
pub mod sending;
mod shop;
pub mod spec;
mod stage;
pub mod suite;
mod talk;
mod trace;

pub use base::Base;
pub use check::Counts;
pub use failing::Failing;
pub use findings::{Finding, Kind};
pub use plan::Plan;
pub use run::{Outcome, run};
pub use shop::Shop;
