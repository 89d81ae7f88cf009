//! Which host a directory is: its name, its installation, and a number that grows with each start. One host at a time has it.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use rustix::fs::OFlags;
use serde::{Deserialize, Serialize};

use crate::{HostKey, VolumeError};

/// Says whose volume it is.
const FILE: &str = "host.json";
/// The same, being written.
const NEW_FILE: &str = "host.json.new";
/// Held as long as a host lives on it.
const LOCK: &str = "host.lock";
/// The largest file that is read.
const MOST_BYTES: u64 = 4 * 1024;

/// A volume on which this process is the host.
#[derive(Debug)]
pub struct Volume {
    name: String,
    incarnation: u64,
    run: u64,
    _lock: File,
}

#[derive(Debug, Serialize, Deserialize)]
struct Written {
    name: String,
    incarnation: u64,
    installation: String,
}

impl Volume {
    /// Takes a volume for the host of this name and key, which is its next incarnation. An empty one becomes its own.
    ///
    /// # Errors
    /// Where another host has it, or it is another host's.
    pub fn take(directory: &Path, name: &str, key: &HostKey) -> Result<Self, VolumeError> {
        let path = directory.join(LOCK);
        let fault = |path: &Path| {
            let path = path.to_owned();
            move |source| VolumeError::Io { path, source }
        };
        let lock =
            open(&path, OpenOptions::new().write(true).create(true).truncate(false)).map_err(fault(&path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(VolumeError::Held { path }),
            Err(TryLockError::Error(source)) => return Err(VolumeError::Io { path, source }),
        }
        let path = directory.join(FILE);
        let before = match open(&path, OpenOptions::new().read(true)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            opened => {
                let mut text = String::new();
                opened
                    .and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text))
                    .map_err(fault(&path))?;
                let broken = |why: String| VolumeError::Broken { path: path.clone(), why };
                Some(serde_json::from_str::<Written>(&text).map_err(|error| broken(error.to_string()))?)
            }
        };
        let installation = key.installation();
        if let Some(before) = &before {
            if before.name != name {
                let (found, wanted) = (before.name.clone(), name.to_owned());
                return Err(VolumeError::Name { path, found, wanted });
            }
            if before.installation != installation {
                return Err(VolumeError::Installation { path });
            }
        }
        let incarnation = before.map_or(0, |before| before.incarnation).saturating_add(1);
        let written = Written { name: name.to_owned(), incarnation, installation };
        write(directory, &written).map_err(fault(&path))?;
        Ok(Self { name: written.name, incarnation, run: rand::random(), _lock: lock })
    }

    /// The host's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How often a host has been started on it, this time included.
    #[must_use]
    pub const fn incarnation(&self) -> u64 {
        self.incarnation
    }

    /// A number drawn at this start: a host on a copy of this volume may have the same incarnation, and not the same number.
    pub(crate) const fn run(&self) -> u64 {
        self.run
    }
}

/// Written whole or not at all, down to the disk: an incarnation that was told must never be told again.
fn write(directory: &Path, written: &Written) -> io::Result<()> {
    let new = directory.join(NEW_FILE);
    let mut file = open(&new, OpenOptions::new().write(true).create(true).truncate(true))?;
    file.write_all(&serde_json::to_vec(written)?)?;
    file.sync_all()?;
    std::fs::rename(&new, directory.join(FILE))?;
    File::open(directory)?.sync_all()
}

/// A file of ours alone; a symbolic link is not followed.
fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    options.mode(0o600).custom_flags(OFlags::NOFOLLOW.bits().cast_signed()).open(path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn each_start_is_another_incarnation_and_there_is_one_host_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let key = HostKey::derive(&[1; 32], "a");
        for incarnation in 1..=3 {
            let volume = Volume::take(folder.path(), "a", &key).unwrap();
            assert_eq!((volume.name(), volume.incarnation()), ("a", incarnation));
            assert!(matches!(Volume::take(folder.path(), "a", &key), Err(VolumeError::Held { .. })));
        }
    }

    #[test]
    fn anothers_volume_is_refused_with_words_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let key = HostKey::derive(&[1; 32], "a");
        drop(Volume::take(folder.path(), "a", &key).unwrap());
        let before = std::fs::read(folder.path().join(FILE)).unwrap();
        let refused = Volume::take(folder.path(), "b", &HostKey::derive(&[1; 32], "b")).unwrap_err();
        assert!(refused.to_string().contains("the volume of host \"a\""), "{refused}");
        let refused = Volume::take(folder.path(), "a", &HostKey::derive(&[2; 32], "a")).unwrap_err();
        assert!(refused.to_string().contains("another installation's"), "{refused}");
        assert_eq!(std::fs::read(folder.path().join(FILE)).unwrap(), before);
        std::fs::write(folder.path().join(FILE), "{\"name\":\"a\"").unwrap();
        assert!(matches!(Volume::take(folder.path(), "a", &key), Err(VolumeError::Broken { .. })));
    }

    #[test]
    fn a_host_on_a_copy_of_a_volume_is_told_from_the_first() {
        let (first, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let key = HostKey::derive(&[1; 32], "a");
        drop(Volume::take(first.path(), "a", &key).unwrap());
        std::fs::copy(first.path().join(FILE), copy.path().join(FILE)).unwrap();
        let first = Volume::take(first.path(), "a", &key).unwrap();
        let copy = Volume::take(copy.path(), "a", &key).unwrap();
        assert_eq!(first.incarnation(), copy.incarnation());
        assert_ne!(first.run(), copy.run());
    }
}
