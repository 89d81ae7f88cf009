//! `flowhq stop`.

use ::api::Tenant;
use clap::Args;

use crate::{
    api,
    args::{Connect, Format, Place, Which},
    error::CliError,
    output,
};

/// Stop a tenant's worker; the phone stays linked
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq stop \"Amina Salon\"

A worker that is stopped already stays as it is.")]
pub(crate) struct Stop {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Stop {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?;
        let waiting = output::Waiting::new("Stopping the worker");
        let tenant: Tenant = client.post(&format!("/admin/tenants/{id}/worker/stop")).await?;
        drop(waiting);
        super::tenant::print_change(&tenant, "stopped", self.format)
    }
}
