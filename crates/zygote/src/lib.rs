//! Forks workers from a process that has everything loaded ("zygote", as Android and Chromium call it): what each of a
//! thousand workers would read, relocate and parse for itself, they share. It must never hold a secret, open a file of a tenant's
//! or start a thread: all that it has, each worker has.
//!
//! A worker that was forked is what one that was started would be: its session, user, directory, arguments, environment and
//! descriptors are its own, and so are its random numbers. It is a child of the control plane (a "subreaper" while it asks, prctl(2)),
//! which learns how it ended. What is not its own is the layout of its memory: whoever knows that of one worker knows that of all
//! whom the same zygote has forked, until the control plane is started again.

mod begin;
mod client;
mod fork;
mod message;
mod server;
mod title;

pub use client::{ForkError, Zygote, arguments};
pub use message::Order;
pub use server::{Served, serve};
