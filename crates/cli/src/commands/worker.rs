//! `flowhq worker`: one tenant's bot. Started by the supervisor, never by hand.

use std::{path::Path, process::ExitCode, sync::Arc};

use clap::Args;
use domain::SystemClock;
use link::{
    Exit,
    launch::{Launch, LaunchError, Start},
};
use whatsapp::{Endpoint, WHATSAPP_URL, WhatsApp};

use crate::{error::CliError, logging, version};

/// The session's database within the worker's directory.
const SESSION: &str = "session.db";

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
        let _kept_by_another_allocator = memory::give_back_soon();
        crash::arm(crash::Process::Worker).map_err(|error| CliError::Usage(error.to_string()))?;
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
}

fn work(launch: Launch, start: Start) -> Exit {
    let endpoint: Endpoint = match launch.whatsapp_url.as_deref().unwrap_or(WHATSAPP_URL).parse() {
        Ok(endpoint) => endpoint,
        Err(error) => {
            tracing::error!(%error, "WHATSAPP_URL cannot be used");
            start.failed(Exit::BadConfiguration, &format!("WHATSAPP_URL: {error}"));
            return Exit::BadConfiguration;
        }
    };
    let runtime = match whatsapp::runtime() {
        Ok(runtime) => runtime,
        Err(error) => {
            start.failed(Exit::Failed, &format!("the runtime cannot be made: {error}"));
            return Exit::Failed;
        }
    };
    let mut options = whatsapp::Options::new(session(&launch.directory), endpoint);
    options.owner = Some(launch.tenant.to_string());
    let channel = Arc::new(WhatsApp::new(options));
    runtime.block_on(worker::run(launch, start, version::BUILD, channel, Arc::new(SystemClock)))
}

fn session(cell: &Path) -> std::path::PathBuf {
    cell.join(SESSION)
}
