//! What the bot is told: its profile, its settings, and the trial of both.

pub(super) mod config;
pub(super) mod packs;
pub(super) mod preview;
pub(super) mod profile;
pub(super) mod put_config;
pub(super) mod put_profile;
pub(super) mod sayings;
pub(super) mod try_bot;
