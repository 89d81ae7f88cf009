//! Gives each chat its turns: one at a time in a chat, many chats at once, in the order in which they woke.
//!
//! The queues themselves lie in the journal. Here is only which chats have something to do, so that a flood costs 16
//! bytes a chat and a restart takes the same way as a message that just came.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use domain::ContactId;
use tokio::{
    sync::mpsc,
    task::{Id, JoinError, JoinSet},
    time::{Instant, sleep_until, timeout},
};

use crate::{
    bot::Bot,
    chat::{self, Then},
};

/// How many chats have their turn at once. A chat that waits for a server's silence holds its place for 15 s.
const AT_ONCE: usize = 64;
/// A chat whose turn panicked gets no other for this long.
const AFTER_PANIC: Duration = Duration::from_secs(60);
/// A contact who never pauses is answered after so many quiet times all the same.
const QUIET_TIMES: u32 = 6;
/// How long turns may still take once the worker is to stop.
const FINISHED_WITHIN: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// In line.
    Queued,
    /// Has its turn; when it wants the next one, where it was woken meanwhile.
    Running { again: Option<Instant> },
    /// Waits for a time. A message that comes meanwhile cannot overtake what it waits for.
    Asleep(Instant),
    /// Waits for a time or for news. Where it waits `for_more`, until its contact has been quiet for a while, every message
    /// moves the end, at most to `longest`, and nothing but a message is news.
    Resting { until: Instant, longest: Instant, for_more: bool },
}

/// The chats that have something to do.
pub(crate) struct Chats {
    bot: Arc<Bot>,
    /// Chats in which something came, and how long to wait for more of it.
    woken: mpsc::UnboundedReceiver<(ContactId, Duration)>,
    phases: HashMap<ContactId, Phase>,
    line: VecDeque<ContactId>,
    alarms: BinaryHeap<Reverse<(Instant, ContactId)>>,
    turns: JoinSet<Then>,
    running: HashMap<Id, ContactId>,
    /// When to look again for chats, where looking failed.
    look_again: Option<Instant>,
}

impl Chats {
    pub(crate) fn new(bot: Arc<Bot>, woken: mpsc::UnboundedReceiver<(ContactId, Duration)>) -> Self {
        Self {
            bot,
            woken,
            phases: HashMap::new(),
            line: VecDeque::new(),
            alarms: BinaryHeap::new(),
            turns: JoinSet::new(),
            running: HashMap::new(),
            look_again: None,
        }
    }

    /// Gives turns to the chats in which something came until the worker is to stop, then lets running turns finish.
    pub(crate) async fn run(mut self) {
        let bot = Arc::clone(&self.bot);
        let (mut live, mut standing) = (bot.live.subscribe(), bot.standing.subscribe());
        // What is to be erased first must not be answered meanwhile.
        tokio::select! {
            () = bot.orders.connect.cancelled() => {}
            () = bot.orders.stop.cancelled() => return,
        }
        // What was left undone before the restart.
        self.wake_all().await;
        loop {
            self.fill();
            let first = self.alarms.peek().map(|Reverse((at, _))| *at);
            let alarm = first.into_iter().chain(self.look_again).min();
            tokio::select! {
                () = bot.orders.stop.cancelled() => break,
                Some((chat, quiet)) = self.woken.recv() => self.hear(chat, quiet),
                Some(ended) = self.turns.join_next_with_id() => self.ended(ended),
                () = sleep_until(alarm.unwrap_or_else(Instant::now)), if alarm.is_some() => self.ring().await,
                Ok(()) = live.changed() => self.wake_all().await,
                Ok(()) = standing.changed() => self.wake_all().await,
            }
        }
        let finished = async { while self.turns.join_next().await.is_some() {} };
        if timeout(FINISHED_WITHIN, finished).await.is_err() {
            tracing::warn!("some chats did not come to rest; the next start goes on with them");
        }
        self.turns.shutdown().await;
    }

    /// Wakes every chat in which something is to be done.
    async fn wake_all(&mut self) {
        self.look_again = None;
        match self.bot.journal.busy(self.bot.clock.now()).await {
            Ok(busy) => {
                // What came before the journal answered was told before: it may wait for more.
                while let Ok((chat, quiet)) = self.woken.try_recv() {
                    self.hear(chat, quiet);
                }
                busy.into_iter().for_each(|chat| self.wake(chat, true));
            }
            Err(error) => {
                self.bot.trouble(&error);
                self.look_again = Some(Instant::now() + chat::AFTER_TROUBLE);
            }
        }
    }

