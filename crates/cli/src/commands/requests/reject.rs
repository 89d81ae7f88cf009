//! `flowhq requests reject`.

use ::api::{Reject as Notes, SetupRequest};
use clap::Args;
use domain::SetupRequestId;
use http::Method;

use crate::{
    api,
    args::{Connect, Format, Place},
    error::CliError,
    output,
};

/// Reject a setup request, with a note that the owner reads
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq requests reject 0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70 --notes \"This number is another business's.\"")]
pub(crate) struct Reject {
    /// Id of the request, as `flowhq requests list` shows it
    #[arg(value_name = "ID")]
    request: SetupRequestId,
    /// Why; the owner reads it
    #[arg(long, value_name = "TEXT")]
    notes: String,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Reject {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let path = format!("/admin/setup-requests/{}/reject", self.request);
        let body = Notes { notes: self.notes.clone() };
        let request: SetupRequest = client.send_json(Method::POST, &path, Some(&body)).await?;
        if self.format.json {
            return Ok(output::json(&request)?);
        }
        super::print(&request)
    }
}
