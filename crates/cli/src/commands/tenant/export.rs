//! `flowhq tenant export`.

use std::path::PathBuf;

use clap::Args;

use super::list::Only;
use crate::{
    api,
    args::{Connect, Place},
    error::CliError,
    output,
};

/// Print tenants as CSV, as `flowhq tenant import` takes it
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq tenant export > tenants.csv
  flowhq tenant export --tag vip --output vip.csv

Private notes are in it. The export is written down in the audit log.")]
pub(crate) struct Export {
    #[command(flatten)]
    only: Only,
    /// Write it into this file, which must not be there yet
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    connect: Connect,
}

impl Export {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let query = self.only.query();
        let path = match query.strip_prefix('&') {
            Some(query) => format!("/admin/tenants.csv?{query}"),
            None => "/admin/tenants.csv".to_owned(),
        };
        let table = client.csv(&path).await?;
        match &self.output {
            Some(file) => {
                let mut new = std::fs::File::create_new(file).map_err(CliError::file(file))?;
                std::io::Write::write_all(&mut new, &table).map_err(CliError::file(file))
            }
            None => Ok(output::file(&table)?),
        }
    }
}
