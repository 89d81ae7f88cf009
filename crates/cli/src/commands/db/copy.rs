//! `flowhq db copy`.

use std::{ops::ControlFlow, sync::Arc};

use clap::Args;
use domain::{Clock, SystemClock};
use store::{CopyProgress, CopyReport, Store, Target};

use super::failed;
use crate::{
    args::{Format, Place},
    error::CliError,
    host, output,
};

/// Copy everything from one database into another, empty one, and compare the two
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq db copy --from sqlite:/var/lib/flowhq/flowhq.db --to postgres://flowhq@db/flowhq
  flowhq db copy --from sqlite:flowhq.db       # into the database of DATABASE_URL

No control plane may run on either. What was interrupted goes on where it stopped when the same
command is given again. At the end, counts and checksums of every table are compared. PostgreSQL's
tables are made with DATABASE_MIGRATE_URL. Second factors stay sealed: master.key in DATA_DIR, or
MASTER_KEY, has to go along to wherever the copy is served from. An argument can be seen by other
users of the machine, so a password does not belong into one: PGPASSWORD, PGPASSFILE or
DATABASE_URL_FILE take it.")]
pub(crate) struct Copy {
    /// The database to read: sqlite:FILE or postgres://USER@HOST/DATABASE [default: that of the settings]
    #[arg(long, value_name = "DATABASE", required_unless_present = "to")]
    from: Option<String>,
    /// The database to fill [default: that of the settings]
    #[arg(long, value_name = "DATABASE")]
    to: Option<String>,
    #[command(flatten)]
    format: Format,
}

impl Copy {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let settings = place.settings()?;
        let read = |option: &str, given: &Option<String>| match given {
            None => Ok(host::target(&settings)),
            Some(text) => target(option, text, host::migrate_url(&settings)),
        };
        let (from, to) = (read("--from", &self.from)?, read("--to", &self.to)?);
        if from == to {
            return Err(CliError::Usage("--from and --to name the same database".to_owned()));
        }
        if let Target::Sqlite(file) = &from
            && !file.is_file()
        {
            return Err(CliError::Usage(format!("--from: there is no file {}", file.display())));
        }
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let waiting = output::Waiting::new("Opening both databases");
        let from = Store::open(&from, Arc::clone(&clock)).await.map_err(failed)?;
        let to = Store::open(&to, clock).await.map_err(failed)?;
        let report = store::copy(&from, &to, |CopyProgress { table, rows }| {
            waiting.say(format!("Copying {table}: {rows} rows"));
            ControlFlow::Continue(())
        })
        .await
        .map_err(|error| CliError::Failed(error.to_string()))?;
        drop(waiting);
        from.close().await;
        to.close().await;
        self.print(&report)
    }

    fn print(&self, report: &CopyReport) -> Result<(), CliError> {
        if self.format.json {
            let tables = report.tables.iter().map(|(table, rows, checksum)| {
                serde_json::json!({ "table": table, "rows": rows, "checksum": checksum })
            });
            return Ok(output::json(&serde_json::json!({ "tables": tables.collect::<Vec<_>>() }))?);
        }
        let rows = report.tables.iter();
        let rows = rows.map(|(table, rows, sum)| [(*table).to_owned(), rows.to_string(), sum.clone()]);
        output::line(output::table(["TABLE", "ROWS", "CHECKSUM OF BOTH"], rows))?;
        let total: u64 = report.tables.iter().map(|(_, rows, _)| rows).sum();
        Ok(output::line(format_args!("{total} rows copied; both databases hold the same"))?)
    }
}

fn target(option: &str, text: &str, migrate_url: Option<String>) -> Result<Target, CliError> {
    if has_password(text) {
        return Err(CliError::Usage(format!(
            "{option}: an argument can be seen by other users of this machine, so it takes no password; give it by PGPASSWORD or PGPASSFILE, or name the database by DATABASE_URL_FILE"
        )));
    }
    let wrong = |_| CliError::Usage(format!("{option} takes sqlite:FILE or postgres://USER@HOST/DATABASE"));
    Ok(text.parse::<Target>().map_err(wrong)?.with_migrate_url(migrate_url))
}

/// Whether an address has a password, before the host or as a parameter.
fn has_password(address: &str) -> bool {
    let Some((_, rest)) = address.split_once("://") else { return false };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    let parameters = rest.split_once('?').map_or("", |(_, parameters)| parameters);
    user.contains(':') || parameters.split('&').any(|parameter| parameter.starts_with("password="))
}

#[cfg(test)]
mod tests {
    use super::has_password;

    #[test]
    fn a_password_is_seen_wherever_it_stands() {
        for with in ["postgres://u:p@h/d", "postgresql://u:p@h:5432/d?x=y", "postgres:///d?user=u&password=p"]
        {
            assert!(has_password(with), "{with}");
        }
        for without in ["postgres://u@h:5432/d", "postgres:///d?host=/tmp/x&user=u", "sqlite:/a:b@c.db"] {
            assert!(!has_password(without), "{without}");
        }
    }
}
