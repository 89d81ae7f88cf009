//! `flowhq tenant delete`.

use ::api::TenantWithLogs;
use clap::Args;

use crate::{
    api,
    args::{Connect, Format, Place, Which},
    error::CliError,
    output,
};

/// Delete a tenant with its worker, its linked device's keys and its conversation log
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq tenant delete \"Amina Salon\"          # asks for the name
  flowhq tenant delete \"Amina Salon\" --yes    # for scripts")]
pub(crate) struct Delete {
    #[command(flatten)]
    which: Which,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Delete {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?;
        let tenant = client.get::<TenantWithLogs>(&format!("/admin/tenants/{id}")).await?.tenant;
        if !self.yes {
            confirm(&tenant.name)?;
        }
        let waiting = output::Waiting::new("Stopping the worker and deleting");
        client.delete(&format!("/admin/tenants/{id}")).await?;
        drop(waiting);
        if self.format.json {
            return Ok(output::json(&serde_json::json!({ "id": id, "deleted": true }))?);
        }
        Ok(output::line(format_args!("{} ({id}): deleted", output::harmless(&tenant.name)))?)
    }
}

/// Asks for the name: what is deleted does not come back.
fn confirm(name: &str) -> Result<(), CliError> {
    output::remark(format_args!(
        "This deletes \"{}\" with its conversation log, and unlinks its phone. Type the name to go on:",
        output::harmless(name)
    ));
    let mut typed = String::new();
    std::io::stdin().read_line(&mut typed)?;
    if typed.trim() == name.trim() {
        return Ok(());
    }
    Err(CliError::Usage("that is not the name; nothing was deleted".to_owned()))
}
