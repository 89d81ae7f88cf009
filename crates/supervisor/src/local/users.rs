//! A user of its own for each tenant, so that file modes keep workers apart too. Only where we are root.
//!
//! A tenant's user is whoever owns its directory: nothing else is written down. A user is free once no directory is its own;
//! what it may have left running is ended before that (`left`). All have one group, which lets them enter the directories
//! above their own and nothing else.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    io,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown, lchown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

use crate::service::lock;

/// The user ids that are ours to give.
#[derive(Debug, Clone)]
pub struct Users {
    first: u32,
    last: u32,
    cells: PathBuf,
    /// One start at a time looks for a free one.
    giving: Arc<Mutex<()>>,
}

/// Why tenants cannot have users of their own.
#[derive(Debug, thiserror::Error)]
pub enum UsersError {
    /// We may not give users.
    #[error("`flowhq serve` does not run as root")]
    NotRoot,
    /// A directory cannot be opened to the group.
    #[error("{path} cannot be given to the group {group}: {source}")]
    Directory {
        /// Which.
        path: PathBuf,
        /// To whom.
        group: u32,
        /// Why not.
        source: io::Error,
    },
    /// The first of them could do nothing.
    #[error("user {user} cannot run {executable} in {directory}: {why}")]
    Refused {
        /// Who was tried.
        user: u32,
        /// What was tried.
        executable: PathBuf,
        /// Where.
        directory: PathBuf,
        /// What happened.
        why: String,
    },
}

impl Users {
    /// Prepares these users: the data directory and the one of the cells are opened to their group, and only to enter; and
    /// one of them runs the executable, to see whether it can.
    ///
    /// # Errors
    /// Where it cannot; the directories are then as closed as they were.
    pub fn prepare(
        range: std::ops::RangeInclusive<u32>,
        data: &Path,
        cells: &Path,
        executable: &Path,
    ) -> Result<Self, UsersError> {
        if !rustix::process::geteuid().is_root() {
            return Err(UsersError::NotRoot);
        }
        let (first, last) = (*range.start(), *range.end());
        let users = Self { first, last, cells: cells.to_owned(), giving: Arc::default() };
        let opened = [data, cells].into_iter().try_for_each(|path| users.open_to_group(path));
        let tried = opened.and_then(|()| users.try_one(executable));
        if tried.is_err() {
            for path in [data, cells] {
                let own = rustix::process::getegid().as_raw();
                let _as_closed_as_it_can_be = chown(path, None, Some(own))
                    .and_then(|()| std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)));
            }
        }
        tried.map(|()| users)
    }

    /// The group of all of them.
    #[must_use]
    pub const fn group(&self) -> u32 {
        self.first
    }

    /// The users as text.
    #[must_use]
    pub fn told(&self) -> String {
        format!("{}-{}", self.first, self.last)
    }

    fn open_to_group(&self, path: &Path) -> Result<(), UsersError> {
        let failed = |source| UsersError::Directory { path: path.to_owned(), group: self.group(), source };
        chown(path, None, Some(self.group())).map_err(failed)?;
        // Into it, and not what is in it.
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o710)).map_err(failed)
    }

    fn try_one(&self, executable: &Path) -> Result<(), UsersError> {
        let refused = |why: String| UsersError::Refused {
            user: self.last,
            executable: executable.to_owned(),
            directory: self.cells.clone(),
            why,
        };
        let tried = Command::new(executable)
            .arg("--version")
            .env_clear()
            .uid(self.last)
            .gid(self.group())
            .current_dir(&self.cells)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match tried {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(refused(status.to_string())),
            Err(error) => Err(refused(error.to_string())),
        }
    }

    /// The user to whom a directory belongs, where it is one of these.
    pub(super) fn of_directory(&self, directory: &Path) -> Option<u32> {
        let owner = std::fs::symlink_metadata(directory).ok()?.uid();
        (self.first..=self.last).contains(&owner).then_some(owner)
    }

    /// Gives a tenant's directory, with all in it, to the user that has it, or to a free one.
    ///
    /// # Errors
    /// Where none is free, or something cannot be given.
    pub(super) fn give(&self, cell: &Path) -> io::Result<u32> {
        let _one_at_a_time = lock(&self.giving);
        let user = match self.of_directory(cell) {
            Some(user) => user,
            None => self.free(cell)?,
        };
        // Nobody lives there, and nobody but us can write there until the directory is given, last.
        for entry in std::fs::read_dir(cell)? {
            pass(&entry?.path(), user, Some(self.group()))?;
        }
        lchown(cell, Some(user), Some(self.group()))?;
        Ok(user)
    }

    /// One that has no directory here and no process on this machine: another installation may have been given the same
    /// users. Begun at a place that follows from the directory's name, so that two installations seldom meet.
    fn free(&self, cell: &Path) -> io::Result<u32> {
        let mut taken = super::left::users()?;
        for entry in std::fs::read_dir(&self.cells)? {
            taken.insert(entry?.metadata()?.uid());
        }
        let mut hasher = DefaultHasher::new();
        cell.hash(&mut hasher);
        let many = u64::from(self.last - self.first) + 1;
        let begin = self.first + u32::try_from(hasher.finish() % many).unwrap_or_default();
        (begin..=self.last).chain(self.first..begin).find(|user| !taken.contains(user)).ok_or_else(|| {
            io::Error::other(format!(
                "WORKER_USERS: none of the users {} is free; give more of them",
                self.told()
            ))
        })
    }
}

