//! Workers that are no processes: they start at once, say back what they are told, and end when they are ended.

use std::{
    collections::HashMap,
    io::{self, Write as _},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use domain::{Limits, TenantId, WorkerBounds};
use link::{Generation, TokenKey};
use supervisor::{Ended, LogTail, Order, Process, Runtime, StartError, Stream, WorkerId};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    sync::{Semaphore, watch},
};
use tokio_util::task::TaskTracker;
use vault::Resealer;

use super::farewell::Farewell;

/// Files by name, as they were laid.
type Laid = Vec<(String, Vec<u8>)>;

/// What has happened to workers.
#[derive(Default)]
pub(super) struct Fake {
    pub(super) started: Mutex<Vec<WorkerId>>,
    pub(super) bounds: Mutex<Option<WorkerBounds>>,
    pub(super) laid: Mutex<HashMap<TenantId, Laid>>,
    pub(super) purged: Mutex<Vec<TenantId>>,
    pub(super) forgotten: Mutex<Vec<WorkerId>>,
    /// Starts that wait here, where there is something to wait for.
    pub(super) gate: Mutex<Option<Arc<Semaphore>>>,
    /// Starts that have come to the gate.
    pub(super) at_gate: watch::Sender<usize>,
    /// Whether workers have ended, with something said, by the time at which they are talked with.
    pub(super) says_farewell: Mutex<bool>,
    workers: Mutex<HashMap<WorkerId, Arc<Worker>>>,
    tasks: TaskTracker,
}

/// One of them.
pub(super) struct Worker {
    id: WorkerId,
    pub(super) ended: watch::Sender<Option<Ended>>,
    /// By how much its log has grown since it was looked at.
    pub(super) grown: Mutex<u64>,
    pub(super) size: Mutex<u64>,
}

#[async_trait]
impl Process for Worker {
    fn id(&self) -> WorkerId {
        self.id
    }

    fn pid(&self) -> Option<u32> {
        Some(4_000_000)
    }

    async fn ended(&self) -> Ended {
        let mut ended = self.ended.subscribe();
        ended.wait_for(Option::is_some).await.unwrap().unwrap()
    }

    async fn terminate(&self) -> io::Result<()> {
        self.end(Ended::Code(0));
        Ok(())
    }

    async fn kill(&self) -> io::Result<()> {
        self.end(Ended::Signal(9));
        Ok(())
    }

    fn output(&self) -> u64 {
        std::mem::take(&mut *self.grown.lock().unwrap())
    }

    async fn outgrown(&self, most: u64) -> bool {
        *self.size.lock().unwrap() > most
    }
}

impl Worker {
    pub(super) fn end(&self, how: Ended) {
        self.ended.send_if_modified(|ended| {
            let first = ended.is_none();
            ended.get_or_insert(how);
            first
        });
    }

    fn lives(&self) -> bool {
        self.ended.borrow().is_none()
    }
}

impl Fake {
    pub(super) fn worker(&self, id: WorkerId) -> Arc<Worker> {
        Arc::clone(&self.workers.lock().unwrap()[&id])
    }

    /// Of this tenant.
    pub(super) fn alive(&self, tenant: TenantId) -> Vec<WorkerId> {
        let workers = self.workers.lock().unwrap();
        workers.values().filter(|worker| worker.id.tenant == tenant && worker.lives()).map(|w| w.id).collect()
    }
}

/// An order as the supervisor gives it.
pub(super) fn order(id: WorkerId) -> Order {
    Order {
        id,
        token: TokenKey::from_bytes([1; 32]).token(id.tenant, id.generation),
        whatsapp_url: None,
        log_level: "info".to_owned(),
        limits: Limits {
            contact_per_minute: 10,
            tenant_per_minute: 60,
            chat_queue: 20,
            heartbeat_interval_ms: 50,
            quiet_ms: 0,
            clock_ahead_ms: 0,
            neighbours: 0,
            disk_short: false,
        },
        wait: false,
        bounds: WorkerBounds::default(),
        files_key: None,
        orphan_after: None,
    }
}

