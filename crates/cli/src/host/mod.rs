//! A whole control plane in this process: database, supervisor, admin listener and socket. `serve` and `demo` run it.

pub(crate) mod backups;
mod brand;
mod callers;
mod confined;
mod descriptors;
mod directory;
pub(crate) mod keys;
mod lock;
mod machine;
mod machines;
mod moves;
pub(crate) mod packs;
mod places;
mod portal;
mod protection;
mod retention;
mod room;
mod shell;
pub(crate) mod site;
mod socket;
mod standby;
#[cfg(feature = "virtual")]
pub(crate) mod taken_over;
mod workers;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use ::portal::InProcess;
use accounts::Accounts;
use alerts::{AlertOptions, EmailOptions, NtfyOptions};
use config::{DatabaseUrl, ExposeSecret, Settings};
use control::{App, AppParts, PushOptions};
use domain::{Clock, SystemClock};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use secrecy::SecretString;
use store::{Lease, Store, Target, Turn};
use supervisor::Handle;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use web::{Hosts, OwnOrigins, Site, serve::Listener};

use crate::{error::CliError, version};
use workers::{Workers, start_supervisor};

pub(crate) use confined::{Confined, close, close_host, close_portal, outlived};
pub(crate) use machine::Machine;
pub(crate) use machines::link_key;
pub(crate) use protection::close_to_others;
pub(crate) use standby::stand_by;

/// How long a request may take: stopping a worker waits for its graces.
const REQUEST_TIME: Duration = Duration::from_secs(60);
/// How long what was begun may take after the end was asked for.
const WORK_TIME: Duration = Duration::from_secs(30);
/// How often old figures are dropped from the memory of the metrics.
const METRICS_UPKEEP: Duration = Duration::from_secs(30);

/// A control plane that runs.
pub(crate) struct ControlPlane {
    /// Where browsers reach it.
    pub(crate) url: String,
    /// Where owners reach the portal.
    pub(crate) portal_url: String,
    /// The admin password, where it was made just now: it is kept nowhere.
    pub(crate) new_password: Option<SecretString>,
    /// The database.
    pub(crate) store: Store,
    /// The workers.
    pub(crate) supervisor: Handle,
    app: App,
    lease: Lease,
    listeners: TaskTracker,
    stop: CancellationToken,
    socket: socket::AdminSocket,
    followed: confine::Followed,
    _lock: lock::DataDirLock,
}

/// Makes the directories that a control plane needs, with mode 0700.
pub(crate) fn make_directories(settings: &Settings) -> Result<(), CliError> {
    let paths = &settings.paths;
    for path in [&paths.data_dir, &paths.sessions, &paths.logs] {
        directory::make(path).map_err(CliError::file(path))?;
    }
    if let DatabaseUrl::Sqlite(file) = &settings.database.url
        && let Some(parent) = file.parent()
    {
        directory::make(parent).map_err(CliError::file(parent))?;
    }
    Ok(())
}

/// What only a demo has.
#[cfg_attr(not(feature = "virtual"), allow(dead_code, reason = "made by the demo"))]
pub(crate) struct Demo {
    /// Workers end by themselves once they have had no link for so long: nobody will ever look into its directory again.
    pub(crate) orphan_after: Duration,
    /// By how many milliseconds its clock is ahead of the machine's.
    pub(crate) clock_ahead: Option<tokio::sync::watch::Receiver<i64>>,
}

impl ControlPlane {
    /// Starts it. The directories are there, see [`make_directories`], and the process is closed, see [`close`].
    /// `new_password` forgets the kept password first; `turn` is of one that stood by.
    pub(crate) async fn start(
        settings: &Settings,
        new_password: bool,
        confined: Confined,
        turn: Option<Turn>,
    ) -> Result<Self, CliError> {
        Self::start_with(settings, new_password, confined, turn, None).await
    }

