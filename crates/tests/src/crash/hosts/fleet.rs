//! The processes of a try: a control plane and the hosts, each started again whenever it ends, with a cable to each host.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use crash::{Canary, Process};
use tempfile::TempDir;
use tokio::{sync::watch, task::JoinHandle};

use super::{
    kept::Kept,
    plan::{HOSTS, HostPlan, Party},
    relay::Relay,
    world::{self, name},
};
use crate::{
    Admin, Place,
    crash::{Plan, trace},
    process::{self, Signal},
    watch::Watch,
};

/// Where everything lies, before anything runs.
pub(super) struct Ground {
    control: Place,
    hosts: [Place; HOSTS],
}

impl Ground {
    /// In a folder: the control plane's data is in it, and a folder for each host.
    pub(super) fn of(folder: TempDir) -> Self {
        let within = |host: usize| {
            let name = name(host);
            let folder = tempfile::Builder::new().prefix(&name).rand_bytes(0).tempdir_in(folder.path());
            let place = Place::within(folder.expect("the folder can be written"));
            place.with("LOG_LEVEL", "info").with("HOST_NAME", name).with("HOST_LISTEN", "127.0.0.1:0")
        };
        let hosts = std::array::from_fn(within);
        Self { control: Place::within(folder).with("LOG_LEVEL", "info"), hosts }
    }

    /// The folder.
    pub(super) fn path(&self) -> &Path {
        self.control.path()
    }

    /// The control plane's.
    pub(super) const fn control(&self) -> &Place {
        &self.control
    }

    /// Each host's.
    pub(super) const fn hosts(&self) -> &[Place; HOSTS] {
        &self.hosts
    }
}

/// A host's machine.
struct Machine {
    place: Arc<Place>,
    relay: Arc<Relay>,
    kept: Kept,
    /// What was stopped there.
    stopped: Mutex<Vec<u32>>,
}

/// What runs.
pub(super) struct Fleet {
    place: Arc<Place>,
    plane: Kept,
    machines: Vec<Machine>,
    answers: watch::Receiver<bool>,
    also: Mutex<Option<JoinHandle<()>>>,
}

impl Fleet {
    /// Starts all of it.
    pub(super) async fn start(
        ground: Ground,
        url: &str,
        plan: &HostPlan,
        planted: Option<Canary>,
    ) -> Arc<Self> {
        let Ground { control, hosts } = ground;
        let mut machines = Vec::new();
        for (place, stops) in hosts.into_iter().zip(&plan.hosts) {
            let place = armed(place, Process::Host, Plan::lines(stops), planted);
            let (place, relay) = (Arc::new(place), Arc::new(Relay::lay().await));
            let leads = Arc::clone(&relay);
            let kept = Kept::start(Arc::clone(&place), "host", move |line| {
                let address = line.split_once("listens on ").and_then(|(_, rest)| rest.split(',').next());
                if let Some(address) = address.and_then(|address| address.parse().ok()) {
                    leads.lead(address);
                }
            });
            machines.push(Machine { place, relay, kept, stopped: Mutex::default() });
        }
        let addresses = machines.iter().enumerate().map(|(host, machine)| {
            let port = machine.relay.port;
            format!("{}=127.0.0.1:{port}", name(host))
        });
        let addresses = addresses.collect::<Vec<_>>().join(",");
        let control = control.with("HOSTS", addresses).with("WHATSAPP_URL", url);
        let place = Arc::new(armed(control, Process::Control, Plan::lines(&plan.control), planted));
        let (told, answers) = watch::channel(false);
        let plane = Kept::start(Arc::clone(&place), "serve", move |line| {
            if line.contains("answers at ") {
                told.send_replace(true);
            }
        });
        let fleet = Arc::new(Self { place, plane, machines, answers, also: Mutex::default() });
        if let Some(also) = plan.also {
            let ending = tokio::spawn(as_soon_as_one_has_met_its_stop(Arc::clone(&fleet), also));
            *fleet.also.lock().unwrap_or_else(PoisonError::into_inner) = Some(ending);
        }
        fleet
    }

