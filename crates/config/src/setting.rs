//! What is known of one setting. Parsing, error messages and the README's table all come from this.

use crate::Takes;

/// One setting: its names, what it takes and what it is for.
#[derive(Debug)]
pub struct Setting {
    /// Name of the environment variable, like `PORT`. A secret may come as `NAME_FILE` too.
    pub name: &'static str,
    /// Key in the TOML file, section first, like `server.port`.
    pub key: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What holds where it is not given.
    pub default: Fallback,
    /// Whether its value is never shown.
    pub secret: bool,
    /// Unit of its value, or empty.
    pub unit: &'static str,
    /// What it is for, in one or two sentences.
    pub meaning: &'static str,
}

/// What holds where a setting is not given.
#[derive(Debug)]
pub enum Fallback {
    /// This value.
    Value(&'static str),
    /// What follows from other settings or from the machine, in words.
    Derived(&'static str),
    /// Nothing, and what that means, in words.
    Nothing(&'static str),
}