    /// The same with what only a demo has.
    pub(crate) async fn start_with(
        settings: &Settings,
        new_password: bool,
        confined: Confined,
        turn: Option<Turn>,
        demo: Option<Demo>,
    ) -> Result<Self, CliError> {
        let paths = &settings.paths;
        let Confined { applied, giver, followed, throttle } = confined;
        descriptors::allow_many();
        let lock = lock::DataDirLock::take(&paths.data_dir)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let store = Store::open(&target(settings), Arc::clone(&clock)).await;
        let store = store.map_err(|error| CliError::Failed(error.to_string()))?;
        let holder =
            format!("process {} with the data directory {}", std::process::id(), paths.data_dir.display());
        let lease = match turn {
            Some(turn) => store.lease_in_turn(turn, &holder).await,
            None => store.lease(&holder).await,
        };
        let lease = lease.map_err(|error| CliError::Failed(error.to_string()))?;
        keys::taken_up(settings, &store).await?;
        let master_key = keys::master_key(settings).await?;
        // Bound before the first worker is touched: a port that is taken changes nothing.
        let tcp = bind(settings).await?;
        let address = tcp.local_addr()?;
        let portal_tcp = site::bind(settings).await?;
        let portal_port = portal_tcp.local_addr()?.port();
        let socket_path = paths.admin_socket();
        let (unix, socket) = socket::AdminSocket::bind(&socket_path).map_err(CliError::file(&socket_path))?;

        // A demo goes with its terminal.
        let packs = settings.paths.packs.clone().filter(|_| demo.is_none());
        let packs = packs.map(packs::Followed::new).transpose()?;
        let executable = supervisor::executable(settings.workers.executable.clone())?;
        let protection::Found { protection, users } =
            protection::look(settings, &executable, &applied, &throttle)?;
        let (room, short) = room::Room::look(&paths.sessions);
        let throttle = throttle.ok();
        let workers =
            Workers { executable, users, throttle, disk_short: short, master_key: master_key.clone() };
        let stop = CancellationToken::new();
        let listeners = TaskTracker::new();
        let hosted = (&listeners, &stop);
        let supervisor = start_supervisor(settings, &store, &clock, demo, workers, hosted).await?;
        let url = settings.admin_url(address.port());
        let alerts = Arc::new(alert_options(settings, &url)?);
        let https = settings.server.admin_url.as_deref().is_some_and(|url| url.starts_with("https://"));
        let proxies = site::proxies(settings);
        let metrics = metrics(&listeners, &stop)?;
        let brand = brand::load(&settings.brand)?;
        let options = accounts::Options {
            idle: settings.admin.session_idle,
            https,
            device_key: accounts::device_key(&store)
                .await
                .map_err(|error| CliError::Failed(error.to_string()))?,
            sealer: master_key
                .sealer(accounts::PURPOSE)
                .map_err(|error| CliError::Failed(error.to_string()))?,
        };
        // Last: a password that was made and not shown is lost.
        let configured = settings.admin.password.as_ref();
        if new_password {
            accounts::admin::forget(&store).await.map_err(|error| CliError::Failed(error.to_string()))?;
        }
        if configured.is_some_and(|password| accounts::refuse_common(password.expose_secret(), &[]).is_some())
        {
            tracing::warn!("ADMIN_PASSWORD is one of those that are guessed first: take a sentence");
        }
        let gate = accounts::admin::set_up(&store, configured).await;
        let (gate, new_password) = gate.map_err(|error| CliError::Failed(error.to_string()))?;
        let people = Accounts::new(store.clone(), gate, options, Arc::clone(&clock));
        let sealed = people.seal_factors().await.map_err(|error| CliError::Failed(error.to_string()))?;
        if sealed > 0 {
            tracing::info!(sealed, "second factors that stood in plain in the database are sealed now");
        }
        listeners.spawn(people.clone().tell_of_guesses(stop.clone()));
        let (portal_options, own_portal) = portal::options(settings, portal_port, clock.now())?;
        let push = control::PushKey::load(&store, &people.options().sealer).await;
        let push = push.map_err(|error| CliError::Failed(error.to_string()))?;
        // Whom a push service may write to: the place where the dashboard is, since no address of a person is known here.
        let contact = settings.server.admin_url.clone().filter(|url| url.starts_with("https://"));
        let push = PushOptions::new(push, contact.unwrap_or_else(|| "mailto:operator@localhost".to_owned()));
        let backups =
            backups::Maker::new(settings, store.clone(), supervisor.clone(), giver, Arc::clone(&clock));
        let backups = Arc::new(backups.await);
        let mover = moves::Mover::new(
            paths.moves(),
            store.clone(),
            supervisor.clone(),
            people.options().sealer.clone(),
        );
        let app = AppParts {
            backups: Arc::<backups::Maker>::clone(&backups),
            moves: Arc::new(mover),
            store: store.clone(),
            supervisor: supervisor.clone(),
            metrics,
            stale_after: settings.workers.stale_threshold,
            stop: stop.clone(),
            accounts: people.clone(),
            password_in_query: settings.admin.password_in_query,
            brand,
            settings: settings.in_force(),
            changed_settings: changed(settings),
            data_dir: paths.data_dir.clone(),
            protection,
            version: version::BUILD,
            alerts,
            portal: portal_options,
            push,
            site: Site {
                time_limit: REQUEST_TIME,
                own_origins: OwnOrigins::new(settings.server.admin_url.as_deref()),
                hosts: hosts(settings),
                proxies: proxies.clone(),
                https,
                virtual_build: version::IS_VIRTUAL,
                shell: None,
            },
        };
        let app = App::new(app, Arc::clone(&clock));
        listeners.spawn(control::watch_heartbeats(app.clone()));
        listeners.spawn(control::watch_notices(app.clone()));
        listeners.spawn(alerts::run(app.alerts()));
        let router = control::router(app.clone());
        listeners.spawn(web::serve::serve(Listener::Tcp(tcp), router.clone(), proxies.clone(), stop.clone()));
        let way = site::Way {
            transport: Arc::new(InProcess::new(router.clone())),
            key: own_portal.key,
            signer: own_portal.signer,
            clock,
        };
        let portal = site::router(settings, portal_port, app.brand.clone(), way, stop.clone())?;
        let portal = web::serve::serve(Listener::Tcp(portal_tcp), portal, proxies.clone(), stop.clone());
        listeners.spawn(portal);
        listeners.spawn(web::serve::serve(
            Listener::Unix(unix, callers::admit(supervisor.clone())),
            router,
            proxies,
            stop.clone(),
        ));
        if let Some(packs) = packs {
            listeners.spawn(packs.read_again(supervisor.clone(), stop.clone()));
        }
        listeners.spawn(room.watch(stop.clone()));
        listeners.spawn(retention::carry_out(store.clone(), stop.clone()));
        listeners.spawn(backups.by_the_hour(stop.clone()));
        listeners.close();
        if !settings.server.bind.is_loopback() {
            tracing::warn!(
                "BIND is {}: passwords cross the network in clear unless a proxy in front speaks HTTPS",
                settings.server.bind
            );
        }
        tracing::info!(%address, version = version::BUILD, "the control plane answers");
        Ok(Self {
            app,
            url,
            portal_url: settings.portal_url(portal_port),
            new_password,
            store,
            supervisor,
            lease,
            listeners,
            stop,
            socket,
            followed,
            _lock: lock,
        })
    }

