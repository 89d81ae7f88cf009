//! Typed ids: UUIDv7, so that they sort by the time they were made.

use std::{cmp::Ordering, fmt, hash::Hash, hash::Hasher, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::Timestamp;

/// An id of one kind of thing. Two kinds cannot be mixed up: `Id<Tenant>` is not `Id<User>`.
pub struct Id<K> {
    value: Uuid,
    kind: PhantomData<fn() -> K>,
}

/// Names of the kinds of things that have ids; never made, only named.
pub mod kind {
    /// A business with a bot.
    pub enum Tenant {}
    /// A person who signs in.
    pub enum User {}
    /// What a person may do for a tenant.
    pub enum Membership {}
    /// An owner's request to have the bot switched on.
    pub enum SetupRequest {}
    /// A line of a tenant's conversation log.
    pub enum Log {}
    /// A line of the audit log.
    pub enum Event {}
    /// A worker's journal: one that was made anew has another id.
    pub enum Journal {}
    /// A person whom a bot talks with, whatever names WhatsApp has for them.
    pub enum Contact {}
    /// A row that needs an id and is never named outside its table.
    pub enum Record {}
}

/// Id of a tenant.
pub type TenantId = Id<kind::Tenant>;
/// Id of a user.
pub type UserId = Id<kind::User>;
/// Id of a membership.
pub type MembershipId = Id<kind::Membership>;
/// Id of a setup request.
pub type SetupRequestId = Id<kind::SetupRequest>;
/// Id of a conversation log row, given by the worker.
pub type LogId = Id<kind::Log>;
/// Id of an audit event.
pub type EventId = Id<kind::Event>;
/// Id of a worker's journal.
pub type JournalId = Id<kind::Journal>;
/// Id of a contact within one journal.
pub type ContactId = Id<kind::Contact>;
/// Id of a row without a kind of its own.
pub type RecordId = Id<kind::Record>;

/// A text that is no UUID where one was wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no id; ids look like 0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70")]
pub struct InvalidId(String);

impl<K> Id<K> {
    /// A new id, later in order than those made before it in this process.
    #[must_use]
    pub fn generate() -> Self {
        Self::from_uuid(Uuid::now_v7())
    }

    /// What is later in order than every id that was made before `at`, and earlier than any that was made since. No id of
    /// anything.
    #[must_use]
    pub fn first_at(at: Timestamp) -> Self {
        let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or_default();
        Self::from_uuid(uuid::Builder::from_unix_timestamp_millis(milliseconds, &[0; 10]).into_uuid())
    }

    /// Wraps a UUID that is known to be of this kind.
    #[must_use]
    pub const fn from_uuid(value: Uuid) -> Self {
        Self { value, kind: PhantomData }
    }

    /// The bare UUID.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.value
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}
impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.as_hyphenated().fmt(f)
    }
}
impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<K> FromStr for Id<K> {
    type Err = InvalidId;

    /// Takes the hyphenated form in lower case only, so that one thing has one name in paths and URLs.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let shown = || InvalidId(text.chars().take(64).collect());
        if text.len() != 36 || text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(shown());
        }
        Uuid::try_parse(text).map(Self::from_uuid).map_err(|_| shown())
    }
}
impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, K> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_ordered_by_when_they_were_made() {
        let first = |at: &str| LogId::first_at(at.parse().expect("a time"));
        let (id, before, after) =
            (LogId::generate(), first("2026-01-01T00:00:00Z"), first("9999-01-01T00:00:00Z"));
        assert!(before < id && id < after);
        assert!(before.to_string() < id.to_string() && id.to_string() < after.to_string(), "as texts, too");
        assert_eq!(LogId::first_at(Timestamp::MIN).to_string(), "00000000-0000-7000-8000-000000000000");
    }
}
