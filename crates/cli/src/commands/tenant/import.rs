//! `flowhq tenant import`.

use std::{io::Read as _, path::PathBuf};

use ::api::{ImportOutcome, Imported, ImportedRow};
use clap::Args;

use crate::{
    api,
    args::{Connect, Format, Place},
    error::CliError,
    output,
};

/// Create and change tenants from CSV, as `flowhq tenant export` writes it
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq tenant import tenants.csv --dry-run
  flowhq tenant import tenants.csv
  flowhq tenant export --tag vip | sed s/BOOKING/SUPPORT/ | flowhq tenant import - --dry-run

A row without an id makes a tenant, one with an id changes it in the columns that there are. A row that is wrong is
refused, and the others are done.")]
pub(crate) struct Import {
    /// The file; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Say row by row what it would do, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// The same key with the same file does nothing a second time
    #[arg(long, value_name = "KEY", conflicts_with = "dry_run")]
    once: Option<String>,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Import {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let table = if self.file.as_os_str() == "-" {
            let mut table = Vec::new();
            std::io::stdin().read_to_end(&mut table).map_err(CliError::file(&self.file))?;
            table
        } else {
            std::fs::read(&self.file).map_err(CliError::file(&self.file))?
        };
        let client = api::client(place, &self.connect)?;
        let path = format!("/admin/tenants/import?dry_run={}", self.dry_run);
        let done: Imported = client.post_csv(&path, table, self.once.as_deref()).await?;
        if self.format.json {
            output::json(&done)?;
        } else {
            self.say(&done)?;
        }
        match done.refused {
            0 => Ok(()),
            1 => Err(CliError::Failed("1 row was refused; mend it and import it again".to_owned())),
            count => {
                Err(CliError::Failed(format!("{count} rows were refused; mend them and import those again")))
            }
        }
    }

    fn say(&self, done: &Imported) -> Result<(), CliError> {
        let rows = done.rows.iter().filter(|row| row.outcome != ImportOutcome::Same);
        let rows: Vec<_> = rows.map(|row| self.row(row)).collect();
        if !rows.is_empty() {
            output::line(output::table(["LINE", "NAME", "WHAT", "DETAILS"], rows))?;
        }
        let Imported { made, changed, same, refused, .. } = done;
        let would = if self.dry_run { "Nothing was changed. It would come to: " } else { "" };
        output::remark(format!(
            "{would}{made} new, {changed} changed, {same} as they are, {refused} refused."
        ));
        Ok(())
    }

    fn row(&self, row: &ImportedRow) -> [String; 4] {
        let what = match row.outcome {
            ImportOutcome::Made => "new",
            ImportOutcome::Changed => "changed",
            ImportOutcome::Same => "as it is",
            ImportOutcome::Refused => "refused",
        };
        let changes = row
            .changes
            .iter()
            .map(|change| format!("{}: {} -> {}", change.column, shown(&change.from), shown(&change.to)));
        let problems = row.problems.iter().map(|problem| match &problem.column {
            Some(column) => format!("{column}: {}", problem.detail),
            None => problem.detail.clone(),
        });
        let details: Vec<String> = changes.chain(problems).collect();
        [row.line.to_string(), row.name.clone(), what.to_owned(), details.join(" ")]
    }
}

fn shown(text: &str) -> String {
    if text.is_empty() { "(empty)".to_owned() } else { format!("{text:?}") }
}
