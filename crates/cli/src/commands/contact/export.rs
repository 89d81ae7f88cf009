//! `flowhq contact export`.

use ::api::ContactExport;
use clap::Args;

use crate::{
    api,
    args::{Connect, Place, Which},
    error::CliError,
    output,
};

/// Print all that is held of one customer, as JSON
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq contact export \"Amina Salon\" 255712345678 > customer.json

While the worker runs its journal is asked too; \"complete\" says whether it was.")]
pub(crate) struct Export {
    #[command(flatten)]
    which: Which,
    /// The customer's number in digits, or lid: and digits, as the log shows it
    #[arg(value_name = "CONTACT")]
    contact: String,
    #[command(flatten)]
    connect: Connect,
}

impl Export {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?.to_string();
        let export = client.get::<ContactExport>(&super::path(&id, &self.contact)).await?;
        Ok(output::json(&export)?)
    }
}
