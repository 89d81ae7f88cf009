//! `flowhq serve`.

use clap::Args;
use config::Settings;
use secrecy::ExposeSecret;

use crate::{
    args::Place,
    error::CliError,
    host::{self, ControlPlane},
    logging::{self, LogFormat},
    output, version,
};

/// How long an end in good order may take: requests, then what they began, then the workers where they end too.
const END_WITHIN: std::time::Duration = std::time::Duration::from_secs(75);

/// The same where another one has taken over: what this one still holds is in that one's way.
const OVERTAKEN_WITHIN: std::time::Duration = std::time::Duration::from_secs(2);

/// Run the control plane until Ctrl-C or SIGTERM
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq serve
  flowhq serve --data-dir /var/lib/flowhq
  PORT=8080 flowhq serve --log-format json
  flowhq serve --standby

With nothing set, everything lives in one data directory, and the first start makes the admin
password and prints it once. Workers go on running when the control plane ends and are taken over
by the next one.

SIGTERM and Ctrl-C end it in good order, within 80 s whatever happens; a second one ends it at once.")]
pub(crate) struct Serve {
    /// Stop all workers when the control plane ends, as STOP_WORKERS=on does
    #[arg(long)]
    stop_workers: bool,
    /// Make a new admin password and print it once; for when the first one is lost
    #[arg(long)]
    new_password: bool,
    /// Stand by where another control plane has the database, and take over within 15 s when it ends or is cut off: PostgreSQL
    /// alone. Give it to both of two control planes, which share keys and have a data directory each
    #[arg(long)]
    standby: bool,
    /// How log lines look
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    log_format: LogFormat,
}

impl Serve {
    pub(crate) fn run(&self, place: &Place) -> Result<(), CliError> {
        let _kept_by_another_allocator = memory::give_back_soon(memory::For::Many);
        crate::planted::arm(crash::Process::Control)?;
        let mut settings = place.settings()?;
        if self.new_password && settings.admin.password.is_some() {
            let why = "--new-password: the password is set by ADMIN_PASSWORD; change it there";
            return Err(CliError::Usage(why.to_owned()));
        }
        host::make_directories(&settings)?;
        logging::for_control_plane(&settings.paths, &settings.logs, self.log_format, settings.logs.level)?;
        host::close_to_others();
        host::keys::ask_command(&mut settings)?;
        let confined = host::close(&settings)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let done = runtime.block_on(self.serve(&settings, confined));
        // What still runs then has been given its time.
        runtime.shutdown_timeout(std::time::Duration::from_secs(5));
        done
    }

    async fn serve(&self, settings: &Settings, confined: host::Confined) -> Result<(), CliError> {
        let mut end = host::Signals::listen()?;
        #[cfg(feature = "virtual")]
        let _attacker = host::taken_over::attacker(&settings.paths.data_dir)?;
        let turn = tokio::select! {
            () = end.come() => return Ok(()),
            turn = self.turn(settings) => turn?,
        };
        let plane = tokio::select! {
            () = end.come() => return Ok(()),
            plane = ControlPlane::start(settings, self.new_password, confined, turn) => plane?,
        };
        if let Err(error) = announce(&plane, settings) {
            tracing::warn!(%error, "standard output cannot be written; a new password can be had with --new-password");
        }
        let (ended, leave_workers, within) = tokio::select! {
            () = end.come() => (Ok(()), !(self.stop_workers || settings.workers.stop_with_serve), END_WITHIN),
            () = plane.overtaken() => {
                let why = "the lease on the database was lost: another control plane may have it now. The workers go on";
                (Err(CliError::Failed(why.to_owned())), true, OVERTAKEN_WITHIN)
            }
            lost = plane.outlived() => {
                let why = format!("{} was replaced by a file that the control plane may not read: it ends to be started again. \
                                   The workers go on", lost.display());
                (Err(CliError::Failed(why)), true, END_WITHIN)
            }
        };
        let in_good_order = plane.stop(leave_workers);
        tokio::select! {
            () = in_good_order => ended,
            () = end.come() => cut_short("a second signal"),
            () = tokio::time::sleep(within) => cut_short("no end in time"),
        }
    }
}

impl Serve {
    /// Waits for this one's turn where it stands by.
    async fn turn(&self, settings: &Settings) -> Result<Option<store::Turn>, CliError> {
        if self.standby { host::stand_by(settings).await.map(Some) } else { Ok(None) }
    }
}

/// Ends without waiting any longer. Nothing is lost by it: whatever was answered is in the database, and the next control
/// plane finds the workers, of which those that were told to end do so.
fn cut_short(why: &str) -> Result<(), CliError> {
    tracing::warn!(why, "the end is cut short");
    Err(CliError::Failed(format!("{why}: ended at once, without waiting for what was under way")))
}

/// Says where it is, and the password on the first start.
fn announce(plane: &ControlPlane, settings: &Settings) -> Result<(), CliError> {
    output::line(format_args!("Flow HQ {} answers at {}", version::BUILD, plane.url))?;
    output::line(format_args!("Owners' portal at {}", plane.portal_url))?;
    output::line(format_args!("Data directory: {}", settings.paths.data_dir.display()))?;
    if let Some(password) = &plane.new_password {
        output::line("")?;
        output::line(format_args!("User admin, password {}", password.expose_secret()))?;
        output::line("It is shown this once and kept nowhere: write it down, or set ADMIN_PASSWORD.")?;
    }
    Ok(())
}
