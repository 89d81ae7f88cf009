//! A host over loopback.

use std::{net::SocketAddr, path::Path, sync::Arc};

use domain::TenantId;
use supervisor::WorkerId;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::{
    sync::CancellationToken,
    task::{AbortOnDropHandle, TaskTracker},
};

use super::fake::Fake;
use crate::{HostError, HostKey, HostRuntime, Options, Place, Volume, serve};

/// The name of the host in these tests.
pub(super) const NAME: &str = "host-0";

pub(super) fn key() -> HostKey {
    HostKey::derive(&[1; 32], NAME)
}

pub(super) struct Bed {
    pub(super) fake: Arc<Fake>,
    pub(super) address: SocketAddr,
    pub(super) volume: Arc<TempDir>,
    pub(super) stop: CancellationToken,
    served: AbortOnDropHandle<Result<(), HostError>>,
}

pub(super) fn options(folder: &Path) -> Options {
    Options {
        version: "9.9.9-test".to_owned(),
        capacity: 20,
        bounds: None,
        folder: folder.to_owned(),
        place: Arc::new(|| Place { disk_free: Some(77), protections: vec!["confinement\nfull".to_owned()] }),
    }
}

impl Bed {
    pub(super) async fn new() -> Self {
        Self::on(Arc::new(tempfile::tempdir().unwrap()), Arc::default(), "127.0.0.1:0").await
    }

    /// A host on a volume, with workers, at an address.
    pub(super) async fn on(volume: Arc<TempDir>, fake: Arc<Fake>, address: &str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        let taken = Volume::take(volume.path(), NAME, &key()).unwrap();
        let served = serve(listener, fake.clone(), taken, key(), options(volume.path()), stop.clone());
        let served = AbortOnDropHandle::new(TaskTracker::new().spawn(served));
        Self { fake, address, volume, stop, served }
    }

    /// Ends this host, and starts the next incarnation on its volume with the workers that go on.
    pub(super) async fn again(self) -> Self {
        let (fake, volume) = (Arc::clone(&self.fake), Arc::clone(&self.volume));
        self.end().await;
        Self::on(volume, fake, "127.0.0.1:0").await
    }

    pub(super) async fn end(self) {
        self.stop.cancel();
        super::soon("the host's end", self.served).await.unwrap().unwrap();
    }

    pub(super) fn client(&self) -> HostRuntime {
        client(self.address)
    }
}

pub(super) fn client(address: SocketAddr) -> HostRuntime {
    HostRuntime::new(NAME, &address.to_string(), key()).unwrap()
}

/// A generation of a new tenant's.
pub(super) fn new_id() -> WorkerId {
    WorkerId { tenant: TenantId::generate(), generation: 1 }
}

/// Waits until the host is there, or away.
pub(super) async fn until(host: &HostRuntime, away: bool) {
    super::soon("a change", async {
        while host.away().is_some() != away {
            host.changed().await;
        }
    })
    .await;
}
