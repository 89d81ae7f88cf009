//! The master key of this place: from a setting, from what a command writes, or from a file in the data directory; and its change.

mod cells;
mod change;

use std::time::Duration;

use config::Settings;
use seal::MasterKey;
use secrecy::SecretString;

use super::shell;
use crate::error::CliError;

pub(crate) use change::{Cells, Done, carry_out, look, taken_up};

/// How long MASTER_KEY_COMMAND may take.
const COMMAND_TIME: Duration = Duration::from_secs(30);
/// Nothing that is a key is longer.
const LONGEST: u64 = 1024;

/// What seals second factors, and of what workers' keys are made.
pub(crate) async fn master_key(settings: &Settings) -> Result<MasterKey, CliError> {
    match set(settings).await? {
        Some(key) => Ok(key),
        None => MasterKey::load_or_create(&settings.paths.master_key())
            .map_err(|error| CliError::Failed(error.to_string())),
    }
}

/// The same where the settings say it, by themselves or by a command.
pub(crate) async fn set(settings: &Settings) -> Result<Option<MasterKey>, CliError> {
    if let Some(key) = &settings.database.master_key {
        return MasterKey::from_setting(key).map(Some).map_err(|error| CliError::Failed(error.to_string()));
    }
    let Some(written) = by_command(settings).await? else { return Ok(None) };
    MasterKey::from_setting(&written).map(Some).map_err(|_| gave_none(&"what it wrote is no key"))
}

/// Reads what MASTER_KEY_COMMAND writes into the settings: before the control plane confines itself and starts a thread, since
/// the command reaches where it wants to.
///
/// # Errors
/// Where it writes no key.
pub(crate) fn ask_command(settings: &mut Settings) -> Result<(), CliError> {
    if settings.database.master_key.is_none() && settings.database.master_key_command.is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        settings.database.master_key = runtime.block_on(by_command(settings))?;
    }
    Ok(())
}

/// What the command writes, where there is one.
async fn by_command(settings: &Settings) -> Result<Option<SecretString>, CliError> {
    let Some(command) = &settings.database.master_key_command else { return Ok(None) };
    let written = shell::output(shell::command(command), COMMAND_TIME, LONGEST).await;
    let written = written.map_err(|error| gave_none(&error))?;
    let text = String::from_utf8(written).map_err(|_| gave_none(&"what it wrote is no text"))?;
    let text = SecretString::from(text.trim());
    // What is no key is said to be the command's fault, and not the setting's.
    MasterKey::from_setting(&text).map_err(|_| gave_none(&"what it wrote is no key"))?;
    Ok(Some(text))
}

fn gave_none(why: &dyn std::fmt::Display) -> CliError {
    CliError::Failed(format!(
        "MASTER_KEY_COMMAND gave no key: {why}. Run it by hand as the user of flowhq serve to see what it says; it has to write 64 \
         hexadecimal digits to its standard output and nothing else"
    ))
}
