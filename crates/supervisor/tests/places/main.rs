//! The supervisor with a real store and several hosts that this process plays; their workers are real processes, and fake.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

#[path = "../it/common.rs"]
#[allow(dead_code, reason = "one machine's tests use the rest")]
mod common;
mod fleet;
mod hosts;
