//! `flowhq db …`: the database itself, past `flowhq serve`.

mod copy;
mod migrate;
mod status;

use clap::Subcommand;
use store::{OpenError, Target};

use crate::{args::Place, error::CliError};

/// Migrate, look at and copy the database
#[derive(Debug, Subcommand)]
pub(crate) enum Db {
    Migrate(migrate::Migrate),
    Status(status::Status),
    Copy(copy::Copy),
}

impl Db {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        match self {
            Self::Migrate(command) => command.run(place).await,
            Self::Status(command) => command.run(place).await,
            Self::Copy(command) => command.run(place).await,
        }
    }
}

/// The engine's name for people.
const fn engine(target: &Target) -> &'static str {
    match target {
        Target::Sqlite(_) => "SQLite",
        Target::Postgres { .. } => "PostgreSQL",
    }
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn failed(error: OpenError) -> CliError {
    CliError::Failed(error.to_string())
}
