//! The library's log lines, in ours: masked, and one level lower than it thinks.
//!
//! The library logs pairing codes, names and stanzas at `info`. Nothing personal belongs there, so its `info` becomes
//! `debug` and lines about pairing codes are dropped below `warn`; of numbers only the last three digits stay.

use log::{Level, LevelFilter, Log, Metadata, Record};
use tracing::level_filters::LevelFilter as Wanted;

use crate::text::mask;

/// What to add to the log filter. All lines of the library carry the target `whatsapp_rust`.
pub const LOG_DIRECTIVES: &str = "whatsapp_rust=warn";

/// Crates whose lines are passed on. All others log through `tracing` already, or say nothing of use.
const SOURCES: [&str; 3] = ["whatsapp_rust", "wacore", "waproto"];

/// The library's own targets of lines that hold pairing codes.
const SECRET: [&str; 2] = ["Bot/PairCode", "Client/PairCode"];

/// Passes the library's log lines on to `tracing`. Call it once, after the subscriber is set with
/// `tracing::subscriber::set_global_default`; the subscriber's own bridge from `log` (as `init()` installs it) must not
/// be installed, since it would neither mask nor lower anything.
///
/// # Errors
/// Where another logger was installed before.
pub fn install_log_bridge() -> Result<(), log::SetLoggerError> {
    log::set_logger(&Bridge)?;
    let wanted = Wanted::current();
    log::set_max_level(if wanted >= Wanted::TRACE {
        LevelFilter::Trace
    } else if wanted >= Wanted::DEBUG {
        LevelFilter::Info
    } else {
        LevelFilter::Warn
    });
    Ok(())
}

struct Bridge;

impl Log for Bridge {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        let source = record.module_path().unwrap_or_default();
        let ours = SOURCES.iter().any(|name| source.starts_with(name));
        let secret = record.level() >= Level::Info && SECRET.contains(&record.target());
        if !ours || secret || !self.enabled(record.metadata()) {
            return;
        }
        pass(record.level(), record);
    }

    fn flush(&self) {}
}

fn pass(level: Level, record: &Record<'_>) {
    let part = record.target();
    match level {
        Level::Error if tracing::enabled!(target: "whatsapp_rust", tracing::Level::ERROR) => {
            tracing::error!(target: "whatsapp_rust", part, "{}", text(record));
        }
        Level::Warn if tracing::enabled!(target: "whatsapp_rust", tracing::Level::WARN) => {
            tracing::warn!(target: "whatsapp_rust", part, "{}", text(record));
        }
        Level::Info if tracing::enabled!(target: "whatsapp_rust", tracing::Level::DEBUG) => {
            tracing::debug!(target: "whatsapp_rust", part, "{}", text(record));
        }
        Level::Debug | Level::Trace if tracing::enabled!(target: "whatsapp_rust", tracing::Level::TRACE) => {
            tracing::trace!(target: "whatsapp_rust", part, "{}", text(record));
        }
        _ => {}
    }
}

fn text(record: &Record<'_>) -> String {
    mask(&record.args().to_string()).into_owned()
}
