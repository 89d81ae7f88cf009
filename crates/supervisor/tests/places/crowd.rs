//! Many workers that are to be linked at once, as after the end of a control plane: played by this process.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use async_trait::async_trait;
use domain::{DesiredState, JournalId, SystemClock, TenantId};
use link::{Generation, Hello, Identity, LinkError, TokenKey};
use store::{NotesChange, Store, Target};
use supervisor::{
    CellMark, Ended, Options, Order, Process, Runtime, StartError, Stream, WorkerId, load_or_create_key,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf},
    sync::watch,
    time::timeout,
};
use tokio_util::task::TaskTracker;

use crate::common::{self, PATIENCE};

/// More than are let in at once.
const WORKERS: usize = 400;
/// As many as are.
const AT_ONCE: usize = 256;

/// Where they run. None of them says a word before the door is open.
struct Crowd {
    key: TokenKey,
    started: watch::Sender<usize>,
    /// How many of them the control plane talks with, and the most that there were before the door was open.
    talked_with: Arc<AtomicUsize>,
    most: AtomicUsize,
    is_open: watch::Sender<bool>,
    linked: Arc<watch::Sender<usize>>,
    tasks: TaskTracker,
}

struct Worker(WorkerId);

/// The control plane's end of a link.
struct Talk {
    stream: DuplexStream,
    talked_with: Arc<AtomicUsize>,
}

impl Drop for Talk {
    fn drop(&mut self) {
        self.talked_with.fetch_sub(1, Ordering::SeqCst);
    }
}

impl AsyncRead for Talk {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Talk {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A worker's end of a link.
async fn talk(
    stream: DuplexStream,
    identity: Identity,
    mut is_open: watch::Receiver<bool>,
    linked: Arc<watch::Sender<usize>>,
) -> Result<(), LinkError> {
    let side = link::accept(stream, &identity).await?;
    drop(is_open.wait_for(|is_open| *is_open).await);
    let hello = Hello {
        journal: JournalId::generate(),
        last_sequence: 0,
        build: "1.0".to_owned(),
        wants_records: false,
    };
    let (_welcome, _up, mut down) = side.hello(hello).await?;
    linked.send_modify(|linked| *linked += 1);
    loop {
        down.recv().await?;
    }
}

#[async_trait]
impl Process for Worker {
    fn id(&self) -> WorkerId {
        self.0
    }

    fn pid(&self) -> Option<u32> {
        None
    }

    async fn ended(&self) -> Ended {
        std::future::pending().await
    }

    async fn terminate(&self) -> io::Result<()> {
        Ok(())
    }

    async fn kill(&self) -> io::Result<()> {
        Ok(())
    }
}

#[async_trait]
impl Runtime for Crowd {
    async fn start(&self, order: Order) -> Result<Arc<dyn Process>, StartError> {
        self.started.send_modify(|started| *started += 1);
        Ok(Arc::new(Worker(order.id)))
    }

    async fn find(&self, _: TenantId, _: Option<(Generation, u32)>) -> io::Result<Vec<Arc<dyn Process>>> {
        Ok(Vec::new())
    }

    async fn list(&self) -> io::Result<Vec<TenantId>> {
        Ok(Vec::new())
    }

    async fn dial(&self, process: &Arc<dyn Process>) -> io::Result<Box<dyn Stream>> {
        let id = process.id();
        let identity = Identity::new(id.tenant, id.generation, self.key.token(id.tenant, id.generation));
        let (near, far) = tokio::io::duplex(4096);
        let talked_with = Arc::clone(&self.talked_with);
        let now = talked_with.fetch_add(1, Ordering::SeqCst) + 1;
        if !*self.is_open.borrow() {
            self.most.fetch_max(now, Ordering::SeqCst);
        }
        let talk = talk(far, identity, self.is_open.subscribe(), Arc::clone(&self.linked));
        self.tasks.spawn(talk);
        Ok(Box::new(Talk { stream: near, talked_with }))
    }

    async fn forget(&self, _: WorkerId) {}

    async fn mark_cell(&self, _: TenantId, _: CellMark) -> io::Result<()> {
        Ok(())
    }

    async fn purge(&self, _: TenantId) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn of_many_workers_that_are_to_be_linked_at_once_some_are_and_the_others_wait_their_turn() {
    let directory = tempfile::tempdir().unwrap();
    let target = Target::Sqlite(directory.path().join("flowhq.db"));
    let store = Store::open(&target, Arc::new(SystemClock)).await.unwrap();
    let batch = vec![(super::salon(), NotesChange::default()); WORKERS];
    for tenant in store.operator().create_tenants(&batch).await.unwrap() {
        store.tenant(tenant).set_desired(DesiredState::Run).await.unwrap();
    }
    let key = || load_or_create_key(&directory.path().join("key")).unwrap();
    let crowd = Arc::new(Crowd {
        key: key(),
        started: watch::Sender::default(),
        talked_with: Arc::default(),
        most: AtomicUsize::default(),
        is_open: watch::Sender::default(),
        linked: Arc::default(),
        tasks: TaskTracker::new(),
    });
    // Nobody beats, and nobody is to be ended for it.
    let long = PATIENCE * 60;
    let options = Options { stale_after: long, check_every: long, ..common::options() };
    let runtime: Arc<dyn Runtime> = Arc::<Crowd>::clone(&crowd);
    let handle = supervisor::start(options, store.clone(), runtime, key(), Arc::new(SystemClock));
    let (mut started, mut linked) = (crowd.started.subscribe(), crowd.linked.subscribe());
    timeout(PATIENCE, started.wait_for(|started| *started == WORKERS)).await.unwrap().unwrap();
    crowd.is_open.send_replace(true);
    assert_eq!(crowd.most.load(Ordering::SeqCst), AT_ONCE);
    // Those that had to wait come in as others are let in, and none is lost.
    timeout(PATIENCE, linked.wait_for(|linked| *linked >= WORKERS)).await.unwrap().unwrap();
    handle.shutdown(true).await;
}
