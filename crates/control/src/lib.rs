//! The admin API of the control plane. One endpoint is one file: what it takes, its handler, its tests.
//!
//! Starts no process and speaks no SQL: the supervisor and the store do. Never answers anything but a problem document
//! where it refuses, and never a secret in one.

mod app;
mod audit;
mod auth;
mod checks;
mod convert;
mod page;
pub mod password;
mod refusal;
mod routes;
mod session;
mod system;
mod tenants;
mod watch;
pub mod wire;
mod worker;

pub use app::{App, AppParts};
pub use routes::{router, table};

#[cfg(test)]
mod testing;
