//! `flowhq requests approve`.

use ::api::{Approve as Notes, Approved};
use clap::Args;
use domain::SetupRequestId;
use http::Method;

use crate::{
    api,
    args::{Connect, Format, Place},
    error::CliError,
    output,
};

/// Approve a setup request: takes over what was asked for and starts the worker
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq requests approve 0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70 --notes \"Welcome!\"")]
pub(crate) struct Approve {
    /// Id of the request, as `flowhq requests list` shows it
    #[arg(value_name = "ID")]
    request: SetupRequestId,
    /// A note that the owner reads
    #[arg(long, value_name = "TEXT")]
    notes: Option<String>,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Approve {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let path = format!("/admin/setup-requests/{}/approve", self.request);
        let body = Notes { notes: self.notes.clone() };
        let approved: Approved = client.send_json(Method::POST, &path, Some(&body)).await?;
        if self.format.json {
            return Ok(output::json(&approved)?);
        }
        super::print(&approved.request)?;
        if let Some(why) = approved.worker_error {
            output::remark(format_args!(
                "Its worker did not start: {}; `flowhq start {}` tries again.",
                output::harmless(why),
                approved.request.tenant_id
            ));
        }
        Ok(())
    }
}
