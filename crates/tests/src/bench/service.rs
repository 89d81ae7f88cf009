//! What is measured: Flow HQ, and bots of other makes that do the same. All are asked the same things in the same order.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use virtual_whatsapp::{EventKind, Server};

use super::{
    flow::Flow,
    peer::{DOCUMENTED, FAST, Make, Peer, Programs},
};
use crate::LIMIT;

/// How long the start of many sessions may take.
const MANY: Duration = Duration::from_secs(600);

/// One of those that are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter, strum::IntoStaticStr, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum Subject {
    /// Flow HQ.
    FlowHq,
    /// whatsmeow with the fastest store that its users have.
    Whatsmeow,
    /// The same with a journal.
    WhatsmeowJournal,
    /// whatsmeow with the store of its own example.
    WhatsmeowDocumented,
    /// Baileys.
    Baileys,
    /// The same with a journal.
    BaileysJournal,
}

impl Subject {
    /// Its name in the record.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The most sessions that it is asked for: a process of Node for each takes what the machine has, and the store of
    /// whatsmeow's example takes seconds for each session that is linked.
    #[must_use]
    pub const fn most(self) -> usize {
        match self {
            Self::Baileys | Self::BaileysJournal | Self::WhatsmeowDocumented => 50,
            Self::FlowHq | Self::Whatsmeow | Self::WhatsmeowJournal => usize::MAX,
        }
    }

    /// Whether it differs from another by what it keeps of a message alone.
    #[must_use]
    pub const fn is_variant(self) -> bool {
        matches!(self, Self::WhatsmeowJournal | Self::WhatsmeowDocumented | Self::BaileysJournal)
    }

    /// What it is called on a page.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::FlowHq => "Flow HQ",
            Self::Whatsmeow => "whatsmeow",
            Self::WhatsmeowJournal => "whatsmeow, journal",
            Self::WhatsmeowDocumented => "whatsmeow, its example's store",
            Self::Baileys => "Baileys",
            Self::BaileysJournal => "Baileys, journal",
        }
    }

    const fn make(self) -> Option<Make> {
        let (baileys, journal, store) = match self {
            Self::FlowHq => return None,
            Self::Whatsmeow => (false, false, FAST),
            Self::WhatsmeowJournal => (false, true, FAST),
            Self::WhatsmeowDocumented => (false, false, DOCUMENTED),
            Self::Baileys => (true, false, ""),
            Self::BaileysJournal => (true, true, ""),
        };
        Some(Make { baileys, journal, store })
    }
}

/// A part of what is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Part {
    /// The control plane.
    Control,
    /// From which bots are forked.
    Zygote,
    /// The bots.
    Bots,
}

/// What linking took, session by session.
#[derive(Debug, Default)]
pub struct Linking {
    /// From the order to the QR code.
    pub to_qr: Vec<Duration>,
    /// From the scanned code until customers can write to the bot.
    pub to_linked: Vec<Duration>,
}

/// One that runs.
pub enum Service {
    /// Flow HQ.
    Flow(Box<Flow>),
    /// Another.
    Peer(Box<Peer>),
}

impl Service {
    /// Starts one without sessions.
    ///
    /// # Errors
    /// Where its program, or its database, is not there.
    pub async fn start(
        subject: Subject,
        whatsapp: &Server,
        programs: &Programs,
        postgres: bool,
        reply: &str,
    ) -> Result<Self, String> {
        let directory = tempfile::Builder::new().prefix("flowhq-bench-").tempdir();
        let directory = directory.map_err(|error| error.to_string())?;
        Ok(match subject.make() {
            None => Self::Flow(Box::new(Flow::start(whatsapp, directory, postgres).await?)),
            Some(make) => {
                Self::Peer(Box::new(Peer::start(make, programs, whatsapp, directory, reply).await?))
            }
        })
    }

