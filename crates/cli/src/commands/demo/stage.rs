//! The directory and the settings of a demo.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use config::{ConfigFile, Settings};
use link::cell::CellLock;

use super::provider::Provider;
use crate::{error::CliError, host};

/// How directories of demos begin.
const PREFIX: &str = "flowhq-demo-";
/// A younger directory may be one that is just being set up.
const SETTLED: Duration = Duration::from_secs(120);

/// Removes what demos have left that were killed, once their workers have ended too. Best effort: what cannot be removed
/// is there for the next one.
fn clear_up(within: &Path) {
    let entries = std::fs::read_dir(within).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)) {
        let age = entry.metadata().and_then(|about| about.modified()).ok().and_then(|at| at.elapsed().ok());
        if age.is_some_and(|age| age >= SETTLED) && is_abandoned(&entry.path()) {
            drop(std::fs::remove_dir_all(entry.path()));
        }
    }
}

/// Whether neither a control plane nor a worker lives there.
fn is_abandoned(directory: &Path) -> bool {
    let cells = std::fs::read_dir(directory.join("sessions")).into_iter().flatten().flatten();
    host::is_free(directory) && cells.map(|cell| cell.path()).all(|cell| CellLock::take(&cell).is_ok())
}

/// The packs of the source tree, where the demo runs in one: a restaurant and a clinic.
fn example_packs() -> Option<PathBuf> {
    let packs = std::env::current_dir().ok()?.join("packs");
    packs.join("restaurant/pack.toml").is_file().then_some(packs)
}

/// A directory that is removed at the end, unless somebody named it.
pub(super) struct Stage {
    pub(super) directory: PathBuf,
    passing: bool,
}

impl Stage {
    pub(super) fn new(named: Option<PathBuf>) -> Result<Self, CliError> {
        let passing = named.is_none();
        if passing {
            clear_up(&std::env::temp_dir());
        }
        let directory = match named {
            Some(directory) => directory,
            None => std::env::temp_dir().join(format!("{PREFIX}{}", domain::RecordId::generate())),
        };
        let directory = std::path::absolute(&directory).map_err(CliError::file(&directory))?;
        Ok(Self { directory, passing })
    }

    /// Settings for this directory alone: neither a file nor the environment has a say, so that no demo ever touches
    /// what somebody else runs. The port is 3000, or a free one where that is taken.
    pub(super) fn settings(
        &self,
        whatsapp: &str,
        once: bool,
        portal_port: u16,
        provider: Option<&Provider>,
    ) -> Result<Settings, CliError> {
        let free = |port: u16| !once && std::net::TcpListener::bind(("127.0.0.1", port)).is_ok();
        let pairs = [
            ("PORT", if free(3000) { "3000" } else { "0" }),
            ("PORTAL_PORT", &portal_port.to_string()),
            ("WHATSAPP_URL", whatsapp),
            ("HEARTBEAT_INTERVAL_MS", "5000"),
            ("REPLY_QUIET_MS", "0"),
            // It has no customers: it goes on wherever somebody tries it.
            ("CONFINEMENT", "best-effort"),
            // Whoever tries a whole booking by clicking is quicker than customers are.
            ("RATE_LIMIT_MAX_PER_MINUTE", "120"),
        ];
        let pairs = pairs.map(|(name, value)| (name.into(), value.into()));
        let data_dir = ("DATA_DIR".into(), self.directory.clone().into_os_string());
        let packs = example_packs().map(|packs| ("PACKS_DIR".into(), packs.into_os_string()));
        let provider = provider.into_iter().flat_map(|provider| {
            [
                ("OIDC_ISSUER", provider.issuer.as_str()),
                ("OIDC_CLIENT_ID", Provider::CLIENT),
                ("OIDC_CLIENT_SECRET", &provider.secret),
                ("OIDC_NAME", "the provider for trying"),
            ]
            .map(|(name, value)| (name.into(), value.into()))
        });
        let all = pairs.into_iter().chain([data_dir]).chain(packs).chain(provider);
        Ok(config::load(ConfigFile::None, all)?)
    }

    pub(super) fn path(&self) -> &Path {
        &self.directory
    }

    /// Removes the directory if nobody asked for it to be kept.
    pub(super) fn strike(self) -> Result<(), CliError> {
        if self.passing && self.directory.exists() {
            std::fs::remove_dir_all(&self.directory).map_err(CliError::file(&self.directory))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn a_directory_is_abandoned_once_nobody_lives_there() {
        let directory = tempfile::tempdir().unwrap();
        let cell = directory.path().join("sessions/one");
        std::fs::create_dir_all(&cell).unwrap();
        let worker = CellLock::take(&cell).unwrap();
        assert!(!is_abandoned(directory.path()), "a worker lives");
        drop(worker);
        assert!(is_abandoned(directory.path()));
        let young = directory.path().join(format!("{PREFIX}young"));
        std::fs::create_dir(&young).unwrap();
        clear_up(directory.path());
        assert!(young.exists(), "it may be just being set up");
    }
}
