//! One chat's turn: what is unsent goes first, then all that waits is answered together.

use std::time::Duration;

use domain::ContactId;
use replies::Conflict;

use crate::{
    bot::Bot,
    channel::Address,
    decide::{self, Rules},
    journal::{Fixed, JournalError, Outcome, Waiting, Work},
    sender::{self, Tried},
};

/// How long a chat rests that waits for a time: the clock may be set, so it looks again now and then.
const REST_AT_LEAST: Duration = Duration::from_millis(20);
const REST_AT_MOST: Duration = Duration::from_secs(15 * 60);

/// A journal or a session that fails may mend: the chat looks again after this long.
pub(crate) const AFTER_TROUBLE: Duration = Duration::from_secs(5);

/// How often a turn is decided again since a record was not taken, and how long it then waits: each time needs another
/// chat that took the same in between.
const CONFLICTS_MOST: u32 = 8;
const AFTER_CONFLICTS: Duration = Duration::from_secs(1);

/// How a chat's turn ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// Nothing can be done until the chat is woken.
    Idle,
    /// It wants another turn after this long, and none before.
    Later(Duration),
    /// It wants another turn after this long, or when it is woken before.
    Rest(Duration),
    /// Something waits that came during the turn, or that was too much for one: its quiet time decides when it is next.
    More,
    /// It goes on as the chat of this contact.
    Moved(ContactId),
}

/// Does what there is to do in the chat of `contact`.
pub(crate) async fn attend(bot: &Bot, contact: ContactId) -> Then {
    let mut turn = Turn { bot, contact, ahead: None, answered: None, typing: None };
    let then = turn.work().await.unwrap_or_else(|error| {
        bot.trouble(&error);
        Then::Later(AFTER_TROUBLE)
    });
    mark_read(bot, turn.answered.as_ref()).await;
    turn.stop_typing().await;
    then
}

/// Marks what was answered as read.
async fn mark_read(bot: &Bot, answered: Option<&(Address, Vec<String>)>) {
    let live = bot.live.borrow().clone();
    if let (Some((from, ids)), Some(live)) = (answered, live) {
        sender::mark_read(&live, from, ids).await;
    }
}

/// How a turn goes on after an outcome.
enum Next {
    /// With what there is to do then.
    Go,
    /// It ends.
    End(Then),
    /// It is decided again, since the journal did not take a record.
    Again(Conflict),
}

struct Turn<'a> {
    bot: &'a Bot,
    contact: ContactId,
    /// What is to be done next, where that was read along with something else.
    ahead: Option<Option<Work>>,
    /// Messages that have been answered, and are to be marked as read.
    answered: Option<(Address, Vec<String>)>,
    /// To whom "typing…" is shown.
    typing: Option<Address>,
}

