//! The server: it listens, and hands out handles to what lives in it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::Error;
use crate::faults::Faults;
use crate::handles::{self, AccountInfo, Customer, GroupInfo, GroupOptions, LinkedDevice, Phone};
use crate::media;
use crate::net;
use crate::noise::Identity;
use crate::options::Options;
use crate::persist;
use crate::phones::PhoneError;
use crate::random::Entropy;
use crate::signal::SignalFault;
use crate::sync::lock;
use crate::truth::{Counters, EventKind, Events, WaitError, count};
use crate::world::{Directory, World};

/// A WhatsApp server of one's own. See the crate's documentation for an example.
#[derive(Debug)]
pub struct VirtualWhatsApp;

impl VirtualWhatsApp {
    /// Starts a server and returns once it listens.
    ///
    /// # Errors
    /// [`Error::Bind`] when the address cannot be listened on.
    pub async fn start(options: Options) -> Result<Server, Error> {
        let entropy = Entropy::new(options.seed);
        let kept = options.state_file.as_deref().map(persist::load).transpose()?.flatten();
        let (noise, directory) = match kept {
            Some(kept) => persist::rebuild(&kept, &options.limits, &entropy)?,
            None => {
                (Identity::generate(&mut entropy.fork()).map_err(SignalFault::from)?, Directory::default())
            }
        };
        let world = World::new(options, entropy, noise, directory);
        let address = world.options.bind;
        let listener = bind(address).await?;
        let bound = listener.local_addr().map_err(|cause| Error::Bind { address, cause })?;
        let inner = Inner { world, address: bound, life: Mutex::new(None) };
        let server = Server { inner: Arc::new(inner) };
        server.save()?;
        server.listen(listener);
        Ok(server)
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).await.map_err(|cause| Error::Bind { address, cause })
}

/// A running server. Clones are the same server; it stops when the last one is dropped, or by [`Server::shutdown`].
#[derive(Clone)]
pub struct Server {
    inner: Arc<Inner>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("address", &self.inner.address).finish_non_exhaustive()
    }
}

struct Inner {
    world: Arc<World>,
    address: SocketAddr,
    life: Mutex<Option<Life>>,
}

/// One span of listening.
#[derive(Clone)]
struct Life {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(life) = lock(&self.life).take() {
            life.stop.cancel();
            if let Some(path) = &self.world.options.state_file
                && let Err(e) = persist::save(&self.world, path)
            {
                tracing::error!(error = %e, "the state was not saved");
            }
        }
    }
}

