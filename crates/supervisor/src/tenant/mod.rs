//! One tenant's task: a state machine over what is wanted and what runs.
//!
//! It is the only one that starts or ends this tenant's workers, one after the other, which is why there are never
//! two of them: a new generation is begun only in [`State::Starting`], which is reached only when nothing runs.

mod ending;
mod idle;
mod running;
mod starting;

use std::sync::{Arc, Mutex};

use domain::{DesiredState, TenantEvent, TenantId};
use link::message::{Answer, Down, Question};
use store::{Actor, EventDetails, StoreError, TenantScope, WorkerOrder};
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use crate::{
    ChangeKind, Error, Process,
    live::{LiveState, PhaseState},
    policy::Restarts,
    service::{Shared, lock},
};
use ending::Ending;
use running::Running;

/// Where a request's answer goes.
pub(crate) type Reply = oneshot::Sender<Result<(), Error>>;

/// What a tenant's task may be asked, and by whom.
pub(crate) enum Command {
    Start {
        by: Actor,
        reply: Reply,
    },
    Stop {
        by: Actor,
        reply: Reply,
    },
    Restart {
        by: Actor,
        force: bool,
        reply: Reply,
    },
    Unlink {
        by: Actor,
        reply: Reply,
    },
    Purge {
        reply: Reply,
    },
    /// End what runs and begin nothing: the tenant leaves its place, and the database says so already.
    Leave {
        reply: Reply,
        /// Its host was given up: nobody waits for what may still run there.
        lost: bool,
    },
    /// Look for the tenant at its place: that may be another one.
    Placed,
    /// Look at what is wanted: it may have been written by another program.
    Reconsider,
    Shutdown {
        leave: bool,
    },
}

/// What a tenant's worker may be told.
pub(crate) enum Message {
    Say(Say),
    Reload,
    /// A question of a person's. Without a request's id it gets one.
    Ask {
        request: Option<String>,
        question: Question,
        reply: oneshot::Sender<Result<Answer, String>>,
    },
}

/// What a worker is told without more to it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Say {
    /// End in good order.
    Stop,
    /// Somebody looks for a code, for this many milliseconds.
    QrWanted { for_ms: u64 },
    /// Nothing of its journal is to be erased first: it may connect to WhatsApp.
    Connect,
}

impl From<Say> for Down {
    fn from(say: Say) -> Self {
        match say {
            Say::Stop => Self::Stop,
            Say::QrWanted { for_ms } => Self::QrWanted { for_ms },
            Say::Connect => Self::Connect,
        }
    }
}

/// Where the tenant's worker is in its life.
enum State {
    /// Looking for what runs and for what is wanted.
    Looking,
    /// Nothing runs; a generation is being started. `automatic`: nobody asked for it just now.
    Starting { automatic: bool, replies: Vec<Reply> },
    /// Nothing runs; a generation is being started for the sake of unlinking its device, by whom that is ordered.
    StartingToUnlink { by: Actor, replies: Vec<Reply> },
    /// A worker runs.
    Running(Box<Running>),
    /// A worker is being ended.
    Ending(Box<Ending>),
    /// Nothing runs; another try follows.
    Waiting { until: Instant, then: After },
    /// Nothing runs and nothing is wanted.
    Idle,
    /// The task is over.
    Closed,
}

/// What follows a pause.
#[derive(Clone, Copy)]
enum After {
    Look,
    Start,
}

pub(crate) struct Tenant {
    id: TenantId,
    shared: Arc<Shared>,
    scope: TenantScope,
    commands: mpsc::Receiver<Command>,
    live: Arc<Mutex<LiveState>>,
    /// The way to the worker that runs, for those who have no time to wait for this task.
    messages: Arc<Mutex<Option<mpsc::Sender<Message>>>>,
    restarts: Restarts,
}

impl Tenant {
    pub(crate) fn new(
        id: TenantId,
        shared: Arc<Shared>,
        commands: mpsc::Receiver<Command>,
        live: Arc<Mutex<LiveState>>,
        messages: Arc<Mutex<Option<mpsc::Sender<Message>>>>,
    ) -> Self {
        let scope = shared.store.tenant(id);
        let restarts = Restarts::new(shared.options.restarts);
        Self { id, shared, scope, commands, live, messages, restarts }
    }

    pub(crate) async fn run(mut self) {
        let mut state = State::Looking;
        loop {
            self.show(&state);
            state = match state {
                State::Looking => self.look().await,
                State::Starting { automatic, replies } => self.starting(automatic, replies).await,
                State::StartingToUnlink { by, replies } => self.starting_to_unlink(by, replies).await,
                State::Running(running) => self.running(*running).await,
                State::Ending(ending) => self.ending(*ending).await,
                State::Waiting { until, then } => self.waiting(until, then).await,
                State::Idle => self.idle().await,
                State::Closed => return,
            };
        }
    }

    fn show(&self, state: &State) {
        {
            let mut live = lock(&self.live);
            live.phase = match state {
                State::Looking
                | State::Starting { .. }
                | State::StartingToUnlink { .. }
                | State::Idle
                | State::Closed => PhaseState::Starting,
                State::Running(_) => PhaseState::Running,
                State::Ending(_) => PhaseState::Stopping,
                State::Waiting { until, .. } => PhaseState::Waiting(*until),
            };
            if !matches!(state, State::Running(_) | State::Ending(_)) {
                *live = LiveState { phase: live.phase, problem: live.problem.take(), ..LiveState::default() };
            }
        }
        self.shared.changed(self.id, ChangeKind::Status);
    }

