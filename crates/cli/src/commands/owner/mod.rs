//! `flowhq owner …`.

mod link;

use clap::Subcommand;

use crate::{args::Place, error::CliError};

/// Let owners into the portal
#[derive(Debug, Subcommand)]
pub(crate) enum Owner {
    Link(link::Link),
}

impl Owner {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        match self {
            Self::Link(command) => command.run(place).await,
        }
    }
}
