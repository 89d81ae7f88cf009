//! `flowhq master-key …`.

mod change;

use clap::Subcommand;

use crate::{args::Place, error::CliError};

/// Change the key that seals tenants' files and the secrets in the database
#[derive(Debug, Subcommand)]
pub(crate) enum MasterKey {
    Change(change::Change),
}

impl MasterKey {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        match self {
            Self::Change(command) => command.run(place).await,
        }
    }
}
