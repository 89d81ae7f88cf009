//! The end of a tenant's log, read beside whoever writes it. A log is cut beneath its reader, see [`super::logs`]: what was
//! cut away meanwhile is read in the copy, and where that fails too, it is said.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use rustix::fs::OFlags;

use super::logs::rotated;
use crate::LogTail;

/// How often it is begun again where it was cut while it was read.
const TRIES: usize = 3;

/// Reads at most so many bytes of the end, from a place on where one is named. Where the file holds less, the newest of its
/// copies goes before it.
pub(super) fn read(path: &Path, most: u64, after: Option<u64>) -> io::Result<LogTail> {
    let mut found = once(path, most, after)?;
    for _ in 1..TRIES {
        if !found.rotating {
            break;
        }
        found = once(path, most, after)?;
    }
    Ok(found)
}

fn once(path: &Path, most: u64, after: Option<u64>) -> io::Result<LogTail> {
    let file = open(path)?;
    let size = file.metadata()?.len();
    // A place behind the end was cut away: what is there now is new.
    let after = after.filter(|place| *place <= size);
    let from = size.saturating_sub(most).max(after.unwrap_or(0));
    let mut text = part(&file, from, size - from)?;
    let mut more = from > after.unwrap_or(0) || (after.is_none() && rotated(path, 1).exists());
    let mut whole = from == 0 || after == Some(from);
    if after.is_none() && from == 0 && size < most {
        match open(&rotated(path, 1)) {
            Ok(copy) => {
                let length = copy.metadata()?.len();
                let from = length.saturating_sub(most - size);
                let mut before = part(&copy, from, length - from)?;
                // The copy ends where the file was cut, which may be in the middle of a line.
                before.append(&mut text);
                text = before;
                more = from > 0 || rotated(path, 2).exists();
                whole = from == 0;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    if !whole {
        // Begun in the middle of a line, most likely.
        let begins = text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| at + 1);
        text.drain(..begins);
    }
    let now = file.metadata()?.len();
    Ok(LogTail { text, more, end: size, rotating: now < size })
}

/// Opens what is a file; a symbolic link is not followed, and nothing else is waited for.
fn open(path: &Path) -> io::Result<File> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("the log is no file"));
    }
    Ok(file)
}

fn part(mut file: &File, from: u64, bytes: u64) -> io::Result<Vec<u8>> {
    file.seek(io::SeekFrom::Start(from))?;
    let mut text = Vec::new();
    file.take(bytes).read_to_end(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn log(text: &str) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("t.log");
        std::fs::write(&path, text).unwrap();
        (directory, path)
    }

    fn said(tail: &LogTail) -> &str {
        std::str::from_utf8(&tail.text).unwrap()
    }

    #[test]
    fn the_end_of_a_log_is_whole_lines_within_its_bytes() {
        let (_directory, path) = log("one\ntwo\nthree\n");
        let all = read(&path, 100, None).unwrap();
        assert_eq!((said(&all), all.more, all.end), ("one\ntwo\nthree\n", false, 14));
        let end = read(&path, 8, None).unwrap();
        assert_eq!((said(&end), end.more), ("three\n", true), "a line that was cut is left out");
    }

    #[test]
    fn a_log_that_was_cut_goes_on_in_its_copy() {
        let (_directory, path) = log("four\n");
        std::fs::write(rotated(&path, 1), "one\ntwo\nthree\n").unwrap();
        let all = read(&path, 100, None).unwrap();
        assert_eq!((said(&all), all.more), ("one\ntwo\nthree\nfour\n", false));
        let end = read(&path, 13, None).unwrap();
        assert_eq!((said(&end), end.more), ("three\nfour\n", true));
        std::fs::write(rotated(&path, 2), "zero\n").unwrap();
        assert!(read(&path, 100, None).unwrap().more, "there is another copy");
    }

    #[test]
    fn whoever_goes_on_reading_gets_what_is_new_and_all_of_a_log_that_was_cut() {
        let (_directory, path) = log("one\ntwo\n");
        let end = read(&path, 100, None).unwrap().end;
        let nothing = read(&path, 100, Some(end)).unwrap();
        assert_eq!((said(&nothing), nothing.more), ("", false));
        std::fs::write(&path, "one\ntwo\nthree\n").unwrap();
        let new = read(&path, 100, Some(end)).unwrap();
        assert_eq!((said(&new), new.more, new.end), ("three\n", false, 14));
        std::fs::write(&path, "5\n").unwrap();
        assert_eq!(said(&read(&path, 100, Some(14)).unwrap()), "5\n");
    }

    #[test]
    fn no_log_is_told_from_what_is_no_file() {
        let (directory, path) = log("");
        assert_eq!(read(&path, 100, None).unwrap(), LogTail::default());
        let missing = read(&directory.path().join("u.log"), 100, None).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
        let link = directory.path().join("v.log");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(read(&link, 100, None).is_err_and(|error| error.kind() != io::ErrorKind::NotFound));
        assert!(read(directory.path(), 100, None).is_err());
    }
}
