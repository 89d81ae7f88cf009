//! A log file that is renamed when it has grown to its size, so that logs never fill the disk.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tracing_subscriber::fmt::MakeWriter;

/// `FILE`, then `FILE.1` and so on, the highest the oldest. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Rotating(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    path: PathBuf,
    file: File,
    bytes: u64,
    max_bytes: u64,
    kept: u32,
}

impl Rotating {
    /// Opens the file with mode 0600; its directory exists.
    pub(crate) fn open(path: &Path, max_bytes: u64, kept: u32) -> io::Result<Self> {
        let file = append(path)?;
        let bytes = file.metadata()?.len();
        Ok(Self(Arc::new(Mutex::new(State { path: path.to_owned(), file, bytes, max_bytes, kept }))))
    }
}

impl<'a> MakeWriter<'a> for Rotating {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line(self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The file while one line is written.
pub(crate) struct Line<'a>(MutexGuard<'a, State>);

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let state = &mut *self.0;
        if state.bytes >= state.max_bytes {
            state.rotate()?;
        }
        let written = state.file.write(bytes)?;
        state.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.file.flush()
    }
}

impl State {
    fn rotate(&mut self) -> io::Result<()> {
        for number in (1..self.kept).rev() {
            rename(&numbered(&self.path, number), &numbered(&self.path, number + 1))?;
        }
        rename(&self.path, &numbered(&self.path, 1))?;
        self.file = append(&self.path)?;
        self.bytes = 0;
        Ok(())
    }
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    name.into()
}

fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match std::fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_files_are_kept_up_to_their_number_and_then_forgotten() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.log");
        let log = Rotating::open(&path, 10, 2).unwrap();
        for line in ["one 567890\n", "two 567890\n", "three 7890\n", "four\n"] {
            log.make_writer().write_all(line.as_bytes()).unwrap();
        }
        let read = |name: &str| std::fs::read_to_string(directory.path().join(name)).unwrap();
        assert_eq!(read("a.log"), "four\n");
        assert_eq!(read("a.log.1"), "three 7890\n");
        assert_eq!(read("a.log.2"), "two 567890\n");
        assert!(!directory.path().join("a.log.3").exists());
        let again = Rotating::open(&path, 5, 2).unwrap();
        again.make_writer().write_all(b"five\n").unwrap();
        assert_eq!(read("a.log.1"), "four\n", "what was there at the start counts");
    }
}