    /// A link by which somebody signs in to the portal as a tenant's owner, once.
    #[cfg(feature = "virtual")]
    pub(crate) async fn owner_link(
        &self,
        tenant: domain::TenantId,
        name: &str,
        email: &str,
    ) -> Result<String, CliError> {
        let people = self.app.accounts.people();
        let made = people.owner_link(store::Actor::System, tenant, Some(name), email).await;
        let made = made.map_err(|error| CliError::Failed(error.to_string()))?;
        Ok(format!("{}/auth/link#{}", self.portal_url, made.token.tell()))
    }

    /// Returns when another control plane has the database: this one must then end, and leave the workers to that one.
    pub(crate) async fn overtaken(&self) {
        self.lease.lost().await;
    }

    /// Returns when a file that this process has to read was replaced by one that it may not, where it is started again.
    pub(crate) async fn outlived(&self) -> std::path::PathBuf {
        outlived(self.followed.clone(), self.stop.clone()).await
    }

    /// Ends it: requests first, then the supervisor, and the workers too unless they are to be found again by the
    /// next control plane.
    pub(crate) async fn stop(self, leave_workers_running: bool) {
        self.stop.cancel();
        self.store.end_searches();
        self.listeners.wait().await;
        self.app.finish(WORK_TIME).await;
        self.socket.remove();
        self.supervisor.shutdown(leave_workers_running).await;
        self.store.close().await;
        tracing::info!(leave_workers_running, "the control plane has ended");
    }
}

/// The agency's name and picture.
pub(crate) fn brand(settings: &Settings) -> Result<control::Brand, CliError> {
    brand::load(&settings.brand)
}

