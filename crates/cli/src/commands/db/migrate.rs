//! `flowhq db migrate`.

use clap::Args;
use domain::SystemClock;
use store::Store;

use super::{engine, failed};
use crate::{
    args::{Format, Place},
    error::CliError,
    host, output,
};

/// Bring the database's schema up to date
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq db migrate
  DATABASE_URL=postgres://flowhq@db/flowhq DATABASE_MIGRATE_URL=postgres://flowhq_owner@db/flowhq flowhq db migrate

Two at once are safe: the second waits and finds nothing to do. Migrations only go forward: have a
backup from before.")]
pub(crate) struct Migrate {
    #[command(flatten)]
    format: Format,
}

impl Migrate {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let settings = place.settings()?;
        let target = host::target(&settings);
        let waiting = output::Waiting::new("Migrating");
        let before = Store::migrate(&target, &SystemClock).await.map_err(failed)?;
        drop(waiting);
        if self.format.json {
            let document = serde_json::json!({ "found": before.found, "now": before.known });
            return Ok(output::json(&document)?);
        }
        let (engine, found, known) = (engine(&target), before.found, before.known);
        if found == known {
            return Ok(output::line(format_args!("{engine}: schema version {known}, nothing to do"))?);
        }
        Ok(output::line(format_args!("{engine}: schema migrated from version {found} to {known}"))?)
    }
}
