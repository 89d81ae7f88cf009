//! `flowhq host list|drain|undrain|even|lost`: what is ordered of the machines on which bots run.

mod even;
mod list;
mod lost;
mod order;

use clap::Subcommand;

use crate::{args::Place, error::CliError};

/// List hosts, empty them, even them out, take them into use again, and give them up
#[derive(Debug, Subcommand)]
pub(crate) enum Hosts {
    List(list::List),
    Drain(order::Drain),
    Undrain(order::Undrain),
    Even(even::Even),
    Lost(lost::Lost),
}

impl Hosts {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        match self {
            Self::List(command) => command.run(place).await,
            Self::Drain(command) => command.run(place).await,
            Self::Undrain(command) => command.run(place).await,
            Self::Even(command) => command.run(place).await,
            Self::Lost(command) => command.run(place).await,
        }
    }
}

/// The address of what is asked of a host.
fn path(name: &str, verb: &str) -> String {
    format!("/admin/hosts/{}/{verb}", crate::api::encode(name))
}
