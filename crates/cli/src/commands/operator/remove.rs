//! `flowhq operator remove`.

use clap::Args;

use crate::{
    api,
    args::{Connect, Place},
    error::CliError,
    output,
};

/// Remove an operator; sessions and streams of theirs end at once
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq operator remove neema@example.com --yes")]
pub(crate) struct Remove {
    /// The operator's address
    #[arg(value_name = "EMAIL")]
    email: String,
    /// Confirm it
    #[arg(long, required = true)]
    yes: bool,
    #[command(flatten)]
    connect: Connect,
}

impl Remove {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = super::find(&client, &self.email).await?;
        client.post::<()>(&format!("/admin/operators/{id}/remove")).await?;
        Ok(output::line("Removed.")?)
    }
}
