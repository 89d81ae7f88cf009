//! `flowhq suspend`.

use ::api::{Suspend as Reason, Tenant};
use clap::Args;
use http::Method;

use crate::{
    api,
    args::{Connect, Format, Place, Which},
    error::CliError,
};

/// Suspend a tenant, or lift that: its bot tells each customer once that the business is away
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq suspend \"Amina Salon\" --reason \"The invoice of October is open\"
  flowhq suspend \"Amina Salon\" --lift")]
pub(crate) struct Suspend {
    #[command(flatten)]
    which: Which,
    /// Why; the owner reads it
    #[arg(long, value_name = "TEXT", required_unless_present = "lift", conflicts_with = "lift")]
    reason: Option<String>,
    /// Let the bot answer again
    #[arg(long)]
    lift: bool,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Suspend {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?;
        let (tenant, done): (Tenant, _) = match &self.reason {
            Some(reason) => {
                let body = Reason { reason: reason.clone() };
                let path = format!("/admin/tenants/{id}/suspend");
                (client.send_json(Method::POST, &path, Some(&body)).await?, "suspended")
            }
            None => (client.post(&format!("/admin/tenants/{id}/lift-suspension")).await?, "answers again"),
        };
        super::tenant::print_change(&tenant, done, self.format)
    }
}
