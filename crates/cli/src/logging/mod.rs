//! Where log lines go: to standard error for people, and to a rotated file that stays.

mod rotating;
mod unread;

use std::io::IsTerminal;

use config::{LogLevel, Logs};
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt, layer::SubscriberExt};

use crate::error::CliError;

pub(crate) use rotating::Rotating;

/// The control plane's log within LOGS_PATH.
const FILE: &str = "control-plane.log";

/// Sets up logging for the control plane.
pub(crate) fn for_control_plane(
    paths: &config::Paths,
    logs: &Logs,
    format: LogFormat,
    on_stderr: LogLevel,
) -> Result<(), CliError> {
    let path = paths.logs.join(FILE);
    let file = Rotating::open(&path, logs.file_max_bytes, logs.files_kept).map_err(CliError::file(&path))?;
    let file = layer(format, false, file, logs.level);
    let stderr = layer(format, std::io::stderr().is_terminal(), std::io::stderr, on_stderr);
    install(Registry::default().with(vec![file, stderr]))
}

/// Sets up logging for a worker, whose standard error leads to its tenant's log.
pub(crate) fn for_worker(level: &str) -> Result<(), CliError> {
    let directives = format!("{level},{}", whatsapp::LOG_DIRECTIVES);
    let filter = EnvFilter::try_new(&directives)
        .map_err(|error| CliError::Usage(format!("the log level \"{level}\" cannot be used: {error}")))?;
    let lines =
        fmt::layer().with_ansi(false).with_writer(unread::Unread::new(std::io::stderr())).with_filter(filter);
    install(Registry::default().with(lines))?;
    // The library's lines are lowered and masked by a bridge of our own.
    whatsapp::install_log_bridge().map_err(|error| CliError::Failed(error.to_string()))
}

/// Sets up logging for a command that keeps no log: warnings, on standard error.
#[cfg(feature = "virtual")]
pub(crate) fn for_people() -> Result<(), CliError> {
    let ansi = std::io::stderr().is_terminal();
    install(Registry::default().with(layer(LogFormat::Text, ansi, std::io::stderr, LogLevel::Warn)))
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON document a line, for collectors.
    Json,
}

fn layer<W>(
    format: LogFormat,
    ansi: bool,
    writer: W,
    level: LogLevel,
) -> Box<dyn Layer<Registry> + Send + Sync>
where
    W: for<'a> fmt::MakeWriter<'a> + Send + Sync + 'static,
{
    // The session layer warns of each cookie that it does not know, which anybody may send.
    let quiet = "sqlx=warn,hyper=warn,tower_sessions=error,tower_sessions_core=error";
    let filter = EnvFilter::new(format!("{},{quiet}", level.as_str()));
    let lines = fmt::layer().with_ansi(ansi).with_writer(writer);
    match format {
        LogFormat::Text => lines.with_filter(filter).boxed(),
        LogFormat::Json => lines.json().with_filter(filter).boxed(),
    }
}

fn install(subscriber: impl tracing::Subscriber + Send + Sync) -> Result<(), CliError> {
    tracing::subscriber::set_global_default(subscriber)
        .map_err(|error| CliError::Failed(format!("logging cannot be set up: {error}")))?;
    log_panics();
    Ok(())
}

/// A panic becomes a log line with its place and without its text, which may hold anything.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a fault of ours: a panic");
    }));
}
