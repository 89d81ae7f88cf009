//! What a run of the tests has planned for this process: where it is ended, and which of its calls fail. Nothing in a build
//! for customers.

use crash::Process;

use crate::error::CliError;

/// Reads the plan, once, before anything else runs.
pub(crate) fn arm(process: Process) -> Result<(), CliError> {
    crash::arm(process).map_err(|error| CliError::Usage(error.to_string()))?;
    #[cfg(feature = "virtual")]
    if let Some(folder) = crash::directory() {
        faults::arm(&folder, process.name()).map_err(|error| CliError::Usage(error.to_string()))?;
    }
    Ok(())
}
