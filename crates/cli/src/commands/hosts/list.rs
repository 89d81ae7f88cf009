//! `flowhq host list`.

use ::api::Host;
use clap::Args;

use crate::{
    api,
    args::{Connect, Format, Place},
    error::CliError,
    output,
};

/// List the machines on which bots run
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl List {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let hosts: Vec<Host> = client.get("/admin/hosts").await?;
        if self.format.json {
            return Ok(output::json(&hosts)?);
        }
        if hosts.is_empty() {
            output::remark("All bots run on this machine; HOSTS names others.");
            return Ok(());
        }
        let head = ["HOST", "STATE", "SINCE", "TENANTS", "OF", "VERSION", "WHY"];
        Ok(output::line(output::table(head, hosts.into_iter().map(row)))?)
    }
}

fn row(host: Host) -> [String; 7] {
    [
        host.name,
        host.state.to_string(),
        format!("{:.0}", host.since),
        host.tenants.to_string(),
        host.capacity.to_string(),
        output::harmless(&host.version),
        output::harmless(host.why.unwrap_or_default()),
    ]
}
