//! The backups in a folder, known by their names.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use domain::Timestamp;

/// How their names begin and end; between is when they were begun, in seconds since 1970.
const BEGINS: &str = "flowhq-";
const ENDS: &str = ".backup";
/// How one ends that is being made.
const PART: &str = ".part";

/// The name of one that is begun now.
pub(super) fn name(at: Timestamp) -> String {
    format!("{BEGINS}{}{ENDS}", at.as_second())
}

/// The same while it is being made.
pub(super) fn part(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(PART);
    PathBuf::from(name)
}

/// Whether this is the name of one.
pub(super) fn is_name(name: &str) -> bool {
    !name.contains('/') && taken_at(Path::new(name)).is_some()
}

fn taken_at(path: &Path) -> Option<Timestamp> {
    let name = path.file_name()?.to_str()?;
    let seconds = name.strip_prefix(BEGINS)?.strip_suffix(ENDS)?.parse().ok()?;
    Timestamp::from_second(seconds).ok()
}

fn all(folder: &Path) -> io::Result<Vec<(Timestamp, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        found.extend(taken_at(&path).map(|at| (at, path)));
    }
    found.sort();
    Ok(found)
}

/// When the last one was begun.
pub(super) fn last(folder: &Path) -> Option<Timestamp> {
    all(folder).ok()?.last().map(|(at, _)| *at)
}

/// Removes those that are older than this, but the last one.
pub(super) fn prune(folder: &Path, kept: Duration, now: Timestamp) -> io::Result<()> {
    let Ok(oldest) = now.checked_sub(kept) else { return Ok(()) };
    let mut found = all(folder)?;
    found.pop();
    for (_, path) in found.into_iter().filter(|(at, _)| *at < oldest) {
        fs::remove_file(path)?;
    }
    Ok(())
}

/// Removes what was being made when a control plane ended.
pub(super) fn clear(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let ours = path.file_name().is_some_and(|name| {
            let name = name.to_string_lossy();
            name.starts_with(BEGINS) && name.ends_with(PART)
        });
        if ours {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_ones_go_and_the_last_one_stays_whatever_its_age() {
        let folder = tempfile::tempdir().unwrap();
        let day = |day: i64| Timestamp::from_second(day * 86_400).unwrap();
        for at in [1, 5, 40] {
            fs::write(folder.path().join(name(day(at))), "").unwrap();
        }
        for other in ["flowhq-x.backup", "notes.txt", "flowhq-86400.backup.part"] {
            fs::write(folder.path().join(other), "").unwrap();
        }
        let kept = Duration::from_secs(30 * 86_400);
        prune(folder.path(), kept, day(34)).unwrap();
        assert_eq!(
            all(folder.path()).unwrap().iter().map(|(at, _)| *at).collect::<Vec<_>>(),
            [day(5), day(40)]
        );
        prune(folder.path(), kept, day(400)).unwrap();
        assert_eq!(last(folder.path()), Some(day(40)));
        clear(folder.path()).unwrap();
        let mut left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["flowhq-3456000.backup", "flowhq-x.backup", "notes.txt"]);
    }
}
