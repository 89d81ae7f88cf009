//! The admin API of the control plane and its pages. One endpoint is one file: what it takes, its handler, its tests.
//!
//! Starts no process and speaks no SQL: the supervisor and the store do. Where it refuses, it answers a problem document or
//! the page of one, and never a secret in it.

#![allow(unused_qualifications, reason = "the macros that describe the API write them")]

mod app;
mod audit;
mod auth;
mod backups;
mod books;
mod call;
mod checks;
mod contacts;
mod download;
mod error;
mod feed;
mod hosts;
mod idempotency;
mod linking;
mod messages;
mod moves;
mod notices;
mod operators;
mod packs;
mod paging;
mod portal;
mod profile;
mod refused;
mod reply;
mod routes;
mod setup_requests;
mod shell;
mod sign_in;
mod system;
mod tenants;
mod trying;
mod watch;
mod workers;

use tenants::convert;

pub use app::{App, AppParts, Brand};
pub use backups::{Backups, NoBackups};
pub use moves::{Carried, MoveError, Moves, NoMoves};
pub use notices::{PUSH_SERVICES, PushError, PushKey, PushOptions, watch as watch_notices};
pub use portal::PortalOptions;
pub use routes::{router, table};
pub use system::api_document::document as openapi_document;
pub use tenants::uptime_watch::watch as watch_heartbeats;

#[cfg(test)]
mod testing;
