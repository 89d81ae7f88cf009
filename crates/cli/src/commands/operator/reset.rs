//! `flowhq operator reset`.

use ::api::NewPassword;
use clap::Args;

use crate::{
    api,
    args::{Connect, Format, Place},
    error::CliError,
};

/// Give an operator a new password, and take the second factor away: for one who has lost both
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq operator reset neema@example.com")]
pub(crate) struct Reset {
    /// The operator's address
    #[arg(value_name = "EMAIL")]
    email: String,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Reset {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = super::find(&client, &self.email).await?;
        let made: NewPassword = client.post(&format!("/admin/operators/{id}/reset")).await?;
        super::print(&made, self.format)
    }
}
