//! One tenant's bot: inbox, dispatcher, outbox, heartbeat.
pub mod channel;
