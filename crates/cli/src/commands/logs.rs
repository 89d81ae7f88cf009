//! `flowhq logs`.

use std::time::Duration;

use ::api::{Log, WorkerLog, WorkerLogLine, WorkerLogState};
use clap::Args;
use domain::{Direction, TenantId};

use crate::{
    api::{self, Client},
    args::{Connect, Place, Which},
    error::CliError,
    output,
};

/// How long is waited between two looks at a worker's log.
const LOOK: Duration = Duration::from_secs(1);

/// Print a tenant's conversation log, oldest line first; or its worker's log
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq logs \"Amina Salon\"
  flowhq logs --follow --lines 10 \"Amina Salon\"
  flowhq logs --json \"Amina Salon\" | jq -r .message_text
  flowhq logs --worker --level warn \"Amina Salon\"")]
pub(crate) struct Logs {
    /// Go on printing as messages come, until Ctrl-C
    #[arg(long, short)]
    follow: bool,
    /// How many of the last lines are printed
    #[arg(long, short = 'n', default_value_t = 50, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=500))]
    lines: u32,
    /// The worker's own technical log in place of the conversations
    #[arg(long)]
    worker: bool,
    /// Of the worker's log: down to error, warn, info or debug [default: info]
    #[arg(long, value_name = "LEVEL", requires = "worker", value_parser = ["error", "warn", "info", "debug"])]
    level: Option<String>,
    #[command(flatten)]
    which: Which,
    /// Print JSON, one line for each message or line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connect: Connect,
}

impl Logs {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?;
        if self.worker {
            return self.worker_log(&client, id).await;
        }
        if self.follow {
            return self
                .follow(&client, &format!("/admin/tenants/{id}/logs/stream?last={}", self.lines))
                .await;
        }
        let lines = self.lines.max(1);
        let mut logs: Vec<Log> = client.get(&format!("/admin/tenants/{id}/logs?limit={lines}")).await?;
        logs.truncate(self.lines as usize);
        logs.iter().rev().try_for_each(|log| self.print(log))
    }

    async fn follow(&self, client: &Client, path: &str) -> Result<(), CliError> {
        let mut events = client.events(path).await?;
        while let Some(event) = events.next().await? {
            if event.name == "log" {
                let log: Log = serde_json::from_str(&event.data).map_err(|error| CliError::Answer {
                    at: "the stream".to_owned(),
                    cause: error.to_string(),
                })?;
                self.print(&log)?;
            }
        }
        Err(CliError::Failed("flowhq serve ended the stream".to_owned()))
    }

    /// The worker's own log, of which the newest lines are asked for again and again where it is followed.
    async fn worker_log(&self, client: &Client, id: TenantId) -> Result<(), CliError> {
        let level = self.level.as_deref().unwrap_or("info");
        let path = format!("/admin/tenants/{id}/worker/log?level={level}&lines=");
        let mut log: WorkerLog = client.get(&format!("{path}{}", self.lines.max(1))).await?;
        if self.lines == 0 {
            log.lines.clear();
        }
        if log.state == WorkerLogState::None && !self.follow {
            output::remark(words::worker_log::none_text());
            return Ok(());
        }
        loop {
            if log.state == WorkerLogState::Rotating {
                output::remark("The log was being cut to its size: lines may be missing.");
            }
            for line in &log.lines {
                if self.json {
                    output::json_line(line)?;
                } else {
                    output::line(of_worker(line))?;
                }
            }
            if !self.follow {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
            log = client.get(&format!("{path}2000&after={}", log.next)).await?;
        }
    }

    fn print(&self, log: &Log) -> Result<(), CliError> {
        if self.json {
            return Ok(output::json_line(log)?);
        }
        Ok(output::line(line(log))?)
    }
}

/// One line of a worker's log: time, level, text.
fn of_worker(line: &WorkerLogLine) -> String {
    let text = output::harmless(&line.text);
    match (line.at, line.level) {
        (Some(at), Some(level)) => {
            let level = level.to_string().to_uppercase();
            format!("{}  {level:<5}  {text}", at.strftime("%Y-%m-%d %H:%M:%S"))
        }
        _ => text,
    }
}

/// One message on one line: time, arrow, the customer's number, text.
fn line(log: &Log) -> String {
    let (arrow, contact) = match log.direction {
        Direction::In => ("<-", &log.from_number),
        Direction::Out => ("->", &log.to_number),
    };
    let text = log.message_text.replace('\n', " / ");
    // What the owner wrote wants no reply.
    let silence = log.silence.as_deref().filter(|_| log.direction == Direction::In);
    let silence = silence.map(|why| format!("  (no reply: {why})")).unwrap_or_default();
    let tick =
        log.delivery.map(|delivery| words::delivery::sentence(delivery, log.delivery_reason.as_deref()));
    let by = log.writer.filter(|writer| writer.is_a_person());
    let told: Vec<String> =
        by.map(|by| words::delivery::writer(by).to_owned()).into_iter().chain(tick).collect();
    let told =
        if told.is_empty() { String::new() } else { format!("  [{}]", output::harmless(told.join(", "))) };
    let when = log.created_at.strftime("%Y-%m-%d %H:%M:%S");
    format!("{when}  {arrow} {}  {}{silence}{told}", output::harmless(contact), output::harmless(text))
}

#[cfg(test)]
mod tests {
    use domain::{Id, Timestamp, Writer};

    use super::*;

    #[test]
    fn a_line_of_a_worker_has_its_time_and_level_and_steers_no_terminal() {
        let line = WorkerLogLine {
            at: Some("2026-01-10T12:00:00.5Z".parse::<Timestamp>().unwrap()),
            level: Some(domain::Severity::Warn),
            text: "gone\u{1b}[2J".to_owned(),
        };
        assert_eq!(of_worker(&line), "2026-01-10 12:00:00  WARN   gone\u{fffd}[2J");
        let words = WorkerLogLine { at: None, level: None, ..line };
        assert_eq!(of_worker(&words), "gone\u{fffd}[2J");
    }

    #[test]
    fn a_message_stays_on_one_line_and_steers_no_terminal() {
        let log = Log {
            id: Id::generate(),
            tenant_id: Id::generate(),
            direction: Direction::In,
            from_number: "255712345678".to_owned(),
            to_number: String::new(),
            message_text: "Habari\n\u{1b}[2Jza leo".to_owned(),
            wa_message_id: "A".to_owned(),
            silence: Some("rate limited".to_owned()),
            created_at: "2026-01-10T12:00:00.5Z".parse::<Timestamp>().unwrap(),
            sent_at: None,
            about: None,
            delivery: None,
            delivery_reason: None,
            writer: None,
        };
        let out = Log {
            direction: Direction::Out,
            to_number: "255712345678".to_owned(),
            message_text: "Karibu".to_owned(),
            silence: Some("deleted".to_owned()),
            delivery: Some(domain::Delivery::Failed),
            delivery_reason: Some("WhatsApp refused it with code 463".to_owned()),
            writer: Some(Writer::Phone),
            ..log.clone()
        };
        assert_eq!(
            line(&out),
            "2026-01-10 12:00:00  -> 255712345678  Karibu  [Owner's phone, Not sent: WhatsApp refused it (code 463)]"
        );
        let read = Log { delivery: Some(domain::Delivery::Read), writer: Some(Writer::Bot), ..out };
        assert!(line(&read).ends_with("Karibu  [Read]"), "{}", line(&read));
        assert_eq!(
            line(&log),
            "2026-01-10 12:00:00  <- 255712345678  Habari / \u{fffd}[2Jza leo  (no reply: rate limited)"
        );
    }
}
