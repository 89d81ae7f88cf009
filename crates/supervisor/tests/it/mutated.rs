//! S15 over sockets: workers that send mutated frames to a running control plane.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

#[path = "../../../link/tests/mutation/mod.rs"]
mod mutation;

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use domain::{JournalId, Language, PackId, SessionState, SystemClock, TenantId};
use link::{
    Generation, Hello, Identity, LinkError, TokenKey,
    message::{Heartbeat, Up},
};
use rand::{SeedableRng as _, rngs::StdRng};
use store::{NewTenant, Store, Target};
use supervisor::{Ended, Order, Process, Runtime, StartError, Stream, WorkerId};
use tokio::{io::AsyncWriteExt, net::UnixStream, sync::watch};

/// Tenants whose workers lie, and the frames of each.
const LIARS: usize = 10;
const FRAMES: usize = 30;
const SEED: u64 = 15;
const KEY: [u8; 32] = [7; 32];

/// How the frames fared.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Fared {
    /// The control plane said why it ends the connection.
    refused: usize,
    /// It read on, to the end of the stream.
    handled: usize,
}

/// Workers that are tasks of this process, with real sockets to the control plane.
struct Liars {
    key: TokenKey,
    /// The frames that are left of each tenant; a tenant that is not here is honest.
    frames: Mutex<HashMap<TenantId, Vec<Vec<u8>>>>,
    fared: watch::Sender<Fared>,
    /// Connections to honest workers.
    honest_dials: watch::Sender<usize>,
}

struct Liar {
    id: WorkerId,
    ended: Arc<watch::Sender<Option<Ended>>>,
}

#[async_trait]
impl Process for Liar {
    fn id(&self) -> WorkerId {
        self.id
    }

