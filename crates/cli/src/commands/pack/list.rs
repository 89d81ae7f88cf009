//! `flowhq pack list`.

use std::path::PathBuf;

use clap::Args;
use replies::Pack;
use serde::Serialize;

use crate::{
    args::Format,
    error::CliError,
    host::packs::{files, folders},
    output,
};

/// List the packs that ship, and those of a folder of packs
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq pack list
  flowhq pack list packs")]
pub(crate) struct List {
    /// A folder with one folder for each pack
    folder: Option<PathBuf>,
    #[command(flatten)]
    format: Format,
}

/// One pack.
#[derive(Serialize)]
struct Row {
    id: String,
    version: u32,
    languages: Vec<String>,
    hash: String,
    from: String,
    problems: usize,
}

impl List {
    pub(crate) fn run(&self) -> Result<(), CliError> {
        let mut rows: Vec<Row> = replies::shipped().map(|pack| row(&pack, "ships".to_owned())).collect();
        if let Some(folder) = &self.folder {
            for path in folders(folder)? {
                let from = path.display().to_string();
                rows.push(match Pack::compile(&files(&path)?) {
                    Ok(pack) => row(&pack, from),
                    Err(problems) => Row {
                        id: "-".to_owned(),
                        version: 0,
                        languages: Vec::new(),
                        hash: String::new(),
                        from,
                        problems: problems.len(),
                    },
                });
            }
        }
        if self.format.json {
            output::json(&rows)?;
            return Ok(());
        }
        let cells = rows.into_iter().map(|row| {
            let state = match row.problems {
                0 => "in order".to_owned(),
                count => format!("{count} to mend: flowhq pack check {}", row.from),
            };
            [row.id, row.version.to_string(), row.languages.join(", "), row.from, state]
        });
        output::line(output::table(["ID", "VERSION", "LANGUAGES", "FROM", "STATE"], cells))?;
        Ok(())
    }
}

fn row(pack: &Pack, from: String) -> Row {
    let version = pack.version();
    Row {
        id: version.id.clone(),
        version: version.version,
        languages: pack.languages().iter().map(ToString::to_string).collect(),
        hash: version.hash.clone(),
        from,
        problems: 0,
    }
}