    /// Something came in a chat: it has its turn once `quiet` has passed without more.
    fn hear(&mut self, chat: ContactId, quiet: Duration) {
        let now = Instant::now();
        match self.phases.get_mut(&chat) {
            None if quiet.is_zero() => self.wake(chat, false),
            None => self.rest(chat, now + quiet, now + quiet * QUIET_TIMES, true),
            Some(Phase::Queued | Phase::Asleep(_)) => {}
            Some(Phase::Running { again }) => {
                *again = Some(again.map_or(now + quiet, |at| at.max(now + quiet)));
            }
            Some(Phase::Resting { longest, for_more: true, .. }) => {
                let longest = *longest;
                self.rest(chat, (now + quiet).min(longest), longest, true);
            }
            Some(Phase::Resting { .. }) => self.rest(chat, now + quiet, now + quiet * QUIET_TIMES, true),
        }
    }

    fn rest(&mut self, chat: ContactId, until: Instant, longest: Instant, for_more: bool) {
        self.phases.insert(chat, Phase::Resting { until, longest, for_more });
        self.alarms.push(Reverse((until, chat)));
    }

    /// Puts a chat in line, unless it waits for a time: `from_sleep` wakes it then too. Who waits for more of its contact
    /// is left waiting.
    fn wake(&mut self, chat: ContactId, from_sleep: bool) {
        match self.phases.get_mut(&chat) {
            Some(Phase::Queued | Phase::Resting { for_more: true, .. }) => return,
            Some(Phase::Running { again }) => {
                again.get_or_insert_with(Instant::now);
                return;
            }
            Some(Phase::Asleep(_)) if !from_sleep => return,
            Some(Phase::Asleep(_) | Phase::Resting { .. }) | None => {}
        }
        self.phases.insert(chat, Phase::Queued);
        self.line.push_back(chat);
    }

    fn fill(&mut self) {
        while self.turns.len() < AT_ONCE
            && let Some(chat) = self.line.pop_front()
        {
            let bot = Arc::clone(&self.bot);
            let turn = self.turns.spawn(async move { Box::pin(chat::attend(&bot, chat)).await });
            self.running.insert(turn.id(), chat);
            self.phases.insert(chat, Phase::Running { again: None });
        }
    }

    fn ended(&mut self, ended: Result<(Id, Then), JoinError>) {
        let (id, then) = match ended {
            Ok((id, then)) => (id, then),
            Err(error) => {
                tracing::error!(%error, "a chat's turn failed");
                (error.id(), Then::Later(AFTER_PANIC))
            }
        };
        let Some(chat) = self.running.remove(&id) else { return };
        let again = match self.phases.remove(&chat) {
            Some(Phase::Running { again }) => again,
            _ => None,
        };
        match then {
            Then::Later(pause) => {
                let until = Instant::now() + pause;
                self.phases.insert(chat, Phase::Asleep(until));
                self.alarms.push(Reverse((until, chat)));
            }
            Then::Rest(pause) => {
                let until = Instant::now() + pause;
                let first = again.map_or(until, |again| again.min(until));
                self.rest(chat, first, until, again.is_some());
            }
            Then::More => {
                let quiet = again.map_or(Duration::ZERO, |at| at.saturating_duration_since(Instant::now()));
                self.hear(chat, quiet);
            }
            Then::Idle => {
                if let Some(at) = again {
                    self.hear(chat, at.saturating_duration_since(Instant::now()));
                }
            }
            Then::Moved(to) => self.wake(to, false),
        }
    }

    async fn ring(&mut self) {
        let now = Instant::now();
        if self.look_again.is_some_and(|at| at <= now) {
            self.wake_all().await;
        }
        while let Some(Reverse((at, chat))) = self.alarms.peek().copied()
            && at <= now
        {
            self.alarms.pop();
            // An alarm of a chat that was woken otherwise, or rests longer meanwhile, is stale.
            match self.phases.get(&chat) {
                Some(Phase::Asleep(until)) if *until == at => self.wake(chat, true),
                Some(Phase::Resting { until, .. }) if *until == at => {
                    self.phases.remove(&chat);
                    self.wake(chat, true);
                }
                _ => {}
            }
        }
    }
}
