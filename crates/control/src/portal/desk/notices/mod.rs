//! What a person of the business is told, and how.

pub(super) mod put;
pub(super) mod show;
pub(super) mod subscribe;
pub(super) mod unsubscribe;
