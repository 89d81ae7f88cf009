//! From nothing to a worker that is ready; and what follows a death.

use std::sync::Arc;

use domain::{Limits, TenantEvent};
use link::{Exit, FilesKey};
use store::{Actor, EventDetails, StoreError, WorkerOrder};
use tokio::time::Instant;

use super::{
    After, Reply, State, Tenant, answer,
    ending::{Ending, Then},
    running::Running,
};
use crate::{
    Error, Order, Process, StartError, WorkerId,
    policy::{Decision, GiveUp},
};

/// A generation that is committed and has no process yet.
#[derive(Clone, Copy)]
struct Begun {
    generation: link::Generation,
    /// How fast its worker may act.
    limits: Limits,
    /// Whether something of its journal is to be erased before it connects.
    wait: bool,
}

impl Tenant {
    /// Begins a generation, commits it, and only then starts its process. Nothing of this tenant runs.
    pub(super) async fn starting(&mut self, automatic: bool, replies: Vec<Reply>) -> State {
        if let Err(away) = self.shared.runtime.within_reach(self.id).await {
            return self.away(away, replies);
        }
        let shared = Arc::clone(&self.shared);
        let Ok(_turn) = shared.starts.acquire().await else {
            return State::Closed;
        };
        if self.shared.closing.is_cancelled() {
            reply_all(replies, || Err(Error::ShuttingDown));
            return State::Idle;
        }
        let begun = match self.begin(automatic).await {
            Ok(begun) => begun,
            Err(StoreError::NotFound(_)) => {
                reply_all(replies, || Err(Error::NoTenant));
                return State::Idle;
            }
            // It is tried again where it then is.
            Err(StoreError::Leaving) => {
                reply_all(replies, || Err(Error::Store(StoreError::Leaving)));
                return self.left();
            }
            // Whatever was planned before: it is another installation's now.
            Err(StoreError::Moved) => {
                reply_all(replies, || Err(Error::Store(StoreError::Moved)));
                return State::Idle;
            }
            Err(error) => {
                let state = self.later(&error, After::Start);
                let mut error = Some(error);
                reply_all(replies, || Err(error.take().map_or(Error::Overtaken, Error::from)));
                return state;
            }
        };
        match self.spawn(begun).await {
            Ok(process) => {
                let running = self.started(process).await;
                reply_all(replies, || Ok(()));
                State::Running(Box::new(running))
            }
            // It may run: nothing is begun beside it before somebody could look.
            Err(StartError::Away(error)) => self.unseen(error, replies),
            Err(error) => {
                let (exit, words) = (error.exit(), error.to_string());
                reply_start_error(replies, error);
                self.died(begun.generation, exit, words).await
            }
        }
    }

    /// Starts a generation for the sake of unlinking its device, and ends it with that. The tenant stays paused, and
    /// nobody is answered longer than it takes.
    pub(super) async fn starting_to_unlink(&mut self, by: Actor, replies: Vec<Reply>) -> State {
        if let Err(away) = self.shared.runtime.within_reach(self.id).await {
            let mut away = Some(away);
            reply_all(replies, || Err(away.take().map_or(Error::Overtaken, Error::Away)));
            return State::Idle;
        }
        let shared = Arc::clone(&self.shared);
        let Ok(_turn) = shared.starts.acquire().await else {
            return State::Closed;
        };
        let spawned = async {
            if self.shared.closing.is_cancelled() {
                return Err(Error::ShuttingDown);
            }
            let begun = self.begin(false).await?;
            self.event(TenantEvent::Stopped, None).await;
            self.spawn(begun).await.map_err(Error::Start)
        };
        match spawned.await {
            Ok(process) => {
                let running = self.started(process).await;
                State::Ending(Box::new(Ending::log_out(
                    running,
                    by,
                    Then::Unlinked { replies, stops: Vec::new() },
                )))
            }
            Err(Error::Start(StartError::Away(error))) => {
                self.event(TenantEvent::Stopped, None).await;
                self.unseen(error, replies)
            }
            Err(error) => {
                let mut error = Some(error);
                reply_all(replies, || Err(error.take().unwrap_or(Error::Overtaken)));
                self.event(TenantEvent::Stopped, None).await;
                State::Idle
            }
        }
    }

    /// Where it would run does not answer: no turn is held and no generation begun for it, and it is tried again.
    fn away(&self, away: std::io::Error, replies: Vec<Reply>) -> State {
        tracing::warn!(tenant = %self.id, %away, "a worker waits for the place where it is to run");
        self.tell(away.to_string());
        let mut away = Some(away);
        reply_all(replies, || Err(away.take().map_or(Error::Overtaken, Error::Away)));
        State::Waiting { until: Instant::now() + self.soon(), then: After::Start }
    }

    /// Whether a worker that was begun runs is not known.
    fn unseen(&self, away: std::io::Error, replies: Vec<Reply>) -> State {
        self.tell(away.to_string());
        let mut away = Some(away);
        reply_all(replies, || Err(away.take().map_or(Error::Overtaken, Error::Away)));
        State::Waiting { until: Instant::now() + self.soon(), then: After::Look }
    }

    /// The tenant is on its way to another place.
    pub(super) fn left(&self) -> State {
        self.tell("it is being moved to another place and goes on there in a moment".to_owned());
        State::Waiting { until: Instant::now() + self.soon(), then: After::Look }
    }

    /// Shows what a tenant waits for, as long as it does.
    pub(super) fn tell(&self, words: String) {
        crate::service::lock(&self.live).problem = Some(words);
    }

