//! `flowhq host`: workers of a control plane elsewhere.

use ::host::HostKey;
use clap::Args;
use domain::{HOST_NAME_MAX_CHARS, is_host_name};

use crate::{
    args::Place,
    commands::hosts::Hosts,
    error::CliError,
    host::{self, Machine},
    logging::{self, LogFormat},
    output, version,
};

/// Run workers of a control plane elsewhere; or look after the hosts of a control plane here
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq host --print-key host-0
  HOST_NAME=host-0 HOST_LISTEN=10.0.0.5:7443 flowhq host

A host runs the bots of tenants whose place it is, in its data directory, and answers the control
plane alone. Both know the host's key: print it where the control plane runs, and put it into
HOST_KEY_FILE here. The control plane is told of it by HOSTS=host-0=10.0.0.5:7443.

SIGTERM and Ctrl-C end it; its workers go on and are taken over by the next one, unless
STOP_WORKERS is on. It goes on without its control plane, too.")]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct HostAlone {
    #[command(subcommand)]
    order: Option<Hosts>,
    /// Print the key of the host of this name, and end; where the control plane runs
    #[arg(long, value_name = "NAME")]
    print_key: Option<String>,
    /// How log lines look
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    log_format: LogFormat,
}

impl HostAlone {
    /// What is ordered of the control plane, in place of running a host.
    pub(crate) const fn order(&self) -> Option<&Hosts> {
        self.order.as_ref()
    }

    pub(crate) fn run(&self, place: &Place) -> Result<(), CliError> {
        let _kept_by_another_allocator = memory::give_back_soon(memory::For::Many);
        let settings = place.settings()?;
        if let Some(name) = &self.print_key {
            let name = named("--print-key", name)?;
            host::make_directories(&settings)?;
            let key = HostKey::derive(&host::link_key(&settings.paths.link_key())?, name);
            return Ok(output::line(key.tell())?);
        }
        crate::planted::arm(crash::Process::Host)?;
        let Some(name) = &settings.machines.name else {
            let why = "flowhq host needs HOST_NAME, the name by which the control plane's HOSTS has it";
            return Err(CliError::Usage(why.to_owned()));
        };
        let name = named("HOST_NAME", name)?;
        let key_file = settings.machines.key_file.clone().unwrap_or_else(|| settings.paths.host_key());
        let key = HostKey::from_file(&key_file).map_err(|error| CliError::Failed(error.to_string()))?;
        host::make_directories(&settings)?;
        logging::for_control_plane(&settings.paths, &settings.logs, self.log_format, settings.logs.level)?;
        host::close_to_others();
        let confined = host::close_host(&settings)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let done = runtime.block_on(async {
            let mut end = host::Signals::listen()?;
            let machine = Machine::start(&settings, name, key, confined).await?;
            let (address, incarnation) = machine.told()?;
            output::line(format_args!(
                "Flow HQ {} host {name} listens on {address}, incarnation {incarnation}",
                version::BUILD
            ))?;
            machine.serve(end.come()).await
        });
        runtime.shutdown_timeout(std::time::Duration::from_secs(5));
        done
    }
}

fn named<'a>(what: &str, name: &'a str) -> Result<&'a str, CliError> {
    if is_host_name(name) {
        return Ok(name);
    }
    let why = format!(
        "{what}: {name:?} is no name of a host; letters, digits and hyphens are, at most {HOST_NAME_MAX_CHARS} of them"
    );
    Err(CliError::Usage(why))
}
