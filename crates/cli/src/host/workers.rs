//! What looks after workers, here and on hosts.

use std::{path::PathBuf, sync::Arc, time::Duration};

use config::Settings;
use domain::Clock;
use seal::MasterKey;
use store::Store;
use supervisor::{Handle, LocalOptions, LocalProcesses, Places, Runtime, ThrottleGroups, Users};
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Demo, packs, places};
use crate::{error::CliError, version};

/// What workers are given by this machine.
pub(super) struct Workers {
    pub(super) executable: PathBuf,
    pub(super) users: Option<Users>,
    pub(super) throttle: Option<Arc<ThrottleGroups>>,
    pub(super) disk_short: watch::Receiver<bool>,
    pub(super) master_key: MasterKey,
}

/// Starts what looks after them.
pub(super) async fn start_supervisor(
    settings: &Settings,
    store: &Store,
    clock: &Arc<dyn Clock>,
    demo: Option<Demo>,
    given: Workers,
    (tasks, stop): (&TaskTracker, &CancellationToken),
) -> Result<Handle, CliError> {
    let failed = |error: supervisor::OpenError| CliError::Failed(error.to_string());
    let (paths, workers) = (&settings.paths, &settings.workers);
    let options = supervisor::Options {
        whatsapp_url: settings.whatsapp.url.clone(),
        build: version::BUILD.to_owned(),
        log_level: settings.logs.level.as_str().to_owned(),
        packs: packs::at_start(paths.packs.as_deref())?,
        stop_grace: workers.stop_grace,
        term_grace: workers.stop_grace,
        stale_after: workers.stale_threshold,
        check_every: workers.stale_check_interval,
        disconnected_too_long: settings.alerts.disconnected,
        bounds: settings.bounds(),
        orphan_after: demo.as_ref().map(|demo| demo.orphan_after),
        master_key: Some(given.master_key),
        clock_ahead: demo.and_then(|demo| demo.clock_ahead),
        disk_short: Some(given.disk_short),
        ..supervisor::Options::new(settings.limits())
    };
    let key = supervisor::load_or_create_key(&paths.link_key()).map_err(failed)?;
    let local = local(settings, given.executable, (given.users, given.throttle), options.ready_time);
    let here: Arc<dyn Runtime> = Arc::new(LocalProcesses::open(local).map_err(failed)?);
    let (runtime, places) = match places::open(settings, Arc::clone(&here), store, clock).await? {
        Some(places) => (Arc::<Places>::clone(&places) as Arc<dyn Runtime>, Some(places)),
        None => (here, None),
    };
    let supervisor = supervisor::start(options, store.clone(), runtime, key, Arc::clone(clock));
    if let Some(places) = places {
        tasks.spawn(places.watch(stop.clone()));
    }
    Ok(supervisor)
}

/// Where workers of this machine have their files.
pub(super) fn local(
    settings: &Settings,
    executable: PathBuf,
    (users, throttle): (Option<Users>, Option<Arc<ThrottleGroups>>),
    ready_time: Duration,
) -> LocalOptions {
    let paths = &settings.paths;
    LocalOptions {
        executable,
        arguments: vec!["worker".to_owned()],
        cells: paths.sessions.clone(),
        logs: paths.logs.clone(),
        sockets: paths.link_sockets(),
        log_max_bytes: settings.logs.file_max_bytes,
        logs_kept: settings.logs.files_kept,
        ready_time,
        users,
        forked: settings.workers.forked && settings.workers.executable.is_none(),
        throttle,
    }
}
