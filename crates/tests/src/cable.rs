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
    task::JoinSet,
};

/// The most bytes after which a connection breaks; a login and a message are less.
const MOST: f64 = 30_000.0;

/// A cable that breaks.
pub struct Cable {
    /// Where bots connect.
    pub port: u16,
    breaks: Arc<watch::Sender<Breaks>>,
    /// Ends with this.
    _laid: JoinSet<()>,
}

/// How often it is to break yet, and how often it has.
#[derive(Debug, Default)]
struct Breaks {
    left: usize,
    broken: usize,
}

/// What one connection may carry yet.
type Left = Arc<Mutex<Option<u64>>>;

/// Listens at a port that the machine gives and has each connection carried by a task of its own, for as long as what it answers
/// beside the port lives.
///
/// # Panics
/// Where this machine gives no port.
pub(crate) async fn lay<F>(mut carry: impl FnMut(TcpStream) -> F + Send + 'static) -> (u16, JoinSet<()>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let port = listener.local_addr().expect("it is bound").port();
    let mut laid = JoinSet::new();
    laid.spawn(async move {
        let mut carried = JoinSet::new();
        while let Ok((client, _)) = listener.accept().await {
            carried.spawn(carry(client));
        }
    });
    (port, laid)
}

impl Cable {
    /// Lays one to a server; `seed` says where it breaks once it does.
    ///
    /// # Panics
    /// Where this machine gives no port.
    pub async fn to(server: SocketAddr, seed: u64) -> Self {
        let breaks = Arc::new(watch::Sender::new(Breaks::default()));
        let (counted, mut draw) = (Arc::clone(&breaks), StdRng::seed_from_u64(seed));
        let (port, laid) = lay(move |client| {
            let at = draw.random_range(0.0..MOST.ln()).exp() as u64;
            carry(client, server, at, Arc::clone(&counted))
        })
        .await;
        Self { port, breaks, _laid: laid }
    }

    /// From now on it breaks so often: what is connected now, and what connects anew.
    pub fn breaks(&self, often: usize) {
        self.breaks.send_modify(|breaks| breaks.left += often);
    }

    /// How often it has broken yet.
    #[must_use]
    pub fn broken_yet(&self) -> usize {
        self.breaks.borrow().broken
    }
}

async fn carry(client: TcpStream, server: SocketAddr, at: u64, breaks: Arc<watch::Sender<Breaks>>) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    let left: Left = Arc::default();
    // A few more break than shall, where several do at once.
    let mut told = breaks.subscribe();
    let armed = async {
        if told.wait_for(|breaks| breaks.left > 0).await.is_ok() {
            *left.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = one_way(from_client, to_server, &left) => {}
        () = one_way(from_server, to_client, &left) => {}
        () = armed => {}
    }
    let broken = *left.lock().unwrap_or_else(PoisonError::into_inner) == Some(0);
    if broken {
        breaks.send_modify(|breaks| {
            breaks.left = breaks.left.saturating_sub(1);
            breaks.broken += 1;
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
