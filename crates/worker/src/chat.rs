//! One chat's turn: what is unsent goes first, then messages are answered one by one, in order.

use std::time::Duration;

use crash::Canary;
use domain::ContactId;

use crate::{
    bot::Bot,
    decide::{self, Rules},
    journal::{Fixed, JournalError, Outcome, Verdict, Waiting, Work},
    sender::{self, Tried},
};

/// A journal that fails may mend: the chat looks again after this long.
pub(crate) const AFTER_TROUBLE: Duration = Duration::from_secs(5);

/// How a chat's turn ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// Nothing can be done until the chat is woken.
    Idle,
    /// It wants another turn after this long.
    Later(Duration),
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
        loop {
            match self.bot.journal.next(self.contact).await? {
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
                Some(Work::Answer(waiting)) => {
                    if self.bot.orders.stop.is_cancelled() {
                        return Ok(Then::Idle);
                    }
                    let Some(outcome) = self.decide(&waiting) else { return Ok(Then::Idle) };
                    if let Some(then) = self.fix(&waiting, outcome).await? {
                        return Ok(then);
                    }
                }
            }
        }
    }

    /// What becomes of a message; `None` while too little is known to answer anybody.
    fn decide(&self, waiting: &Waiting) -> Option<Outcome> {
        let standing = self.bot.standing.borrow();
        let settings = standing.ready()?;
        let held = standing.held_number().is_some();
        let rules = Rules { settings, limits: &standing.limits, held };
        let new_id = || self.bot.channel.new_message_id();
        let outcome = decide::decide(rules, waiting, self.bot.clock.now(), new_id);
        crash::point("outcome_decided");
        Some(outcome)
    }

    /// Fixes an outcome; how the turn ends, where it does.
    async fn fix(&self, waiting: &Waiting, outcome: Outcome) -> Result<Option<Then>, JournalError> {
        let replied = matches!(outcome.verdict, Verdict::Replies(_));
        if crash::canary(Canary::SendThenMark) {
            self.send_unmarked(waiting, &outcome).await;
        }
        match self.bot.journal.fix(outcome).await? {
            Fixed::Done if replied => {
                let live = self.bot.live.borrow().clone();
                if let Some(live) = live {
                    sender::mark_read(&live, &waiting.address, &waiting.wa_id).await;
                }
                Ok(None)
            }
            Fixed::Stale(now) if now != self.contact => Ok(Some(Then::Moved(now))),
            Fixed::Done | Fixed::Already | Fixed::Stale(_) => Ok(None),
        }
    }

    /// The planted fault [`Canary::SendThenMark`].
    async fn send_unmarked(&self, waiting: &Waiting, outcome: &Outcome) {
        let live = self.bot.live.borrow().clone();
        if let (Some(live), Verdict::Replies(replies)) = (live, &outcome.verdict) {
            for (id, text) in replies {
                let _ = live.connection.send_text(id, &waiting.address, text).await;
            }
        }
    }

    async fn stop_typing(&mut self) {
        let live = self.bot.live.borrow().clone();
        if let (Some(to), Some(live)) = (self.typing.take(), live) {
            sender::typing(&live, &to, false).await;
        }
    }
}
