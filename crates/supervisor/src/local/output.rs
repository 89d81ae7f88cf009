//! What a worker says on standard output and error, brought into its tenant's log.
//!
//! It says it into a named pipe beside its socket, and only we write the log. Into a file, a worker that lies writes as
//! fast as memory is copied: two gigabytes in one call, or any size by `fallocate(2)`, before anybody has looked. A limit
//! on files (RLIMIT_FSIZE) would bind its journal to the same size. Of a pipe the kernel holds no more than
//! `/proc/sys/fs/pipe-max-size`, and what we take out of it between two looks is bounded.
//!
//! The worker holds both ends and does not wait for a reader: it goes on when no control plane is there, what the pipe
//! holds then (64 KiB, pipe(7)) is read by the next one, and what did not fit its log says is missing.

use std::{
    fs::OpenOptions,
    io::{self, Write as _},
    os::{
        fd::OwnedFd,
        unix::fs::{FileTypeExt, OpenOptionsExt},
    },
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use rustix::fs::{CWD, FileType, Mode, OFlags};
use tokio::{
    io::unix::AsyncFd,
    sync::{Mutex, Notify},
    task::{JoinSet, spawn_blocking},
};
use tokio_util::sync::CancellationToken;

use super::{LocalOptions, logs, process::watch};
use crate::WorkerId;

/// What is taken out of a pipe between two looks. The default time between them allows 8 MiB a second.
const BETWEEN_LOOKS_BYTES: u64 = 4 * 1024 * 1024;
/// What is read and written at once: all that a pipe holds by default.
const CHUNK_BYTES: u64 = 64 * 1024;
/// What a pipe may hold where nobody has raised the system's limit (proc(5), `pipe-max-size`).
const PIPE_MAX_BYTES: u64 = 1024 * 1024;

/// The output of one worker.
#[derive(Debug)]
pub(super) enum Output {
    /// Read by us.
    Piped(Piped),
    /// Written into the file by a worker that an earlier version has started: it can only be looked at.
    Appended {
        /// The file.
        log: Log,
        /// How large it was.
        before: AtomicU64,
    },
}

impl Output {
    /// Makes a worker's pipe, with the end that it is given.
    pub(super) fn of_new(options: &LocalOptions, id: WorkerId) -> io::Result<(Self, OwnedFd)> {
        let path = pipe_path(options, id);
        remove(&path)?;
        rustix::fs::mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)?;
        let theirs = open(&path)?;
        Ok((Self::Piped(Piped::open(&path, Log::of(options, id))?), theirs))
    }

    /// Takes charge of the output of a worker that runs already.
    pub(super) fn of_running(options: &LocalOptions, id: WorkerId) -> io::Result<Self> {
        let (path, log) = (pipe_path(options, id), Log::of(options, id));
        match Piped::open(&path, log.clone()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let before = AtomicU64::new(log.bytes());
                Ok(Self::Appended { log, before })
            }
            piped => Ok(Self::Piped(piped?)),
        }
    }

    /// By how many bytes the log has grown since this was asked last. Nothing more comes in from some point on where it
    /// is not asked.
    pub(super) fn grown(&self) -> u64 {
        match self {
            Self::Piped(piped) => piped.meter.look(),
            Self::Appended { log, before } => {
                let now = log.bytes();
                let before = before.swap(now, Ordering::Relaxed);
                // Smaller: it was rotated meanwhile, and what it holds is new.
                now.checked_sub(before).unwrap_or(now)
            }
        }
    }

    /// Cuts a log that has grown too large; one that we write is cut when it has.
    pub(super) async fn tidy(&self) {
        let Self::Appended { log, .. } = self else { return };
        let log = log.clone();
        let rotated = spawn_blocking(move || log.rotate().map_err(|error| (log, error))).await;
        if let Ok(Err((log, error))) = rotated {
            tracing::error!(path = %log.path.display(), %error, "a tenant's log could not be rotated");
        }
    }

    /// Brings in what the worker said last; it has ended.
    pub(super) async fn finish(&self) {
        let Self::Piped(piped) = self else { return };
        piped.ended.cancel();
        while piped.task.lock().await.join_next().await.is_some() {}
    }
}

/// Forgets a worker's pipe.
pub(super) fn forget(options: &LocalOptions, id: WorkerId) -> io::Result<()> {
    remove(&pipe_path(options, id))
}

fn pipe_path(options: &LocalOptions, id: WorkerId) -> PathBuf {
    options.sockets(id.tenant).join(format!("{}.{}.output", id.tenant, id.generation))
}

