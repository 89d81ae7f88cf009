//! A way to a host that a test cuts, moves and holds.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};
use tokio_util::{
    sync::CancellationToken,
    task::{AbortOnDropHandle, TaskTracker},
};

pub(super) struct Relay {
    pub(super) address: SocketAddr,
    way: Arc<Way>,
    _kept: AbortOnDropHandle<()>,
}

struct Way {
    to: Mutex<SocketAddr>,
    /// Bytes that still go through, in both directions together; below 0 all do.
    left: AtomicI64,
    carried: AtomicU64,
    cut: Mutex<CancellationToken>,
    tasks: TaskTracker,
}

impl Relay {
    pub(super) async fn to(to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let way = Arc::new(Way {
            to: Mutex::new(to),
            left: AtomicI64::new(-1),
            carried: AtomicU64::new(0),
            cut: Mutex::new(CancellationToken::new()),
            tasks: TaskTracker::new(),
        });
        let kept = TaskTracker::new().spawn(Arc::clone(&way).carry(listener));
        Self { address, way, _kept: AbortOnDropHandle::new(kept) }
    }

    /// Leads elsewhere from now on, and cuts what is open.
    pub(super) fn lead_to(&self, to: SocketAddr) {
        *self.way.to.lock().unwrap() = to;
        self.cut();
    }

    /// Cuts what is open.
    pub(super) fn cut(&self) {
        let mut cut = self.way.cut.lock().unwrap();
        std::mem::replace(&mut *cut, CancellationToken::new()).cancel();
    }

    /// Cuts everything once so many more bytes have gone through, and mends it at once.
    pub(super) fn cut_after(&self, bytes: u64) {
        self.way.left.store(i64::try_from(bytes).unwrap(), Ordering::SeqCst);
    }

    /// Cuts nothing any more.
    pub(super) fn mend(&self) {
        self.way.left.store(-1, Ordering::SeqCst);
    }

    /// Bytes that have gone through.
    pub(super) fn carried(&self) -> u64 {
        self.way.carried.load(Ordering::SeqCst)
    }
}

impl Way {
    async fn carry(self: Arc<Self>, listener: TcpListener) {
        while let Ok((near, _)) = listener.accept().await {
            let (to, cut) = (*self.to.lock().unwrap(), self.cut.lock().unwrap().clone());
            let way = Arc::clone(&self);
            self.tasks.spawn(async move {
                let Ok(far) = TcpStream::connect(to).await else { return };
                let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                let both = async {
                    tokio::select! {
                        () = way.pass(near_in, far_out) => {}
                        () = way.pass(far_in, near_out) => {}
                    }
                };
                Box::pin(cut.run_until_cancelled(both)).await;
            });
        }
    }

    async fn pass(&self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let mut chunk = [0; 4096];
        while let Ok(read @ 1..) = from.read(&mut chunk).await {
            let mut last = false;
            let mut most = read;
            let _other_is_cut_too = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                if left < 0 {
                    return None;
                }
                let goes = left.min(i64::try_from(read).unwrap());
                most = usize::try_from(goes).unwrap();
                last = goes == left;
                Some(if last { -1 } else { left - goes })
            });
            if to.write_all(&chunk[..most]).await.is_err() {
                return;
            }
            self.carried.fetch_add(most as u64, Ordering::SeqCst);
            if last {
                let mut cut = self.cut.lock().unwrap();
                std::mem::replace(&mut *cut, CancellationToken::new()).cancel();
                return;
            }
        }
    }
}
