//! `flowhq db status`.

use clap::Args;
use store::Store;

use super::{engine, failed};
use crate::{
    args::{Format, Place},
    error::CliError,
    host, output,
};

/// Say which database it is and how far its schema is; changes nothing
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq db status
  flowhq db status --json      # for scripts: {\"engine\", \"found\", \"known\", \"up_to_date\"}")]
pub(crate) struct Status {
    #[command(flatten)]
    format: Format,
}

impl Status {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let target = host::target(&place.settings()?);
        let status = Store::status(&target).await.map_err(failed)?;
        let (engine, found, known) = (engine(&target), status.found, status.known);
        if self.format.json {
            let document = serde_json::json!({
                "engine": engine, "found": found, "known": known, "up_to_date": found == known,
            });
            return Ok(output::json(&document)?);
        }
        let state = match found {
            0 => "empty; `flowhq db migrate` makes its tables".to_owned(),
            found if found == known => format!("schema version {found}, up to date"),
            found => format!("schema version {found} of {known}; `flowhq db migrate` brings it up to date"),
        };
        Ok(output::line(format_args!("{engine}: {state}"))?)
    }
}