/// Opens both ends of a pipe, on either side: whoever has both is never told that the other is gone. Nobody waits.
fn open(path: &Path) -> io::Result<OwnedFd> {
    let flags = (OFlags::NONBLOCK | OFlags::NOFOLLOW).bits().cast_signed();
    let pipe = OpenOptions::new().read(true).write(true).custom_flags(flags).open(path)?;
    if !pipe.metadata()?.file_type().is_fifo() {
        return Err(io::Error::other("a worker's output is no pipe"));
    }
    Ok(pipe.into())
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A pipe with the task that reads it. Dropped, it leaves in the pipe what it has not read.
#[derive(Debug)]
pub(super) struct Piped {
    meter: Arc<Meter>,
    ended: CancellationToken,
    task: Mutex<JoinSet<()>>,
}

impl Piped {
    fn open(path: &Path, log: Log) -> io::Result<Self> {
        let pipe = watch(open(path)?)?;
        let (meter, ended) = (Arc::new(Meter::default()), CancellationToken::new());
        let mut task = JoinSet::new();
        task.spawn(read(pipe, log, Arc::clone(&meter), ended.clone()));
        Ok(Self { meter, ended, task: Mutex::new(task) })
    }
}

/// What was taken out of a pipe since the last look.
#[derive(Debug, Default)]
struct Meter {
    taken: AtomicU64,
    looked: Notify,
}

impl Meter {
    fn look(&self) -> u64 {
        let taken = self.taken.swap(0, Ordering::Relaxed);
        self.looked.notify_one();
        taken
    }

    /// Waits until more may be taken, and how much.
    async fn room(&self) -> u64 {
        loop {
            let room = BETWEEN_LOOKS_BYTES.saturating_sub(self.taken.load(Ordering::Relaxed));
            if room > 0 {
                return room;
            }
            self.looked.notified().await;
        }
    }
}

/// Reads until the worker has ended, and then what is left: no more than a pipe holds, since what the worker has started
/// may go on writing.
async fn read(pipe: AsyncFd<OwnedFd>, log: Log, meter: Arc<Meter>, ended: CancellationToken) {
    let mut failed = false;
    loop {
        let (mut ready, room) = tokio::select! {
            () = ended.cancelled() => break,
            ready = async { Some((pipe.readable().await.ok()?, meter.room().await)) } => match ready {
                Some(ready) => ready,
                // The runtime is shutting down: the next control plane reads on.
                None => return,
            },
        };
        if let Ok(Ok(chunk)) = ready.try_io(|pipe| take(pipe.get_ref(), room)) {
            meter.taken.fetch_add(chunk.len() as u64, Ordering::Relaxed);
            append(&log, chunk, &mut failed).await;
        }
    }
    let mut left = PIPE_MAX_BYTES;
    // Asked of the pipe itself: that it can be read may not have come round yet.
    while let Ok(chunk) = take(pipe.get_ref(), left)
        && !chunk.is_empty()
    {
        left -= chunk.len() as u64;
        append(&log, chunk, &mut failed).await;
    }
}

/// Takes at most so many bytes out of a pipe.
fn take(pipe: &OwnedFd, most: u64) -> io::Result<Vec<u8>> {
    let mut chunk = vec![0; usize::try_from(most.min(CHUNK_BYTES)).unwrap_or_default()];
    let taken = rustix::io::read(pipe, &mut chunk)?;
    chunk.truncate(taken);
    Ok(chunk)
}

/// Brings a chunk into the log. What cannot be written is left out, or the worker's output would stand still for ever.
async fn append(log: &Log, chunk: Vec<u8>, failed: &mut bool) {
    let log_too = log.clone();
    // From here on it is written even where nobody waits for it.
    match spawn_blocking(move || log_too.append(&chunk)).await {
        Ok(Err(error)) if !*failed => {
            *failed = true;
            tracing::error!(path = %log.path.display(), %error, "a tenant's log could not be written");
        }
        Ok(Ok(())) => *failed = false,
        _ => {}
    }
}

/// A tenant's log file.
#[derive(Debug, Clone)]
pub(super) struct Log {
    path: PathBuf,
    max_bytes: u64,
    kept: u32,
}

impl Log {
    fn of(options: &LocalOptions, id: WorkerId) -> Self {
        Self { path: options.log(id.tenant), max_bytes: options.log_max_bytes, kept: options.logs_kept }
    }

    fn bytes(&self) -> u64 {
        // One look at a directory's entry: shorter than handing it to another thread.
        std::fs::symlink_metadata(&self.path).map_or(0, |log| log.len())
    }

    fn rotate(&self) -> io::Result<()> {
        logs::rotate(&self.path, self.max_bytes, self.kept)
    }

    fn append(&self, chunk: &[u8]) -> io::Result<()> {
        logs::open(&self.path)?.write_all(chunk)?;
        self.rotate()
    }
}
