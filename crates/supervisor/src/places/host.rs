//! One host as it is known at this moment.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use domain::{HostOrder, Timestamp};
use tokio::sync::watch;

use super::Away;
use crate::{Runtime, disk::is_disk_short, service::lock};

/// What a host says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostAbout {
    /// Its program's version.
    pub version: String,
    /// Its name, which must be the one that it is known by.
    pub name: String,
    /// Grows with each of its starts on its volume.
    pub incarnation: i64,
    /// How many tenants it takes.
    pub capacity: u64,
    /// How many workers run there.
    pub running: u64,
    /// Free bytes on its volume, where it says.
    pub disk_free: Option<u64>,
    /// How far its workers are kept apart, in words.
    pub protections: Vec<String>,
}

/// A runtime on another machine.
#[async_trait]
pub trait Host: Runtime {
    /// Asks it what it is.
    ///
    /// # Errors
    /// Where it does not answer, or cannot prove that it is this host.
    async fn about(&self) -> io::Result<HostAbout>;
}

/// A host with what is known of it.
pub(super) struct Known {
    pub(super) name: Arc<str>,
    pub(super) address: String,
    pub(super) runtime: Arc<dyn Host>,
    /// Tenants that have their place there, or are on their way to it.
    pub(super) tenants: AtomicU64,
    now: Mutex<Now>,
    /// Whether its volume is short of room. While it does not answer, what it has said last stands.
    short: watch::Sender<bool>,
}

/// What changes.
struct Now {
    ordered: HostOrder,
    about: Option<HostAbout>,
    /// Why it does not answer, and since when, as it has ever answered; nothing where it does.
    silent: Option<(Option<Timestamp>, String)>,
    /// When it last answered.
    seen: Option<Timestamp>,
    /// When that was last written down.
    noted: Option<Timestamp>,
}

impl Known {
    pub(super) fn new(name: Arc<str>, address: String, runtime: Arc<dyn Host>) -> Self {
        let silent = Some((None, "it was not asked yet".to_owned()));
        let now = Now { ordered: HostOrder::Ready, about: None, silent, seen: None, noted: None };
        let short = watch::Sender::new(false);
        Self { name, address, runtime, tenants: AtomicU64::new(0), now: Mutex::new(now), short }
    }

    /// Why it cannot be used, where it cannot.
    pub(super) fn away(&self) -> Option<Away> {
        let host = self.name.to_string();
        let now = lock(&self.now);
        if now.ordered == HostOrder::Lost {
            return Some(Away::Lost { host });
        }
        now.silent.clone().map(|(since, why)| Away::Silent { host, since, why })
    }

    /// How many tenants it takes now: none where it takes no new ones, or has no room on its disk for what they bring.
    pub(super) fn capacity(&self) -> u64 {
        let now = lock(&self.now);
        match (&now.about, &now.silent, now.ordered) {
            (Some(about), None, HostOrder::Ready) if !*self.short.borrow() => about.capacity,
            _ => 0,
        }
    }

    /// Whether its volume is short of room, as it changes.
    pub(super) fn disk_short(&self) -> watch::Receiver<bool> {
        self.short.subscribe()
    }

    pub(super) fn about(&self) -> Option<HostAbout> {
        lock(&self.now).about.clone()
    }

    pub(super) fn ordered(&self) -> HostOrder {
        lock(&self.now).ordered
    }

    pub(super) fn order(&self, ordered: HostOrder) {
        lock(&self.now).ordered = ordered;
    }

    pub(super) fn seen(&self) -> Option<Timestamp> {
        lock(&self.now).seen
    }

    pub(super) fn noted(&self) -> Option<Timestamp> {
        lock(&self.now).noted
    }

    pub(super) fn note(&self, at: Timestamp) {
        lock(&self.now).noted = Some(at);
    }

    pub(super) fn count(&self, more: bool) {
        let change = |count: u64| Some(if more { count + 1 } else { count.saturating_sub(1) });
        // The closure always answers.
        let _: Result<u64, u64> = self.tenants.fetch_update(Ordering::AcqRel, Ordering::Acquire, change);
    }

    /// It has answered; whether it had not before.
    pub(super) fn answered(&self, about: HostAbout, at: Timestamp) -> bool {
        self.looked_at(about.disk_free);
        let mut now = lock(&self.now);
        now.about = Some(about);
        now.seen = Some(at);
        now.silent.take().is_some()
    }

    /// Tells whenever there is too little room on its volume, or enough again. One that does not say is not taken for full.
    fn looked_at(&self, free: Option<u64>) {
        let Some(free) = free else { return };
        self.short.send_if_modified(|short| {
            let now = is_disk_short(*short, free);
            let has_changed = *short != now;
            if has_changed && now {
                tracing::error!(
                    host = %self.name,
                    free,
                    "the disk of a host is almost full: its workers take nothing from WhatsApp until there is room"
                );
            } else if has_changed {
                tracing::info!(host = %self.name, free, "there is room on the disk of a host again");
            }
            *short = now;
            has_changed
        });
    }

    /// It does not answer, since when it last did; whether that is new.
    pub(super) fn silent(&self, why: String) -> bool {
        let mut now = lock(&self.now);
        let (seen, new) = (now.seen, now.silent.is_none());
        match &mut now.silent {
            Some((_, told)) => *told = why,
            silent @ None => *silent = Some((seen, why)),
        }
        new
    }

    /// As the database has it, before it was asked for the first time.
    pub(super) fn recall(&self, ordered: HostOrder, seen: Option<Timestamp>) {
        let mut now = lock(&self.now);
        now.ordered = ordered;
        now.seen = seen;
        if let Some((since, _)) = &mut now.silent {
            *since = seen;
        }
    }
}
