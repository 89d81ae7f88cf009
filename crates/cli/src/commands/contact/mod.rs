//! `flowhq contact …`: what a tenant's customers have a right to.

mod erase;
mod export;

use clap::Subcommand;

use crate::{args::Place, error::CliError};

/// Export or erase all that is held of one customer
#[derive(Debug, Subcommand)]
pub(crate) enum Contact {
    Export(export::Export),
    Erase(erase::Erase),
}

impl Contact {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        match self {
            Self::Export(command) => command.run(place).await,
            Self::Erase(command) => command.run(place).await,
        }
    }
}

/// The path of a contact.
fn path(tenant: &str, contact: &str) -> String {
    format!("/admin/tenants/{tenant}/contacts/{}", crate::api::encode(contact))
}
