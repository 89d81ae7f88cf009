//! A worker runs: its link, its end, what is asked of it, and whether it is still heard of.

use std::sync::Arc;

use domain::{DesiredState, SessionState, TenantEvent, TenantStatus};
use link::Exit;
use store::{Actor, WorkerOrder};
use tokio::{sync::mpsc, time::Instant};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::{
    Command, Message, Reply, Say, State, Tenant, answer,
    ending::{Ending, Then},
};
use crate::{
    Error, Process,
    downlink::{Downlink, Heard, Pace, PackTold},
    live::LiveState,
    looks::{Look, Looks},
    service::lock,
};

/// Messages for one worker that may wait.
const MESSAGES_MAX: usize = 64;
/// Words of a worker's link that may wait.
const HEARD_MAX: usize = 16;

/// A worker that runs, with its link.
pub(super) struct Running {
    pub(super) process: Arc<dyn Process>,
    pub(super) heard: mpsc::Receiver<Heard>,
    pub(super) draining: CancellationToken,
    pub(super) link: AbortOnDropHandle<()>,
    /// Why WhatsApp has limited this number, while it has.
    pub(super) banned: Option<String>,
    /// Set when the worker is to unlink its device; the link tells it as soon as it is open.
    pub(super) log_out: CancellationToken,
    /// By whom that was ordered, where a person did.
    pub(super) unlinked_by: Option<Actor>,
    /// How it went, once the worker has said so.
    pub(super) unlinked: Option<Result<(), String>>,
    told_of_disconnection: bool,
    /// When it was seen last that where it runs is away: until then nothing could be heard of it.
    away_at: Option<Instant>,
}

impl Tenant {
    /// Takes charge of a worker.
    pub(super) fn watch(&self, process: Arc<dyn Process>) -> Running {
        let id = process.id();
        let (sender, messages) = mpsc::channel(MESSAGES_MAX);
        let (heard_by_task, heard) = mpsc::channel(HEARD_MAX);
        *lock(&self.live) = LiveState {
            generation: Some(id.generation),
            pid: process.pid(),
            is_here: process.is_here(),
            heard_at: Some(Instant::now()),
            ..LiveState::default()
        };
        *lock(&self.messages) = Some(sender);
        let (draining, log_out) = (CancellationToken::new(), CancellationToken::new());
        let downlink = Downlink {
            shared: Arc::clone(&self.shared),
            process: Arc::clone(&process),
            live: Arc::clone(&self.live),
            messages,
            heard: heard_by_task,
            draining: draining.clone(),
            log_out: log_out.clone(),
            log_out_asked: false,
            scope: self.scope.clone(),
            tenant: self.id,
            generation: id.generation,
            pending: Vec::new(),
            beat_stored: None,
            share: self.shared.shares.of(self.id),
            held: None,
            pace: Pace::new(),
            code_shown: false,
            finished: false,
            deaf: false,
            profile_told: None,
            pack: PackTold::default(),
            clock_ahead: self.shared.options.clock_ahead.clone(),
            disk_short: self.shared.disk_short(self.id),
        };
        let link = self.shared.tasks.spawn(downlink.run());
        Running {
            process,
            heard,
            draining,
            link: AbortOnDropHandle::new(link),
            banned: None,
            log_out,
            unlinked_by: None,
            unlinked: None,
            told_of_disconnection: false,
            away_at: None,
        }
    }

