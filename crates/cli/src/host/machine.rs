//! A host in this process: the local runtime behind one listener. `flowhq host` runs it.

use std::{path::Path, sync::Arc, time::Duration};

use ::host::{HostKey, Options, Place, Volume};
use api::Protection;
use config::Settings;
use domain::TenantId;
use supervisor::{LocalProcesses, Runtime};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::{Confined, descriptors, lock, protection, room, workers::local};
use crate::{error::CliError, version};

/// How long a worker may take to report that it is ready.
const READY_TIME: Duration = Duration::from_secs(10);

/// A host that listens.
pub(crate) struct Machine {
    listener: TcpListener,
    runtime: Arc<dyn Runtime>,
    volume: Volume,
    key: HostKey,
    options: Options,
    followed: confine::Followed,
    end_workers: Option<Duration>,
    _lock: lock::DataDirLock,
}

impl Machine {
    /// Takes the volume in the data directory and listens. The directories are there, and the process is closed.
    pub(crate) async fn start(
        settings: &Settings,
        name: &str,
        key: HostKey,
        confined: Confined,
    ) -> Result<Self, CliError> {
        let (paths, machines) = (&settings.paths, &settings.machines);
        let Confined { applied, followed, throttle, .. } = confined;
        descriptors::allow_many();
        // Neither a control plane nor another host has these tenants' directories.
        let lock = lock::DataDirLock::take(&paths.data_dir)?;
        let volume =
            Volume::take(&paths.data_dir, name, &key).map_err(|error| CliError::Failed(error.to_string()))?;
        let listener = TcpListener::bind(machines.listen).await.map_err(|error| {
            CliError::Failed(format!("HOST_LISTEN: {} cannot be listened on: {error}", machines.listen))
        })?;
        let executable = supervisor::executable(settings.workers.executable.clone())?;
        let protection::Found { protection, users } =
            protection::look(settings, &executable, &applied, &throttle)?;
        let runtime = LocalProcesses::open(local(settings, executable, (users, throttle.ok()), READY_TIME));
        let runtime = runtime.map_err(|error| CliError::Failed(error.to_string()))?;
        let (cells, protections) = (paths.sessions.clone(), told(&protection));
        let options = Options {
            version: version::BUILD.to_owned(),
            capacity: machines.capacity,
            bounds: Some(settings.bounds()),
            folder: paths.data_dir.clone(),
            place: Arc::new(move || Place {
                disk_free: room::free(&cells),
                protections: protections.clone(),
            }),
        };
        let end_workers = settings.workers.stop_with_serve.then_some(settings.workers.stop_grace);
        Ok(Self {
            listener,
            runtime: Arc::new(runtime),
            volume,
            key,
            options,
            followed,
            end_workers,
            _lock: lock,
        })
    }

    /// Where it listens, and which incarnation it is.
    pub(crate) fn told(&self) -> Result<(std::net::SocketAddr, u64), CliError> {
        Ok((self.listener.local_addr()?, self.volume.incarnation()))
    }

    /// Lets workers run until `end`; they go on after it, unless STOP_WORKERS ends them.
    pub(crate) async fn serve(self, end: impl Future<Output = ()>) -> Result<(), CliError> {
        let Self { listener, runtime, volume, key, options, followed, end_workers: grace, _lock } = self;
        let stop = CancellationToken::new();
        let served = async {
            let served =
                ::host::serve(listener, Arc::clone(&runtime), volume, key, options, stop.clone()).await;
            stop.cancel();
            served
        };
        let ending = async {
            let lost = tokio::select! {
                () = end => None,
                () = stop.cancelled() => None,
                lost = super::outlived(followed, stop.clone()) => Some(lost),
            };
            stop.cancel();
            lost
        };
        let (served, lost) = tokio::join!(served, ending);
        served.map_err(|error| CliError::Failed(error.to_string()))?;
        if let Some(grace) = grace {
            end_workers(&runtime, grace).await;
        }
        lost.map_or(Ok(()), |lost| Err(outlived(&lost)))
    }
}

fn outlived(lost: &Path) -> CliError {
    CliError::Failed(format!(
        "{} was replaced by a file that the host may not read: it ends to be started again. The workers go on",
        lost.display()
    ))
}

/// Ends all workers, side by side: where what they run in ends with this process, they end in good order.
async fn end_workers(runtime: &Arc<dyn Runtime>, grace: Duration) {
    let tenants = runtime.list().await.unwrap_or_default();
    let mut ending = JoinSet::new();
    for tenant in tenants {
        ending.spawn(end_worker(Arc::clone(runtime), tenant, grace));
    }
    while ending.join_next().await.is_some() {}
}

async fn end_worker(runtime: Arc<dyn Runtime>, tenant: TenantId, grace: Duration) {
    for process in runtime.find(tenant, None).await.unwrap_or_default() {
        supervisor::end(&*process, grace).await;
    }
}

/// What keeps workers apart here, in the words that operators read.
fn told(protection: &Protection) -> Vec<String> {
    let mut told = vec![format!("confinement {}", protection.wanted)];
    told.extend(protection.missing.iter().map(|missing| format!("without {missing}")));
    told.push(match (&protection.users, &protection.no_users) {
        (Some(users), _) => format!("users {users}"),
        (None, why) => format!("one user for all: {}", why.as_deref().unwrap_or("unknown why")),
    });
    told.push(match (&protection.throttle, &protection.no_throttle) {
        (Some(share), _) => format!("throttled to {share} of a core"),
        (None, why) => format!("not throttled: {}", why.as_deref().unwrap_or("unknown why")),
    });
    told
}