#[async_trait]
impl Runtime for Fake {
    async fn start(&self, order: Order) -> Result<Arc<dyn Process>, StartError> {
        let gate = self.gate.lock().unwrap().clone();
        if let Some(gate) = gate {
            self.at_gate.send_modify(|waiting| *waiting += 1);
            gate.acquire().await.unwrap().forget();
        }
        let id = order.id;
        // As the lock of a cell does.
        if !self.alive(id.tenant).is_empty() {
            return Err(StartError::CellBusy);
        }
        self.started.lock().unwrap().push(id);
        *self.bounds.lock().unwrap() = Some(order.bounds);
        let worker = Arc::new(Worker {
            id,
            ended: watch::Sender::new(None),
            grown: Mutex::new(0),
            size: Mutex::new(0),
        });
        self.workers.lock().unwrap().insert(id, Arc::clone(&worker));
        Ok(worker)
    }

    async fn find(
        &self,
        tenant: TenantId,
        _: Option<(Generation, u32)>,
    ) -> io::Result<Vec<Arc<dyn Process>>> {
        Ok(self.alive(tenant).into_iter().map(|id| self.worker(id) as Arc<dyn Process>).collect())
    }

    async fn list(&self) -> io::Result<Vec<TenantId>> {
        Ok(self
            .workers
            .lock()
            .unwrap()
            .values()
            .filter(|worker| worker.lives())
            .map(|w| w.id.tenant)
            .collect())
    }

    async fn dial(&self, process: &Arc<dyn Process>) -> io::Result<Box<dyn Stream>> {
        if !self.worker(process.id()).lives() {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        if *self.says_farewell.lock().unwrap() {
            return Ok(Box::<Farewell>::default());
        }
        let (near, mut far) = tokio::io::duplex(64 * 1024);
        self.tasks.spawn(async move {
            let mut chunk = [0; 4096];
            while let Ok(read @ 1..) = far.read(&mut chunk).await {
                if far.write_all(&chunk[..read]).await.is_err() {
                    return;
                }
            }
        });
        Ok(Box::new(near))
    }

    async fn forget(&self, id: WorkerId) {
        self.forgotten.lock().unwrap().push(id);
    }

    async fn log_tail(&self, _: TenantId, most: u64, after: Option<u64>) -> io::Result<LogTail> {
        let text = b"one\ntwo\n".to_vec();
        match after {
            Some(404) => Err(io::ErrorKind::NotFound.into()),
            _ => Ok(LogTail {
                text: text[..text.len().min(most as usize)].to_vec(),
                more: false,
                end: 8,
                rotating: false,
            }),
        }
    }

    async fn journal_copy(&self, _: TenantId) -> io::Result<Vec<(&'static str, std::fs::File)>> {
        Ok(vec![("journal.db", file(b"copy"))])
    }

    async fn journal_at_rest(&self, tenant: TenantId) -> io::Result<Vec<(&'static str, std::fs::File)>> {
        if !self.alive(tenant).is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(vec![("journal.db", file(b"rest")), ("journal.db-wal", file(b"log"))])
    }

    async fn cell_at_rest(
        &self,
        _: TenantId,
        resealer: Option<Arc<Resealer>>,
    ) -> io::Result<Vec<(String, std::fs::File)>> {
        assert!(resealer.is_none(), "a host has no keys");
        Ok(vec![
            ("session.db".to_owned(), file(&vec![7; 300_000])),
            ("session.db.ended".to_owned(), file(b"")),
        ])
    }

    async fn lay_cell(
        &self,
        tenant: TenantId,
        resealer: Option<Arc<Resealer>>,
        files: Vec<(String, std::fs::File)>,
    ) -> io::Result<()> {
        assert!(resealer.is_none(), "a host has no keys");
        let read = |(name, mut file): (String, std::fs::File)| {
            let mut content = Vec::new();
            io::Read::read_to_end(&mut file, &mut content).unwrap();
            (name, content)
        };
        self.laid.lock().unwrap().insert(tenant, files.into_iter().map(read).collect());
        Ok(())
    }

    async fn purge(&self, tenant: TenantId) -> io::Result<()> {
        self.purged.lock().unwrap().push(tenant);
        Ok(())
    }
}

/// A file with this in it.
pub(super) fn file(content: &[u8]) -> std::fs::File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(content).unwrap();
    io::Seek::rewind(&mut file).unwrap();
    file
}
