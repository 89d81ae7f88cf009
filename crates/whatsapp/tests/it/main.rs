//! The channel against a virtual WhatsApp server.

mod bot;
mod durability;
mod endings;
mod linking;
mod messages;
mod session;
