//! A change of the master key that is under way. A small file says so, from before the first thing is sealed anew until the last
//! one is, and has what is needed to go on: the former key sealed by the new one, and the new one itself where it is to become
//! the key's file. So neither is ever unknown while something is sealed by it.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    KeyError, MasterKey,
    key::{beside, gone, put, sync_directory},
};

/// How the file begins.
const HEAD: &str = "flowhq.master-key-change.v1";
/// What the former key is sealed for, which is part of the format.
const PURPOSE: &str = "change of the master key";
const WHOSE: &str = "former master key";
/// The file is never longer.
const LONGEST: u64 = 4096;

/// A change of the master key.
#[derive(Debug, Clone)]
pub struct KeyChange {
    /// What things were sealed by.
    pub from: MasterKey,
    /// What they are sealed by from now on.
    pub to: MasterKey,
    /// Where the file lies that says so.
    path: PathBuf,
    /// Whether the new key becomes the key's file.
    is_file: bool,
}

impl KeyChange {
    /// Begins one: from now on [`Self::under_way`] finds it. `is_file`: the new key is to become the key's file.
    ///
    /// # Errors
    /// [`KeyError::File`] where that cannot be written down.
    pub fn begin(path: &Path, from: MasterKey, to: MasterKey, is_file: bool) -> Result<Self, KeyError> {
        let fault = |source| KeyError::File { path: path.to_owned(), source };
        let system = |_| fault(std::io::Error::other("the former key cannot be sealed"));
        let former = to.sealer(PURPOSE).and_then(|sealer| sealer.seal(&from.text(), WHOSE));
        let former = former.map_err(system)?;
        let new = if is_file { to.text() } else { SecretString::from("set") };
        let text = format!("{HEAD}\n{}\n{}\n", former.expose_secret(), new.expose_secret());
        put(path, text.as_bytes()).map_err(fault)?;
        Ok(Self { from, to, path: path.to_owned(), is_file })
    }

    /// The one that was begun and not finished. `set` is the key of the settings, where they have one.
    ///
    /// # Errors
    /// Where the file cannot be read, or the settings have another key than the one that it was begun with.
    pub fn under_way(path: &Path, set: Option<&MasterKey>) -> Result<Option<Self>, KeyError> {
        use std::io::Read as _;
        let fault = |source| KeyError::File { path: path.to_owned(), source };
        let mut text = String::new();
        match std::fs::File::open(path).and_then(|file| file.take(LONGEST).read_to_string(&mut text)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                // One that was cut short before it began has keys in it that nothing was sealed by.
                gone(&beside(path)).map_err(fault)?;
                return Ok(None);
            }
            read => read.map_err(fault)?,
        };
        let strange = || KeyError::NoChange { path: path.to_owned() };
        let other = || KeyError::OtherChange { path: path.to_owned() };
        let lines: Vec<&str> = text.lines().collect();
        let [HEAD, former, new] = lines.as_slice() else { return Err(strange()) };
        let is_file = *new != "set";
        let to = match (is_file, set) {
            (true, None) => MasterKey::from_setting(&SecretString::from(*new)).map_err(|_| strange())?,
            (false, Some(set)) => set.clone(),
            _ => return Err(other()),
        };
        let sealer = to.sealer(PURPOSE).map_err(|_| strange())?;
        let from = sealer.open(&SecretString::from(*former), WHOSE).map_err(|_| other())?;
        let from = MasterKey::from_setting(&from).map_err(|_| strange())?;
        Ok(Some(Self { from, to, path: path.to_owned(), is_file }))
    }

    /// Whether the new key is to become the key's file.
    #[must_use]
    pub const fn is_file(&self) -> bool {
        self.is_file
    }

    /// Forgets that there was a change: all is sealed by the new key, which is where it belongs.
    ///
    /// # Errors
    /// [`KeyError::File`].
    pub fn end(self) -> Result<(), KeyError> {
        let ended = gone(&self.path).and_then(|()| sync_directory(&self.path));
        ended.map_err(|source| KeyError::File { path: self.path.clone(), source })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn a_change_is_found_again_with_both_keys_until_it_ends_and_by_nobody_who_has_another_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master-key.change");
        let [from, to, third] = [(); 3].map(|()| MasterKey::generate().unwrap());
        let cut_short = folder.path().join("master-key.change.new");
        std::fs::write(&cut_short, "keys").unwrap();
        assert!(KeyChange::under_way(&path, None).unwrap().is_none() && !cut_short.exists());

        KeyChange::begin(&path, from.clone(), to.clone(), true).unwrap();
        let found = KeyChange::under_way(&path, None).unwrap().unwrap();
        assert!(found.from == from && found.to == to && found.is_file());
        // Somebody has set a key meanwhile: it is not known which one things are to be sealed by.
        assert!(matches!(KeyChange::under_way(&path, Some(&third)), Err(KeyError::OtherChange { .. })));
        found.end().unwrap();
        assert!(!path.exists());

        KeyChange::begin(&path, from.clone(), to.clone(), false).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            [&from, &to].iter().all(|key| !text.contains(key.text().expose_secret())),
            "neither is in clear"
        );
        let found = KeyChange::under_way(&path, Some(&to)).unwrap().unwrap();
        assert!(found.from == from && found.to == to && !found.is_file());
        for wrong in [None, Some(&from), Some(&third)] {
            assert!(matches!(KeyChange::under_way(&path, wrong), Err(KeyError::OtherChange { .. })));
        }
        std::fs::write(&path, "something else\n").unwrap();
        assert!(matches!(KeyChange::under_way(&path, Some(&to)), Err(KeyError::NoChange { .. })));
    }

    #[test]
    fn a_key_takes_the_place_of_another_in_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        MasterKey::load_or_create(&path).unwrap();
        let other = MasterKey::generate().unwrap();
        other.replace(&path).unwrap();
        assert!(MasterKey::load_or_create(&path).unwrap() == other);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