    /// The folder.
    pub(super) fn path(&self) -> &Path {
        self.place.path()
    }

    /// The admin API, whether or not somebody answers now.
    pub(super) fn admin(&self) -> Admin {
        Admin { socket: self.place.data().join("admin.sock") }
    }

    /// Waits until the control plane has answered once.
    pub(super) async fn answers(&self) {
        let mut answers = self.answers.clone();
        let _ended = answers.wait_for(|answers| *answers).await;
    }

    /// Folders of plans and traces, with whose they are.
    pub(super) fn runs(&self) -> Vec<(PathBuf, Process)> {
        world::runs(self.path())
    }

    /// Who dies by itself.
    pub(super) fn broken(&self) -> Option<String> {
        let mut machines = self.machines.iter();
        let host = machines.position(|machine| machine.kept.is_broken()).map(name);
        self.plane.is_broken().then(|| "the control plane".to_owned()).or(host)
    }

    /// Ends something; another is started at once.
    pub(super) async fn kill(&self, party: Party) {
        match party {
            Party::Plane => self.plane.kill(),
            Party::Host(host) => self.machines[host].kept.kill(),
            Party::Machine(host) => {
                self.off(host).await;
                self.on(host);
            }
        }
    }

    /// A machine loses its power.
    pub(super) async fn off(&self, host: usize) {
        let Machine { kept, place, .. } = &self.machines[host];
        kept.off().await;
        place.end_all();
    }

    pub(super) fn on(&self, host: usize) {
        self.machines[host].kept.on();
    }

    /// Stops a host, with its workers or without them.
    pub(super) fn stop(&self, host: usize, workers: bool) {
        let Machine { kept, place, stopped, .. } = &self.machines[host];
        let mut pids: Vec<u32> = kept.pid().into_iter().collect();
        if workers {
            pids.extend(place.processes());
        }
        for pid in pids {
            process::signal(pid, Signal::STOP);
            stopped.lock().unwrap_or_else(PoisonError::into_inner).push(pid);
        }
    }

    /// What was stopped goes on.
    pub(super) fn go_on(&self, host: usize) {
        let stopped =
            std::mem::take(&mut *self.machines[host].stopped.lock().unwrap_or_else(PoisonError::into_inner));
        stopped.into_iter().for_each(|pid| process::signal(pid, Signal::CONT));
    }

    /// The cable to a host.
    pub(super) fn relay(&self, host: usize) -> &Relay {
        &self.machines[host].relay
    }

    /// Ends everything at once.
    pub(super) async fn end(&self) {
        let also = self.also.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(also) = also {
            also.abort();
            let _ = also.await;
        }
        self.plane.end().await;
        for machine in &self.machines {
            machine.kept.end().await;
        }
        // The folders of hosts lie in it.
        self.place.end_all();
    }
}

/// A place whose processes belong to a run that is planned so.
fn armed(place: Place, process: Process, plan: String, planted: Option<Canary>) -> Place {
    let run = place.path().join("run");
    std::fs::create_dir_all(&run).expect("the folder can be written");
    std::fs::write(run.join(format!("{}.plan", process.name())), plan).expect("the folder can be written");
    let place = place.with(crash::DIRECTORY, run);
    match planted {
        Some(canary) => place.with(crash::CANARY, canary.name()),
        None => place,
    }
}

async fn as_soon_as_one_has_met_its_stop(fleet: Arc<Fleet>, also: Party) {
    let runs = fleet.runs();
    let folders: Vec<&Path> = runs.iter().map(|(run, _)| run.as_path()).collect();
    let watch = Watch::of(&folders).expect("the folders can be looked at");
    let is_met = |(run, process): &(PathBuf, Process)| {
        trace::read(run, *process).iter().any(|line| line.what == "killed")
    };
    while !runs.iter().any(is_met) {
        watch.changed().await;
    }
    fleet.kill(also).await;
}
