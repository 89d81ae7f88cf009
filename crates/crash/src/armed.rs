//! What points and canaries do in a build for tests.

use std::{
    collections::HashMap,
    ffi::OsString,
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock},
    time::{Duration, SystemTime},
};

use crate::{AHEAD, CANARY, Canary, DIRECTORY, FREE, Process, is_point};

/// The longest wait of a run for what may never come.
const HURRY: Duration = Duration::from_millis(1000);

/// A run that cannot be carried out.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The plan cannot be read, or the trace not be written.
    #[error("{DIRECTORY}: {path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// Not `point:hit`, or no such point.
    #[error("{DIRECTORY}: the plan says \"{0}\"; write a point and a hit, like outcome_before_commit:1")]
    Plan(String),
    /// No such fault.
    #[error("{CANARY}: there is no fault \"{0}\"")]
    Canary(String),
    /// Armed a second time.
    #[error("this process is armed already")]
    Twice,
}

struct Armed {
    /// The point's name and the hit, from 1; `None` only notes.
    kill_at: Option<(String, u32)>,
    /// A line for each hit.
    trace: File,
    hits: HashMap<&'static str, u32>,
}

static ARMED: OnceLock<Mutex<Armed>> = OnceLock::new();
/// Which kind of process this is.
static PROCESS: OnceLock<Process> = OnceLock::new();
static PLANTED: OnceLock<Option<Canary>> = OnceLock::new();

/// Reads what the environment says of this run, once, before anything runs. Each process takes the first line of its
/// kind's plan and leaves the rest to the processes that are started after it.
///
/// # Errors
/// Where the plan, its files or the fault's name cannot be used.
#[expect(clippy::disallowed_methods, reason = "a run of the driver, and no setting of anybody else")]
pub fn arm(process: Process) -> Result<(), PlanError> {
    let planted = match std::env::var(CANARY) {
        Ok(name) => Some(Canary::of(&name).ok_or(PlanError::Canary(name))?),
        Err(_) => None,
    };
    PLANTED.set(planted).map_err(|_| PlanError::Twice)?;
    let Some(directory) = std::env::var_os(DIRECTORY).map(PathBuf::from) else { return Ok(()) };
    let kill_at = take_plan(&directory.join(format!("{}.plan", process.name())))?;
    let path = directory.join(format!("{}.trace", process.name()));
    let opened = File::options().create(true).append(true).open(&path);
    let mut trace = opened.map_err(|source| PlanError::File { path, source })?;
    note(&mut trace, "start", 0);
    let armed = Armed { kill_at, trace, hits: HashMap::new() };
    PROCESS.set(process).map_err(|_| PlanError::Twice)?;
    ARMED.set(Mutex::new(armed)).map_err(|_| PlanError::Twice)
}

/// What a process that is started with an empty environment needs to belong to the same run.
pub fn environment() -> impl Iterator<Item = (&'static str, OsString)> {
    [DIRECTORY, CANARY].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)))
}

/// The directory of the run that this process belongs to.
#[must_use]
pub fn directory() -> Option<PathBuf> {
    ARMED.get()?;
    std::env::var_os(DIRECTORY).map(PathBuf::from)
}

/// The run's directory, and how this process is called in it.
pub(crate) fn run_and_process() -> Option<(PathBuf, &'static str)> {
    directory().zip(PROCESS.get().map(|process| process.name()))
}

/// Whether this process belongs to a run of the driver.
pub fn is_armed() -> bool {
    ARMED.get().is_some()
}

/// By how many milliseconds the time is to be ahead of the machine's: what the run's file [`AHEAD`] says now, so that what
/// is due in hours comes within a try.
pub fn ahead_ms() -> i64 {
    said(AHEAD).unwrap_or_default()
}

/// How many bytes are to be free on the disk: what the run's file [`FREE`] says now.
pub fn free_bytes() -> Option<u64> {
    said(FREE)
}

/// The number in a file of the run, where there is one.
fn said<T: std::str::FromStr>(file: &str) -> Option<T> {
    let path = std::env::var_os(DIRECTORY).map(|run| PathBuf::from(run).join(file))?;
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// Whether this fault is planted in this process.
#[must_use]
pub fn canary(which: Canary) -> bool {
    PLANTED.get().copied().flatten() == Some(which)
}

/// How long to wait for what may never come: a run of the driver has no half minute for it in each of its tries.
#[must_use]
pub fn hurried(patience: Duration) -> Duration {
    if ARMED.get().is_some() { patience.min(HURRY) } else { patience }
}

/// Counts a hit, and ends this process by SIGKILL where the plan says so.
pub fn point(name: &'static str) {
    debug_assert!(is_point(name), "{name} is missing in POINTS");
    let Some(armed) = ARMED.get() else { return };
    let mut armed = armed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let hits = armed.hits.entry(name).or_default();
    *hits += 1;
    let hit = *hits;
    note(&mut armed.trace, name, hit);
    if armed.kill_at.as_ref().is_some_and(|(at, which)| at == name && *which == hit) {
        note(&mut armed.trace, "killed", hit);
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}

/// One write for a line: the page cache keeps it although the process dies right after.
#[expect(clippy::disallowed_methods, reason = "a trace for the driver, which compares it with its own clock")]
fn note(trace: &mut File, what: &str, hit: u32) {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_micros();
    let _ = trace.write_all(format!("{now} {} {what} {hit}\n", std::process::id()).as_bytes());
}

/// Takes the first line of a plan away. A line `-` plans nothing for one process.
fn take_plan(path: &Path) -> Result<Option<(String, u32)>, PlanError> {
    let failed = |source| PlanError::File { path: path.to_owned(), source };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let (line, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let new = path.with_extension("plan.new");
    std::fs::write(&new, rest).and_then(|()| std::fs::rename(&new, path)).map_err(failed)?;
    if line.is_empty() || line == "-" {
        return Ok(None);
    }
    let wrong = || PlanError::Plan(line.chars().take(64).collect());
    let (name, hit) = line.split_once(':').ok_or_else(wrong)?;
    let hit: u32 = hit.parse().map_err(|_| wrong())?;
    if hit == 0 || !is_point(name) {
        return Err(wrong());
    }
    Ok(Some((name.to_owned(), hit)))
}

#[cfg(test)]
mod tests {
    use super::{PlanError, take_plan};

    #[test]
    fn each_process_takes_one_line_of_the_plan() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("worker.plan");
        std::fs::write(&path, "send_after:2\n-\nsend_before:1").expect("a file");
        let next = || take_plan(&path).expect("a plan");
        assert_eq!(next(), Some(("send_after".to_owned(), 2)));
        assert_eq!(next(), None);
        assert_eq!(next(), Some(("send_before".to_owned(), 1)));
        assert_eq!(next(), None);
    }

    #[test]
    fn a_plan_that_can_never_come_true_is_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("worker.plan");
        for wrong in ["send_after", "send_after:0", "nowhere:1", "send_after:often"] {
            std::fs::write(&path, wrong).expect("a file");
            assert!(matches!(take_plan(&path), Err(PlanError::Plan(_))), "{wrong}");
        }
    }
}
