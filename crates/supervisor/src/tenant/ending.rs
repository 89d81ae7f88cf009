//! A worker is ended: asked, then SIGTERM, then SIGKILL; and what follows once it is dead.

use std::{sync::Arc, time::Duration};

use domain::{DesiredState, TenantEvent};
use link::Exit;
use store::{Actor, StoreError, WorkerOrder};
use tokio::time::{Instant, timeout};

use super::{Command, Reply, Say, State, Tenant, answer, running::Running, starting::reply_all};
use crate::{Ended, Error, Process, downlink::Heard, end};

/// How long the last words of a worker that has ended may take to be written down.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// A worker that is being ended, or has ended.
pub(super) struct Ending {
    running: Running,
    rung: Rung,
    then: Then,
}

/// How far the ladder has been climbed. The worker is told or signalled when a rung is reached.
enum Rung {
    Stop,
    /// The link tells it as soon as it is open, and again where it was cut.
    LogOut,
    Terminate,
    Kill,
    Dead(Ended),
}

/// What follows the worker's end.
pub(super) enum Then {
    /// It has ended by itself: the policy decides.
    Fate,
    /// Nothing, and nobody waits.
    Rest,
    /// Nothing.
    Stopped(Vec<Reply>),
    /// Its device was to be unlinked, and how that went is the answer; whoever wanted it stopped has what they want.
    Unlinked { replies: Vec<Reply>, stops: Vec<Reply> },
    /// A new generation that unlinks the device, since this one is past being told.
    ToUnlink { by: Actor, replies: Vec<Reply>, stops: Vec<Reply> },
    /// A new generation.
    Start(Vec<Reply>),
    /// The tenant needs a person; its status says so already.
    GivenUp(String),
    /// It counts as a death.
    Died(Exit, String),
    /// It was not heard of for too long, which counts as a death.
    Stale(String),
    /// It flooded its log or its directory: it is not started again by itself.
    Flooded(String),
    /// Nothing here: the tenant leaves its place, and is wanted as before.
    Left(Reply),
    /// All of the tenant's files go.
    Purge(Reply),
    /// The task ends.
    Close,
}

impl Ending {
    /// Asks it to stop first.
    pub(super) const fn gentle(running: Running, then: Then) -> Self {
        Self { running, rung: Rung::Stop, then }
    }

    /// Has it unlink its device, as somebody has ordered; how that went is written down.
    pub(super) fn log_out(mut running: Running, by: Actor, then: Then) -> Self {
        running.unlinked_by = Some(by);
        Self::log_out_quietly(running, then)
    }

    /// Has it unlink a device that must not be.
    pub(super) fn log_out_quietly(running: Running, then: Then) -> Self {
        running.log_out.cancel();
        Self { running, rung: Rung::LogOut, then }
    }

    /// Asks no more.
    pub(super) const fn firm(running: Running, then: Then) -> Self {
        Self { running, rung: Rung::Terminate, then }
    }

    /// Nobody can say what becomes of it.
    pub(super) const fn given_up(running: Running, then: Then) -> Self {
        Self { running, rung: Rung::Dead(Ended::Unknown), then }
    }

    /// It has ended by itself.
    pub(super) const fn after(running: Running, ended: Ended) -> Self {
        Self { running, rung: Rung::Dead(ended), then: Then::Fate }
    }
}

impl Tenant {
    pub(super) async fn ending(&mut self, ending: Ending) -> State {
        let Ending { mut running, mut rung, mut then } = ending;
        let ended = loop {
            let patience = match &rung {
                Rung::Dead(ended) => break *ended,
                Rung::LogOut => self.shared.options.unlink_grace,
                Rung::Stop if self.say(Say::Stop) => self.shared.options.stop_grace,
                // Nobody hears: there is nothing to wait for.
                Rung::Stop => {
                    rung = Rung::Terminate;
                    continue;
                }
                Rung::Terminate => {
                    signalled(self, running.process.terminate().await);
                    self.shared.options.term_grace
                }
                Rung::Kill => {
                    signalled(self, running.process.kill().await);
                    self.shared.options.term_grace
                }
            };
            let until = Instant::now() + patience;
            rung = self.on_rung(&mut running, rung, &mut then, until).await;
        };
        self.dead(running, ended, then).await
    }

    /// Waits on one rung until the worker is dead or the time is up, and answers requests meanwhile.
    async fn on_rung(&mut self, running: &mut Running, rung: Rung, then: &mut Then, until: Instant) -> Rung {
        let process = Arc::clone(&running.process);
        loop {
            tokio::select! {
                ended = process.ended() => return Rung::Dead(ended),
                Some(heard) = running.heard.recv() => last_word(running, heard, then),
                Some(command) = self.commands.recv() => {
                    if let Command::Leave { reply, lost: true } = command {
                        overtake(std::mem::replace(then, Then::Left(reply)));
                        return Rung::Dead(Ended::Unknown);
                    }
                    if self.meanwhile(command, then).await {
                        return Rung::Kill;
                    }
                }
                () = tokio::time::sleep_until(until) => {
                    return if matches!(rung, Rung::Stop | Rung::LogOut) { Rung::Terminate } else { Rung::Kill };
                }
            }
        }
    }

