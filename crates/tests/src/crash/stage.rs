//! The processes of one try: a control plane that is started again whenever it dies, and the workers that it starts.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::{
    path::PathBuf,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use crash::Process;
use tokio::task::JoinHandle;

use super::{Plan, failing, run::Terms, trace};
use crate::{Admin, Flavour, Place, binaries, process, process::Signal, watch::Watch};

/// A control plane that dies more often than this does so by itself.
const STARTS_MAX: u32 = 12;

/// How long a service manager waits with the next start, where a disk fails.
const STARTED_AGAIN_AFTER: Duration = Duration::from_millis(400);

/// Where a process writes its calls of the operating system, where they are recorded.
pub(super) const CALLS: &str = "calls";

/// What runs.
pub(super) struct Stage {
    pub(super) place: Arc<Place>,
    stopping: Arc<AtomicBool>,
    starts: Arc<AtomicU32>,
    tasks: Vec<JoinHandle<()>>,
}

impl Stage {
    /// Starts the control plane in a folder that was laid out, and with it the worker.
    pub(super) fn start(place: Place, url: &str, plan: &Plan, terms: &Terms, recorded: bool) -> Self {
        let run = place.path().join("run");
        std::fs::create_dir_all(&run).expect("the folder can be written");
        for (kind, stops) in [(Process::Worker, &plan.worker), (Process::Control, &plan.control)] {
            let file = run.join(format!("{}.plan", kind.name()));
            std::fs::write(file, Plan::lines(stops)).expect("the folder can be written");
        }
        if let Some(failing) = &terms.failing {
            failing.plan(&run);
        }
        let mut place = place.with(crash::DIRECTORY, run).with("WHATSAPP_URL", url).with("LOG_LEVEL", "info");
        if let Some(canary) = terms.planted {
            place.set(crash::CANARY, canary.name());
        }
        let place = Arc::new(place);
        let (stopping, starts) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let mut stage = Self { place, stopping, starts, tasks: Vec::new() };
        stage.tasks.push(tokio::spawn(serve(
            Arc::clone(&stage.place),
            Arc::clone(&stage.stopping),
            Arc::clone(&stage.starts),
            recorded,
            terms.failing.map_or(Duration::ZERO, |_| STARTED_AGAIN_AFTER),
        )));
        if plan.both {
            stage.tasks.push(tokio::spawn(both(stage.run())));
        }
        stage
    }

    /// Mends the disk some time after it has begun to fail.
    pub(super) fn mends(&mut self, tenant: String) {
        self.tasks.push(tokio::spawn(failing::mends(self.run(), self.admin(), tenant)));
    }

    /// The folder of plans and traces.
    pub(super) fn run(&self) -> PathBuf {
        self.place.path().join("run")
    }

    /// The admin API, whether or not somebody answers now.
    pub(super) fn admin(&self) -> Admin {
        Admin { socket: self.place.data().join("admin.sock") }
    }

    /// Whether the control plane dies by itself.
    pub(super) fn is_broken(&self) -> bool {
        self.starts.load(Ordering::Relaxed) > STARTS_MAX
    }

    /// Ends the newest process of a kind.
    pub(super) fn kill(&self, kind: Process) {
        if let Some(pid) = trace::newest(&self.run(), kind)
            && process::lives(pid)
        {
            process::signal(pid, Signal::KILL);
        }
    }

    /// Ends everything at once.
    pub(super) async fn end(mut self) -> Arc<Place> {
        self.stopping.store(true, Ordering::Relaxed);
        self.kill(Process::Control);
        self.kill(Process::Worker);
        self.place.end_all();
        for task in std::mem::take(&mut self.tasks).into_iter().rev() {
            if !task.is_finished() {
                task.abort();
            }
            let _ = task.await;
        }
        self.place.end_all();
        Arc::clone(&self.place)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Keeps a control plane running until the try ends.
async fn serve(
    place: Arc<Place>,
    stopping: Arc<AtomicBool>,
    starts: Arc<AtomicU32>,
    recorded: bool,
    pause: Duration,
) {
    while !stopping.load(Ordering::Relaxed) && starts.fetch_add(1, Ordering::Relaxed) <= STARTS_MAX {
        let log = place.beside("serve.log");
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log).expect("a log");
        let flowhq = binaries::binary(Flavour::Virtual);
        let mut command = if recorded {
            let number = starts.load(Ordering::Relaxed);
            let mut command = place.command_of("strace");
            command.args(["-f", "--seccomp-bpf", "-ttt", "-y", "-xx", "-s", "16777216", "-e"]);
            command.arg(format!("trace={}", super::power::TRACED)).arg("-o");
            command.arg(place.beside(&format!("{CALLS}.{number}"))).arg(flowhq);
            command
        } else {
            place.command_of(flowhq)
        };
        command.arg("serve").stdout(log.try_clone().expect("a log")).stderr(Stdio::from(log));
        let mut child = command.spawn().expect("flowhq can be started");
        let _ = child.wait().await;
        tokio::time::sleep(pause).await;
    }
}

/// Ends the other process as soon as one has met its stop.
async fn both(run: PathBuf) {
    let watch = Watch::of(&[&run]).expect("the folder can be looked at");
    let pairs = [(Process::Worker, Process::Control), (Process::Control, Process::Worker)];
    loop {
        for (one, other) in pairs {
            if trace::read(&run, one).iter().any(|line| line.what == "killed") {
                if let Some(pid) = trace::newest(&run, other)
                    && process::lives(pid)
                {
                    process::signal(pid, Signal::KILL);
                }
                return;
            }
        }
        watch.changed().await;
    }
}
