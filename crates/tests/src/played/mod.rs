//! Many hosts that one process plays: the host's side of the real protocol over loopback, with workers that are no processes. They
//! prove themselves, keep their links and beat, and speak with no WhatsApp.

mod workers;

use std::{fmt::Write as _, net::SocketAddr, path::Path, sync::Arc};

use host::{HostKey, Options, Place, Volume};
use tokio::{net::TcpListener, sync::watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use workers::Played;

/// What their volumes have free: enough.
const DISK_FREE: u64 = 100_000_000_000;

/// Hosts that this process plays. Dropping it ends them with all that runs there.
#[derive(Debug)]
pub struct Fleet {
    addresses: Vec<(String, SocketAddr)>,
    links: watch::Receiver<u64>,
    stop: CancellationToken,
}

impl Fleet {
    /// Hosts of these capacities, with their volumes below `folder`, for the control plane with this `link.key`.
    pub async fn start(folder: &Path, link_key: &[u8; 32], capacities: &[u32]) -> Self {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let (count, links) = watch::channel(0);
        let count = Arc::new(count);
        let mut addresses = Vec::new();
        for (number, &capacity) in capacities.iter().enumerate() {
            let name = format!("host-{number}");
            let volume = folder.join(&name);
            std::fs::create_dir_all(&volume).expect("the folder can be written");
            let key = HostKey::derive(link_key, &name);
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            addresses.push((name.clone(), listener.local_addr().expect("it listens")));
            let options = Options {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                capacity,
                bounds: None,
                folder: volume.clone(),
                place: Arc::new(|| Place { disk_free: Some(DISK_FREE), protections: Vec::new() }),
            };
            let taken = Volume::take(&volume, &name, &key).expect("an empty volume");
            let runtime = Arc::new(Played::new(Arc::clone(&count), tasks.clone(), stop.clone()));
            let served = host::serve(listener, runtime, taken, key, options, stop.clone());
            tasks.spawn(async move { served.await.expect("TLS can be set up") });
        }
        Self { addresses, links, stop }
    }

    /// The setting HOSTS that names them.
    #[must_use]
    pub fn setting(&self) -> String {
        self.addresses.iter().fold(String::new(), |mut all, (name, address)| {
            let comma = if all.is_empty() { "" } else { "," };
            let _ = write!(all, "{comma}{name}={address}");
            all
        })
    }

    /// Their names with their addresses.
    #[must_use]
    pub fn addresses(&self) -> &[(String, SocketAddr)] {
        &self.addresses
    }

    /// Waits until the control plane has exactly so many links to workers.
    pub async fn until_linked(&self, links: u64) {
        let mut now = self.links.clone();
        now.wait_for(|now| *now == links).await.expect("the hosts live as long as this");
    }

    /// How many links the control plane has.
    #[must_use]
    pub fn links(&self) -> u64 {
        *self.links.borrow()
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
