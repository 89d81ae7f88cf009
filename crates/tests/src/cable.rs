//! A cable between bots and a server that breaks at a byte: everything that passes is counted, in both directions.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    sync::watch,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The most bytes after which a connection breaks; a login and a message are less.
const MOST: f64 = 30_000.0;

/// A cable that breaks.
pub struct Cable {
    /// Where bots connect.
    pub port: u16,
    breaks: Arc<watch::Sender<Breaks>>,
    _ends: tokio_util::sync::DropGuard,
}

/// How often it is to break yet, and where it has.
#[derive(Debug, Default)]
struct Breaks {
    left: usize,
    at: Vec<u64>,
}

/// What one connection may carry yet.
type Left = Arc<Mutex<Option<u64>>>;

impl Cable {
    /// Lays one to a server; `seed` says where it breaks once it does.
    ///
    /// # Panics
    /// Where this machine gives no port.
    pub async fn to(server: SocketAddr, seed: u64) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let port = listener.local_addr().expect("it is bound").port();
        let breaks = Arc::new(watch::Sender::new(Breaks::default()));
        let ends = CancellationToken::new();
        let (counted, end) = (Arc::clone(&breaks), ends.clone());
        let laid = async move {
            let (mut draw, carried) = (StdRng::seed_from_u64(seed), TaskTracker::new());
            while let Some(Ok((client, _))) = end.run_until_cancelled(listener.accept()).await {
                let at = draw.random_range(0.0..MOST.ln()).exp() as u64;
                carried.spawn(carry(client, server, at, Arc::clone(&counted), end.child_token()));
            }
        };
        let tracker = TaskTracker::new();
        tracker.spawn(laid);
        Self { port, breaks, _ends: ends.drop_guard() }
    }

    /// From now on it breaks so often: what is connected now, and what connects anew.
    pub fn breaks(&self, often: usize) {
        self.breaks.send_modify(|breaks| breaks.left += often);
    }

    /// How often it has broken yet.
    #[must_use]
    pub fn broken_yet(&self) -> usize {
        self.breaks.borrow().at.len()
    }
}

async fn carry(
    client: TcpStream,
    server: SocketAddr,
    at: u64,
    breaks: Arc<watch::Sender<Breaks>>,
    end: CancellationToken,
) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    let left: Left = Arc::default();
    // A few more break than shall, where several do at once.
    let mut told = breaks.subscribe();
    let armed = async {
        loop {
            let mine = told.borrow_and_update().left > 0;
            if mine {
                *left.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
                return std::future::pending::<()>().await;
            }
            if told.changed().await.is_err() {
                return std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = one_way(from_client, to_server, &left) => {}
        () = one_way(from_server, to_client, &left) => {}
        () = armed => {}
        () = end.cancelled() => {}
    }
    let broken = *left.lock().unwrap_or_else(PoisonError::into_inner) == Some(0);
    if broken {
        breaks.send_modify(|breaks| {
            breaks.left = breaks.left.saturating_sub(1);
            breaks.at.push(at);
        });
    }
}

/// Carries bytes until an end closes or the cable breaks.
async fn one_way(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, left: &Left) {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let Ok(read @ 1..) = from.read(&mut bytes).await else { return };
        let carried = {
            let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
            match left.as_mut() {
                None => read,
                Some(left) => {
                    let carried = read.min(usize::try_from(*left).unwrap_or(usize::MAX));
                    *left -= carried as u64;
                    carried
                }
            }
        };
        if to.write_all(&bytes[..carried]).await.is_err() || carried < read {
            return;
        }
    }
}
