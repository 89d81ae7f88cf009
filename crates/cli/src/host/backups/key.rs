//! The key that seals backups.

use std::path::Path;

use backup::PURPOSE;
use config::Settings;
use seal::{FileKey, KeyError, MasterKey};

use crate::error::CliError;

/// That of the settings, or of the file in the data directory, which is made where there is none.
pub(crate) fn key_of(settings: &Settings) -> Result<FileKey, CliError> {
    let key = match &settings.backups.key {
        Some(key) => MasterKey::from_setting(key).map_err(|_| {
            CliError::Failed(
                "BACKUP_KEY takes 64 hexadecimal digits: `openssl rand -hex 32` makes some".to_owned(),
            )
        })?,
        None => MasterKey::load_or_create(&settings.paths.backup_key()).map_err(unusable)?,
    };
    derived(&key)
}

/// That of a file, which must be there.
pub(crate) fn key_at(path: &Path) -> Result<FileKey, CliError> {
    std::fs::metadata(path).map_err(CliError::file(path))?;
    derived(&MasterKey::load_or_create(path).map_err(unusable)?)
}

fn derived(key: &MasterKey) -> Result<FileKey, CliError> {
    key.file_key(PURPOSE).map_err(|error| CliError::Failed(error.to_string()))
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn unusable(error: KeyError) -> CliError {
    CliError::Failed(error.to_string())
}
