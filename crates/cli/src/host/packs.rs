//! The operator's own packs: a directory with one folder for each, read at the start and on SIGHUP. A folder that holds no
//! pack that can be used is told of and left out; it never keeps a control plane from starting.

use std::{
    fs,
    path::{Path, PathBuf},
};

use replies::{Files, Packs};
use supervisor::Handle;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::error::CliError;

/// Files of one pack: more than any has, so that a folder that is none is not read whole.
const MOST_FILES: usize = 50;
/// Bytes of one file that are read: more than a whole pack may have.
const MOST_BYTES: u64 = 1024 * 1024;

/// A folder's files, those in folders below it left out. Files whose names begin with a point are nobody's.
pub(crate) fn files(folder: &Path) -> Result<Files, CliError> {
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

/// The folders of packs in a directory, by name.
pub(crate) fn folders(directory: &Path) -> Result<Vec<PathBuf>, CliError> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(directory).map_err(CliError::file(directory))? {
        let path = entry.map_err(CliError::file(directory))?.path();
        if path.join("pack.toml").is_file() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

/// All packs of a directory, and of each folder that holds none that can be used what to do.
pub(crate) fn read(directory: &Path) -> Result<(Packs, Vec<String>), CliError> {
    let (mut packs, mut wrong) = (Packs::default(), Vec::new());
    for folder in folders(directory)? {
        // What cannot be read holds no pack either.
        let found = files(&folder);
        let why = found.as_ref().err().map(ToString::to_string);
        if let Err(problems) = packs.add(&found.unwrap_or_default()) {
            let first = why.or_else(|| problems.first().map(ToString::to_string)).unwrap_or_default();
            wrong.push(format!("{first} (flowhq pack check {})", folder.display()));
        }
    }
    Ok((packs, wrong))
}

/// What a control plane begins with.
pub(super) fn at_start(directory: Option<&Path>) -> Result<Packs, CliError> {
    let Some(directory) = directory else { return Ok(Packs::default()) };
    let (packs, wrong) = read(directory)
        .map_err(|error| CliError::Failed(format!("PACKS_DIR: {error}; make it, or leave it out")))?;
    tell(&packs, &wrong);
    Ok(packs)
}

/// A directory that is read again whenever somebody asks by SIGHUP.
pub(super) struct Followed {
    directory: PathBuf,
    asked: Signal,
}

impl Followed {
    /// From now on SIGHUP does not end the process.
    pub(super) fn new(directory: PathBuf) -> Result<Self, CliError> {
        Ok(Self { directory, asked: signal(SignalKind::hangup())? })
    }

    /// Reads it again and again, until the control plane ends.
    pub(super) async fn read_again(mut self, supervisor: Handle, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                hung_up = self.asked.recv() => if hung_up.is_none() { return },
            }
            let directory = self.directory.clone();
            match tokio::task::spawn_blocking(move || read(&directory)).await {
                Ok(Ok((mut packs, wrong))) => {
                    packs.keep(&supervisor.packs());
                    tell(&packs, &wrong);
                    supervisor.exchange_packs(packs);
                }
                Ok(Err(error)) => {
                    tracing::error!(%error, "PACKS_DIR cannot be read; the packs stay as they were");
                }
                Err(error) => tracing::error!(%error, "PACKS_DIR was not read; the packs stay as they were"),
            }
        }
    }
}

fn tell(packs: &Packs, wrong: &[String]) {
    let ids: Vec<String> = packs.ids().iter().map(ToString::to_string).collect();
    tracing::info!(packs = ids.join(", "), "packs of this installation");
    for problem in wrong {
        tracing::error!(problem, "a folder of PACKS_DIR holds no pack that can be used");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn the_packs_of_the_tree_are_read_and_a_broken_one_is_told_with_its_place() {
        let directory = tempfile::tempdir().unwrap();
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        let (packs, wrong) = read(&ours).unwrap();
        assert!(packs.is_whole() && wrong.is_empty(), "{wrong:?}");
        assert!(["CLINIC", "RESTAURANT"].iter().all(|id| packs.get(id.parse().unwrap()).is_some()));
        for (name, text) in [("broken", "id = 7"), ("plain", "")] {
            fs::create_dir(directory.path().join(name)).unwrap();
            fs::write(directory.path().join(name).join("pack.toml"), text).unwrap();
        }
        fs::create_dir(directory.path().join("not a pack")).unwrap();
        let (packs, wrong) = read(directory.path()).unwrap();
        assert!(!packs.is_whole());
        assert_eq!(wrong.len(), 2);
        assert!(wrong[0].contains("pack.toml:1") && wrong[0].contains("flowhq pack check"), "{wrong:?}");
        let error = at_start(Some(&directory.path().join("nowhere"))).unwrap_err().to_string();
        assert!(error.contains("PACKS_DIR") && error.contains("nowhere"), "{error}");
    }
}
