//! `flowhq tenant list`.

use ::api::Tenant;
use clap::Args;
use domain::{Clock, SystemClock, TenantStatus};

use crate::{
    api::{self, encode},
    args::{Connect, Format, Place},
    error::CliError,
    output,
};

/// List tenants
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq tenant list
  flowhq tenant list --status ERROR
  flowhq tenant list --json | jq -r '.[].name'")]
pub(crate) struct List {
    /// Only those in this status: NEW, QR_PENDING, QR_READY, ACTIVE, PAUSED or ERROR
    #[arg(long, value_parser = super::word::<TenantStatus>)]
    status: Option<TenantStatus>,
    /// Only those whose name or number holds this text
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl List {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let mut path = "/admin/tenants?limit=500".to_owned();
        if let Some(status) = self.status {
            path += &format!("&status={status}");
        }
        if let Some(search) = &self.search {
            path += &format!("&search={}", encode(search));
        }
        let mut tenants = Vec::new();
        let mut next = Some(path);
        while let Some(path) = next {
            let (page, following) = client.page::<Tenant>(&path).await?;
            tenants.extend(page);
            next = following;
        }
        if self.format.json {
            return Ok(output::json(&tenants)?);
        }
        if tenants.is_empty() {
            let all = self.status.is_none() && self.search.is_none();
            output::remark(if all {
                "No tenants yet; `flowhq tenant create NAME` makes one."
            } else {
                "None."
            });
            return Ok(());
        }
        // As on the page: those that need a person first.
        tenants.sort_by_key(|tenant| !tenant.health.needs_a_person);
        let head = ["NAME", "NUMBER", "STATE", "LAST SEEN", "WHAT TO DO", "ID"];
        Ok(output::line(output::table(head, tenants.into_iter().map(row)))?)
    }
}

fn row(tenant: Tenant) -> [String; 6] {
    let seen = tenant.whatsapp_session.last_seen_at;
    [
        tenant.name,
        tenant.phone_number.unwrap_or_default(),
        tenant.health.condition.to_string(),
        seen.map(|then| output::ago(then, SystemClock.now())).unwrap_or_default(),
        if tenant.health.needs_a_person { tenant.health.says } else { String::new() },
        tenant.id.to_string(),
    ]
}
