//! The end-to-end tests, in one binary. See the crate's library for the harness.
#![expect(clippy::unwrap_used, reason = "a panic here is a failed test")]

mod adoption;
mod api_document;
mod architecture;
mod assure;
mod backup;
mod bad_input;
mod browser;
mod cells;
mod confinement;
mod conversation;
mod corrupt_session;
mod default_build;
mod demo;
mod descriptors;
mod disk;
mod isolation_doc;
mod kill_worker;
mod known;
mod message_kinds;
mod nonsense;
mod outage;
mod packs;
mod pairing;
mod postgres;
mod postgres_refusals;
mod rate_limit;
mod rights;
mod rolling;
mod salon;
mod shutdown;
mod specification;
mod stress;
mod sweep;
mod talks;
mod virtual_whatsapp;
