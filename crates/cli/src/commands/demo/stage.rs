//! The directory and the settings of a demo.

use std::path::{Path, PathBuf};

use config::{ConfigFile, Settings};

use crate::error::CliError;

/// A directory that is removed at the end, unless somebody named it.
pub(super) struct Stage {
    pub(super) directory: PathBuf,
    passing: bool,
}

impl Stage {
    pub(super) fn new(named: Option<PathBuf>) -> Result<Self, CliError> {
        let passing = named.is_none();
        let directory = match named {
            Some(directory) => directory,
            None => std::env::temp_dir().join(format!("flowhq-demo-{}", domain::RecordId::generate())),
        };
        let directory = std::path::absolute(&directory).map_err(CliError::file(&directory))?;
        Ok(Self { directory, passing })
    }

    /// Settings for this directory alone: neither a file nor the environment has a say, so that no demo ever touches
    /// what somebody else runs. The port is 3000, or a free one where that is taken.
    pub(super) fn settings(&self, whatsapp: &str, once: bool) -> Result<Settings, CliError> {
        let port =
            if once || std::net::TcpListener::bind(("127.0.0.1", 3000)).is_err() { "0" } else { "3000" };
        let pairs = [
            ("PORT", port),
            ("WHATSAPP_URL", whatsapp),
            ("HEARTBEAT_INTERVAL_MS", "5000"),
            ("REPLY_QUIET_MS", "0"),
        ];
        let pairs = pairs.map(|(name, value)| (name.into(), value.into()));
        let data_dir = ("DATA_DIR".into(), self.directory.clone().into_os_string());
        Ok(config::load(ConfigFile::None, pairs.into_iter().chain([data_dir]))?)
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
