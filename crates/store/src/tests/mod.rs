//! The contract of the store, written once and carried out on each engine.

mod contract;
mod lease;
mod migrations;
mod postgres;
mod statements;
mod support;
