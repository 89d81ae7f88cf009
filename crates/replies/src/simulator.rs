//! A conversation without WhatsApp, worker or journal: `flowhq pack try`, the page "Try this bot", and the transcripts.
//! Nothing leaves it.

use jiff::{SignedDuration, Timestamp};

use crate::{
    Bot, By, Change, Conflict, From, Heard, Ledger, Outcome, Record, State, Turn, Wake, decide, decide_again,
    timers,
};

/// How often a turn is decided anew after a conflict before it is given up; a second conflict needs a third chat between.
const MOST_CONFLICTS: usize = 3;

/// One customer's conversation with a bot, with a journal in memory.
#[derive(Debug)]
pub struct Simulator {
    bot: Bot,
    /// What the bot remembers of the customer.
    pub state: State,
    /// All records.
    pub ledger: Ledger,
    /// What time it is.
    pub now: Timestamp,
    /// Who writes.
    pub from: From,
    /// The contact's number in the journal.
    pub contact: u64,
    switched_off: bool,
    due: Vec<Wake>,
    known: Vec<String>,
}

impl Simulator {
    /// A conversation that begins.
    #[must_use]
    pub fn new(bot: Bot, now: Timestamp) -> Self {
        let mut ledger = Ledger::default();
        ledger.stock(&bot.business().profile);
        Self {
            bot,
            state: State::default(),
            ledger,
            now,
            from: From::default(),
            contact: 1,
            switched_off: false,
            due: Vec::new(),
            known: Vec::new(),
        }
    }

    /// The bot.
    #[must_use]
    pub const fn bot(&self) -> &Bot {
        &self.bot
    }

    /// Changes the bot, as a new version of pack or profile does.
    pub fn exchange(&mut self, bot: Bot) {
        self.ledger.stock(&bot.business().profile);
        self.bot = bot;
    }

    /// The customer writes; what the bot answers.
    pub fn say(&mut self, text: &str) -> Vec<String> {
        self.hear(vec![Heard::Text(text.to_owned())])
    }

    /// The customer sends several messages at once.
    pub fn hear(&mut self, said: Vec<Heard>) -> Vec<String> {
        let from = self.from.clone();
        texts(&self.turn(&Turn::Customer { said, from }))
    }

    /// Anything happens in the chat.
    pub fn turn(&mut self, turn: &Turn) -> Outcome {
        let mut outcome = decide(&self.bot, &self.state, turn, self.now, &self.held());
        for _ in 0..MOST_CONFLICTS {
            match self.apply(&outcome.records) {
                Ok(()) => break,
                Err(conflict) => {
                    outcome = decide_again(&self.bot, &self.state, turn, self.now, &self.held(), &conflict);
                }
            }
        }
        self.state = outcome.conversation.clone();
        self.wake(&outcome.wake_at);
        if let Some(on) = outcome.switch {
            self.switched_off = !on;
        }
        outcome
    }

    /// Time passes; what the bot says meanwhile.
    pub fn wait(&mut self, time: SignedDuration) -> Vec<String> {
        let until = self.now.checked_add(time).unwrap_or(self.now);
        let mut said = Vec::new();
        loop {
            self.due.sort_by_key(|wake| wake.at);
            if self.due.first().is_none_or(|wake| wake.at > until) {
                break;
            }
            let wake = self.due.remove(0);
            self.now = self.now.max(wake.at);
            said.extend(texts(&self.turn(&Turn::Due { timer: wake.timer })));
        }
        self.now = until;
        said
    }

    /// A person changes a record on a page.
    ///
    /// # Errors
    /// Where the journal refuses it.
    pub fn person(&mut self, record: Record) -> Result<(), Conflict> {
        let mut change = Change::of(record);
        match &mut change.record {
            Record::Booking(booking) => booking.by = By::Person,
            Record::Order(order) => order.by = By::Person,
            Record::Ticket(ticket) => ticket.by = By::Person,
            Record::Block(_) => {}
        }
        self.ledger.apply(None, &change)?;
        let wakes = timers(&self.bot, &change.record, self.now);
        self.wake(&wakes);
        Ok(())
    }

    fn held(&self) -> crate::Availability {
        crate::Availability { switched_off: self.switched_off, ..self.ledger.snapshot(self.contact) }
    }

    /// All of an outcome's records or none.
    fn apply(&mut self, records: &[Change]) -> Result<(), Conflict> {
        let mut ledger = self.ledger.clone();
        for change in records {
            ledger.apply(Some(self.contact), change)?;
        }
        self.ledger = ledger;
        Ok(())
    }

    fn wake(&mut self, wakes: &[Wake]) {
        for wake in wakes {
            if !self.known.contains(&wake.key) {
                self.known.push(wake.key.clone());
                self.due.push(wake.clone());
            }
        }
    }
}

fn texts(outcome: &Outcome) -> Vec<String> {
    outcome.replies.iter().map(|reply| reply.text.clone()).collect()
}