    fn pid(&self) -> Option<u32> {
        None
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

/// What the trait [`Runtime`] gets: it dials by the process alone.
struct Shared(Arc<Liars>, Mutex<HashMap<WorkerId, Arc<watch::Sender<Option<Ended>>>>>);

#[async_trait]
impl Runtime for Shared {
    async fn start(&self, order: Order) -> Result<Arc<dyn Process>, StartError> {
        let ended = Arc::new(watch::Sender::new(None));
        self.1.lock().unwrap().insert(order.id, Arc::clone(&ended));
        Ok(Arc::new(Liar { id: order.id, ended }))
    }

    async fn find(&self, _: TenantId, _: Option<(Generation, u32)>) -> io::Result<Vec<Arc<dyn Process>>> {
        Ok(Vec::new())
    }

    async fn list(&self) -> io::Result<Vec<TenantId>> {
        Ok(Vec::new())
    }

    async fn dial(&self, process: &Arc<dyn Process>) -> io::Result<Box<dyn Stream>> {
        let id = process.id();
        let ended = self.1.lock().unwrap().get(&id).cloned().ok_or(io::ErrorKind::ConnectionRefused)?;
        let (ours, theirs) = UnixStream::pair()?;
        let frame = self.0.frames.lock().unwrap().get_mut(&id.tenant).map(Vec::pop);
        match frame {
            None => {
                self.0.honest_dials.send_modify(|dials| *dials += 1);
                drop(tokio::spawn(honest(theirs, self.0.key.token(id.tenant, id.generation), id)));
            }
            // Nothing is left to be said.
            Some(None) => return Err(io::ErrorKind::ConnectionRefused.into()),
            Some(Some(frame)) => {
                let (liars, token) = (Arc::clone(&self.0), self.0.key.token(id.tenant, id.generation));
                drop(tokio::spawn(async move {
                    let refused = lie(theirs, token, id, &frame).await;
                    liars.fared.send_modify(|fared| match refused {
                        true => fared.refused += 1,
                        false => fared.handled += 1,
                    });
                    // The next frame comes from the next worker.
                    ended.send_replace(Some(Ended::Code(1)));
                }));
            }
        }
        Ok(Box::new(ours))
    }

    async fn forget(&self, id: WorkerId) {
        self.1.lock().unwrap().remove(&id);
    }

    async fn purge(&self, _: TenantId) -> io::Result<()> {
        Ok(())
    }
}

fn hello() -> Hello {
    Hello { journal: JournalId::generate(), last_sequence: 0, build: "liar".to_owned(), wants_records: false }
}

/// Proves itself, says one frame as it is, and reads until the control plane ends the connection: whether it said why.
async fn lie(stream: UnixStream, token: link::Token, id: WorkerId, frame: &[u8]) -> bool {
    let stream = stream.into_std().unwrap();
    let mut raw = UnixStream::from_std(stream.try_clone().unwrap()).unwrap();
    let stream = UnixStream::from_std(stream).unwrap();
    let side = link::accept(stream, &Identity::new(id.tenant, id.generation, token)).await.unwrap();
    let (_, _up, mut down) = side.hello(hello()).await.unwrap();
    // It may have been cut off in the middle already.
    let _gone = raw.write_all(frame).await;
    let _gone = raw.shutdown().await;
    loop {
        match down.recv().await {
            Ok(_) => {}
            Err(LinkError::RefusedByPeer(refusal)) => {
                assert!(!refusal.detail.is_empty(), "{refusal:?}");
                return true;
            }
            Err(_) => return false,
        }
    }
}

async fn honest(stream: UnixStream, token: link::Token, id: WorkerId) {
    let side = link::accept(stream, &Identity::new(id.tenant, id.generation, token)).await.unwrap();
    let (_, mut up, mut down) = side.hello(hello()).await.unwrap();
    let beat = || {
        Up::Heartbeat(Heartbeat {
            at: domain::Clock::now(&SystemClock),
            session: SessionState::Disconnected,
            memory_bytes: None,
            cpu_ms: 0,
            uptime_ms: 0,
            queued: 0,
            unsent: 0,
            unlogged: 0,
            last_message_at: None,
            settings_version: None,
            unreadable: 0,
            clock_behind_ms: None,
            profile_version: None,
            pack_hash: None,
            hand_offs: 0,
            unsent_records: 0,
            confinement: None,
        })
    };
    let mut beats = tokio::time::interval(Duration::from_millis(200));
    loop {
        tokio::select! {
            _ = beats.tick() => if up.send(beat()).await.is_err() { return },
            heard = down.recv() => if heard.is_err() { return },
        }
    }
}

async fn tenant(store: &Store, name: &str) -> TenantId {
    let new = NewTenant {
        name: name.to_owned(),
        phone: None,
        timezone: "Africa/Dar_es_Salaam".to_owned(),
        currency: "TZS".to_owned(),
        business_name: name.to_owned(),
        template_type: PackId::BOOKING,
        language: Language::Sw,
        hours: None,
        rate_limit_per_minute: None,
        remove_deleted: false,
        profile: None,
    };
    store.operator().create_tenant(&new).await.unwrap().tenant.id
}

#[tokio::test]
async fn mutated_frames_over_a_socket_are_refused_or_handled_and_nobody_else_is_cut_off() {
    let directory = tempfile::tempdir().unwrap();
    let target = Target::Sqlite(directory.path().join("flowhq.db"));
    let store = Store::open(&target, Arc::new(SystemClock)).await.unwrap();
    let liars = Arc::new(Liars {
        key: TokenKey::from_bytes(KEY),
        frames: Mutex::default(),
        fared: watch::Sender::new(Fared::default()),
        honest_dials: watch::Sender::new(0),
    });
    let mut options = crate::common::options();
    options.restarts.loop_deaths = usize::MAX;
    let runtime = Arc::new(Shared(Arc::clone(&liars), Mutex::default()));
    let handle =
        supervisor::start(options, store.clone(), runtime, TokenKey::from_bytes(KEY), Arc::new(SystemClock));
    let neighbour = tenant(&store, "neighbour").await;
    handle.start(neighbour).await.unwrap();
    let mut dials = liars.honest_dials.subscribe();
    dials.wait_for(|dials| *dials == 1).await.unwrap();

    let mut random = StdRng::seed_from_u64(SEED);
    // What says how the session fares ends a worker for good where it is believed; it is for the codec's own test.
    let mut samples = mutation::up();
    samples.retain(|sample| !String::from_utf8_lossy(sample).contains("\"type\":\"session\""));
    for n in 0..LIARS {
        let liar = tenant(&store, &format!("liar {n}")).await;
        let frames = (0..FRAMES).map(|_| mutation::mutated(&mut random, &samples)).collect();
        liars.frames.lock().unwrap().insert(liar, frames);
        handle.start(liar).await.unwrap();
    }
    let mut fared = liars.fared.subscribe();
    let all = fared.wait_for(|fared| fared.refused + fared.handled == LIARS * FRAMES);
    let all = *tokio::time::timeout(Duration::from_secs(120), all).await.unwrap().unwrap();
    assert!(all.refused > 50 && all.handled > 50, "each kind is there: {all:?}");
    assert_eq!(*liars.honest_dials.borrow(), 1, "the neighbour's connection is its first");
    assert!(handle.live(neighbour).is_some_and(|live| live.linked));
    assert_eq!(store.tenant(neighbour).get().await.unwrap().worker.restarts, 0);
    handle.shutdown(false).await;
}
