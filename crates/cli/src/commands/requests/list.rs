//! `flowhq requests list`.

use ::api::SetupRequest;
use clap::Args;
use domain::{Clock, SetupStatus, SystemClock};

use crate::{
    api,
    args::{Connect, Format, Place},
    commands::tenant::word,
    error::CliError,
    output,
};

/// List setup requests, the newest first
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq requests list
  flowhq requests list --status SUBMITTED")]
pub(crate) struct List {
    /// Only those in this status: SUBMITTED, REVIEWING, APPROVED, ACTIVE or REJECTED
    #[arg(long, value_parser = word::<SetupStatus>)]
    status: Option<SetupStatus>,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl List {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let mut path = "/admin/setup-requests?limit=500".to_owned();
        if let Some(status) = self.status {
            path += &format!("&status={status}");
        }
        let mut requests = Vec::new();
        let mut next = Some(path);
        while let Some(path) = next {
            let (page, following) = client.page::<SetupRequest>(&path).await?;
            requests.extend(page);
            next = following;
        }
        if self.format.json {
            return Ok(output::json(&requests)?);
        }
        if requests.is_empty() {
            output::remark("None.");
            return Ok(());
        }
        let head = ["SENT", "TENANT", "ASKED BY", "NUMBER", "PACK", "STATUS", "ID"];
        Ok(output::line(output::table(head, requests.into_iter().map(row)))?)
    }
}

fn row(request: SetupRequest) -> [String; 7] {
    [
        output::ago(request.created_at, SystemClock.now()),
        request.tenant_name,
        request.user_email,
        request.whatsapp_number,
        request.template_type.to_string(),
        request.status.to_string(),
        request.id.to_string(),
    ]
}
