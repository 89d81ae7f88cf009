//! The channel against a virtual WhatsApp server.

mod bot;
mod content;
mod death;
mod durability;
mod endings;
mod footprint;
mod linking;
mod messages;
mod refusals;
mod session;
