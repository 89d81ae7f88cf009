//! What the supervisor is told once, at its start.

use std::time::Duration;

use domain::{Limits, WorkerBounds};
use replies::Packs;
use tokio::sync::watch;

use crate::{RestartTimes, Shares};

/// Settings of the supervisor; the crate `config` has their names, units and defaults.
#[derive(Debug, Clone)]
pub struct Options {
    /// Another WhatsApp than the real one.
    pub whatsapp_url: Option<String>,
    /// How workers of this very build name it: one of another cannot do everything that is asked.
    pub build: String,
    /// What workers log.
    pub log_level: String,
    /// The packs of this installation at the start; see [`crate::Handle::exchange_packs`].
    pub packs: Packs,
    /// How fast workers may act.
    pub limits: Limits,
    /// How long a worker may take to report that it is ready; the runtime's to keep, see `LocalOptions`.
    pub ready_time: Duration,
    /// How long a worker may take to end in good order before SIGTERM.
    pub stop_grace: Duration,
    /// How long a worker may take to unlink its device and to end: WhatsApp has to confirm it.
    pub unlink_grace: Duration,
    /// How long a worker may take after SIGTERM before SIGKILL.
    pub term_grace: Duration,
    /// A running worker that was not heard of for this long is stale: it is ended and started again.
    pub stale_after: Duration,
    /// Time between two looks at each worker and at the rows.
    pub check_every: Duration,
    /// A linked session that is away for this long is an error.
    pub disconnected_too_long: Duration,
    /// Heartbeats that come faster than this are not all written to the database.
    pub heartbeat_store_interval: Duration,
    /// How fast one tenant may fill what all share.
    pub shares: Shares,
    /// Time between two looks at how much a worker has written into its log.
    pub output_check_every: Duration,
    /// Time between two looks at how much a worker's directory holds.
    pub directory_check_every: Duration,
    /// When a worker that died is started again, and when it is given up.
    pub restarts: RestartTimes,
    /// How many workers start at the same time.
    pub parallel_starts: usize,
    /// How long workers go on without a link to us; `None` for as long as it takes, since the next control plane takes them
    /// over.
    pub orphan_after: Option<Duration>,
    /// What each worker may take, and how far it confines itself.
    pub bounds: WorkerBounds,
    /// What the keys are made from by which workers seal their files; `None` leaves them as SQLite writes them.
    pub master_key: Option<seal::MasterKey>,
    /// By how much workers are told that the time is ahead of the machine's, in milliseconds: of a demo whose clock is moved.
    pub clock_ahead: Option<watch::Receiver<i64>>,
    /// Whether the disk of this machine on which workers live is short of room; of a host's disk its runtime tells.
    pub disk_short: Option<watch::Receiver<bool>>,
}

impl Options {
    /// The defaults for these limits: real WhatsApp, level `info`.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            whatsapp_url: None,
            build: String::new(),
            log_level: "info".to_owned(),
            packs: Packs::default(),
            limits,
            ready_time: Duration::from_secs(10),
            stop_grace: Duration::from_secs(10),
            unlink_grace: Duration::from_secs(25),
            term_grace: Duration::from_secs(5),
            stale_after: Duration::from_secs(120),
            check_every: Duration::from_secs(60),
            disconnected_too_long: Duration::from_secs(domain::limits::DISCONNECTED_MINUTES * 60),
            heartbeat_store_interval: Duration::from_secs(10),
            shares: Shares::default(),
            output_check_every: Duration::from_millis(500),
            directory_check_every: Duration::from_secs(2),
            restarts: RestartTimes::default(),
            parallel_starts: 8,
            orphan_after: None,
            bounds: WorkerBounds::default(),
            master_key: None,
            clock_ahead: None,
            disk_short: None,
        }
    }

    /// How fast workers may act, and by which clock.
    pub(crate) fn limits(&self) -> Limits {
        let clock_ahead_ms = self.clock_ahead.as_ref().map_or(0, |ahead| *ahead.borrow());
        Limits { clock_ahead_ms, ..self.limits }
    }

    /// Returns once what is told there has changed; never where nothing is.
    pub(crate) async fn changed<T>(told: &mut Option<watch::Receiver<T>>) {
        if let Some(told) = told
            && told.changed().await.is_ok()
        {
            return;
        }
        std::future::pending::<()>().await;
    }
}
