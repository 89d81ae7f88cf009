//! `flowhq unlink`.

use ::api::Tenant;
use clap::Args;

use crate::{
    api,
    args::{Connect, Format, Place, Which},
    error::CliError,
    output,
};

/// Take a tenant's bot off the phone's list of linked devices
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq unlink \"Amina Salon\" --yes

To go on, somebody has to scan a code with the phone again. Unlinked is what WhatsApp has confirmed: where it
has not, the command says so and what to do on the phone.")]
pub(crate) struct Unlink {
    #[command(flatten)]
    which: Which,
    /// Confirm that the bot is to stop answering
    #[arg(long, required = true)]
    yes: bool,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Unlink {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?;
        let waiting = output::Waiting::new("Unlinking the device");
        let tenant: Tenant = client.post(&format!("/admin/tenants/{id}/unlink")).await?;
        drop(waiting);
        super::tenant::print_change(&tenant, "unlinked", self.format)
    }
}
