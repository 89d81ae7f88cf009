//! The host's side: one listener, and behind it a runtime. It goes on without any control plane: workers are told nothing of its
//! connections, and what ran before its own start is found and taken over.
//!
//! The control plane that has proved itself last is the one that is listened to. What an earlier one has asked and was not begun
//! yet is not begun any more, so that no order comes in after somebody else has looked.

mod connection;
mod planted;
mod verbs;
mod watching;
mod workers;

use std::{fmt, io, path::PathBuf, sync::Arc, time::Duration};

use domain::WorkerBounds;
use supervisor::Runtime;
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{HostError, HostKey, Place, Volume, tls};
use connection::Door;
pub(crate) use connection::{CONNECTION_WINDOW, HEADERS_MAX_BYTES, STREAM_WINDOW};
use workers::Workers;

/// Connections that have not proved themselves yet.
const STRANGERS_MAX: usize = 16;
/// The pause after a connection that could not be accepted, such as for want of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What a host is told at its start.
#[derive(Clone)]
pub struct Options {
    /// The build, as it is told.
    pub version: String,
    /// Tenants that it has room for.
    pub capacity: u32,
    /// What its workers may take and how far they confine themselves, whatever is ordered; `None` leaves that to the order.
    pub bounds: Option<WorkerBounds>,
    /// Where files are laid that are on their way.
    pub folder: PathBuf,
    /// What its place is; asked now and then.
    pub place: Arc<dyn Fn() -> Place + Send + Sync>,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("version", &self.version)
            .field("capacity", &self.capacity)
            .field("bounds", &self.bounds)
            .finish_non_exhaustive()
    }
}

/// Lets a control plane that knows the key have workers run here, until `stop`. The workers go on after it.
///
/// # Errors
/// Where TLS cannot be set up.
pub async fn serve(
    listener: TcpListener,
    runtime: Arc<dyn Runtime>,
    volume: Volume,
    key: HostKey,
    options: Options,
    stop: CancellationToken,
) -> Result<(), HostError> {
    let tasks = TaskTracker::new();
    let workers = Workers::new(runtime, options.bounds, tasks.clone(), stop.clone());
    let door = Arc::new(Door { tls: tls::server()?, workers, volume, key, options, tasks: tasks.clone() });
    let (adopting, until) = (Arc::clone(&door), stop.clone());
    tasks.spawn(async move { until.run_until_cancelled(adopting.workers.adopt_all()).await });
    let strangers = Arc::new(Semaphore::new(STRANGERS_MAX));
    while let Some(accepted) = stop.run_until_cancelled(accept(&listener, &strangers)).await {
        match accepted {
            Ok((stream, from, place)) => {
                let (door, stop) = (Arc::clone(&door), stop.clone());
                tasks.spawn(async move {
                    Box::pin(stop.run_until_cancelled(door.enter(stream, from, place))).await;
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    tasks.close();
    tasks.wait().await;
    Ok(())
}

/// The next connection, once there is a place for another stranger.
async fn accept(
    listener: &TcpListener,
    strangers: &Arc<Semaphore>,
) -> io::Result<(tokio::net::TcpStream, std::net::SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(strangers).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, from) = listener.accept().await?;
    Ok((stream, from, place))
}
