//! `flowhq worker`: one tenant's bot. Started by the supervisor, never by hand.

use std::{fs::File, path::Path, process::ExitCode, sync::Arc};

use clap::Args;
use confine::{Half, Plan};
use domain::{Confinement, SystemClock};
use link::{
    Exit,
    launch::{Launch, LaunchError, Start},
};
use whatsapp::{Endpoint, WHATSAPP_URL, WhatsApp};
use worker::{Itself, channel::Channel};

use crate::{error::CliError, logging, version};

/// The session's database within the worker's directory.
const SESSION: &str = "session.db";
/// Where WhatsApp's own servers are asked: HTTPS, and the port of its older clients.
const PORTS: [u16; 2] = [443, 5222];
/// What tells where names are asked for.
const RESOLV_CONF: &str = "/etc/resolv.conf";

/// Run one tenant's worker; started by `flowhq serve`
#[derive(Debug, Args)]
pub(crate) struct Worker {
    /// Whose bot it is: for the eyes of who lists processes. What counts comes by the launch socket.
    #[arg(value_name = "TENANT_ID")]
    _tenant: Option<String>,
}

impl Worker {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        // Before any thread: a worker has few moments in which it needs much, such as its start.
        let _kept_by_another_allocator = memory::give_back_soon(memory::For::One);
        vault::spare_memory();
        run()
    }
}

/// Is the worker that standard input has the launch of.
pub(super) fn run() -> Result<ExitCode, CliError> {
    crate::planted::arm(crash::Process::Worker)?;
    let (launch, start) = link::launch::receive().map_err(|error| match error {
        LaunchError::NotLaunched(_) => CliError::Usage(error.to_string()),
        error => CliError::Failed(error.to_string()),
    })?;
    if let Err(error) = logging::for_worker(&launch.log_level) {
        start.failed(Exit::BadConfiguration, &error.to_string());
        return Ok(ExitCode::from(Exit::BadConfiguration.code()));
    }
    Ok(ExitCode::from(work(launch, start).code()))
}

fn work(launch: Launch, mut start: Start) -> Exit {
    let endpoint: Endpoint = match launch.whatsapp_url.as_deref().unwrap_or(WHATSAPP_URL).parse() {
        Ok(endpoint) => endpoint,
        Err(error) => {
            tracing::error!(%error, "WHATSAPP_URL cannot be used");
            start.failed(Exit::BadConfiguration, &format!("WHATSAPP_URL: {error}"));
            return Exit::BadConfiguration;
        }
    };
    // What is opened before the files are taken away, and still read afterwards.
    let mut itself = Itself::new(version::BUILD);
    let knew_names = File::open(RESOLV_CONF).is_ok();
    // The order is forced, see `confine`: files, runtime, system calls, threads.
    let half = match confined(&launch, &endpoint) {
        Ok(half) => half,
        Err(error) => return unconfined(start, &error),
    };
    let runtime = match whatsapp::runtime() {
        Ok(runtime) => runtime,
        Err(error) => {
            start.failed(Exit::Failed, &format!("the runtime cannot be made: {error}"));
            return Exit::Failed;
        }
    };
    if let Err(error) = start.listen() {
        start.failed(Exit::Failed, &format!("the link's socket cannot be listened on: {error}"));
        return Exit::Failed;
    }
    match half.close() {
        Ok(applied) => {
            if applied.level != Confinement::Full {
                let missing: Vec<_> = applied.missing.iter().map(ToString::to_string).collect();
                tracing::warn!(missing = missing.join(", "), "this worker is not fully confined");
            }
            itself.confinement = Some(applied.level);
        }
        Err(error) => return unconfined(start, &error),
    }
    let files = match worker::files(&launch) {
        Ok(files) => files,
        Err(error) => {
            start.failed(Exit::Failed, &format!("sealed files cannot be opened: {error}"));
            return Exit::Failed;
        }
    };
    let mut options = whatsapp::Options::new(session(&launch.directory), endpoint);
    options.owner = Some(launch.tenant.to_string());
    options.files = files;
    if knew_names {
        options.on_unreachable = Arc::new(end_where_outlived);
    }
    let channel = channel(WhatsApp::new(options), &launch);
    runtime.block_on(worker::run(launch, start, itself, channel, Arc::new(SystemClock)))
}

/// Takes away all that this worker will not need.
fn confined(launch: &Launch, endpoint: &Endpoint) -> Result<Half, confine::ConfineError> {
    let bounds = launch.bounds;
    let mut directories = vec![launch.directory.clone()];
    // A run of the crash driver goes on reading its clock there.
    directories.extend(crash::directory());
    let plan = Plan {
        wanted: bounds.confinement,
        directories,
        ports: PORTS.into_iter().chain([endpoint.port()]).collect(),
        memory_bytes: bounds.memory_bytes,
        file_bytes: bounds.directory_bytes,
        may_kill_itself: crash::is_armed(),
    };
    plan.apply()
}

fn unconfined(start: Start, error: &confine::ConfineError) -> Exit {
    tracing::error!(%error, "the worker cannot be confined");
    start.failed(Exit::BadConfiguration, &error.to_string());
    Exit::BadConfiguration
}

/// Ends this process where it may not read any more where names are asked for: the next one may.
fn end_where_outlived() {
    if confine::outlived() {
        tracing::error!(
            "{RESOLV_CONF} was replaced by a file that this worker may not read: it is started again"
        );
        std::process::exit(Exit::Failed.code().into());
    }
}

#[cfg(not(feature = "virtual"))]
fn channel(whatsapp: WhatsApp, _launch: &Launch) -> Arc<dyn Channel> {
    Arc::new(whatsapp)
}

/// In a build for tests a customer's message can take the worker over.
#[cfg(feature = "virtual")]
fn channel(whatsapp: WhatsApp, launch: &Launch) -> Arc<dyn Channel> {
    super::taken_over::channel(whatsapp, &launch.directory)
}

fn session(cell: &Path) -> std::path::PathBuf {
    cell.join(SESSION)
}