impl Server {
    /// The WebSocket address for clients: `ws://HOST:PORT/ws/chat`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("ws://{}/ws/chat", self.inner.address)
    }

    /// The address that is listened on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.inner.address
    }

    /// The public root key of the Noise certificate chain, for clients that let their user set it.
    #[must_use]
    pub fn root_key(&self) -> [u8; 32] {
        self.inner.world.noise.root_key()
    }

    /// Everything that happened, in order.
    #[must_use]
    pub fn events(&self) -> Events {
        Events(self.inner.world.clone())
    }

    /// Counts since the start.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.inner.world.counters.snapshot()
    }

    /// The live counts.
    pub(crate) fn counts(&self) -> &crate::truth::CounterSet {
        &self.inner.world.counters
    }

    /// Waits until the counts fit, and returns them. `limit` is real time.
    ///
    /// # Errors
    /// [`crate::WaitError::Timeout`] when they never did; it tells what they were.
    pub async fn wait_for_counters(
        &self,
        limit: Duration,
        fits: impl Fn(&Counters) -> bool,
    ) -> Result<Counters, WaitError> {
        self.inner.world.counters.wait(limit, fits).await
    }

    /// The server's time; a manual one can be moved.
    #[must_use]
    pub fn clock(&self) -> &crate::Clock {
        &self.inner.world.clock
    }

    /// The phone of `number`; the account is made where there is none, as a business with a name of its own.
    ///
    /// # Errors
    /// [`Error::BadNumber`].
    pub fn phone(&self, number: &str) -> Result<Phone, Error> {
        handles::phone(&self.inner.world, number)
    }

    /// The customer of `number`, made where there is none; an existing one is given the new name.
    ///
    /// # Errors
    /// [`Error::BadNumber`].
    pub fn customer(&self, number: &str, name: &str) -> Result<Customer, Error> {
        handles::customer(&self.inner.world, number, name)
    }

    /// The phone of a number that must be there.
    ///
    /// # Errors
    /// [`PhoneError::NoAccount`].
    pub fn find_phone(&self, number: &str) -> Result<Phone, Error> {
        handles::find_phone(&self.inner.world, number)
    }

    /// The customer of a number that must be there, under whatever name.
    ///
    /// # Errors
    /// [`PhoneError::NoAccount`].
    pub fn find_customer(&self, number: &str) -> Result<Customer, Error> {
        handles::find_customer(&self.inner.world, number)
    }

    /// A linked device of an account.
    ///
    /// # Errors
    /// [`PhoneError::NoAccount`], [`PhoneError::NoDevice`].
    pub fn device(&self, number: &str, device: u16) -> Result<LinkedDevice, Error> {
        let account = self.inner.world.directory.by_number(number);
        let account = account.ok_or_else(|| PhoneError::NoAccount(number.to_owned()))?;
        let found = account.device(device);
        let found = found.ok_or_else(|| PhoneError::NoDevice { number: number.to_owned(), device })?;
        Ok(LinkedDevice::new(self.inner.world.clone(), found))
    }

    /// Every account there is, by number.
    #[must_use]
    pub fn accounts(&self) -> Vec<AccountInfo> {
        self.inner.world.directory.accounts().iter().map(|a| AccountInfo::of(a)).collect()
    }

    /// Makes a group of accounts that exist; `by_lid` says how its members are named.
    ///
    /// # Errors
    /// [`PhoneError::NoAccount`] names a member that is none.
    pub fn group(&self, subject: &str, members: &[&str], by_lid: bool) -> Result<GroupInfo, Error> {
        let options = GroupOptions { by_lid, ..GroupOptions::default() };
        self.group_with(subject, members, &options)
    }

    /// Makes a group of accounts that exist, or a community.
    ///
    /// # Errors
    /// [`PhoneError::NoAccount`] names a member or admin that is none, [`PhoneError::NoGroup`] a community.
    pub fn group_with(
        &self,
        subject: &str,
        members: &[&str],
        options: &GroupOptions,
    ) -> Result<GroupInfo, Error> {
        handles::make_group(&self.inner.world, subject, members, options)
    }

    /// Every group there is, by id.
    #[must_use]
    pub fn groups(&self) -> Vec<GroupInfo> {
        self.inner.world.directory.groups().iter().map(|g| GroupInfo::of(g)).collect()
    }

    /// The bounds that it was started with.
    #[must_use]
    pub fn limits(&self) -> crate::Limits {
        self.inner.world.options.limits
    }

    /// The board of faults.
    #[must_use]
    pub fn faults(&self) -> Faults {
        Faults(self.inner.world.clone())
    }

    /// Writes the state file now, where there is one. It is also written every few seconds while something happens,
    /// and when the server stops; after a kill in between, what is newer is lost, as with a power cut.
    ///
    /// # Errors
    /// [`crate::StateError`] inside [`Error::State`].
    pub fn save(&self) -> Result<(), Error> {
        if let Some(path) = &self.inner.world.options.state_file {
            persist::save(&self.inner.world, path)?;
        }
        Ok(())
    }

    /// Serves a connection that somebody else has accepted, for instance a TLS listener; returns when it ends.
    pub async fn serve_stream<S>(&self, stream: S)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let life = lock(&self.inner.life).clone();
        if let Some(life) = life {
            let served = connect(self.inner.world.clone(), stream, life.stop.child_token());
            life.tasks.track_future(served).await;
        }
    }

    /// Runs a connection that somebody else accepts as a task of this span of listening, which waits for its end; the
    /// token says when that is due. Nothing where the server does not listen.
    pub(crate) fn host<F>(&self, connection: impl FnOnce(CancellationToken) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let life = lock(&self.inner.life).clone();
        if let Some(life) = life {
            life.tasks.spawn(connection(life.stop.child_token()));
        }
    }

    /// Serves a connection to the media store that a TLS listener has accepted.
    pub(crate) async fn serve_files<S>(&self, stream: S)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let stop = lock(&self.inner.life).as_ref().map(|life| life.stop.child_token());
        if let Some(stop) = stop {
            let _ = stop.run_until_cancelled_owned(media::serve(self.inner.world.clone(), stream)).await;
        }
    }

    /// Where clients find the media store from now on, as `host:port`.
    pub(crate) fn set_media_host(&self, host: Option<String>) {
        self.inner.world.media.set_host(host);
    }

    /// Closes every connection and the listener, waits for their ends, and listens again on the same address with
    /// everything kept: accounts, links, keys, queues. What was unacknowledged comes again.
    ///
    /// # Errors
    /// [`Error::Bind`] when the address was taken meanwhile.
    pub async fn restart(&self) -> Result<(), Error> {
        self.stop().await;
        let listener = bind(self.inner.address).await?;
        self.listen(listener);
        Ok(())
    }

    /// Ends every connection and the listener, and returns when they have ended.
    pub async fn shutdown(&self) {
        self.stop().await;
    }

    async fn stop(&self) {
        let life = lock(&self.inner.life).take();
        if let Some(life) = life {
            life.stop.cancel();
            life.tasks.close();
            life.tasks.wait().await;
            if let Err(e) = self.save() {
                tracing::error!(error = %e, "the state was not saved");
            }
            self.inner.world.event(EventKind::Stopped);
        }
    }

    fn listen(&self, listener: TcpListener) {
        let life = Life { stop: CancellationToken::new(), tasks: TaskTracker::new() };
        let accept = accept(self.inner.world.clone(), listener, life.clone());
        life.tasks.spawn(accept);
        if let Some(path) = &self.inner.world.options.state_file {
            life.tasks.spawn(keep(self.inner.world.clone(), path.clone(), life.stop.clone()));
        }
        *lock(&self.inner.life) = Some(life);
        self.inner.world.event(EventKind::Listening);
    }
}