    /// Links sessions until there are so many.
    ///
    /// # Errors
    /// Where one cannot be linked.
    pub async fn grow(&mut self, to: usize) -> Result<Linking, String> {
        match self {
            Self::Flow(flow) => flow.grow(to).await,
            Self::Peer(peer) => peer.grow(to).await,
        }
    }

    /// Has so many more sessions show their QR codes, which nobody scans.
    ///
    /// # Errors
    /// Where one does not come.
    pub async fn show_codes(&mut self, more: usize) -> Result<(), String> {
        match self {
            Self::Flow(flow) => flow.show_codes(more).await,
            Self::Peer(peer) => peer.show_codes(more).await,
        }
    }

    /// Ends all of it.
    ///
    /// # Errors
    /// Where something does not end.
    pub async fn down(&mut self) -> Result<(), String> {
        match self {
            Self::Flow(flow) => flow.down(),
            Self::Peer(peer) => peer.down().await?,
        }
        Ok(())
    }

    /// Starts all of it, on the build that ships.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub async fn up(&mut self) -> Result<(), String> {
        match self {
            Self::Flow(flow) => {
                flow.ship();
                flow.up().await;
            }
            Self::Peer(peer) => peer.up().await?,
        }
        Ok(())
    }

    /// Ends one linked session and begins it again: until it is logged in.
    ///
    /// # Errors
    /// Where it does not come back.
    pub async fn again(&mut self, n: usize) -> Result<Duration, String> {
        match self {
            Self::Flow(flow) => flow.again(n).await,
            Self::Peer(peer) => peer.again(n).await,
        }
    }

    /// Its processes by what they are.
    #[must_use]
    pub fn parts(&self) -> Vec<(Part, Vec<u32>)> {
        match self {
            Self::Flow(flow) => flow.parts(),
            Self::Peer(peer) => peer.parts(),
        }
    }

    /// Its processes.
    #[must_use]
    pub fn pids(&self) -> Vec<u32> {
        self.parts().into_iter().flat_map(|(_, pids)| pids).collect()
    }

    /// The numbers of its sessions, in their order.
    #[must_use]
    pub fn numbers(&self) -> Vec<String> {
        match self {
            Self::Flow(flow) => flow.numbers(),
            Self::Peer(peer) => peer.numbers(),
        }
    }
}

/// The phone of `number` scans a code; how long it takes until the device has uploaded keys, before which nobody can write
/// to it.
pub(super) async fn linked(
    whatsapp: &Server,
    seen: u64,
    number: &str,
    code: &str,
) -> Result<Duration, String> {
    let phone = whatsapp.phone(number).map_err(|error| error.to_string())?;
    let began = Instant::now();
    phone.scan(code).await.map_err(|error| error.to_string())?;
    let keys =
        |event: &EventKind| matches!(event, EventKind::PrekeysUploaded { number: own, .. } if own == number);
    whatsapp.events().wait_after(seen, LIMIT, keys).await.map_err(|error| format!("{number}: {error}"))?;
    Ok(began.elapsed())
}

/// Waits until the device of `number` is logged in and takes stanzas.
pub(super) async fn logged_in(whatsapp: &Server, seen: u64, number: &str) -> Result<(), String> {
    let active = |event: &EventKind| matches!(event, EventKind::Active { number: own, .. } if own == number);
    let came = whatsapp.events().wait_after(seen, LIMIT, active).await;
    came.map(drop).map_err(|error| format!("{number} is not logged in: {error}"))
}

/// Waits until so many devices have logged in since an event.
///
/// # Errors
/// Where they do not come.
pub async fn all_logged_in(whatsapp: &Server, seen: u64, count: usize) -> Result<(), String> {
    let mut there = HashSet::new();
    let all = |event: &EventKind| {
        if let EventKind::Active { number, .. } = event {
            there.insert(number.clone());
        }
        there.len() >= count
    };
    let came = whatsapp.events().wait_after(seen, MANY, all).await;
    came.map(drop).map_err(|_| format!("not all of {count} have logged in within {MANY:?}"))
}
