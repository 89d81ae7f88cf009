//! The master key: from a file that is made on the first start, or from a setting.

use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{ErrorKind, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use ring::{
    hkdf,
    rand::{SecureRandom as _, SystemRandom},
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{FileKey, SealError, Sealer};

/// Bytes of a master key.
const BYTES: usize = 32;
/// Of all that is derived from a master key of ours.
const SALT: &[u8] = b"flowhq.master-key.v1";

/// The one key of all sealing. Whoever loses it can read nothing that was sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct MasterKey([u8; BYTES]);

/// Leaves the key out.
impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey")
    }
}

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("the master key {path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds something else.
    #[error(
        "{path} is no master key, which is a file of 64 hexadecimal digits: put the one from the backup back"
    )]
    NoKey {
        /// Which file.
        path: PathBuf,
    },
    /// The setting holds something else.
    #[error("MASTER_KEY takes 64 hexadecimal digits: `openssl rand -hex 32` makes some")]
    NoKeyInSetting,
    /// The system gives no random numbers.
    #[error("the system gives no random numbers for a master key")]
    NoRandomness,
    /// The file that says that the key is being changed says nothing that is known.
    #[error(
        "{path} says nothing about a change of the master key that this build understands: finish it with the build that began it"
    )]
    NoChange {
        /// Which file.
        path: PathBuf,
    },
    /// A change was begun with another key than the one that is in force.
    #[error(
        "a change of the master key was begun and not finished: give the new key that it was begun with, as it was given then \
         ({path} says so)"
    )]
    OtherChange {
        /// Which file.
        path: PathBuf,
    },
}

impl MasterKey {
    /// Reads the file, or makes one of mode 0600 where there is none.
    ///
    /// # Errors
    /// See [`KeyError`]; a file that holds something else is left alone.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        let fault = |source| KeyError::File { path: path.to_owned(), source };
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Ok(mut file) => {
                let key = Self::generate()?;
                let text = format!("{}\n", key.text().expose_secret());
                file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(fault)?;
                Ok(key)
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let mut text = String::new();
                // One more than a key and its line's end: what is longer is none.
                let read = File::open(path).and_then(|file| file.take(66).read_to_string(&mut text));
                match read {
                    Err(error) if error.kind() != ErrorKind::InvalidData => return Err(fault(error)),
                    _ => {}
                }
                Self::parse(&text).ok_or_else(|| KeyError::NoKey { path: path.to_owned() })
            }
            Err(error) => Err(fault(error)),
        }
    }

    /// A new key that is kept nowhere.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn generate() -> Result<Self, KeyError> {
        let mut bytes = [0; BYTES];
        SystemRandom::new().fill(&mut bytes).map_err(|_| KeyError::NoRandomness)?;
        Ok(Self(bytes))
    }

    /// The key as files and settings have it: 64 hexadecimal digits.
    #[must_use]
    pub fn text(&self) -> SecretString {
        SecretString::from(hex::encode(self.0))
    }

    /// Puts the key into a file of mode 0600, in the place of what is there: at once, or not at all.
    ///
    /// # Errors
    /// [`KeyError::File`].
    pub fn replace(&self, path: &Path) -> Result<(), KeyError> {
        let text = format!("{}\n", self.text().expose_secret());
        put(path, text.as_bytes()).map_err(|source| KeyError::File { path: path.to_owned(), source })
    }

    /// Reads the value of a setting.
    ///
    /// # Errors
    /// [`KeyError::NoKeyInSetting`] where it is none.
    pub fn from_setting(value: &SecretString) -> Result<Self, KeyError> {
        Self::parse(value.expose_secret()).ok_or(KeyError::NoKeyInSetting)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; BYTES];
        hex::decode_to_slice(text.trim_end_matches('\n'), &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// What seals files for one purpose, which is part of the format: it never changes.
    ///
    /// # Errors
    /// [`SealError`] where the key cannot be derived.
    pub fn file_key(&self, purpose: &'static str) -> Result<FileKey, SealError> {
        let master = hkdf::Salt::new(hkdf::HKDF_SHA256, SALT).extract(&self.0);
        let (parts, mut bytes): ([&[u8]; 2], _) = ([b"file:", purpose.as_bytes()], [0; 32]);
        let derived = master.expand(&parts, hkdf::HKDF_SHA256).map_err(|_| SealError::System)?;
        derived.fill(&mut bytes).map_err(|_| SealError::System)?;
        Ok(FileKey(bytes))
    }

    /// The key of one tenant's files: of whoever `whose` names, and of nobody else. Its derivation is part of the format: it never
    /// changes.
    ///
    /// # Errors
    /// [`SealError`] where the key cannot be derived.
    pub fn tenant_key(&self, whose: &str) -> Result<[u8; 32], SealError> {
        let master = hkdf::Salt::new(hkdf::HKDF_SHA256, SALT).extract(&self.0);
        let (parts, mut bytes): ([&[u8]; 2], _) = ([b"tenant:", whose.as_bytes()], [0; 32]);
        let derived = master.expand(&parts, hkdf::HKDF_SHA256).map_err(|_| SealError::System)?;
        derived.fill(&mut bytes).map_err(|_| SealError::System)?;
        Ok(bytes)
    }

    /// What seals for one purpose, which is part of the format: it never changes.
    ///
    /// # Errors
    /// [`SealError`] where the key cannot be derived.
    pub fn sealer(&self, purpose: &'static str) -> Result<Sealer, SealError> {
        let master = hkdf::Salt::new(hkdf::HKDF_SHA256, SALT).extract(&self.0);
        Sealer::new(&master, purpose)
    }
}

/// Writes a file of mode 0600 down to the disk, whole or not at all.
pub(crate) fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = beside(path);
    gone(&beside)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    sync_directory(path)
}

/// Where a file is while it is being written.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    PathBuf::from(beside)
}

/// Removes a file that may not be there.
pub(crate) fn gone(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

pub(crate) fn sync_directory(path: &Path) -> std::io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_is_made_once_for_its_owner_alone_and_a_broken_one_is_left_as_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("master.key");
        let made = MasterKey::load_or_create(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let read = MasterKey::load_or_create(&path).unwrap();
        assert_eq!(made.0, read.0);
        let text = std::fs::read_to_string(&path).unwrap();
        let set = MasterKey::from_setting(&SecretString::from(text.trim())).unwrap();
        assert_eq!(set.0, made.0, "the file's text is what the setting takes");
        for broken in ["short", &"g".repeat(64), &"a".repeat(66), "\u{fffd}"] {
            std::fs::write(&path, broken).unwrap();
            let error = MasterKey::load_or_create(&path).unwrap_err().to_string();
            assert!(error.contains("64 hexadecimal digits"), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), broken);
        }
        std::fs::write(&path, [0xff; 32]).unwrap();
        assert!(matches!(MasterKey::load_or_create(&path), Err(KeyError::NoKey { .. })));
        assert!(MasterKey::from_setting(&SecretString::from("")).is_err());
        assert_eq!(format!("{made:?}"), "MasterKey");
        // A tenant's key is always the same, and no other tenant's.
        assert_eq!(made.tenant_key("a").unwrap(), read.tenant_key("a").unwrap());
        assert_ne!(made.tenant_key("a").unwrap(), made.tenant_key("b").unwrap());
    }
}