    /// What runs of this tenant, and what is wanted.
    async fn look(&mut self) -> State {
        let detail = match self.stored(|scope| async move { scope.get().await }).await {
            Ok(detail) => Some(detail),
            Err(StoreError::NotFound(_)) => None,
            Err(error) => return self.later(&error, After::Look),
        };
        let row = detail.map(|detail| detail.worker);
        let hint = row.as_ref().and_then(|row| Some((row.generation, row.pid?)));
        let found = match self.shared.runtime.find(self.id, hint).await {
            Ok(found) => found,
            Err(error) => {
                self.tell(error.to_string());
                return self.later(&error, After::Look);
            }
        };
        let current = row.as_ref().map(|row| row.generation);
        let (mut ours, strays): (Vec<Arc<dyn Process>>, Vec<_>) =
            found.into_iter().partition(|process| Some(process.id().generation) == current);
        for stray in strays {
            tracing::warn!(tenant = %self.id, generation = stray.id().generation, "ending a worker of another generation");
            self.end_quietly(&stray).await;
        }
        let Some(row) = row else {
            return State::Idle;
        };
        let wanted = row.desired_state == DesiredState::Run;
        match ours.pop() {
            Some(process) => {
                tracing::info!(tenant = %self.id, generation = row.generation, pid = process.pid(), "adopted a worker");
                let running = self.watch(process);
                if wanted {
                    State::Running(Box::new(running))
                } else {
                    State::Ending(Box::new(Ending::gentle(running, ending::Then::Rest)))
                }
            }
            None => {
                if row.pid.is_some() {
                    let words = "the worker ended while Flow HQ itself was not running";
                    self.note_exit(row.generation, wanted.then_some(words)).await;
                    if wanted {
                        self.event(TenantEvent::WorkerCrashed, Some(words.to_owned())).await;
                    }
                }
                if wanted { State::Starting { automatic: true, replies: Vec::new() } } else { State::Idle }
            }
        }
    }

    /// The same again in a while.
    fn later(&self, error: &dyn std::error::Error, then: After) -> State {
        tracing::error!(tenant = %self.id, error = %error, "cannot look after a worker now; trying again");
        State::Waiting { until: Instant::now() + self.soon(), then }
    }

    /// The pause before a try that may go better.
    fn soon(&self) -> std::time::Duration {
        self.shared.options.check_every.min(std::time::Duration::from_secs(5))
    }

    /// Time since the supervisor's start, for the restart policy.
    fn since_origin(&self) -> std::time::Duration {
        self.shared.origin.elapsed()
    }

    async fn stored<T, F>(&self, what: impl Fn(TenantScope) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.shared.stored(|| what(self.scope.clone())).await
    }

    /// Applies an event of the supervisor's own. A refusal is no fault: the tenant is there already.
    async fn event(&self, event: TenantEvent, last_error: Option<String>) {
        let details = EventDetails { last_error, ..Default::default() };
        let applied = self
            .stored(|scope| {
                let details = details.clone();
                async move { scope.apply_event(event, details).await }
            })
            .await;
        match applied {
            Ok(_) => {
                self.shared.changed(self.id, ChangeKind::Status);
                if event.clears_qr() {
                    self.shared.changed(self.id, ChangeKind::Qr);
                }
                if event.clears_pairing_code() {
                    self.shared.forget_pairing_code(self.id, &self.live);
                }
            }
            Err(StoreError::Refused(_)) => {}
            Err(error) => tracing::error!(tenant = %self.id, %error, "an event was not written down"),
        }
    }

    /// Notes that a generation has ended; with a reason where it should not have.
    async fn note_exit(&self, generation: link::Generation, why: Option<&str>) {
        let noted = self.stored(|scope| async move { scope.record_exit(generation, why).await }).await;
        if let Err(error) = noted {
            tracing::error!(tenant = %self.id, generation, %error, "a worker's end was not written down");
        }
    }

    /// Writes down what is wanted and who wants it. One try: whoever asked is told that the database is away.
    async fn order(&self, by: Actor, order: WorkerOrder) -> Result<(), Error> {
        Ok(self.scope.clone().by(by).order(order).await?)
    }

    /// Writes down that the worker is to end: from here on the tenant is paused, whatever the worker still says.
    /// False, and nothing written, where the tenant's status does not take it: it is paused already.
    async fn order_end(&self, by: Actor, order: WorkerOrder) -> Result<bool, Error> {
        let details = EventDetails { order: Some(order), ..Default::default() };
        match self.scope.clone().by(by).apply_event(TenantEvent::Stopped, details).await {
            Ok(_) => {}
            Err(StoreError::Refused(_)) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        self.shared.changed(self.id, ChangeKind::Status);
        self.shared.changed(self.id, ChangeKind::Qr);
        self.shared.forget_pairing_code(self.id, &self.live);
        Ok(true)
    }

    /// The same for a worker that runs: it is to end whatever the tenant's status says.
    async fn order_end_of_running(&self, by: Actor, order: WorkerOrder) -> Result<(), Error> {
        if self.order_end(by, order).await? { Ok(()) } else { self.order(by, order).await }
    }

    /// What is wanted and cannot be is no longer wanted, until a person asks again: so it stays after a restart of
    /// the control plane, too.
    async fn withdraw(&self) {
        let withdrawn =
            self.stored(|scope| async move { scope.set_desired(DesiredState::Stopped).await }).await;
        if let Err(error) = withdrawn {
            tracing::error!(tenant = %self.id, %error, "that a worker is given up was not written down");
        }
    }
}

/// Answers; whoever asked may have stopped waiting.
fn answer(reply: Reply, result: Result<(), Error>) {
    let _gone = reply.send(result);
}
