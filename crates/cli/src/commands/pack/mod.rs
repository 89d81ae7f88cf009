//! `flowhq pack …`: reply packs as folders, checked and tried without a server.

mod check;
mod list;
mod new;
mod r#try;

use std::{fs, path::Path, sync::Arc};

use clap::Subcommand;
use replies::{Files, Pack, Problem};

use crate::error::CliError;

/// Check, try and begin reply packs
#[derive(Debug, Subcommand)]
pub(crate) enum Packs {
    Check(check::Check),
    Try(r#try::Try),
    New(new::New),
    List(list::List),
}

impl Packs {
    pub(crate) fn run(&self) -> Result<(), CliError> {
        match self {
            Self::Check(command) => command.run(),
            Self::Try(command) => command.run(),
            Self::New(command) => command.run(),
            Self::List(command) => command.run(),
        }
    }
}

/// Files of one pack: more than any has, so that a folder that is none is not read whole.
const MOST_FILES: usize = 50;
/// Bytes of one file that are read: more than a whole pack may have.
const MOST_BYTES: u64 = 1024 * 1024;

/// A folder's files, those in folders below it left out. Files whose names begin with a point are nobody's.
fn files(folder: &Path) -> Result<Files, CliError> {
    let mut files = Files::new();
    for entry in fs::read_dir(folder).map_err(CliError::file(folder))? {
        let path = entry.map_err(CliError::file(folder))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let about = fs::metadata(&path).map_err(CliError::file(&path))?;
        if !about.is_file() || name.starts_with('.') {
            continue;
        }
        if about.len() > MOST_BYTES || files.len() == MOST_FILES {
            return Err(CliError::Failed(format!(
                "{}: a pack has a few small files; this is not its folder",
                folder.display()
            )));
        }
        files.insert(name, fs::read(&path).map_err(CliError::file(&path))?);
    }
    Ok(files)
}

/// The pack that ships under this id, or that a folder holds.
fn pack(place: &str) -> Result<Arc<Pack>, CliError> {
    if let Some(pack) = Pack::shipped(&place.to_uppercase()) {
        return Ok(pack);
    }
    let folder = Path::new(place);
    if !folder.is_dir() {
        let shipped: Vec<String> = replies::shipped().map(|pack| pack.version().id.clone()).collect();
        let shipped = shipped.join(", ");
        return Err(CliError::Usage(format!("\"{place}\" is neither a folder nor one of {shipped}")));
    }
    Pack::compile(&files(folder)?).map(Arc::new).map_err(|problems| failed(folder, &problems))
}

/// All problems, each on a line that an editor can follow.
fn failed(folder: &Path, problems: &[Problem]) -> CliError {
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| format!("{}:{}: {}", folder.join(&problem.file).display(), problem.line, problem.what))
        .collect();
    CliError::Failed(format!("{}: {} to mend\n{}", folder.display(), lines.len(), lines.join("\n")))
}