    /// A request while the worker is being ended changes what follows. True where the worker must end at once.
    async fn meanwhile(&mut self, command: Command, then: &mut Then) -> bool {
        match command {
            Command::Start { by, reply } => {
                self.start_after(by, WorkerOrder::Start, reply, then).await;
                false
            }
            Command::Restart { by, reply, force: false } => {
                self.start_after(by, WorkerOrder::Restart, reply, then).await;
                false
            }
            Command::Restart { by, reply, force: true } => {
                self.start_after(by, WorkerOrder::ForceRestart, reply, then).await;
                true
            }
            Command::Stop { by, reply } => {
                if let Err(error) = self.order_end_of_running(by, WorkerOrder::Stop).await {
                    answer(reply, Err(error));
                    return false;
                }
                match then {
                    Then::Stopped(replies)
                    | Then::Unlinked { stops: replies, .. }
                    | Then::ToUnlink { stops: replies, .. } => replies.push(reply),
                    Then::Purge(_) | Then::Close => answer(reply, Err(Error::Overtaken)),
                    then => overtake(std::mem::replace(then, Then::Stopped(vec![reply]))),
                }
                false
            }
            Command::Unlink { by, reply } => {
                self.unlink_meanwhile(by, reply, then).await;
                false
            }
            Command::Purge { reply } => {
                overtake(std::mem::replace(then, Then::Purge(reply)));
                false
            }
            Command::Leave { reply, .. } => {
                // It is asked again once this is over.
                answer(reply, Err(Error::Busy));
                false
            }
            Command::Placed | Command::Reconsider => false,
            Command::Shutdown { leave } => {
                overtake(std::mem::replace(then, Then::Close));
                // There is no time for patience, nor need: whoever is being ended is ended.
                leave
            }
        }
    }

    /// A worker that is being stopped cannot be told any more to unlink its device: another one does it.
    async fn unlink_meanwhile(&mut self, by: Actor, reply: Reply, then: &mut Then) {
        match then {
            // The same is being done.
            Then::Unlinked { replies, .. } | Then::ToUnlink { replies, .. } => return replies.push(reply),
            Then::Purge(_) | Then::Close => return answer(reply, Err(Error::Overtaken)),
            _ => {}
        }
        if let Err(error) = self.order_end_of_running(by, WorkerOrder::Unlink).await {
            return answer(reply, Err(error));
        }
        let stops = match std::mem::replace(then, Then::Rest) {
            Then::Stopped(stops) => stops,
            other => {
                overtake(other);
                Vec::new()
            }
        };
        *then = Then::ToUnlink { by, replies: vec![reply], stops };
    }

    async fn start_after(&mut self, by: Actor, order: WorkerOrder, reply: Reply, then: &mut Then) {
        // Cut short, nobody would know what has become of the device.
        if matches!(then, Then::Unlinked { .. } | Then::ToUnlink { .. }) {
            return answer(reply, Err(Error::Unlinking));
        }
        if let Err(error) = self.order(by, order).await {
            return answer(reply, Err(error));
        }
        match then {
            Then::Start(replies) => replies.push(reply),
            Then::Purge(_) | Then::Close => answer(reply, Err(Error::Overtaken)),
            then => overtake(std::mem::replace(then, Then::Start(vec![reply]))),
        }
    }

