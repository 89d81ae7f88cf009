//! Nothing runs: either nothing is wanted, or another try follows.

use domain::{DesiredState, TenantStatus};
use store::{Actor, WorkerOrder};
use tokio::time::Instant;

use super::{After, Command, Reply, State, Tenant, answer};
use crate::Error;

impl Tenant {
    /// Nothing is wanted: one request that came in meanwhile is taken, or the task ends.
    pub(super) async fn idle(&mut self) -> State {
        match self.shared.retire(self.id, &mut self.commands) {
            None => State::Closed,
            Some(command) => self.at_rest(command, None).await,
        }
    }

    /// Another try follows, unless somebody asks for something else first.
    pub(super) async fn waiting(&mut self, until: Instant, then: After) -> State {
        tokio::select! {
            command = self.commands.recv() => match command {
                None => State::Closed,
                Some(command) => self.at_rest(command, Some((until, then))).await,
            },
            () = tokio::time::sleep_until(until) => match then {
                After::Look => State::Looking,
                After::Start => State::Starting { automatic: true, replies: Vec::new() },
            },
        }
    }

    /// A request while nothing runs. `planned` is the try that would follow.
    async fn at_rest(&mut self, command: Command, planned: Option<(Instant, After)>) -> State {
        // Nobody could look yet, so that something may run: no request may pass it by.
        if let Some((until, After::Look)) = planned {
            let away = self.shared.runtime.within_reach(self.id).await.err();
            return refuse_unseen(command, until, away.map_or(Error::Busy, Error::Away));
        }
        let unchanged = planned.map_or(State::Idle, |(until, then)| State::Waiting { until, then });
        match command {
            Command::Start { by, reply } => self.start_asked(by, WorkerOrder::Start, reply).await,
            Command::Restart { by, force: true, reply } => {
                self.start_asked(by, WorkerOrder::ForceRestart, reply).await
            }
            Command::Restart { by, force: false, reply } if planned.is_some() => {
                self.start_asked(by, WorkerOrder::Restart, reply).await
            }
            // A tenant in error is wanted to run, and nothing runs: a restart is what an operator would try first.
            Command::Restart { by, force: false, reply } if self.is_in_error().await => {
                self.start_asked(by, WorkerOrder::Restart, reply).await
            }
            Command::Restart { force: false, reply, .. } => {
                answer(reply, Err(Error::NotRunning));
                unchanged
            }
            Command::Unlink { by, reply } => self.unlink_at_rest(by, reply, unchanged).await,
            Command::Stop { by, reply } => self.stop_at_rest(by, reply, unchanged).await,
            Command::Purge { reply } => {
                answer(reply, self.purge().await);
                State::Idle
            }
            // Nothing begins from here on, as the database has it.
            Command::Leave { reply, .. } => {
                answer(reply, Ok(()));
                unchanged
            }
            Command::Placed => State::Looking,
            Command::Reconsider => unchanged,
            Command::Shutdown { .. } => State::Closed,
        }
    }

    /// Nothing runs, and only a worker can unlink its device: one is started for it, and ends with it.
    async fn unlink_at_rest(&mut self, by: Actor, reply: Reply, unchanged: State) -> State {
        let ordered = async {
            let detail = self.scope.get().await?;
            // What an operator has not confirmed is linked too.
            if detail.session.linked_number.is_none() && detail.tenant.held_number.is_none() {
                return Err(Error::NothingLinked);
            }
            if !self.order_end(by, WorkerOrder::Unlink).await? {
                self.order(by, WorkerOrder::Unlink).await?;
            }
            Ok(())
        };
        match ordered.await {
            Ok(()) => {
                self.restarts.forget();
                State::StartingToUnlink { by, replies: vec![reply] }
            }
            Err(error) => {
                answer(reply, Err(error));
                unchanged
            }
        }
    }

    /// Where the store does not answer, the restart is refused as before, and can be tried again.
    async fn is_in_error(&self) -> bool {
        let detail = self.scope.get().await;
        detail.is_ok_and(|detail| detail.tenant.status == TenantStatus::Error)
    }

    /// Nothing runs, and nothing shall; a tenant in error is at rest again after this.
    async fn stop_at_rest(&mut self, by: Actor, reply: Reply, unchanged: State) -> State {
        let stopped = async {
            if self.order_end(by, WorkerOrder::Stop).await? {
                return Ok(());
            }
            // There was nothing to stop, and nothing shall be started.
            self.scope.set_desired(DesiredState::Stopped).await?;
            Err(Error::NotRunning)
        };
        match stopped.await {
            Err(error @ Error::Store(_)) => {
                answer(reply, Err(error));
                unchanged
            }
            result => {
                self.restarts.forget();
                answer(reply, result);
                State::Idle
            }
        }
    }
}

/// Answers a request that comes before anybody could look for what runs.
fn refuse_unseen(command: Command, until: Instant, why: Error) -> State {
    match command {
        Command::Start { reply, .. }
        | Command::Stop { reply, .. }
        | Command::Restart { reply, .. }
        | Command::Unlink { reply, .. }
        | Command::Leave { reply, .. }
        | Command::Purge { reply } => {
            answer(reply, Err(why));
            State::Waiting { until, then: After::Look }
        }
        Command::Placed => State::Looking,
        Command::Reconsider => State::Waiting { until, then: After::Look },
        Command::Shutdown { .. } => State::Closed,
    }
}
