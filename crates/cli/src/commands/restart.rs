//! `flowhq restart`.

use ::api::Tenant;
use clap::Args;

use crate::{
    api,
    args::{Connect, Format, Place, Which},
    error::CliError,
    output,
};

/// Stop a tenant's worker and start it again
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq restart \"Amina Salon\"
  flowhq restart --force \"Amina Salon\"     # clears its error and forgets failures")]
pub(crate) struct Restart {
    /// End what is there at once, clear the error and start anew
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Restart {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?;
        let waiting = output::Waiting::new("Restarting the worker");
        let verb = if self.force { "force-restart" } else { "restart" };
        let tenant: Tenant = client.post(&format!("/admin/tenants/{id}/worker/{verb}")).await?;
        drop(waiting);
        super::tenant::print_change(&tenant, "restarted", self.format)
    }
}
