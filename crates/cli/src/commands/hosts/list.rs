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
        let head = ["HOST", "STATE", "SINCE", "TENANTS", "OF", "DISK FREE", "VERSION", "WHY"];
        Ok(output::line(output::table(head, hosts.into_iter().map(row)))?)
    }
}

fn row(host: Host) -> [String; 8] {
    let disk = disk(&host);
    [
        host.name,
        host.state.to_string(),
        format!("{:.0}", host.since),
        host.tenants.to_string(),
        host.capacity.to_string(),
        disk,
        output::harmless(&host.version),
        output::harmless(host.why.unwrap_or_default()),
    ]
}

/// What is free on its disk, with a word where that is little.
fn disk(host: &Host) -> String {
    let Some(free) = host.disk_free_bytes else { return "-".to_owned() };
    let word = match (host.disk_short, host.disk_low) {
        (true, _) => " FULL",
        (_, true) => " LOW",
        _ => "",
    };
    format!("{} MB{word}", free / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(free: Option<u64>, low: bool, short: bool) -> Host {
        Host {
            name: "host-1".to_owned(),
            address: "10.0.0.1:7443".to_owned(),
            state: domain::HostState::Ready,
            since: "2026-01-10T12:00:00Z".parse().unwrap(),
            why: None,
            last_seen_at: None,
            version: String::new(),
            incarnation: 1,
            capacity: 10,
            tenants: 1,
            running: None,
            disk_free_bytes: free,
            disk_low: low,
            disk_short: short,
            protections: Vec::new(),
        }
    }

    #[test]
    fn a_disk_that_runs_low_is_marked() {
        assert_eq!(disk(&host(Some(5_000_000_000), false, false)), "5000 MB");
        assert_eq!(disk(&host(Some(900_000_000), true, false)), "900 MB LOW");
        assert_eq!(disk(&host(Some(9_000_000), true, true)), "9 MB FULL");
        assert_eq!(disk(&host(None, false, false)), "-");
    }
}
