//! A cell, and workers that live in it one after the other.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::{
    os::{
        fd::{AsFd, OwnedFd},
        unix::{fs::PermissionsExt, net::UnixStream},
    },
    path::PathBuf,
    sync::Arc,
};

use domain::{BotSettings, Language, Limits, ManualClock, PackId, TenantId};
use link::{
    Exit, Identity, TokenKey, Welcome,
    launch::{self, Launch},
};
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::{
    control::Control,
    server::{Server, number},
};

pub struct Rig {
    pub cell: TempDir,
    pub sockets: TempDir,
    pub tenant: TenantId,
    pub generation: i64,
    pub server: Arc<Server>,
    pub clock: Arc<ManualClock>,
    pub settings: BotSettings,
    pub limits: Limits,
    pub orphan_after_ms: Option<u64>,
    /// Whether it waits with its connection until it is told.
    pub wait: bool,
    /// Whether the control plane says that it tells the open records next.
    pub records_follow: bool,
    key: TokenKey,
}

pub struct Running {
    pub handle: JoinHandle<Exit>,
    pub pair: tokio::net::UnixStream,
}

impl Running {
    pub async fn ended(self) -> Exit {
        self.handle.await.unwrap()
    }
}

impl Rig {
    pub fn new() -> Self {
        Self::within(tempfile::tempdir().unwrap())
    }

    /// With a cell in memory, where there is such a place: for what is tried hundreds of times.
    pub fn in_memory() -> Self {
        Self::within(tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap())
    }

    fn within(cell: TempDir) -> Self {
        std::fs::set_permissions(cell.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        Self {
            cell,
            sockets: tempfile::tempdir().unwrap(),
            tenant: TenantId::generate(),
            generation: 0,
            server: Server::new(),
            clock: Arc::new(ManualClock::new("2026-03-01T08:00:00Z".parse().unwrap())),
            settings: BotSettings {
                version: 1,
                business_name: "Salon Zuri".to_owned(),
                pack: PackId::BOOKING,
                language: Language::Sw,
                timezone: "Africa/Dar_es_Salaam".to_owned(),
                currency: "TZS".to_owned(),
                hours: None,
                declared_number: Some(number("255700000001")),
                confirmed_number: None,
                number_forms: Vec::new(),
                suspended: false,
                remove_deleted: false,
            },
            orphan_after_ms: None,
            wait: false,
            records_follow: false,
            limits: Limits {
                contact_per_minute: 10,
                tenant_per_minute: 60_000,
                chat_queue: 50,
                heartbeat_interval_ms: 30_000,
                quiet_ms: 0,
                clock_ahead_ms: 0,
                neighbours: 0,
                disk_short: false,
            },
            key: TokenKey::from_bytes([7; 32]),
        }
    }

    pub fn identity(&self) -> Identity {
        Identity::new(self.tenant, self.generation, self.key.token(self.tenant, self.generation))
    }

    pub fn socket(&self) -> String {
        link::socket::file_name(self.tenant, self.generation)
    }

    pub fn launch(&self) -> Launch {
        Launch {
            version: launch::VERSION,
            tenant: self.tenant,
            generation: self.generation,
            token: self.key.token(self.tenant, self.generation),
            directory: self.cell.path().to_owned(),
            whatsapp_url: None,
            log_level: "info".to_owned(),
            limits: self.limits,
            wait: self.wait,
            orphan_after_ms: self.orphan_after_ms,
            bounds: domain::WorkerBounds::default(),
            files_key: None,
        }
    }

    /// Starts a worker of the next generation.
    pub fn start(&mut self) -> Running {
        self.generation += 1;
        self.start_again()
    }

    /// Starts a worker of the same generation once more.
    pub fn start_again(&self) -> Running {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let socket = link::socket::bind(self.sockets.path(), &self.socket()).unwrap();
        launch::send(&ours, &self.launch(), socket.as_fd()).unwrap();
        let (launch, start) = launch::receive_from(OwnedFd::from(theirs)).unwrap();
        ours.set_nonblocking(true).unwrap();
        let pair = tokio::net::UnixStream::from_std(ours).unwrap();
        let (server, clock) = (Arc::clone(&self.server), Arc::clone(&self.clock));
        let handle = tokio::spawn(async move {
            worker::run(launch, start, worker::Itself::new("test"), server, clock).await
        });
        Running { handle, pair }
    }

    /// Starts a worker of the next generation and welcomes it.
    pub async fn start_welcomed(&mut self) -> (Running, Control) {
        let mut running = self.start();
        launch::wait_ready(&mut running.pair).await.unwrap();
        let control = self.dial(0).await;
        (running, control)
    }

    pub async fn dial(&self, acknowledged: u64) -> Control {
        let (name, identity) = (self.socket(), self.identity());
        let welcome = Welcome {
            settings: self.settings.clone(),
            limits: self.limits,
            acknowledged,
            acknowledged_records: 0,
            records_follow: self.records_follow,
        };
        Control::dial(self.sockets.path(), &name, &identity, welcome).await
    }

    /// Ends a worker as nothing in it can notice.
    pub async fn crash(&self, running: Running) {
        running.handle.abort();
        let _ = running.handle.await;
        self.server.forget();
        // The next one opens the journal once this one's thread has let go of it: SQLite waits for its lock.
    }

    pub fn journal_path(&self) -> PathBuf {
        self.cell.path().join("journal.db")
    }

    /// Opens the journal of a worker that has ended.
    pub fn journal(&self) -> Connection {
        Connection::open(self.journal_path()).unwrap()
    }

    /// All outcomes by WhatsApp id, in order.
    pub fn outcomes(&self) -> Vec<(String, Option<String>)> {
        let journal = self.journal();
        let mut statement = journal.prepare("SELECT wa_id, outcome FROM inbox ORDER BY seq").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// Ids and states of the outbox, in order.
    pub fn outbox(&self) -> Vec<(String, String)> {
        let journal = self.journal();
        let mut statement = journal.prepare("SELECT wa_id, state FROM outbox ORDER BY seq").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// Stops a worker in good order.
    pub async fn stop(&self, running: Running, mut control: Control) {
        control.say(link::message::Down::Stop).await;
        assert_eq!(running.ended().await, Exit::Done);
    }
}
