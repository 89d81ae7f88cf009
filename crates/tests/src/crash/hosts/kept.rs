//! A process that is started again whenever it ends, as a service manager does.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::{
    process::Stdio,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    sync::watch,
    task::JoinHandle,
};

use crate::{
    Flavour, Place, binaries,
    process::{self, Signal},
};

/// One that is started more often than this dies by itself.
const STARTS_MAX: u32 = 30;

/// A process that is kept running.
pub(super) struct Kept {
    is_on: watch::Sender<bool>,
    pid: watch::Receiver<Option<u32>>,
    starts: Arc<AtomicU32>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Kept {
    /// Runs `flowhq` with this subcommand. Each line that it says is heard.
    pub(super) fn start(
        place: Arc<Place>,
        subcommand: &'static str,
        heard: impl Fn(&str) + Send + Sync + 'static,
    ) -> Self {
        let (is_on, on) = watch::channel(true);
        let (told, pid) = watch::channel(None);
        let starts = Arc::new(AtomicU32::new(0));
        let task = tokio::spawn(keep(place, subcommand, heard, on, told, Arc::clone(&starts)));
        Self { is_on, pid, starts, task: Mutex::new(Some(task)) }
    }

    /// The process, where one runs now.
    pub(super) fn pid(&self) -> Option<u32> {
        *self.pid.borrow()
    }

    /// Ends it at once; another is started.
    pub(super) fn kill(&self) {
        if let Some(pid) = self.pid() {
            process::signal(pid, Signal::KILL);
        }
    }

    /// Ends it at once. None is started before [`Kept::on`].
    pub(super) async fn off(&self) {
        self.is_on.send_replace(false);
        self.kill();
        // Whatever is being started just now is ended as soon as it is there.
        let _ = self.pid.clone().wait_for(Option::is_none).await;
    }

    /// Starts it again.
    pub(super) fn on(&self) {
        self.is_on.send_replace(true);
    }

    /// Whether it dies by itself.
    pub(super) fn is_broken(&self) -> bool {
        self.starts.load(Ordering::Relaxed) > STARTS_MAX
    }

    /// Ends it for good.
    pub(super) async fn end(&self) {
        self.is_on.send_replace(false);
        self.kill();
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            task.abort();
            let _ = task.await;
        }
    }
}

async fn keep(
    place: Arc<Place>,
    subcommand: &str,
    heard: impl Fn(&str),
    mut on: watch::Receiver<bool>,
    told: watch::Sender<Option<u32>>,
    starts: Arc<AtomicU32>,
) {
    while on.wait_for(|on| *on).await.is_ok() {
        if starts.fetch_add(1, Ordering::Relaxed) > STARTS_MAX {
            return;
        }
        let log = place.beside(&format!("{subcommand}.log"));
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log).expect("a log");
        let mut command = place.command_of(binaries::binary(Flavour::Virtual));
        command.arg(subcommand).stdout(Stdio::piped()).stderr(Stdio::from(log));
        let mut child = command.spawn().expect("flowhq can be started");
        told.send_replace(child.id());
        if !*on.borrow() {
            let _ = child.start_kill();
        }
        let mut lines = BufReader::new(child.stdout.take().expect("it was piped")).lines();
        let listening = async {
            while let Ok(Some(line)) = lines.next_line().await {
                heard(&line);
            }
            // What it has started may have closed its end earlier.
            std::future::pending::<()>().await;
        };
        tokio::select! {
            _ = child.wait() => {}
            () = listening => {}
        }
        told.send_replace(None);
    }
}
