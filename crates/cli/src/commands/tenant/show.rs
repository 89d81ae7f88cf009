//! `flowhq tenant show`.

use ::api::{Tenant, TenantWithLogs};
use clap::Args;
use domain::{Clock, SystemClock, Timestamp};

use crate::{
    api,
    args::{Connect, Format, Place, Which},
    error::CliError,
    output,
};

/// Show a tenant with its session and worker
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq tenant show \"Amina Salon\"
  flowhq tenant show --json 0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70")]
pub(crate) struct Show {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Show {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?;
        let found: TenantWithLogs = client.get(&format!("/admin/tenants/{id}")).await?;
        if self.format.json {
            return Ok(output::json(&found)?);
        }
        Ok(output::line(output::pairs(rows(found.tenant)))?)
    }
}

fn rows(tenant: Tenant) -> Vec<(&'static str, String)> {
    let (config, session, worker) = (tenant.config, tenant.whatsapp_session, tenant.worker_process);
    let now = SystemClock.now();
    let when = |at: Option<Timestamp>| at.map_or_else(|| "-".to_owned(), |at| output::ago(at, now));
    let number =
        |number: Option<String>| number.map_or_else(|| "-".to_owned(), |digits| format!("+{digits}"));
    let mut rows = vec![
        ("Name", tenant.name),
        ("Id", tenant.id.to_string()),
        ("State", format!("{}: {}", tenant.health.condition, tenant.health.says)),
        ("Status", tenant.status.to_string()),
        ("Number", tenant.phone_number.unwrap_or_else(|| "-".to_owned())),
        ("Business name", config.business_name),
        ("Reply pack", format!("{}, {}", config.template_type, config.language)),
        ("Time zone", format!("{}, {}", tenant.timezone, tenant.currency)),
        ("Session", session.state.to_string()),
        ("Linked number", number(session.linked_number)),
        ("Last seen", when(session.last_seen_at)),
        ("Worker", format!("{}{}", worker.status, if worker.stale { " (STALE)" } else { "" })),
        ("Started", when(worker.started_at)),
        ("Heartbeat", when(worker.last_heartbeat_at)),
        ("Restarts", worker.restarts.to_string()),
        ("Log rows refused", worker.refused_log_rows.to_string()),
    ];
    if worker.erasures_waiting > 0 {
        let words =
            format!("{} customers; the next start forgets them before it connects", worker.erasures_waiting);
        rows.push(("To be forgotten", words));
    }
    if let Some(bytes) = worker.memory_bytes {
        rows.push(("Memory", format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)));
    }
    if let Some(held) = tenant.held_number {
        rows.push((
            "Held",
            format!("+{held} is linked and is not the declared number; confirm it or link another phone"),
        ));
    }
    if let Some(tags) = tenant.tags.filter(|tags| !tags.is_empty()) {
        rows.push(("Tags", tags.join(", ")));
    }
    if let Some(reason) = tenant.suspended_reason {
        rows.push(("Suspended", reason));
    }
    if let Some(error) = worker.last_error {
        rows.push(("Last error", error));
    }
    rows
}
