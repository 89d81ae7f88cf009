//! The supervisor with a real store and real processes; the workers are fake, the link is not.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

mod adoption;
mod common;
mod erasing;
mod ingest;
mod leftovers;
mod liars;
mod lifecycle;
mod mutated;
mod odd;
mod records;
mod restarts;
mod share;
