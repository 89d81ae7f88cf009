//! Which call fails, and how.

use std::{
    ffi::c_int,
    fs::File,
    io::Write,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use rusqlite::ffi;

/// What SQLite wants of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Open,
    Read,
    Write,
    Sync,
    Truncate,
    Size,
    Lock,
}

/// How calls fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Failure {
    /// `EIO`: of whatever reads, writes, syncs, truncates or asks for a size.
    Io,
    /// `EIO` of a sync alone.
    Sync,
    /// `ENOSPC`: of a write, of which half is written.
    Full,
    /// Another has the lock: `SQLITE_BUSY`.
    Busy,
    /// `EMFILE`: no file can be opened.
    Files,
}

impl Failure {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Io, Self::Sync, Self::Full, Self::Busy, Self::Files];

    /// How a plan names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Io => "io",
            Self::Sync => "sync",
            Self::Full => "full",
            Self::Busy => "busy",
            Self::Files => "files",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failure| failure.name() == name)
    }

    /// What SQLite is told, as its own file system for Unix would; `None` where such a failure cannot befall such a call.
    pub(crate) const fn code(self, call: Call) -> Option<c_int> {
        match (self, call) {
            (Self::Io, Call::Read) => Some(ffi::SQLITE_IOERR_READ),
            (Self::Io, Call::Write) => Some(ffi::SQLITE_IOERR_WRITE),
            (Self::Io, Call::Truncate) => Some(ffi::SQLITE_IOERR_TRUNCATE),
            (Self::Io, Call::Size) => Some(ffi::SQLITE_IOERR_FSTAT),
            (Self::Io | Self::Sync, Call::Sync) => Some(ffi::SQLITE_IOERR_FSYNC),
            (Self::Full, Call::Write) => Some(ffi::SQLITE_FULL),
            (Self::Busy, Call::Lock) => Some(ffi::SQLITE_BUSY),
            (Self::Files, Call::Open) => Some(ffi::SQLITE_CANTOPEN),
            _ => None,
        }
    }
}

/// Which calls fail.
#[derive(Debug, Clone)]
pub struct Rule {
    /// A part of the file's path: the database's name means its log too.
    pub file: String,
    /// How they fail; only calls that can fail so are counted.
    pub failure: Failure,
    /// The how manieth, from 1.
    pub nth: u32,
    /// Whether those after it fail too.
    pub lasting: bool,
}

pub(crate) struct State {
    rule: Rule,
    seen: AtomicU32,
    failed: AtomicU32,
    lifted: AtomicBool,
    /// A file whose being there lifts it, and where each failure is written down: for a process that nobody can reach.
    outside: Option<(PathBuf, Mutex<File>)>,
}

static RULES: Mutex<Vec<Arc<State>>> = Mutex::new(Vec::new());

fn rules() -> MutexGuard<'static, Vec<Arc<State>>> {
    RULES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A rule that is in force, until this value goes.
pub struct Planned(Arc<State>);

impl Planned {
    /// How many calls it has made fail.
    #[must_use]
    pub fn failed(&self) -> u32 {
        self.0.failed.load(Ordering::SeqCst)
    }

    /// How many calls it has counted.
    #[must_use]
    pub fn seen(&self) -> u32 {
        self.0.seen.load(Ordering::SeqCst)
    }

    /// Nothing fails by it any more.
    pub fn lift(&self) {
        self.0.lifted.store(true, Ordering::SeqCst);
    }
}

impl Drop for Planned {
    fn drop(&mut self) {
        rules().retain(|state| !Arc::ptr_eq(state, &self.0));
    }
}

/// Puts a rule into force.
#[must_use]
pub fn plan(rule: Rule) -> Planned {
    Planned(put(rule, None))
}

pub(crate) fn put(rule: Rule, outside: Option<(PathBuf, File)>) -> Arc<State> {
    let state = Arc::new(State {
        rule,
        seen: AtomicU32::new(0),
        failed: AtomicU32::new(0),
        lifted: AtomicBool::new(false),
        outside: outside.map(|(lifted, told)| (lifted, Mutex::new(told))),
    });
    rules().push(Arc::clone(&state));
    state
}

/// With which code this call on the file at `path` must fail, where it must.
pub(crate) fn failing(path: Option<&str>, call: Call) -> Option<c_int> {
    let path = path?;
    rules().iter().find_map(|state| state.asked(path, call))
}

impl State {
    fn asked(&self, path: &str, call: Call) -> Option<c_int> {
        let code = self.rule.failure.code(call).filter(|_| path.contains(&self.rule.file))?;
        let number = self.seen.fetch_add(1, Ordering::SeqCst) + 1;
        let is_due = number == self.rule.nth || number > self.rule.nth && self.rule.lasting;
        if !is_due || self.is_lifted() {
            return None;
        }
        self.failed.fetch_add(1, Ordering::SeqCst);
        if let Some((_, told)) = &self.outside {
            let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
            // Whoever reads it misses a line at most.
            let _ = writeln!(told, "{call:?} {path} {number}");
        }
        Some(code)
    }

    fn is_lifted(&self) -> bool {
        self.lifted.load(Ordering::SeqCst) || self.outside.as_ref().is_some_and(|(lifted, _)| lifted.exists())
    }
}
