//! All tenants at a glance.

use std::sync::Arc;

use domain::{Show, Sort, Tag, TenantId, TenantStatus};

use crate::Grouping;

/// Which tenants a list shows; everything where nothing is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TenantFilter {
    /// Only those in this status.
    pub status: Option<TenantStatus>,
    /// Only those of this group; [`Self::grouping`] has to be given for any of [`Show::ALL`].
    pub show: Option<Show>,
    /// How tenants are grouped, as [`crate::Operator::grouping`] tells it: an empty group need not be looked into.
    pub grouping: Option<Arc<Grouping>>,
    /// Only those whose name, number or person's email holds this text; letter case of ASCII letters does not matter.
    pub search: Option<String>,
    /// Only these; an empty list shows none.
    pub ids: Option<Vec<TenantId>>,
    /// Only those that have this tag.
    pub tag: Option<Tag>,
    /// What was heard of before this is stale; needed for [`Show::Stale`].
    pub stale_before: Option<domain::Timestamp>,
    /// In which order.
    pub sort: Sort,
}

/// How many tenants an operator finds in each group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Overview {
    /// All of them.
    pub all: u64,
    /// [`Show::Needs`].
    pub needs: u64,
    /// [`Show::Answering`].
    pub answering: u64,
    /// [`Show::Reconnecting`].
    pub reconnecting: u64,
    /// [`Show::Waiting`].
    pub waiting: u64,
    /// [`Show::Paused`].
    pub paused: u64,
    /// [`Show::New`].
    pub new: u64,
    /// [`Show::Suspended`].
    pub suspended: u64,
    /// [`Show::Error`].
    pub error: u64,
    /// [`Show::Stale`].
    pub stale: u64,
}

impl Overview {
    /// How many are in a group.
    #[must_use]
    pub const fn of(&self, show: Show) -> u64 {
        match show {
            Show::Needs => self.needs,
            Show::Waiting => self.waiting,
            Show::Reconnecting => self.reconnecting,
            Show::Answering => self.answering,
            Show::Suspended => self.suspended,
            Show::Paused => self.paused,
            Show::New => self.new,
            Show::Error => self.error,
            Show::Stale => self.stale,
        }
    }
}

/// How a bot did in the last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeartbeatStrip {
    /// A letter for each five minutes, see `strips.watch`; the last one is that of `slot`.
    pub cells: String,
    /// Milliseconds since 1970 / 300,000.
    pub slot: i64,
}
