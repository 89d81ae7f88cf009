//! Reads a backup, to see whether it is whole or to take it apart.

use std::io::{self, BufReader, Read};

use flate2::read::GzDecoder;
use seal::FileKey;
use sha2::{Digest as _, Sha256};
use tar::Archive;

use crate::{ABOUT, About, FORMAT, Held, MANIFEST, Manifest, is_name};

/// More of a description than this is none.
const TEXT_MOST: u64 = 64 * 1024 * 1024;

/// Why a backup cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not sealed with this key, cut short, changed since, or no backup at all; or the file cannot be read.
    #[error("the backup cannot be read: {0}")]
    Io(#[from] io::Error),
    /// A later version of this program wrote it in a form that this one does not know.
    #[error(
        "the backup has form {found}, this build reads up to {FORMAT}: take the build that made it ({build})"
    )]
    Newer {
        /// Its form.
        found: u32,
        /// What made it.
        build: String,
    },
    /// What it holds is not what it says.
    #[error("the backup is not whole: {0}")]
    NotWhole(String),
}

/// Reads all of a backup, hands each file to `take`, and compares it with what the backup says of itself. Until this has
/// returned, what was handed out is not known to be whole.
///
/// # Errors
/// See [`ReadError`]; what `take` fails with ends it.
pub fn read(
    from: impl Read,
    key: &FileKey,
    mut take: impl FnMut(&str, &mut dyn Read) -> io::Result<()>,
) -> Result<(About, Manifest), ReadError> {
    let mut archive = Archive::new(GzDecoder::new(BufReader::new(key.open(BufReader::new(from))?)));
    let (mut about, mut manifest, mut found): (Option<About>, Option<Manifest>, Vec<Held>) =
        (None, None, Vec::new());
    let broken = |why: &str| ReadError::NotWhole(why.to_owned());
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if manifest.is_some() {
            return Err(broken("something follows its end"));
        }
        let Some(told) = &about else {
            if name != ABOUT {
                return Err(broken("it does not begin with what it is"));
            }
            let told: About = json(&mut entry)?;
            if told.oldest_reader > FORMAT {
                return Err(ReadError::Newer { found: told.format, build: told.build });
            }
            about = Some(told);
            continue;
        };
        if name == MANIFEST {
            manifest = Some(json(&mut entry)?);
            continue;
        }
        if !is_name(&name) || !entry.header().entry_type().is_file() {
            return Err(ReadError::NotWhole(format!("{name:?} of {} is no file of a backup", told.taken_at)));
        }
        let mut summed = Summed { from: &mut entry, sum: Sha256::new(), bytes: 0 };
        take(&name, &mut summed)?;
        io::copy(&mut summed, &mut io::sink())?;
        found.push(Held { name, bytes: summed.bytes, sha256: hex::encode(summed.sum.finalize()) });
    }
    // To the very end: only there does the seal say that nothing is missing.
    io::copy(&mut archive.into_inner().into_inner(), &mut io::sink())?;
    let (Some(about), Some(manifest)) = (about, manifest) else { return Err(broken("its end is missing")) };
    if found != manifest.files {
        return Err(broken("its files are not those that it lists"));
    }
    Ok((about, manifest))
}

fn json<T: serde::de::DeserializeOwned>(from: &mut impl Read) -> Result<T, ReadError> {
    let mut text = Vec::new();
    from.take(TEXT_MOST).read_to_end(&mut text)?;
    serde_json::from_slice(&text).map_err(|error| ReadError::NotWhole(error.to_string()))
}

struct Summed<'a, R> {
    from: &'a mut R,
    sum: Sha256,
    bytes: u64,
}

impl<R: Read> Read for Summed<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.sum.update(&into[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::Writing;

    fn key(digit: &str) -> FileKey {
        let text = secrecy::SecretString::from(digit.repeat(64));
        seal::MasterKey::from_setting(&text).unwrap().file_key(crate::PURPOSE).unwrap()
    }

    fn about() -> About {
        About::new("2026-03-01T08:00:00Z".to_owned(), "0.1.0")
    }

    fn written(key: &FileKey, about: &About) -> (Vec<u8>, Manifest) {
        let mut writing = Writing::begin(Vec::new(), key, about).unwrap();
        writing.add("flowhq.db", 300_000, io::repeat(7)).unwrap();
        writing.add("journals/a-b/journal.db", 3, b"abc".as_slice()).unwrap();
        writing.leave_out("one tenant".to_owned());
        writing.finish().unwrap()
    }

    #[test]
    fn what_was_written_is_read_whole_and_with_its_own_key_alone() {
        let (bytes, manifest) = written(&key("a"), &about());
        let mut files = Vec::new();
        let read_back = read(bytes.as_slice(), &key("a"), |name, from| {
            let mut held = Vec::new();
            from.read_to_end(&mut held)?;
            files.push((name.to_owned(), held));
            Ok(())
        });
        assert_eq!(read_back.unwrap(), (about(), manifest.clone()));
        assert_eq!(files[0], ("flowhq.db".to_owned(), vec![7; 300_000]));
        assert_eq!(files[1], ("journals/a-b/journal.db".to_owned(), b"abc".to_vec()));
        assert_eq!(manifest.left_out, ["one tenant"]);
        // Nobody needs to take a file for it to be looked at.
        assert!(read(bytes.as_slice(), &key("a"), |_, _| Ok(())).is_ok());
        assert!(read(bytes.as_slice(), &key("b"), |_, _| Ok(())).is_err());
    }

    #[test]
    fn a_backup_that_is_cut_or_changed_anywhere_is_refused() {
        let (bytes, _) = written(&key("a"), &about());
        for at in (0..bytes.len()).step_by(bytes.len() / 50 + 1) {
            assert!(read(&bytes[..at], &key("a"), |_, _| Ok(())).is_err(), "cut at {at}");
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(read(changed.as_slice(), &key("a"), |_, _| Ok(())).is_err(), "changed at {at}");
        }
        assert!(read(&bytes[..bytes.len() - 1], &key("a"), |_, _| Ok(())).is_err());
    }

    #[test]
    fn a_later_form_is_refused_and_one_that_we_may_read_is_not() {
        let later = About { format: 9, oldest_reader: 1, ..about() };
        let (bytes, _) = written(&key("a"), &later);
        assert!(read(bytes.as_slice(), &key("a"), |_, _| Ok(())).is_ok());
        let (bytes, _) = written(&key("a"), &About { oldest_reader: 2, ..later });
        let error = read(bytes.as_slice(), &key("a"), |_, _| Ok(())).unwrap_err();
        assert!(matches!(error, ReadError::Newer { found: 9, .. }), "{error}");
    }

    #[test]
    fn no_name_leads_out() {
        let mut writing = Writing::begin(Vec::new(), &key("a"), &about()).unwrap();
        for name in ["../a", "/a", "a/../b", "", "a//b", ".a", "a b", "a\n", &"a".repeat(201)] {
            assert!(writing.add(name, 0, io::empty()).is_err(), "{name:?}");
        }
        let short = writing.add("a", 5, b"abc".as_slice()).unwrap_err().to_string();
        assert!(short.contains("shorter"), "{short}");
    }
}
