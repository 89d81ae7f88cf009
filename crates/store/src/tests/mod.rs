//! The contract of the store, written once and carried out on each engine.

mod catalogue;
mod contract;
mod copy;
mod lease;
mod migrations;
mod postgres;
mod rows;
mod start;
mod statements;
mod support;