    pub(super) async fn running(&mut self, mut running: Running) -> State {
        let every = self.shared.options.check_every;
        let mut checks = tokio::time::interval_at(Instant::now() + every, every);
        checks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (origin, options) = (self.shared.origin, &self.shared.options);
        let (outputs, sizes) = (options.output_check_every, options.directory_check_every);
        let mut looks = Looks::new(&*running.process, origin, outputs, sizes);
        loop {
            let process = Arc::clone(&running.process);
            tokio::select! {
                ended = process.ended() => {
                    return State::Ending(Box::new(Ending::after(running, ended)));
                }
                Some(heard) = running.heard.recv() => {
                    if let Some(then) = note(&mut running, heard) {
                        return State::Ending(Box::new(then(running)));
                    }
                }
                command = self.commands.recv() => {
                    let Some(command) = command else { return State::Closed };
                    match self.asked(command, running).await {
                        Asked::StillRunning(same) => running = *same,
                        Asked::Changed(state) => return state,
                    }
                }
                look = looks.next(&*process) => {
                    if let Some(why) = self.too_much(&*process, look).await {
                        tracing::error!(tenant = %self.id, %why, "a worker is ended");
                        return State::Ending(Box::new(Ending::firm(running, Then::Flooded(why))));
                    }
                }
                _ = checks.tick() => {
                    running.process.tidy().await;
                    if let Some(stale) = self.stale(&mut running) {
                        tracing::error!(tenant = %self.id, %stale, "a worker is ended");
                        // It is ended first: the database may be away as well.
                        return State::Ending(Box::new(Ending::firm(running, Then::Stale(stale))));
                    }
                    self.check_disconnection(&mut running).await;
                }
            }
        }
    }

    async fn asked(&mut self, command: Command, running: Running) -> Asked {
        match command {
            Command::Start { reply, .. } => {
                answer(reply, Err(Error::AlreadyRunning));
                Asked::StillRunning(Box::new(running))
            }
            Command::Stop { by, reply } => self.stop_asked(by, reply, running, false).await,
            Command::Unlink { by, reply } => self.stop_asked(by, reply, running, true).await,
            Command::Restart { by, force, reply } => {
                let order = if force { WorkerOrder::ForceRestart } else { WorkerOrder::Restart };
                if let Err(error) = self.order(by, order).await {
                    answer(reply, Err(error));
                    return Asked::StillRunning(Box::new(running));
                }
                self.restarts.forget();
                if force {
                    if let Err(error) = self.scope.clear_error().await {
                        answer(reply, Err(error.into()));
                        return Asked::StillRunning(Box::new(running));
                    }
                    return Asked::Changed(State::Ending(Box::new(Ending::firm(
                        running,
                        Then::Start(vec![reply]),
                    ))));
                }
                Asked::Changed(State::Ending(Box::new(Ending::gentle(running, Then::Start(vec![reply])))))
            }
            Command::Purge { reply } => {
                Asked::Changed(State::Ending(Box::new(Ending::gentle(running, Then::Purge(reply)))))
            }
            Command::Leave { reply, lost: false } => {
                Asked::Changed(State::Ending(Box::new(Ending::gentle(running, Then::Left(reply)))))
            }
            Command::Leave { reply, lost: true } => {
                Asked::Changed(State::Ending(Box::new(Ending::given_up(running, Then::Left(reply)))))
            }
            Command::Placed => Asked::StillRunning(Box::new(running)),
            Command::Reconsider => {
                let row = self.scope.get().await.map(|detail| detail.worker.desired_state);
                if matches!(row, Ok(DesiredState::Stopped)) {
                    return Asked::Changed(State::Ending(Box::new(Ending::gentle(running, Then::Rest))));
                }
                Asked::StillRunning(Box::new(running))
            }
            Command::Shutdown { leave: true } => Asked::Changed(State::Closed),
            Command::Shutdown { leave: false } => {
                Asked::Changed(State::Ending(Box::new(Ending::gentle(running, Then::Close))))
            }
        }
    }

    async fn stop_asked(&mut self, by: Actor, reply: Reply, running: Running, unlink: bool) -> Asked {
        let order = if unlink { WorkerOrder::Unlink } else { WorkerOrder::Stop };
        if let Err(error) = self.order_end_of_running(by, order).await {
            answer(reply, Err(error));
            return Asked::StillRunning(Box::new(running));
        }
        Asked::Changed(State::Ending(Box::new(if unlink {
            Ending::log_out(running, by, Then::Unlinked { replies: vec![reply], stops: Vec::new() })
        } else {
            Ending::gentle(running, Then::Stopped(vec![reply]))
        })))
    }

