//! `flowhq operator add`.

use ::api::{CreateOperator, NewPassword};
use clap::Args;
use http::Method;

use crate::{
    api,
    args::{Connect, Format, Place},
    error::CliError,
};

/// Add an operator; a password is made and shown this once
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq operator add neema@example.com --name \"Neema Juma\"")]
pub(crate) struct Add {
    /// The address that the operator will sign in with
    #[arg(value_name = "EMAIL")]
    email: String,
    /// The operator's name
    #[arg(long)]
    name: String,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Add {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let body = CreateOperator { name: self.name.clone(), email: self.email.clone(), password: None };
        let made: NewPassword = client.send_json(Method::POST, "/admin/operators", Some(&body)).await?;
        super::print(&made, self.format)
    }
}
