//! A worker is ended: asked, then SIGTERM, then SIGKILL; and what follows once it is dead.

use std::{sync::Arc, time::Duration};

use domain::TenantEvent;
use link::Exit;
use store::{Actor, StoreError, WorkerOrder};
use tokio::time::{Instant, timeout};

use super::{Command, Reply, Say, State, Tenant, answer, running::Running, starting::reply_all};
use crate::{Ended, Error, Process, connection::Heard};

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
    Say(Say),
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
    /// Its device was to be unlinked.
    Unlinked(Vec<Reply>),
    /// A new generation.
    Start(Vec<Reply>),
    /// The tenant needs a person; its status says so already.
    GivenUp(String),
    /// It counts as a death.
    Died(Exit, String),
    /// All of the tenant's files go.
    Purge(Reply),
    /// The task ends.
    Close,
}

impl Ending {
    /// Asks it to stop first.
    pub(super) const fn gentle(running: Running, then: Then) -> Self {
        Self::saying(running, Say::Stop, then)
    }

    /// Tells it something after which it ends.
    pub(super) const fn saying(running: Running, say: Say, then: Then) -> Self {
        Self { running, rung: Rung::Say(say), then }
    }

    /// Asks no more.
    pub(super) const fn firm(running: Running, then: Then) -> Self {
        Self { running, rung: Rung::Terminate, then }
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
                Rung::Say(message) if self.say(*message) => self.shared.options.stop_grace,
                // Nobody hears: there is nothing to wait for.
                Rung::Say(_) => {
                    rung = Rung::Terminate;
                    continue;
                }
                Rung::Terminate => {
                    signalled(self, running.process.terminate());
                    self.shared.options.term_grace
                }
                Rung::Kill => {
                    signalled(self, running.process.kill());
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
                    if self.meanwhile(command, then).await {
                        return Rung::Kill;
                    }
                }
                () = tokio::time::sleep_until(until) => {
                    return if matches!(rung, Rung::Say(_)) { Rung::Terminate } else { Rung::Kill };
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
            Command::Stop { by, reply } | Command::Unlink { by, reply } => {
                if let Err(error) = self.order_end_of_running(by, WorkerOrder::Stop).await {
                    answer(reply, Err(error));
                    return false;
                }
                match then {
                    Then::Stopped(replies) | Then::Unlinked(replies) => replies.push(reply),
                    Then::Purge(_) | Then::Close => answer(reply, Err(Error::Overtaken)),
                    Then::Start(replies) => {
                        reply_all(std::mem::take(replies), || Err(Error::Overtaken));
                        *then = Then::Stopped(vec![reply]);
                    }
                    Then::Fate | Then::Rest | Then::GivenUp(_) | Then::Died(..) => {
                        *then = Then::Stopped(vec![reply]);
                    }
                }
                false
            }
            Command::Purge { reply } => {
                overtake(std::mem::replace(then, Then::Purge(reply)));
                false
            }
            Command::Reconsider => false,
            Command::Shutdown { leave } => {
                overtake(std::mem::replace(then, Then::Close));
                // There is no time for patience, nor need: whoever is being ended is ended.
                leave
            }
        }
    }

    async fn start_after(&mut self, by: Actor, order: WorkerOrder, reply: Reply, then: &mut Then) {
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
            Then::Unlinked(replies) => {
                self.note_exit(id.generation, None).await;
                let unlinked = self.stored(|scope| async move { scope.unlink_number().await }).await;
                let mut failed = unlinked.err();
                reply_all(replies, || failed.take().map_or(Ok(()), |error: StoreError| Err(error.into())));
                State::Idle
            }
            Then::Start(replies) => {
                self.note_exit(id.generation, None).await;
                State::Starting { automatic: false, replies }
            }
            Then::Purge(reply) => {
                self.note_exit(id.generation, None).await;
                answer(reply, self.shared.runtime.purge(self.id).await.map_err(Error::Files));
                State::Idle
            }
            Then::Close => {
                self.note_exit(id.generation, None).await;
                self.event(TenantEvent::Disconnected, None).await;
                State::Closed
            }
        }
    }

    /// Ends a worker that nobody knows: of a tenant that is gone, or of another generation.
    pub(super) async fn end_quietly(&self, process: &Arc<dyn Process>) {
        signalled(self, process.terminate());
        if timeout(self.shared.options.term_grace, process.ended()).await.is_err() {
            signalled(self, process.kill());
            process.ended().await;
        }
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
        Heard::Final { reason, .. } if matches!(then, Then::Fate | Then::Died(..)) => {
            *then = Then::GivenUp(reason);
        }
        Heard::Final { .. } | Heard::Broken(_) => {}
    }
}

fn overtake(then: Then) {
    match then {
        Then::Stopped(replies) | Then::Unlinked(replies) | Then::Start(replies) => {
            reply_all(replies, || Err(Error::Overtaken));
        }
        Then::Purge(reply) => answer(reply, Err(Error::Overtaken)),
        Then::Fate | Then::Rest | Then::GivenUp(_) | Then::Died(..) | Then::Close => {}
    }
}

fn signalled(tenant: &Tenant, result: std::io::Result<()>) {
    if let Err(error) = result {
        tracing::error!(tenant = %tenant.id, %error, "a worker could not be signalled");
    }
}
