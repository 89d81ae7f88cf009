//! `flowhq doctor`.

use std::process::ExitCode;

use ::api::{Protection, System};
use clap::Args;
use serde::Serialize;

use crate::{
    api,
    args::{Connect, Format, Place},
    error::CliError,
    output,
};

/// Look at what usually goes wrong, and say what to do
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq doctor
  flowhq doctor --json

Exit code 1 where something is wrong.")]
pub(crate) struct Doctor {
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

/// A difference of clocks that is worth a word, in milliseconds: messages look old, or yet to come.
const CLOCK_OFF_MS: u64 = 60_000;
/// Free bytes below which a disk is soon full.
const DISK_LOW_BYTES: u64 = 1_000_000_000;

/// What was looked at.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Finding {
    /// Of what, by a word that stays.
    name: &'static str,
    /// Whether it is as it should be; null where it is not known.
    ok: Option<bool>,
    /// In words, with what to do.
    detail: String,
}

impl Doctor {
    pub(super) async fn run(&self, place: &Place) -> Result<ExitCode, CliError> {
        let client = api::client(place, &self.connect)?;
        let system: System = client.get("/admin/system").await?;
        let findings = look(&system);
        let well = findings.iter().all(|finding| finding.ok != Some(false));
        if self.format.json {
            output::json(&findings)?;
        } else {
            let mark = |finding: &Finding| match finding.ok {
                Some(true) => "ok",
                Some(false) => "WRONG",
                None => "?",
            };
            let rows: Vec<_> = findings
                .iter()
                .map(|finding| (finding.name, format!("{:<6} {}", mark(finding), finding.detail)))
                .collect();
            output::line(output::pairs(rows))?;
        }
        Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn look(system: &System) -> Vec<Finding> {
    let finding = |name, ok, detail: String| Finding { name, ok, detail };
    let database = match system.database_ms {
        Some(ms) => finding("database", Some(true), format!("{} answers in {ms} ms", system.database)),
        None if system.database_unwritable => finding(
            "database",
            Some(false),
            format!(
                "{} takes no changes: its disk is full or fails, or it may only be read; the log says which",
                system.database
            ),
        ),
        None => finding("database", Some(false), format!("{} does not answer", system.database)),
    };
    let disk = match system.disk_free_bytes {
        None => finding("disk", None, "its free space is not known".to_owned()),
        Some(free) => {
            let words = format!("{} MB are free beneath DATA_DIR", free / 1_000_000);
            let low = free < DISK_LOW_BYTES;
            let advice = if low { "; make room, or bots stop acknowledging messages" } else { "" };
            finding("disk", Some(!low), format!("{words}{advice}"))
        }
    };
    let failing = system.tenants.iter().find(|one| one.name == "ERROR").map_or(0, |one| one.count);
    let bots = if failing == 0 {
        finding("bots", Some(true), "none is in ERROR".to_owned())
    } else {
        let words = format!(
            "{failing} in ERROR; `flowhq tenant list --status ERROR` shows which, `flowhq tenant show` why"
        );
        finding("bots", Some(false), words)
    };
    vec![
        database,
        disk,
        clock(system.clock_behind_ms),
        bots,
        backups(system),
        confinement(&system.protection),
        plane(&system.protection),
        users(&system.protection),
        processor(&system.protection),
    ]
}

/// Whether backups are made.
fn backups(system: &System) -> Finding {
    let finding = |ok, detail: String| Finding { name: "backups", ok, detail };
    match (&system.backup_trouble, &system.backups) {
        (Some(trouble), _) => finding(Some(false), trouble.clone()),
        (None, Some(last)) => finding(Some(true), format!("the last one is of {last}")),
        (None, None) => {
            finding(None, "none was made yet: set BACKUP_EVERY_HOURS, or run flowhq backup".to_owned())
        }
    }
}

/// How far workers are confined.
fn confinement(told: &Protection) -> Finding {
    let finding = |ok, detail| Finding { name: "confinement", ok, detail };
    if told.wanted.is_empty() {
        return finding(None, "the control plane does not tell".to_owned());
    }
    let counts = format!(
        "CONFINEMENT is {}; workers: {} full, {} in part, {} without, {} not said yet",
        told.wanted, told.full, told.partial, told.off, told.unknown
    );
    if told.wanted == "off" || !told.missing.is_empty() {
        let missing = if told.missing.is_empty() {
            "a worker that is taken over can do whatever its user can; set CONFINEMENT=full".to_owned()
        } else {
            format!(
                "this system has no {}; docs/sandbox.md says what is open then",
                told.missing.join(", no ")
            )
        };
        return finding(Some(false), format!("{counts}; {missing}"));
    }
    if told.partial + told.off > 0 {
        return finding(
            Some(false),
            format!("{counts}; restart those that are not, once the setting is full"),
        );
    }
    finding(Some(true), counts)
}

/// How far the control plane itself is confined.
fn plane(told: &Protection) -> Finding {
    let finding = |ok, detail: &str| Finding { name: "control plane", ok, detail: detail.to_owned() };
    match told.control_plane.as_deref() {
        Some("full") => finding(
            Some(true),
            "confined: it writes its own directories alone, and listens on its own ports (docs/sandbox.md)",
        ),
        Some("partial") => finding(
            Some(false),
            "confined in part: this system lacks what stands at confinement; docs/sandbox.md says what is open then",
        ),
        Some(_) => finding(
            Some(false),
            "not confined: whoever takes it over can do whatever its user can; set CONFINEMENT=full and restart flowhq serve",
        ),
        None => finding(None, "the control plane does not tell"),
    }
}

/// Whether each tenant's worker has a user of its own.
fn users(told: &Protection) -> Finding {
    let finding = |ok, detail| Finding { name: "users", ok, detail };
    match (&told.users, &told.no_users) {
        (Some(users), _) => finding(Some(true), format!("each tenant's worker has its own, of {users}")),
        (None, Some(why)) => finding(
            None,
            format!(
                "all workers run as one user ({why}): the confinement alone keeps them apart, see docs/sandbox.md"
            ),
        ),
        (None, None) => finding(None, "the control plane does not tell".to_owned()),
    }
}

/// Whether a bot that takes the processors from the others is held back.
fn processor(told: &Protection) -> Finding {
    let finding = |ok, detail| Finding { name: "processor", ok, detail };
    match (&told.throttle, &told.no_throttle) {
        (Some(share), _) => finding(
            Some(true),
            format!("a bot that takes it from the others while nothing is left gets {share} of a core"),
        ),
        (None, Some(why)) => {
            finding(None, format!("a bot can take it from the others ({why}), see docs/sandbox.md"))
        }
        (None, None) => finding(None, "the control plane does not tell".to_owned()),
    }
}

fn clock(behind_ms: Option<i64>) -> Finding {
    let (ok, detail) = match behind_ms {
        None => (None, "not compared with WhatsApp's yet: no bot has logged in".to_owned()),
        Some(ms) if ms.unsigned_abs() < CLOCK_OFF_MS => (Some(true), "agrees with WhatsApp's".to_owned()),
        Some(ms) => {
            let seconds = ms.unsigned_abs() / 1000;
            let side = if ms > 0 { "behind" } else { "ahead of" };
            let words = format!(
                "this machine is {} min {} s {side} WhatsApp, as a bot's last login told: set this machine's clock (NTP), then \
                 restart the bots",
                seconds / 60,
                seconds % 60
            );
            (Some(false), words)
        }
    };
    Finding { name: "clock", ok, detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_of_the_confinement_is_said_with_what_to_do() {
        let full = Protection { wanted: "full".to_owned(), full: 3, ..Protection::default() };
        assert_eq!(confinement(&full).ok, Some(true));
        let part = Protection { partial: 1, ..full.clone() };
        assert_eq!(confinement(&part).ok, Some(false));
        let lacks = Protection {
            wanted: "best-effort".to_owned(),
            missing: vec!["landlock".to_owned()],
            ..full.clone()
        };
        let found = confinement(&lacks);
        assert!(found.ok == Some(false) && found.detail.contains("no landlock"), "{}", found.detail);
        let off = confinement(&Protection { wanted: "off".to_owned(), ..Protection::default() });
        assert!(off.ok == Some(false) && off.detail.contains("CONFINEMENT=full"), "{}", off.detail);
        for (told, ok) in [("full", Some(true)), ("partial", Some(false)), ("off", Some(false))] {
            let told = Protection { control_plane: Some(told.to_owned()), ..Protection::default() };
            assert_eq!(plane(&told).ok, ok);
        }
        assert_eq!(plane(&Protection::default()).ok, None);
        assert_eq!(users(&Protection { users: Some("2000-3000".to_owned()), ..full.clone() }).ok, Some(true));
        let one = users(&Protection { no_users: Some("not root".to_owned()), ..full });
        assert!(one.ok.is_none() && one.detail.contains("not root"), "{}", one.detail);
        let share = Protection { throttle: Some("10 %".to_owned()), ..Protection::default() };
        assert_eq!(processor(&share).ok, Some(true));
        let open =
            processor(&Protection { no_throttle: Some("Delegate=cpu".to_owned()), ..Protection::default() });
        assert!(open.ok.is_none() && open.detail.contains("Delegate=cpu"), "{}", open.detail);
    }

    #[test]
    fn a_clock_far_from_whatsapps_is_said_with_what_to_do() {
        for (behind, ok, words) in [
            (Some(605_000), Some(false), "10 min 5 s behind WhatsApp"),
            (Some(-90_000), Some(false), "1 min 30 s ahead of WhatsApp"),
            (Some(-59_999), Some(true), "agrees"),
            (None, None, "not compared"),
        ] {
            let found = clock(behind);
            assert_eq!((found.name, found.ok), ("clock", ok));
            assert!(found.detail.contains(words), "{}", found.detail);
            assert_eq!(found.detail.contains("set this machine's clock"), ok == Some(false));
        }
    }
}
