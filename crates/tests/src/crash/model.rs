//! What should have happened: the reply engine over the turns of each customer, in the order of the inbox, each at the time
//! and on the records of which the journal tells.

use domain::{BotSettings, Timestamp};
use replies::{Availability, Bot, Business, From, Heard, Notice, Pack, Profile, Record, State, Turn, decide};

/// The bot of these settings, to which no profile and no pack have come down.
pub(super) fn bot(settings: &BotSettings) -> Bot {
    let id = settings.pack.as_str();
    let business = Business { settings: settings.clone(), profile: Profile::for_pack(id).into() };
    Bot::new(Pack::shipped(id), business)
}

/// A message that the replies of a turn answer, as it lies in the inbox.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) id: &'a str,
    pub(super) kind: &'a str,
    pub(super) text: Option<&'a str>,
    /// The message that it corrects.
    pub(super) about: Option<&'a str>,
}

impl Part<'_> {
    fn is_edit(&self) -> bool {
        self.kind == "edit"
    }

    /// How its writer is asked to send it again, where it cannot be read.
    pub(super) fn asks(&self) -> Option<Notice> {
        match self.kind {
            "unreadable" => Some(Notice::Unreadable),
            kind => kind.starts_with("unreadable").then_some(Notice::ViewOnce),
        }
    }
}

/// One customer's side of the model.
pub(super) struct Model<'a> {
    bot: &'a Bot,
    from: From,
    /// The customer's records as the journal has them.
    records: &'a [Record],
    /// What the bot remembers.
    pub(super) state: State,
    /// The messages of the turn that was answered last, the state before it, and whether it made a record.
    last: Option<(Vec<String>, State, bool)>,
}

impl<'a> Model<'a> {
    pub(super) fn new(bot: &'a Bot, from: From, records: &'a [Record]) -> Self {
        Self { bot, from, records, state: State::default(), last: None }
    }

    /// Takes the messages of the next turn that are answered, and when they were.
    pub(super) fn hear(&mut self, parts: &[Part<'_>], now: Timestamp) -> Vec<String> {
        let mut texts = if !parts.is_empty() && parts.iter().all(Part::is_edit) {
            self.correct(parts, now)
        } else {
            self.answer(parts, now)
        };
        if let Some(notice) = parts.iter().rev().find_map(Part::asks) {
            let ask = self.bot.notice(notice, now);
            match texts.last_mut() {
                Some(last) => *last = format!("{last}\n\n{ask}"),
                None => texts.push(ask),
            }
        }
        texts
    }

    /// All that can be read, together, each message as it was corrected last.
    fn answer(&mut self, parts: &[Part<'_>], now: Timestamp) -> Vec<String> {
        let read: Vec<_> = parts.iter().filter(|part| part.asks().is_none() && !part.is_edit()).collect();
        if read.is_empty() {
            return Vec::new();
        }
        let corrected = |id: &str| {
            parts
                .iter()
                .rev()
                .filter(|part| part.is_edit() && part.about == Some(id))
                .find_map(|part| part.text)
        };
        let said = read.iter().map(|part| match (part.kind, corrected(part.id).or(part.text)) {
            (kind, None) if kind != "text" => Heard::Media(kind.to_owned()),
            (_, text) => Heard::Text(text.unwrap_or_default().to_owned()),
        });
        let said = said.collect();
        let before = self.state.clone();
        let (texts, kept) = self.decide(&before, said, now);
        self.last = Some((read.iter().map(|part| part.id.to_owned()).collect(), before, kept));
        texts
    }

    /// A correction of what was answered last: the dialogue goes back to before that, unless a record was made.
    fn correct(&mut self, parts: &[Part<'_>], now: Timestamp) -> Vec<String> {
        let newest = parts.iter().rev().find_map(|part| part.about.zip(part.text));
        let Some(((about, text), (ids, before, false))) = newest.zip(self.last.clone()) else {
            return Vec::new();
        };
        if !ids.iter().any(|id| id == about) {
            return Vec::new();
        }
        let (texts, kept) = self.decide(&before, vec![Heard::Text(text.to_owned())], now);
        self.last = Some((ids, before, kept));
        texts
    }

    fn decide(&mut self, before: &State, said: Vec<Heard>, now: Timestamp) -> (Vec<String>, bool) {
        let turn = Turn::Customer { said, from: self.from.clone() };
        let outcome = decide(self.bot, before, &turn, now, &self.held(now));
        let kept = !outcome.records.is_empty();
        self.state = outcome.conversation;
        (outcome.replies.into_iter().map(|reply| reply.text).collect(), kept)
    }

    /// What the journal held then: the records made before, and the number of the one that was made.
    fn held(&self, now: Timestamp) -> Availability {
        let mut held = Availability::default();
        for record in self.records {
            let made_at = match record {
                Record::Booking(booking) => booking.made_at,
                Record::Order(order) => order.made_at,
                Record::Ticket(ticket) => ticket.made_at,
                Record::Block(block) => block.made_at,
            };
            if made_at != now {
                if made_at < now {
                    held.mine.push(record.clone());
                }
                continue;
            }
            let number = record.reference().rsplit('-').next().and_then(|number| number.parse().ok());
            let next = match record {
                Record::Booking(_) => &mut held.next.booking,
                Record::Order(_) => &mut held.next.order,
                Record::Ticket(_) => &mut held.next.ticket,
                Record::Block(_) => &mut held.next.block,
            };
            *next = number.unwrap_or(*next);
        }
        held
    }
}