    /// Starts the process of a generation that was begun.
    async fn spawn(&self, begun: Begun) -> Result<Arc<dyn Process>, StartError> {
        crash::point("generation_begun");
        let Begun { generation, limits, wait } = begun;
        let id = WorkerId { tenant: self.id, generation };
        let options = &self.shared.options;
        let files_key = options.master_key.as_ref().map(|key| key.tenant_key(&self.id.to_string()));
        let files_key = files_key.transpose().map_err(StartError::Key)?.map(FilesKey::from_bytes);
        let order = Order {
            id,
            files_key,
            token: self.shared.key.token(self.id, generation),
            whatsapp_url: options.whatsapp_url.clone(),
            log_level: options.log_level.clone(),
            limits,
            wait,
            bounds: options.bounds,
            orphan_after: options.orphan_after,
        };
        metrics::counter!("flowhq_worker_starts_total").increment(1);
        let started = self.shared.runtime.start(order).await;
        match &started {
            Ok(_) => {}
            Err(StartError::Away(error)) => {
                tracing::warn!(tenant = %self.id, generation, %error, "whether a worker has started is not known yet");
            }
            Err(error) => {
                tracing::error!(tenant = %self.id, generation, %error, "a worker was not started");
                self.shared.runtime.forget(id).await;
            }
        }
        started
    }

    /// Commits a new generation, and tells the tenant's status before the worker can say anything of its own.
    async fn begin(&self, automatic: bool) -> Result<Begun, StoreError> {
        let generation = self.scope.begin_generation(automatic).await?;
        let details = EventDetails { generation: Some(generation), ..Default::default() };
        self.scope.apply_event(TenantEvent::WorkerStarted, details).await?;
        let detail = self.scope.get().await?;
        let limits = detail.limits(self.shared.limits(self.id));
        Ok(Begun { generation, limits, wait: detail.worker.erasures_waiting > 0 })
    }

    async fn started(&mut self, process: Arc<dyn Process>) -> Running {
        crash::point("worker_spawned");
        let id = process.id();
        let pid = process.pid().unwrap_or_default();
        tracing::info!(tenant = %self.id, generation = id.generation, pid, "a worker is ready");
        self.restarts.ready(self.since_origin());
        let recorded =
            self.stored(|scope| async move { scope.record_started(id.generation, pid).await }).await;
        if let Err(error) = recorded {
            tracing::error!(tenant = %self.id, generation = id.generation, %error, "a worker's start was not written down");
        }
        crash::point("worker_recorded");
        self.watch(process)
    }

    /// What follows the end of a worker that was wanted.
    pub(super) async fn died(&mut self, generation: link::Generation, exit: Exit, words: String) -> State {
        metrics::counter!("flowhq_worker_deaths_total", "exit" => <&str>::from(exit)).increment(1);
        self.note_exit(generation, Some(&words)).await;
        match self.restarts.died(self.since_origin(), exit, rand::random()) {
            Decision::RestartAfter(wait) => {
                tracing::warn!(tenant = %self.id, generation, %words, wait_ms = wait.as_millis(), "a worker died and is started again");
                self.event(TenantEvent::WorkerCrashed, Some(words)).await;
                if wait.is_zero() {
                    return State::Starting { automatic: true, replies: Vec::new() };
                }
                State::Waiting { until: Instant::now() + wait, then: After::Start }
            }
            Decision::GiveUp(why) => {
                let (event, words) = match why {
                    GiveUp::CrashLoop => (
                        TenantEvent::CrashLoop,
                        format!(
                            "the worker ended unexpectedly five times within ten minutes and is not started again by itself; the last \
                             time: {words}"
                        ),
                    ),
                    GiveUp::Final(Exit::LoggedOut) => (TenantEvent::LoggedOut, words),
                    GiveUp::Final(Exit::Refused | Exit::Replaced) => {
                        (TenantEvent::AuthenticationFailed, words)
                    }
                    GiveUp::Final(Exit::SessionCorrupt | Exit::JournalCorrupt) => {
                        (TenantEvent::SessionCorrupt, words)
                    }
                    GiveUp::Final(_) => (TenantEvent::CrashLoop, words),
                };
                self.give_up(event, words).await
            }
        }
    }

    /// The tenant needs a person.
    pub(super) async fn give_up(&mut self, event: TenantEvent, words: String) -> State {
        tracing::error!(tenant = %self.id, %words, "a worker is given up");
        metrics::counter!("flowhq_worker_given_up_total").increment(1);
        self.restarts.forget();
        self.event(event, Some(words)).await;
        self.withdraw().await;
        State::Idle
    }

    /// What a start that a person asked for does first.
    pub(super) async fn start_asked(&mut self, by: Actor, order: WorkerOrder, reply: Reply) -> State {
        let asked = async {
            if order == WorkerOrder::ForceRestart {
                self.scope.clear_error().await?;
            }
            self.order(by, order).await
        };
        match asked.await {
            Ok(()) => {
                self.restarts.forget();
                State::Starting { automatic: false, replies: vec![reply] }
            }
            Err(error) => {
                answer(reply, Err(error));
                State::Looking
            }
        }
    }
}

pub(super) fn reply_all(replies: Vec<Reply>, mut result: impl FnMut() -> Result<(), Error>) {
    for reply in replies {
        answer(reply, result());
    }
}

/// The first who asked gets the error itself, the others that theirs was the same request.
fn reply_start_error(replies: Vec<Reply>, error: StartError) {
    let mut error = Some(error);
    reply_all(replies, || Err(error.take().map_or(Error::Overtaken, Error::Start)));
}
