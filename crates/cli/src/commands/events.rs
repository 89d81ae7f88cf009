//! `flowhq events`.

use ::api::Event;
use clap::Args;
use domain::{Clock, SystemClock};

use crate::{
    api,
    args::{Connect, Format, Place},
    error::CliError,
    output,
};

/// Show the audit log: who did what to which tenant
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq events
  flowhq events --tenant \"Amina Salon\" --limit 100
  flowhq events --json | jq -r '.[].event_type'")]
pub(crate) struct Events {
    /// Only those of this tenant, by id or name
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// How many, the newest first
    #[arg(long, value_name = "ROWS", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=500))]
    limit: u32,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Events {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let mut path = format!("/admin/events?limit={}", self.limit);
        if let Some(tenant) = &self.tenant {
            path += &format!("&tenant={}", api::find(&client, tenant).await?);
        }
        let (events, _) = client.page::<Event>(&path).await?;
        if self.format.json {
            return Ok(output::json(&events)?);
        }
        if events.is_empty() {
            output::remark("Nothing was done yet.");
            return Ok(());
        }
        let head = ["WHEN", "WHAT"];
        Ok(output::line(output::table(head, events.iter().map(row)))?)
    }
}

/// The sentence that the page shows; of a type that this version has no sentence for, what is known.
fn row(event: &Event) -> [String; 2] {
    let who = words::did::who(&event.actor, event.actor_name.as_deref());
    let named = |id: domain::TenantId| words::did::tenant(&id.to_string(), event.tenant_name.as_deref());
    let tenant = event.tenant_id.map(named).unwrap_or_default();
    let told = words::did::told(&event.event_type, &who, &tenant);
    [
        output::ago(event.created_at, SystemClock.now()),
        told.unwrap_or_else(|| format!("{who}: {} {tenant}", event.event_type)),
    ]
}
