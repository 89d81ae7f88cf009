//! A tenant's log: what its worker says on standard output and error, see [`super::output`].
//!
//! A worker that an earlier version has started appends to the file itself, so it is copied and cut to nothing beneath its
//! writer. What such a worker writes in the moment between the two is lost.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use rustix::fs::OFlags;

/// By how much a log may have outgrown its size when it is looked at, and be kept whole.
const BETWEEN_LOOKS_BYTES: u64 = 1024 * 1024;

/// Opens a log to append to. A symbolic link is not followed.
pub(super) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)
}

/// The name of an older log; 1 is the newest of them.
pub(super) fn rotated(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    PathBuf::from(name)
}

/// Copies a log that is too large, cuts it to nothing, and drops the oldest copy. Of one that has grown far beyond its
/// size the newest part is kept.
pub(super) fn rotate(path: &Path, max_bytes: u64, kept: u32) -> io::Result<()> {
    let size = match std::fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        Ok(_) => return Err(io::Error::other("the log is no file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if size <= max_bytes {
        return Ok(());
    }
    for number in (1..kept).rev() {
        match std::fs::rename(rotated(path, number), rotated(path, number + 1)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    let mut source = File::open(path)?;
    if kept > 0 {
        let mut copy = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
            .open(rotated(path, 1))?;
        let most = max_bytes.saturating_add(BETWEEN_LOOKS_BYTES);
        source.seek(io::SeekFrom::Start(size.saturating_sub(most)))?;
        // The worker goes on writing: not to its end, which may never come.
        io::copy(&mut source.take(most), &mut copy)?;
    }
    OpenOptions::new().write(true).open(path)?.set_len(0)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{open, rotate, rotated};

    #[test]
    fn a_log_is_cut_beneath_its_writer_and_only_so_many_are_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("t.log");
        let mut worker = open(&path).unwrap();
        for round in 1..=4 {
            write!(worker, "round {round}").unwrap();
            rotate(&path, 3, 2).unwrap();
        }
        worker.write_all(b"ok").unwrap();
        rotate(&path, 3, 2).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "ok", "small: left as it is");
        assert_eq!(std::fs::read_to_string(rotated(&path, 1)).unwrap(), "round 4");
        assert_eq!(std::fs::read_to_string(rotated(&path, 2)).unwrap(), "round 3");
        assert!(!rotated(&path, 3).exists());
    }

    #[test]
    fn a_symbolic_link_is_no_log() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("t.log");
        std::os::unix::fs::symlink(directory.path().join("elsewhere"), &path).unwrap();
        assert!(open(&path).is_err());
        assert!(rotate(&path, 0, 1).is_err());
    }
}
