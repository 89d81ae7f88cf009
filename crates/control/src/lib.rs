//! The admin API of the control plane and its pages. One endpoint is one file: what it takes, its handler, its tests.
//!
//! Starts no process and speaks no SQL: the supervisor and the store do. Where it refuses, it answers a problem document or
//! the page of one, and never a secret in it.

pub mod alerts;
mod app;
mod audit;
mod auth;
mod board;
mod checks;
mod contacts;
mod convert;
mod events;
mod feed;
mod idempotency;
mod openapi;
mod operators;
mod page;
mod pages;
pub mod password;
mod refusal;
mod routes;
mod session;
mod setup_requests;
mod sign_in;
mod system;
mod tenants;
mod watch;
pub mod wire;
mod worker;

pub use app::{App, AppParts, Brand};
pub use board::strip::watch as watch_heartbeats;
pub use openapi::document as openapi_document;
pub use routes::{router, table};
pub use sign_in::{SignInOptions, device_key};

#[cfg(test)]
mod testing;