    /// It is dead: what it said last is written down, then what follows follows.
    async fn dead(&mut self, mut running: Running, ended: Ended, mut then: Then) -> State {
        running.draining.cancel();
        let drained = timeout(LAST_WORDS, async {
            loop {
                tokio::select! {
                    _ended = &mut running.link => break,
                    Some(heard) = running.heard.recv() => {
                        running.hear(heard, &mut then);
                    }
                }
            }
            while let Ok(heard) = running.heard.try_recv() {
                running.hear(heard, &mut then);
            }
        });
        if drained.await.is_err() {
            tracing::warn!(tenant = %self.id, "the last words of a worker could not be written down in time");
        }
        *crate::service::lock(&self.messages) = None;
        let id = running.process.id();
        self.shared.runtime.forget(id).await;
        tracing::info!(tenant = %self.id, generation = id.generation, %ended, "a worker has ended");

        let unlinked = self.settle_unlink(&mut running).await;
        match then {
            Then::Fate => match running.banned.take() {
                Some(banned) => {
                    self.note_exit(id.generation, Some(&banned)).await;
                    self.give_up(TenantEvent::AuthenticationFailed, banned).await
                }
                None => self.died(id.generation, ended.exit(), ended.to_string()).await,
            },
            Then::Died(exit, words) => self.died(id.generation, exit, words).await,
            Then::GivenUp(reason) => {
                self.note_exit(id.generation, Some(&reason)).await;
                self.restarts.forget();
                self.withdraw().await;
                State::Idle
            }
            Then::Rest => {
                self.note_exit(id.generation, None).await;
                self.event(TenantEvent::Stopped, None).await;
                State::Idle
            }
            Then::Stopped(replies) => {
                self.note_exit(id.generation, None).await;
                reply_all(replies, || Ok(()));
                State::Idle
            }
            Then::Unlinked { replies, stops } => {
                self.note_exit(id.generation, None).await;
                reply_all(stops, || Ok(()));
                let mut unlinked = unlinked.err();
                reply_all(replies, || unlinked.take().map_or(Ok(()), Err));
                State::Idle
            }
            Then::ToUnlink { by, replies, stops } => {
                self.note_exit(id.generation, None).await;
                reply_all(stops, || Ok(()));
                State::StartingToUnlink { by, replies }
            }
            Then::Stale(words) => {
                self.event(TenantEvent::HeartbeatStale, Some(words.clone())).await;
                self.died(id.generation, Exit::Failed, words).await
            }
            Then::Flooded(words) => {
                crate::service::lock(&self.shared.shares.of(self.id)).forget_output();
                running.process.tidy().await;
                self.note_exit(id.generation, Some(&words)).await;
                self.give_up(TenantEvent::CrashLoop, words).await
            }
            Then::Start(replies) => {
                self.note_exit(id.generation, None).await;
                State::Starting { automatic: false, replies }
            }
            Then::Left(reply) => {
                self.note_exit(id.generation, None).await;
                answer(reply, Ok(()));
                self.left()
            }
            Then::Purge(reply) => {
                self.note_exit(id.generation, None).await;
                answer(reply, self.purge().await);
                State::Idle
            }
            Then::Close => {
                self.note_exit(id.generation, None).await;
                self.event(TenantEvent::Disconnected, None).await;
                State::Closed
            }
        }
    }

    /// Removes all files of a tenant of which nothing runs. From here on nothing is wanted of it, so that no look at the
    /// rows starts it again before its row goes too.
    pub(super) async fn purge(&self) -> Result<(), Error> {
        match self.scope.set_desired(DesiredState::Stopped).await {
            Ok(()) | Err(StoreError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
        self.shared.runtime.purge(self.id).await.map_err(Error::of_files)?;
        self.shared.shares.forget(self.id);
        Ok(())
    }

    /// Writes down how an unlink went that somebody has ordered: whatever follows, the number is forgotten where WhatsApp
    /// has confirmed it, and only there.
    async fn settle_unlink(&self, running: &mut Running) -> Result<(), Error> {
        let Some(by) = running.unlinked_by.take() else { return Ok(()) };
        let outcome = running
            .unlinked
            .take()
            .unwrap_or_else(|| Err("the worker ended before it could say so".to_owned()));
        let noted = self.stored(|scope| {
            let why_not = outcome.as_ref().err().cloned();
            async move { scope.by(by).unlinked(why_not).await }
        });
        let noted = noted.await;
        self.shared.changed(self.id, crate::ChangeKind::Status);
        outcome.map_err(Error::UnlinkUnconfirmed)?;
        Ok(noted?)
    }

    /// Ends a worker that nobody knows: of a tenant that is gone, or of another generation.
    pub(super) async fn end_quietly(&self, process: &Arc<dyn Process>) {
        end(&**process, self.shared.options.term_grace).await;
        self.shared.runtime.forget(process.id()).await;
    }
}

impl Running {
    fn hear(&mut self, heard: Heard, then: &mut Then) {
        last_word(self, heard, then);
    }
}

/// What the link still tells. That the session is over outweighs any wish to start again by itself, not a person's.
fn last_word(running: &mut Running, heard: Heard, then: &mut Then) {
    match heard {
        Heard::Banned(why) => running.banned = why,
        Heard::LoggedOut(outcome) => running.unlinked = Some(outcome),
        Heard::Final { reason, .. }
            if matches!(then, Then::Fate | Then::Died(..) | Then::Stale(_) | Then::Flooded(_)) =>
        {
            *then = Then::GivenUp(reason);
        }
        Heard::Final { .. } | Heard::Broken(_) => {}
    }
}

fn overtake(then: Then) {
    match then {
        Then::Stopped(replies) | Then::Start(replies) => reply_all(replies, || Err(Error::Overtaken)),
        Then::Unlinked { replies, stops } | Then::ToUnlink { replies, stops, .. } => {
            reply_all(replies, || Err(Error::Overtaken));
            reply_all(stops, || Err(Error::Overtaken));
        }
        Then::Purge(reply) | Then::Left(reply) => answer(reply, Err(Error::Overtaken)),
        Then::Fate
        | Then::Rest
        | Then::GivenUp(_)
        | Then::Died(..)
        | Then::Stale(_)
        | Then::Flooded(_)
        | Then::Close => {}
    }
}

fn signalled(tenant: &Tenant, result: std::io::Result<()>) {
    if let Err(error) = result {
        tracing::error!(tenant = %tenant.id, %error, "a worker could not be signalled");
    }
}
