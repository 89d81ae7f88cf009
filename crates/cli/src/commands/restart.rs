//! `flowhq restart`.

use ::api::Tenant;
use clap::Args;

use crate::{
    api,
    args::{Connect, Format, Place},
    error::CliError,
    output,
};

mod rolling;

/// Stop a tenant's worker and start it again; or all, one after another
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq restart \"Amina Salon\"
  flowhq restart --all --rolling           # after an upgrade
  flowhq restart --force \"Amina Salon\"     # clears its error and forgets failures")]
pub(crate) struct Restart {
    /// End what is there at once, clear the error and start anew
    #[arg(long)]
    force: bool,
    /// Id of the tenant, or its name where no other tenant has the same
    #[arg(value_name = "TENANT", required_unless_present = "all")]
    tenant: Option<String>,
    /// All tenants whose workers run, one after another
    #[arg(long, conflicts_with = "tenant")]
    all: bool,
    /// Wait until each is connected to WhatsApp again, and stop at the first that is not
    #[arg(long, requires = "all")]
    rolling: bool,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Restart {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let Some(tenant) = &self.tenant else {
            return rolling::run(&client, self.force, self.rolling, self.format).await;
        };
        let id = api::find(&client, tenant).await?;
        let waiting = output::Waiting::new("Restarting the worker");
        let verb = if self.force { "force-restart" } else { "restart" };
        let tenant: Tenant = client.post(&format!("/admin/tenants/{id}/worker/{verb}")).await?;
        drop(waiting);
        super::tenant::print_change(&tenant, "restarted", self.format)
    }
}
