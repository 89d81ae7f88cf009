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
  flowhq tenant list --tag vip
  flowhq tenant list --json | jq -r '.[].name'")]
pub(crate) struct List {
    #[command(flatten)]
    only: Only,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

/// Which tenants, as options.
#[derive(Debug, Args)]
pub(super) struct Only {
    /// Only those in this status: NEW, QR_PENDING, QR_READY, ACTIVE, PAUSED or ERROR
    #[arg(long, value_parser = super::word::<TenantStatus>)]
    status: Option<TenantStatus>,
    /// Only those whose name or number holds this text
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only those that have this tag
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
}

impl Only {
    /// The same in a query that has begun; empty where all are meant.
    pub(super) fn query(&self) -> String {
        let status = self.status.map(|status| status.to_string());
        let pairs = [("status", &status), ("search", &self.search), ("tag", &self.tag)];
        let given = pairs.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        given.map(|(name, value)| format!("&{name}={}", encode(value))).collect()
    }
}

impl List {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let path = format!("/admin/tenants?limit=500{}", self.only.query());
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
            output::remark(if self.only.query().is_empty() {
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
