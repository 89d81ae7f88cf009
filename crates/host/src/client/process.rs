//! A worker on a host. That the host is away is no end of it: how it ended is asked again until the host has said so.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use supervisor::{Ended, Process, WorkerId};
use tokio::{
    io::{AsyncRead, AsyncWrite, split},
    sync::{Notify, mpsc, watch},
};
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use super::connection::Connection;
use crate::wire::{Bound, News, Verb, hear, say, within};

/// The pause before a host is asked again about a worker of which it would not tell.
const PAUSE: Duration = Duration::from_secs(1);
/// How long the host may take to read a word.
const SAY_TIME: Duration = Duration::from_secs(30);
/// What is still to be said to the host about this worker.
const WORDS_MAX: usize = 4;

/// A worker that runs on a host, or has run.
pub(super) struct HostProcess {
    id: WorkerId,
    pid: Option<u32>,
    connection: Arc<Connection>,
    told: Arc<Told>,
    ended: watch::Receiver<Option<Ended>>,
    words: mpsc::Sender<Bound>,
    _watching: AbortOnDropHandle<()>,
}

/// What the host has told of it.
#[derive(Default)]
struct Told {
    grown: AtomicU64,
    outgrown: AtomicBool,
    /// How large its directory may be, in bytes; 0 before anybody has asked.
    most: AtomicU64,
    /// That the growth was taken in.
    looked: Notify,
    /// That there is something new.
    news: Notify,
}

impl HostProcess {
    pub(super) fn new(id: WorkerId, pid: Option<u32>, connection: Arc<Connection>) -> Self {
        let (told, (ending, ended)) = (Arc::<Told>::default(), watch::channel(None));
        let (words, said) = mpsc::channel(WORDS_MAX);
        let watching = watch(id, Arc::clone(&connection), Arc::clone(&told), ending, said);
        let watching = AbortOnDropHandle::new(TaskTracker::new().spawn(watching));
        Self { id, pid, connection, told, ended, words, _watching: watching }
    }
}

#[async_trait]
impl Process for HostProcess {
    fn id(&self) -> WorkerId {
        self.id
    }

    fn pid(&self) -> Option<u32> {
        self.pid
    }

    fn is_here(&self) -> bool {
        false
    }

    async fn ended(&self) -> Ended {
        let mut ended = self.ended.clone();
        let known = ended.wait_for(Option::is_some).await.map(|ended| *ended);
        match known {
            Ok(Some(ended)) => ended,
            // The runtime is shutting down: nobody will be told.
            _ => std::future::pending().await,
        }
    }

    async fn terminate(&self) -> io::Result<()> {
        self.connection.ask::<()>(Verb::Terminate { id: self.id }).await.map(drop)
    }

    async fn kill(&self) -> io::Result<()> {
        self.connection.ask::<()>(Verb::Kill { id: self.id }).await.map(drop)
    }

    fn is_within_reach(&self) -> bool {
        self.connection.is_there()
    }

    fn output(&self) -> u64 {
        let grown = self.told.grown.swap(0, Ordering::Relaxed);
        if grown > 0 {
            self.told.looked.notify_one();
        }
        grown
    }

    async fn outgrown(&self, most: u64) -> bool {
        if self.told.most.swap(most, Ordering::Relaxed) != most {
            // Told anew by each watch: one that is full is told by the next.
            let _full = self.words.try_send(Bound::Directory(most));
        }
        self.told.outgrown.load(Ordering::Relaxed)
    }

    fn news(&self) -> Option<&Notify> {
        Some(&self.told.news)
    }

    async fn tidy(&self) {
        // The host looks after its logs; what is not said now is said the next time.
        let _full = self.words.try_send(Bound::Tidy);
    }
}

/// Watches a worker until it has ended.
async fn watch(
    id: WorkerId,
    connection: Arc<Connection>,
    told: Arc<Told>,
    ending: watch::Sender<Option<Ended>>,
    mut words: mpsc::Receiver<Bound>,
) {
    loop {
        connection.again().await;
        match once(id, &connection, &told, &mut words).await {
            Ok(ended) => {
                ending.send_replace(Some(ended));
                return;
            }
            Err(error) => {
                tracing::debug!(tenant = %id.tenant, generation = id.generation, %error, "a worker is not watched");
            }
        }
        // A host that refuses again and again is not asked without a pause.
        tokio::time::sleep(PAUSE.mul_f64(rand::random())).await;
    }
}

async fn once(
    id: WorkerId,
    connection: &Connection,
    told: &Told,
    words: &mut mpsc::Receiver<Bound>,
) -> io::Result<Ended> {
    let ((), talk) = connection.ask::<()>(Verb::Watch { id }).await?;
    let (mut read, mut write) = split(talk);
    tokio::select! {
        ended = listen(&mut read, told) => ended,
        Err(error) = speak(&mut write, told, words) => Err(error),
    }
}

async fn listen(read: &mut (impl AsyncRead + Unpin), told: &Told) -> io::Result<Ended> {
    loop {
        match hear(read).await? {
            News::Grown(bytes) => {
                let before = told.grown.load(Ordering::Relaxed);
                told.grown.store(before.saturating_add(bytes), Ordering::Relaxed);
            }
            News::Outgrown(is) => told.outgrown.store(is, Ordering::Relaxed),
            News::Ended(ended) => return Ok(ended),
        }
        told.news.notify_one();
    }
}

async fn speak(
    write: &mut (impl AsyncWrite + Unpin),
    told: &Told,
    words: &mut mpsc::Receiver<Bound>,
) -> io::Result<()> {
    let most = told.most.load(Ordering::Relaxed);
    if most > 0 {
        within(SAY_TIME, say(write, &Bound::Directory(most))).await?;
    }
    loop {
        let word = tokio::select! {
            () = told.looked.notified() => Bound::Looked,
            Some(word) = words.recv() => word,
        };
        within(SAY_TIME, say(write, &word)).await?;
    }
}
