//! `flowhq pack …`: reply packs as folders, checked and tried without a server.

mod check;
mod list;
mod new;
mod r#try;

use std::{path::Path, sync::Arc};

use clap::Subcommand;
use replies::{Pack, Problem};

use crate::{args::Place, error::CliError, host::packs::files};

/// Check, try and begin reply packs
#[derive(Debug, Subcommand)]
pub(crate) enum Packs {
    Check(check::Check),
    Try(r#try::Try),
    New(new::New),
    List(list::List),
}

impl Packs {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        match self {
            Self::Check(command) => command.run(),
            Self::Try(command) => command.run(place).await,
            Self::New(command) => command.run(),
            Self::List(command) => command.run(),
        }
    }
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
