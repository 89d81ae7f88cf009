//! `flowhq requests …`.

mod approve;
mod list;
mod reject;

use ::api::SetupRequest;
use clap::Subcommand;

use crate::{args::Place, error::CliError, output};

/// List, approve and reject owners' setup requests
#[derive(Debug, Subcommand)]
pub(crate) enum Requests {
    List(list::List),
    Approve(approve::Approve),
    Reject(reject::Reject),
}

impl Requests {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        match self {
            Self::List(command) => command.run(place).await,
            Self::Approve(command) => command.run(place).await,
            Self::Reject(command) => command.run(place).await,
        }
    }
}

/// Says what became of a request.
fn print(request: &SetupRequest) -> Result<(), CliError> {
    let tenant = output::harmless(&request.tenant_name);
    Ok(output::line(format_args!("{tenant} ({}): {}", request.id, request.status))?)
}
