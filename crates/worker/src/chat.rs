//! One chat's turn: what is unsent goes first, then all that waits is answered together.

use std::time::Duration;

use domain::ContactId;

use crate::{
    bot::Bot,
    decide::{self, Rules},
    journal::{Fixed, JournalError, Outcome, Waiting, Work},
    sender::{self, Tried},
};

/// How long a chat rests that waits for a time: the clock may be set, so it looks again now and then.
const REST_AT_LEAST: Duration = Duration::from_millis(20);
const REST_AT_MOST: Duration = Duration::from_secs(15 * 60);

/// A journal that fails may mend: the chat looks again after this long.
pub(crate) const AFTER_TROUBLE: Duration = Duration::from_secs(5);

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
    let mut turn = Turn { bot, contact, typing: None };
    let then = turn.work().await.unwrap_or_else(|error| {
        bot.trouble(&error);
        Then::Later(AFTER_TROUBLE)
    });
    turn.stop_typing().await;
    then
}

struct Turn<'a> {
    bot: &'a Bot,
    contact: ContactId,
    /// To whom "typing…" is shown.
    typing: Option<crate::channel::Address>,
}

impl Turn<'_> {
    async fn work(&mut self) -> Result<Then, JournalError> {
        let mut first = true;
        loop {
            let began = std::mem::replace(&mut first, false);
            match self.bot.journal.next(self.contact, self.bot.clock.now()).await? {
                None => return Ok(Then::Idle),
                Some(Work::Send(outgoing)) => {
                    self.typing = Some(outgoing.to.clone());
                    match sender::send(self.bot, &outgoing).await? {
                        Tried::Settled => {}
                        Tried::Parked => return Ok(Then::Idle),
                        Tried::Later(pause) if pause.is_zero() => {}
                        Tried::Later(pause) => return Ok(Then::Later(pause)),
                    }
                }
                Some(Work::Later(pause)) => return Ok(Then::Rest(pause.clamp(REST_AT_LEAST, REST_AT_MOST))),
                Some(Work::Answer(_)) if !began => return Ok(Then::More),
                Some(Work::Answer(waiting)) => {
                    if self.bot.orders.stop.is_cancelled() {
                        return Ok(Then::Idle);
                    }
                    // Whatever ends the wait wakes the chat; a message that waits for an operator does not wait for ever.
                    let Some(outcome) = self.decide(&waiting) else { return Ok(Then::Rest(REST_AT_MOST)) };
                    if let Some(then) = self.fix(&waiting, outcome).await? {
                        return Ok(then);
                    }
                }
            }
        }
    }

    /// What becomes of the messages; `None` while too little is known to answer anybody.
    fn decide(&self, waiting: &Waiting) -> Option<Outcome> {
        let standing = self.bot.standing.borrow();
        let settings = standing.ready()?;
        let held = standing.held_number().is_some();
        let account = standing.account.number.as_ref();
        let rules = Rules { settings, limits: &standing.limits, held, account };
        let new_id = || self.bot.channel.new_message_id();
        let outcome = decide::decide(rules, waiting, self.bot.clock.now(), new_id)?;
        crash::point("outcome_decided");
        Some(outcome)
    }

    /// Fixes an outcome; how the turn ends, where it does.
    async fn fix(&self, waiting: &Waiting, outcome: Outcome) -> Result<Option<Then>, JournalError> {
        let replied: Vec<String> = waiting
            .parts
            .iter()
            .zip(&outcome.parts)
            .filter(|(_, (_, silence))| silence.is_none())
            .map(|(part, _)| part.wa_id.clone())
            .collect();
        match self.bot.outcomes.fix(&waiting.address, outcome).await? {
            Fixed::Done if !replied.is_empty() => {
                let live = self.bot.live.borrow().clone();
                if let Some(live) = live {
                    sender::mark_read(&live, &waiting.address, &replied).await;
                }
                Ok(None)
            }
            Fixed::Stale(now) if now != self.contact => Ok(Some(Then::Moved(now))),
            Fixed::Done | Fixed::Already | Fixed::Stale(_) => Ok(None),
        }
    }

    async fn stop_typing(&mut self) {
        let live = self.bot.live.borrow().clone();
        if let (Some(to), Some(live)) = (self.typing.take(), live) {
            sender::typing(&live, &to, false).await;
        }
    }
}
