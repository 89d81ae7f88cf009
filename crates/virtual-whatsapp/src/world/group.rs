//! A group: who is in it and how its members are addressed.

use std::sync::Mutex;

use wacore_binary::Jid;

use crate::sync::lock;

/// Groups are made once; only their members change.
#[derive(Debug)]
pub(crate) struct Group {
    /// The digits before `@g.us`.
    pub(crate) id: String,
    pub(crate) subject: String,
    /// Members are shown by LID instead of by number.
    pub(crate) by_lid: bool,
    /// Seconds since 1970.
    pub(crate) created: u64,
    /// Numbers; the first is the creator.
    members: Mutex<Vec<String>>,
}

impl Group {
    pub(crate) fn new(id: String, subject: String, by_lid: bool, created: u64, members: Vec<String>) -> Self {
        Self { id, subject, by_lid, created, members: Mutex::new(members) }
    }

    pub(crate) fn jid(&self) -> Jid {
        Jid::group(self.id.as_str())
    }

    pub(crate) fn members(&self) -> Vec<String> {
        lock(&self.members).clone()
    }

    pub(crate) fn has(&self, number: &str) -> bool {
        lock(&self.members).iter().any(|m| m == number)
    }
}