/// How often the state is written while something happens.
const SAVE_EVERY: Duration = Duration::from_secs(2);

/// Writes the state file again and again while events come.
async fn keep(world: Arc<World>, path: PathBuf, stop: CancellationToken) {
    let events = Events(world.clone());
    let mut saved = events.last();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(SAVE_EVERY) => {}
        }
        let last = events.last();
        if last == saved {
            continue;
        }
        let (world, path) = (world.clone(), path.clone());
        let written = tokio::task::spawn_blocking(move || persist::save(&world, &path)).await;
        match written {
            Ok(Ok(())) => saved = last,
            Ok(Err(e)) => tracing::error!(error = %e, "the state was not saved"),
            Err(e) => tracing::error!(error = %e, "saving the state failed"),
        }
    }
}

async fn accept(world: Arc<World>, listener: TcpListener, life: Life) {
    loop {
        let accepted = tokio::select! {
            () = life.stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                // Answers are small and awaited: batching them only delays.
                if let Err(e) = stream.set_nodelay(true) {
                    tracing::debug!(error = %e, "nodelay was not set");
                }
                life.tasks.spawn(connect(world.clone(), stream, life.stop.child_token()));
            }
            Err(e) => {
                // Out of descriptors, mostly: give connections time to end instead of spinning.
                tracing::warn!(error = %e, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// Counts a connection in and out, and closes what is over the limit.
async fn connect<S>(world: Arc<World>, stream: S, stop: CancellationToken)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    count(&world.counters.accepted);
    let open = world.counters.open.up();
    let guard = OpenGuard(world.clone());
    if usize::try_from(open).unwrap_or(usize::MAX) >= world.options.limits.connections {
        count(&world.counters.over_limit);
        return;
    }
    Box::pin(net::serve(world, stream, stop)).await;
    drop(guard);
}

/// Counts down even where the task is dropped midway.
struct OpenGuard(Arc<World>);

impl Drop for OpenGuard {
    fn drop(&mut self) {
        self.0.counters.open.down();
    }
}
