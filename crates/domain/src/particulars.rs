//! What is said of a bot's condition beside its name: pages, lists, the command line and alerts make one sentence of it.

use crate::{Condition, Timestamp};

/// A condition and what its sentence needs.
#[derive(Debug, Clone, Copy)]
pub struct Particulars<'a> {
    /// How the bot does.
    pub condition: Condition,
    /// Why, in the words of the worker, of WhatsApp or of an operator; empty is as good as none.
    pub why: Option<&'a str>,
    /// Since when it is so: since when it is away or silent, or when the last message came.
    pub since: Option<Timestamp>,
    /// Until when, where that is known.
    pub until: Option<Timestamp>,
    /// Digits of the number that is linked and is not the declared one.
    pub number: Option<&'a str>,
    /// Whether it is suspended, too.
    pub suspended: bool,
    /// IANA name of the zone in which times of day are told.
    pub zone: &'a str,
    /// The time now, or when it was over.
    pub now: Timestamp,
}
