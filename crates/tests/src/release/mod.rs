//! What an earlier release has left: recorded once by running that release itself, kept in the tree, and laid out again so
//! that this build goes on with it. `scripts/record-release` makes the next one.

pub mod frames;
pub mod lay;
pub mod record;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Where they are kept, each in a folder that is named for the day and the commit.
pub const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/releases");
/// What is told of one.
pub const ABOUT: &str = "release.json";
/// The virtual WhatsApp's state: its keys, phones, devices and what waits for them.
pub const WHATSAPP: &str = "whatsapp.json";
/// The data directory.
pub const DATA: &str = "data";

/// What one was in the middle of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Release {
    /// The commit that it was built from.
    pub commit: String,
    /// The day of that commit.
    pub date: String,
    /// Its bots.
    pub bots: Vec<Left>,
}

/// How a bot was left.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Left {
    /// Its tenant.
    pub tenant: String,
    /// Its number.
    pub number: String,
    /// The number of its linked device.
    pub device: u16,
    /// Whether it was stopped by hand.
    pub stopped: bool,
    /// Its customers.
    pub customers: Vec<Customer>,
}

/// Somebody who has written to a bot.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Customer {
    /// The number.
    pub number: String,
    /// Answers that have come.
    pub answered: usize,
    /// Messages that were taken in and acknowledged, and are not answered.
    pub taken: usize,
    /// Messages that WhatsApp keeps, since the bot was away.
    pub kept: usize,
}

/// All that are kept, the oldest first.
///
/// # Panics
/// Where the folder cannot be read.
#[must_use]
pub fn all() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(FOLDER).expect("releases are kept in the tree");
    let mut found: Vec<_> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.join(ABOUT).is_file()).collect();
    found.sort();
    found
}