/// Takes a directory back that was a user's, with all in it: tenants have no users of their own any more.
pub(super) fn take_back(cell: &Path) -> io::Result<()> {
    let own = rustix::process::geteuid().as_raw();
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    // The directory first, so that nobody puts anything else there; its entries each time, since the last time may have been
    // cut short.
    if std::fs::symlink_metadata(cell)?.uid() != own {
        lchown(cell, Some(own), None)?;
    }
    for entry in std::fs::read_dir(cell)? {
        pass(&entry?.path(), own, None)?;
    }
    Ok(())
}

/// Gives a file to a user. One with a second name could be anybody's, and was put there to be given away.
fn pass(path: &Path, user: u32, group: Option<u32>) -> io::Result<()> {
    let metadata = std::fs::symlink_metadata(path)?;
    if metadata.uid() == user {
        return Ok(());
    }
    if !metadata.is_file() || metadata.nlink() != 1 {
        let words = format!("{} is no plain file with one name: remove it", path.display());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, words));
    }
    lchown(path, Some(user), group)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use std::os::unix::fs::MetadataExt;

    use super::{Users, take_back};

    #[test]
    fn each_directory_has_a_user_of_its_own_and_keeps_it() {
        if !rustix::process::geteuid().is_root() {
            return;
        }
        let place = tempfile::tempdir().unwrap();
        std::fs::set_permissions(place.path(), std::os::unix::fs::PermissionsExt::from_mode(0o711)).unwrap();
        let (data, cells) = (place.path().join("data"), place.path().join("data/cells"));
        let cell = |name: &str| cells.join(name);
        for name in ["one", "two"] {
            std::fs::create_dir_all(cell(name)).unwrap();
            std::fs::write(cell(name).join("journal.db"), name).unwrap();
        }
        let users =
            Users::prepare(1_900_000_000..=1_900_000_001, &data, &cells, "/bin/true".as_ref()).unwrap();
        let one = users.give(&cell("one")).unwrap();
        let two = users.give(&cell("two")).unwrap();
        assert_ne!(one, two);
        assert_eq!(users.give(&cell("one")).unwrap(), one);
        // What a hostile worker has prepared to be given to it.
        std::fs::write(place.path().join("roots"), "").unwrap();
        let prepared = cell("one").join("prepared");
        std::fs::hard_link(place.path().join("roots"), &prepared).unwrap();
        assert!(users.give(&cell("one")).unwrap_err().to_string().contains("one name"));
        std::fs::remove_file(prepared).unwrap();
        assert_eq!(std::fs::metadata(cell("one").join("journal.db")).unwrap().uid(), one);
        std::fs::create_dir(cell("three")).unwrap();
        assert!(users.give(&cell("three")).unwrap_err().to_string().contains("WORKER_USERS: none"));
        std::fs::remove_dir_all(cell("one")).unwrap();
        assert_eq!(users.give(&cell("three")).unwrap(), one, "free again");
        take_back(&cell("two")).unwrap();
        assert_eq!(std::fs::metadata(cell("two").join("journal.db")).unwrap().uid(), 0);
        let refused = Users::prepare(1_900_000_000..=1_900_000_001, &data, &cells, "/bin/false".as_ref());
        assert!(refused.unwrap_err().to_string().contains("cannot run /bin/false"));
        assert_eq!(std::fs::metadata(&data).unwrap().mode() & 0o777, 0o700, "as closed as it was");
    }
}