impl Turn<'_> {
    async fn work(&mut self) -> Result<Then, JournalError> {
        let mut first = true;
        // Why the journal did not take the last outcome, and how often it did not.
        let (mut conflict, mut refused) = (None, 0);
        loop {
            let began = std::mem::replace(&mut first, false) || conflict.is_some();
            let work = match self.ahead.take() {
                Some(work) => work,
                None => self.bot.journal.next(self.contact, self.bot.clock.now()).await?,
            };
            let answered = self.answered.take();
            if !matches!(work, Some(Work::Send(_))) {
                mark_read(self.bot, answered.as_ref()).await;
            }
            match work {
                None => return Ok(Then::Idle),
                Some(Work::Send(outgoing)) => {
                    self.typing = Some(outgoing.to.clone());
                    let sending = sender::send(self.bot, &outgoing);
                    let (tried, ()) = tokio::join!(sending, mark_read(self.bot, answered.as_ref()));
                    match tried? {
                        Tried::Settled => {}
                        Tried::Parked => return Ok(Then::Idle),
                        Tried::Later(pause) if pause.is_zero() => {}
                        Tried::Later(pause) => return Ok(Then::Later(pause)),
                    }
                }
                Some(Work::Later(pause)) => return Ok(Then::Rest(pause.clamp(REST_AT_LEAST, REST_AT_MOST))),
                Some(Work::Answer(_) | Work::Due(_)) if !began => return Ok(Then::More),
                // Said once it can be heard: a reminder that waits for a connection may come too late.
                Some(Work::Due(_)) if !self.may_speak() => return Ok(Then::Idle),
                Some(Work::Answer(waiting) | Work::Due(waiting)) => {
                    if self.bot.orders.stop.is_cancelled() {
                        return Ok(Then::Idle);
                    }
                    // Whatever ends the wait wakes the chat; a message that waits for an operator does not wait for ever.
                    let Some(outcome) = self.decide(&waiting, conflict.as_ref()) else {
                        return Ok(Then::Rest(REST_AT_MOST));
                    };
                    match self.fix(&waiting, outcome).await? {
                        Next::Go => conflict = None,
                        Next::End(then) => return Ok(then),
                        Next::Again(why) => {
                            tracing::debug!(%why, "a record was not taken; the turn is decided again");
                            refused += 1;
                            if refused > CONFLICTS_MOST {
                                return Ok(Then::Later(AFTER_CONFLICTS));
                            }
                            conflict = Some(why);
                        }
                    }
                }
            }
        }
    }

    /// What becomes of the messages; `None` while too little is known to answer anybody.
    fn decide(&self, waiting: &Waiting, conflict: Option<&Conflict>) -> Option<Outcome> {
        let standing = self.bot.standing.borrow();
        let settings = standing.ready()?;
        let bot = &standing.voice.as_ref()?.0;
        let held = standing.held_number().is_some();
        let account = standing.account.number.as_ref();
        let rules = Rules { settings, bot, limits: &standing.limits, held, account, conflict };
        let new_id = || self.bot.channel.new_message_id();
        let outcome = decide::decide(rules, waiting, self.bot.clock.now(), new_id)?;
        crash::point("outcome_decided");
        Some(outcome)
    }

    fn may_speak(&self) -> bool {
        self.bot.live.borrow().is_some() && self.bot.standing.borrow().may_speak()
    }

    /// Fixes an outcome; how it goes on.
    async fn fix(&mut self, waiting: &Waiting, outcome: Outcome) -> Result<Next, JournalError> {
        let replied: Vec<String> = waiting
            .parts
            .iter()
            .zip(&outcome.parts)
            .filter(|(_, (_, silence))| silence.is_none())
            .map(|(part, _)| part.wa_id.clone())
            .collect();
        let live = self.bot.live.borrow().clone().filter(|_| !outcome.replies.is_empty());
        // Two disks' worth of waiting at once: for the outcome, and for the keys that the customer's message has brought.
        let preparing = async {
            if let Some(live) = live {
                live.connection.prepare().await;
            }
        };
        // Asked for at once, the two take the thread once.
        let fixing = self.bot.outcomes.fix(&waiting.address, outcome);
        let next = self.bot.journal.next(self.contact, self.bot.clock.now());
        let (fixed, next, ()) = tokio::join!(fixing, next, preparing);
        match fixed? {
            Fixed::Done => {
                self.answered = (!replied.is_empty()).then(|| (waiting.address.clone(), replied));
                self.ahead = Some(next?);
                Ok(Next::Go)
            }
            Fixed::Stale(now) if now != self.contact => Ok(Next::End(Then::Moved(now))),
            Fixed::Conflict(conflict) => Ok(Next::Again(conflict)),
            Fixed::Already | Fixed::Stale(_) => Ok(Next::Go),
        }
    }

    async fn stop_typing(&mut self) {
        let live = self.bot.live.borrow().clone();
        if let (Some(to), Some(live)) = (self.typing.take(), live) {
            sender::typing(&live, &to, false).await;
        }
    }
}
