//! The contract of the store, written once and carried out on each engine.

mod catalogue;
mod contract;
mod copy;
mod engines;
mod faults;
mod hygiene;
mod isolation;
mod landed;
mod lease;
mod migrations;
mod mutants;
mod plans;
mod postgres;
mod rows;
mod start;
mod statements;
mod support;
mod together;

pub(crate) use mutants::mutated;
mod words;
