//! `flowhq pack check`.

use std::path::PathBuf;

use clap::Args;
use replies::Pack;

use super::failed;
use crate::{error::CliError, host::packs::files, output};

/// Say what is wrong with a pack's folder: file, line, what
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq pack check packs/restaurant")]
pub(crate) struct Check {
    /// The pack's folder, with pack.toml in it
    folder: PathBuf,
}

impl Check {
    pub(crate) fn run(&self) -> Result<(), CliError> {
        let pack =
            Pack::compile(&files(&self.folder)?).map_err(|problems| failed(&self.folder, &problems))?;
        let version = pack.version();
        let hash = version.hash.get(..12).unwrap_or_default();
        output::line(format_args!("{} version {} is in order ({hash})", version.id, version.version))?;
        Ok(())
    }
}
