//! `flowhq confirm-number`.

use ::api::{ConfirmNumber as Number, Tenant};
use clap::Args;
use http::Method;

use crate::{
    api,
    args::{Connect, Format, Place, Which},
    error::CliError,
};

/// Confirm that a linked number which is not the declared one is the tenant's
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq confirm-number \"Amina Salon\" +255754000111

`flowhq tenant show` says which number waits. Until it is confirmed the bot answers nobody.")]
pub(crate) struct ConfirmNumber {
    #[command(flatten)]
    which: Which,
    /// The number that waits, so that nobody confirms another one than they saw
    #[arg(value_name = "NUMBER")]
    number: String,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl ConfirmNumber {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?;
        let body = Number { number: self.number.replace(' ', "") };
        let path = format!("/admin/tenants/{id}/confirm-number");
        let tenant: Tenant = client.send_json(Method::POST, &path, Some(&body)).await?;
        super::tenant::print_change(&tenant, "number confirmed", self.format)
    }
}
