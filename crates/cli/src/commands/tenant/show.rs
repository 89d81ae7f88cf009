//! `flowhq tenant show`.

use ::api::{Tenant, TenantUptime, TenantWithLogs};
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
        let uptime: TenantUptime = client.get(&format!("/admin/tenants/{id}/uptime")).await?;
        if self.format.json {
            return Ok(output::json(&Shown { found, uptime })?);
        }
        let mut lines = rows(found.tenant);
        lines.extend(stood(&uptime, SystemClock.now()));
        Ok(output::line(output::pairs(lines))?)
    }
}

/// All of it, for scripts.
#[derive(serde::Serialize)]
struct Shown {
    #[serde(flatten)]
    found: TenantWithLogs,
    uptime: TenantUptime,
}

/// Incidents that are printed; `--json` has more.
const INCIDENTS: usize = 5;

/// How the bot stood, in the words of its page.
fn stood(uptime: &TenantUptime, now: Timestamp) -> Vec<(&'static str, String)> {
    let times = uptime.times.iter().map(|time| {
        let share = time.answering_percent.map(|share| format!("{share:.2} %"));
        let share = share.unwrap_or_else(|| words::uptime::not_meant().to_owned());
        format!("{} {share}", words::uptime::days(time.days))
    });
    let mut lines = vec![("Uptime", times.collect::<Vec<_>>().join(", "))];
    for incident in uptime.incidents.iter().take(INCIDENTS) {
        let lasts = incident.ended_at.unwrap_or(now).duration_since(incident.began_at);
        let lasts = words::time::span(lasts.as_secs().max(0).unsigned_abs());
        let ended = match &incident.ended_says {
            Some(by) => format!("{}, {by}", words::uptime::lasted(lasts)),
            None => words::uptime::goes_on(lasts),
        };
        let began = incident.began_at.strftime("%Y-%m-%d %H:%M:%S");
        lines.push(("Incident", format!("{began}  {} ({ended})", incident.says)));
    }
    lines
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

#[cfg(test)]
mod tests {
    use domain::{Condition, EndedBy, Id};

    use super::*;

    #[test]
    fn incidents_are_told_in_the_words_of_the_page() {
        let at = |time: &str| format!("2026-01-10T{time}Z").parse::<Timestamp>().unwrap();
        let incident = |ended: Option<&str>| ::api::Incident {
            id: Id::generate(),
            condition: Condition::Error,
            says: "It fell over.".to_owned(),
            began_at: at("12:00:00"),
            ended_at: ended.map(at),
            ended_by: ended.map(|_| EndedBy::Answering),
            ended_says: ended.map(|_| words::uptime::ended(EndedBy::Answering).to_owned()),
        };
        let time = |days, answering_percent| ::api::Uptime {
            days,
            answering_percent,
            up_seconds: 0,
            down_seconds: 0,
            off_seconds: 0,
            unknown_seconds: 0,
        };
        let uptime = TenantUptime {
            times: vec![time(7, Some(99.5)), time(30, None)],
            incidents: vec![incident(None), incident(Some("12:05:00"))],
        };
        assert_eq!(
            stood(&uptime, at("14:00:00")),
            [
                ("Uptime", "7 days 99.50 %, 30 days not meant to run".to_owned()),
                ("Incident", "2026-01-10 12:00:00  It fell over. (goes on, for 2 h now)".to_owned()),
                (
                    "Incident",
                    "2026-01-10 12:00:00  It fell over. (lasted 5 min, it answers again)".to_owned()
                ),
            ]
        );
    }
}
