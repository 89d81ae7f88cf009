//! `flowhq start`.

use ::api::Tenant;
use clap::Args;

use crate::{
    api,
    args::{Connect, Format, Place, Which},
    error::CliError,
    output,
};

/// Start a tenant's worker
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq start \"Amina Salon\"
  flowhq qr \"Amina Salon\"     # then link its phone

A worker that runs already is refused with exit code 5.")]
pub(crate) struct Start {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Start {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?;
        let waiting = output::Waiting::new("Starting the worker");
        let tenant: Tenant = client.post(&format!("/admin/tenants/{id}/worker/start")).await?;
        drop(waiting);
        super::tenant::print_change(&tenant, "started", self.format)
    }
}