/// Keeps every control plane out of the data directory as long as the answer lives.
pub(crate) fn alone(settings: &Settings) -> Result<lock::DataDirLock, CliError> {
    lock::DataDirLock::take(&settings.paths.data_dir)
}

/// Whether no control plane uses this data directory; for demos, which clear up after others.
#[cfg(feature = "virtual")]
pub(crate) fn is_free(data_dir: &std::path::Path) -> bool {
    lock::DataDirLock::take(data_dir).is_ok()
}

/// The database that the settings name.
pub(crate) fn target(settings: &Settings) -> Target {
    match &settings.database.url {
        DatabaseUrl::Sqlite(file) => Target::Sqlite(file.clone()),
        DatabaseUrl::Postgres(url) => {
            Target::Postgres { url: url.expose_secret().to_owned(), migrate_url: migrate_url(settings) }
        }
    }
}

/// The address of the role that owns the tables, where it is set.
pub(crate) fn migrate_url(settings: &Settings) -> Option<String> {
    match settings.database.migrate_url.as_ref()? {
        DatabaseUrl::Postgres(url) => Some(url.expose_secret().to_owned()),
        DatabaseUrl::Sqlite(_) => None,
    }
}

/// Where alerts go, checked before anything starts.
fn alert_options(settings: &Settings, url: &str) -> Result<AlertOptions, CliError> {
    let alerts = &settings.alerts;
    let email = match (&alerts.smtp_url, &alerts.email_from, &alerts.email_to) {
        (Some(url), Some(from), Some(to)) => {
            Some(EmailOptions::new(url, from, to).map_err(CliError::Failed)?)
        }
        _ => None,
    };
    Ok(AlertOptions {
        email,
        webhook: alerts.webhook_url.clone().zip(alerts.webhook_secret.clone()),
        ntfy: match &alerts.ntfy_url {
            Some(url) => Some(NtfyOptions::new(url, alerts.ntfy_token.as_ref()).map_err(CliError::Failed)?),
            None => None,
        },
        disk_low_bytes: alerts.disk_low_bytes,
        admin_url: url.to_owned(),
        language: Some(alerts.language),
    })
}

/// The names under which the listener may be asked for, beside loopback and the address where a connection comes in.
pub(crate) fn hosts(settings: &Settings) -> Hosts {
    let urls = [settings.server.admin_url.as_deref(), settings.portal.url.as_deref()];
    let names = settings.server.allowed_hosts.iter().map(String::as_str);
    Hosts::new(urls.into_iter().flatten(), names)
}

async fn bind(settings: &Settings) -> Result<TcpListener, CliError> {
    let address = SocketAddr::new(settings.server.bind, settings.server.port);
    TcpListener::bind(address).await.map_err(|error| {
        CliError::Failed(format!(
            "BIND and PORT: {address} cannot be listened on: {error}; choose another PORT, or 0"
        ))
    })
}

/// Collects figures for `/metrics` from all parts.
fn metrics(tasks: &TaskTracker, stop: &CancellationToken) -> Result<PrometheusHandle, CliError> {
    let handle = PrometheusBuilder::new()
        .install_recorder()
        .map_err(|error| CliError::Failed(format!("metrics cannot be set up: {error}")))?;
    let (upkeep, stop) = (handle.clone(), stop.clone());
    tasks.spawn(async move {
        let mut ticks = tokio::time::interval(METRICS_UPKEEP);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => upkeep.run_upkeep(),
            }
        }
    });
    Ok(handle)
}

/// SIGINT and SIGTERM, which mean the same. They are listened for from the beginning, not from the first look.
pub(crate) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    pub(crate) fn listen() -> Result<Self, CliError> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Ends when one of them comes.
    pub(crate) async fn come(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => tracing::info!("Ctrl-C: ending"),
            _ = self.terminate.recv() => tracing::info!("SIGTERM: ending"),
        }
    }
}

/// Ends when SIGINT or SIGTERM has come.
pub(crate) fn asked_to_end() -> Result<impl Future<Output = ()>, CliError> {
    let mut signals = Signals::listen()?;
    Ok(async move { signals.come().await })
}

/// The settings that were changed from the default, for the page that shows them first. A page without that is better than
/// none.
fn changed(settings: &Settings) -> Vec<&'static str> {
    config::changed(settings, config::process_environment()).unwrap_or_else(|error| {
        tracing::warn!(%error, "it is not known which settings were changed from the default");
        Vec::new()
    })
}