    /// Why this worker writes too much, where it does.
    async fn too_much(&self, process: &dyn Process, look: Look) -> Option<String> {
        if look.log
            && let Some(flood) = self.floods(process)
        {
            return Some(flood);
        }
        let most = self.shared.options.bounds.directory_bytes;
        (look.directory && process.outgrown(most).await).then(|| outgrown(most))
    }

    /// Why this worker writes too much into its log, where it does.
    fn floods(&self, process: &dyn Process) -> Option<String> {
        let grown = process.output();
        if grown == 0 {
            return None;
        }
        let (share, shares) = (self.shared.shares.of(self.id), &self.shared.options.shares);
        if !lock(&share).output(shares, grown, Instant::now()) {
            return None;
        }
        Some(format!(
            "the worker wrote more than {} MB into its log at once and was ended; look into the log for what it repeats, \
             then start it again",
            shares.output.at_once / 1_000_000
        ))
    }

    /// Why this worker is stale, where it is. While the place where it runs is away, it is not to be heard of.
    fn stale(&self, running: &mut Running) -> Option<String> {
        let now = Instant::now();
        if !running.process.is_within_reach() {
            running.away_at = Some(now);
            return None;
        }
        let heard_at = lock(&self.live).heard_at?;
        let silent =
            now.saturating_duration_since(running.away_at.map_or(heard_at, |away| away.max(heard_at)));
        (silent >= self.shared.options.stale_after).then(|| {
            format!(
                "the worker was not heard of for {} s and was ended; it is started again",
                silent.as_secs()
            )
        })
    }

    async fn check_disconnection(&self, running: &mut Running) {
        let away = {
            let live = lock(&self.live);
            match (live.session, live.disconnected_at) {
                (Some(SessionState::Disconnected), Some(since)) => since.elapsed(),
                _ => {
                    running.told_of_disconnection = false;
                    return;
                }
            }
        };
        if running.told_of_disconnection || away < self.shared.options.disconnected_too_long {
            return;
        }
        // A session that waits to be linked is disconnected too, and that is no error.
        let linked = self.scope.get().await.is_ok_and(|detail| detail.tenant.status == TenantStatus::Active);
        if linked {
            let why = format!(
                "not connected to WhatsApp for {} min; the worker goes on trying",
                away.as_secs() / 60
            );
            self.event(TenantEvent::DisconnectedTooLong, Some(why)).await;
            running.told_of_disconnection = true;
        }
    }

    /// Hands a message to the worker that runs, where there is room.
    pub(super) fn say(&self, message: Say) -> bool {
        let linked = lock(&self.live).linked;
        let messages = lock(&self.messages).clone();
        linked && messages.is_some_and(|messages| messages.try_send(Message::Say(message)).is_ok())
    }
}

enum Asked {
    StillRunning(Box<Running>),
    Changed(State),
}

/// Notes what the link tells; where the worker must be ended for it, how.
pub(super) fn note(running: &mut Running, heard: Heard) -> Option<Box<dyn FnOnce(Running) -> Ending + Send>> {
    match heard {
        Heard::Banned(why) => {
            running.banned = why;
            None
        }
        Heard::Final { reason, log_out } => Some(Box::new(move |running| {
            let then = Then::GivenUp(reason);
            if log_out { Ending::log_out_quietly(running, then) } else { Ending::gentle(running, then) }
        })),
        Heard::LoggedOut(outcome) => {
            running.unlinked = Some(outcome);
            None
        }
        Heard::Broken(why) => {
            Some(Box::new(move |running| Ending::firm(running, Then::Died(Exit::Failed, why))))
        }
    }
}

fn outgrown(most: u64) -> String {
    format!(
        "the worker's directory holds more than {} MB (WORKER_DIRECTORY_MAX_MB) and the worker was ended; look into the \
         directory for what is so large, or raise the setting, then start it again",
        most / 1_000_000
    )
}
