//! Workers that are no processes: they start at once, cannot be spoken to, and end when they are told.

use std::{collections::HashMap, io, sync::Arc, sync::Mutex};

use async_trait::async_trait;
use domain::TenantId;
use link::Generation;
use supervisor::{
    Ended, Host, HostAbout, LogTail, NamedHost, Order, Process, Runtime, StartError, Stream, WorkerId,
};
use tokio::sync::watch;

#[derive(Default)]
pub(super) struct Pretend(Mutex<HashMap<TenantId, Arc<PretendProcess>>>, Mutex<HashMap<TenantId, LogTail>>);

impl Pretend {
    /// Has a tenant's log end like this.
    pub(super) fn logs(&self, tenant: TenantId, tail: LogTail) {
        self.1.lock().unwrap().insert(tenant, tail);
    }
}

struct PretendProcess {
    id: WorkerId,
    ended: watch::Sender<Option<Ended>>,
}

#[async_trait]
impl Process for PretendProcess {
    fn id(&self) -> WorkerId {
        self.id
    }

    fn pid(&self) -> Option<u32> {
        Some(4_000_000)
    }

    async fn ended(&self) -> Ended {
        let mut ended = self.ended.subscribe();
        let seen = ended.wait_for(Option::is_some).await;
        seen.ok().and_then(|ended| *ended).unwrap_or(Ended::Unknown)
    }

    async fn terminate(&self) -> io::Result<()> {
        self.ended.send_replace(Some(Ended::Code(0)));
        Ok(())
    }

    async fn kill(&self) -> io::Result<()> {
        self.ended.send_replace(Some(Ended::Signal(9)));
        Ok(())
    }
}

#[async_trait]
impl Runtime for Pretend {
    async fn start(&self, order: Order) -> Result<Arc<dyn Process>, StartError> {
        let process = Arc::new(PretendProcess { id: order.id, ended: watch::Sender::new(None) });
        self.0.lock().unwrap().insert(order.id.tenant, Arc::clone(&process));
        Ok(process)
    }

    async fn find(&self, _: TenantId, _: Option<(Generation, u32)>) -> io::Result<Vec<Arc<dyn Process>>> {
        Ok(Vec::new())
    }

    async fn list(&self) -> io::Result<Vec<TenantId>> {
        Ok(Vec::new())
    }

    async fn dial(&self, _: &Arc<dyn Process>) -> io::Result<Box<dyn Stream>> {
        Err(io::ErrorKind::ConnectionRefused.into())
    }

    async fn forget(&self, id: WorkerId) {
        self.0.lock().unwrap().remove(&id.tenant);
    }

    async fn log_tail(&self, tenant: TenantId, _: u64, _: Option<u64>) -> io::Result<LogTail> {
        self.1.lock().unwrap().get(&tenant).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    async fn purge(&self, tenant: TenantId) -> io::Result<()> {
        self.1.lock().unwrap().remove(&tenant);
        Ok(())
    }
}

/// A host that takes ten tenants, of which none ever runs.
pub(super) struct PretendHost {
    name: String,
    disk_free: Option<u64>,
    workers: Pretend,
}

impl PretendHost {
    /// With so many free bytes, where it says.
    pub(super) fn named(name: &str, disk_free: Option<u64>) -> NamedHost {
        let runtime = Arc::new(Self { name: name.to_owned(), disk_free, workers: Pretend::default() });
        NamedHost { name: name.to_owned(), address: "10.0.0.1:7443".to_owned(), runtime }
    }
}

#[async_trait]
impl Runtime for PretendHost {
    async fn start(&self, order: Order) -> Result<Arc<dyn Process>, StartError> {
        self.workers.start(order).await
    }

    async fn find(
        &self,
        tenant: TenantId,
        hint: Option<(Generation, u32)>,
    ) -> io::Result<Vec<Arc<dyn Process>>> {
        self.workers.find(tenant, hint).await
    }

    async fn list(&self) -> io::Result<Vec<TenantId>> {
        self.workers.list().await
    }

    async fn dial(&self, process: &Arc<dyn Process>) -> io::Result<Box<dyn Stream>> {
        self.workers.dial(process).await
    }

    async fn forget(&self, id: WorkerId) {
        self.workers.forget(id).await;
    }

    async fn purge(&self, tenant: TenantId) -> io::Result<()> {
        self.workers.purge(tenant).await
    }
}

#[async_trait]
impl Host for PretendHost {
    async fn about(&self) -> io::Result<HostAbout> {
        Ok(HostAbout {
            version: "1.0".to_owned(),
            name: self.name.clone(),
            incarnation: 1,
            capacity: 10,
            running: 0,
            disk_free: self.disk_free,
            protections: Vec::new(),
        })
    }
}
