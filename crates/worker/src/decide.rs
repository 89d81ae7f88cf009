//! What becomes of the messages of a turn: pure, from the settings, what is remembered of the contact, and the time.

use domain::{BotSettings, Digits, Limits, Timestamp};
use replies::{Bot, Change, Conflict, Heard, Notice, State, Timer, Wake};

use crate::{
    channel::Unreadable,
    journal::{LastTurn, Memory, Outcome, Part, Traffic, Waiting},
    silence::Silence,
};

/// A window of the limit per contact, in milliseconds.
const WINDOW_MS: i64 = 60_000;
/// After so many windows in a row in which the limit was passed, a contact is taken for a machine.
const LIMITED_WINDOWS_OF_A_MACHINE: u32 = 3;
/// For how long a machine gets no answer, in milliseconds.
const QUIET_MS: i64 = 60 * 60_000;
/// A shorter text may equal one of ours by chance: people choose from our menus by typing their words.
const ECHO_MIN_CHARS: usize = 24;

/// After so long a contact is asked again to repeat what could not be read, in milliseconds.
const ASK_AGAIN_MS: i64 = 60 * 60_000;
/// How long messages wait for an operator's word on a number that was not declared, in milliseconds.
const HELD_MS: i64 = 24 * 60 * 60_000;

/// By what messages are answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules<'a> {
    /// The tenant's bot.
    pub(crate) settings: &'a BotSettings,
    /// What answers.
    pub(crate) bot: &'a Bot,
    /// How fast it may act.
    pub(crate) limits: &'a Limits,
    /// Whether the linked number waits for an operator's confirmation.
    pub(crate) held: bool,
    /// The linked number, where it is known.
    pub(crate) account: Option<&'a Digits>,
    /// Why the journal did not take what was decided before.
    pub(crate) conflict: Option<&'a Conflict>,
}

/// Decides what becomes of the messages of a turn, or of a time that has come; ids of replies come from `new_id`. `None`
/// while they must wait for an operator.
pub(crate) fn decide(
    rules: Rules<'_>,
    waiting: &Waiting,
    now: Timestamp,
    new_id: impl Fn() -> String,
) -> Option<Outcome> {
    // To the millisecond, as the journal keeps times: what is remembered and what stands in its tables are the same.
    let now = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
    let mut turn = Turn {
        rules,
        waiting,
        now,
        memory: waiting.memory.clone(),
        silences: vec![None; waiting.parts.len()],
        effects: Effects::default(),
    };
    let texts = match &waiting.due {
        Some(due) => turn.due(&due.timer),
        None => turn.texts()?,
    };
    if texts.is_empty() {
        turn.silence_rest(Silence::NoReply);
    }
    let parts = waiting.parts.iter().map(|part| part.seq).zip(turn.silences).collect();
    Some(Outcome {
        contact: waiting.contact,
        parts,
        replies: texts.into_iter().map(|text| (new_id(), text)).collect(),
        quotes: turn.effects.quotes,
        memory: turn.memory,
        now,
        remove_deleted: rules.settings.remove_deleted,
        due: waiting.due.as_ref().map(|due| due.key.clone()),
        records: turn.effects.records,
        wakes: turn.effects.wakes,
        away: rules.settings.suspended,
    })
}

/// What an answer does beside what it says.
#[derive(Default)]
struct Effects {
    /// The place in the inbox of the message that the answer quotes.
    quotes: Option<i64>,
    records: Vec<Change>,
    wakes: Vec<Wake>,
}

struct Turn<'a> {
    rules: Rules<'a>,
    waiting: &'a Waiting,
    now: Timestamp,
    memory: Memory,
    /// Of each message, why nothing is said to it; `None` for those that the replies answer.
    silences: Vec<Option<Silence>>,
    effects: Effects,
}

impl Turn<'_> {
    /// What is said to the messages that are not silent; nothing where all are. `None` while they must wait.
    fn texts(&mut self) -> Option<Vec<String>> {
        if let Some(why) = self.rules.bot.ignores(&self.waiting.from, self.waiting.held.switched_off) {
            self.silence_rest(why.into());
            return Some(Vec::new());
        }
        self.silence_each(|turn, part| {
            let (written_to, linked) = (part.account.as_deref()?, turn.rules.account?);
            (written_to != linked.as_str()).then_some(Silence::OtherNumber)
        });
        if self.rules.settings.suspended {
            // Nobody hears it from a number that is not the tenant's.
            let texts = if self.rules.held { Vec::new() } else { self.answer() };
            if texts.is_empty() {
                self.silence_rest(Silence::Suspended);
            }
            return Some(texts);
        }
        if self.rules.held {
            let oldest = self.now.as_millisecond().saturating_sub(HELD_MS);
            if self.rest().any(|part| part.received_at.as_millisecond() > oldest) {
                return None;
            }
            self.silence_rest(Silence::Held);
            return Some(Vec::new());
        }
        self.silence_each(|turn, part| is_echo(turn.waiting, part).then_some(Silence::Loop));
        self.silence_each(|_, part| part.album_answered.then_some(Silence::Album));
        // Who wants no word, or is with a person, hears none of the bot's own either.
        let quiet = self.memory.is_quiet(self.now);
        let asks = if quiet { None } else { self.asks_again() };
        if asks.is_none() {
            self.silence_each(|_, part| part.unreadable().map(|_| Silence::Unreadable));
        }
        if self.rest().all(Part::is_edit) {
            return Some(self.correction(quiet));
        }
        let traffic = &mut self.memory.traffic;
        match admit(traffic, self.rules.limits.contact_per_minute, self.now.as_millisecond()) {
            Admission::Answered => {}
            Admission::Warned if !quiet => {
                return Some(vec![self.rules.bot.notice(Notice::RateLimited, self.now)]);
            }
            Admission::Warned | Admission::Limited => {
                self.silence_rest(Silence::RateLimited);
                return Some(Vec::new());
            }
            Admission::Machine => {
                self.silence_rest(Silence::Loop);
                return Some(Vec::new());
            }
        }
        let mut texts = self.answer();
        if let Some(notice) = asks.filter(|_| !self.memory.conversation.opted_out) {
            self.memory.traffic.asked_again_at = self.now.as_millisecond();
            let ask = self.rules.bot.notice(notice, self.now);
            match texts.last_mut() {
                Some(last) => *last = format!("{last}\n\n{ask}"),
                None => texts.push(ask),
            }
        }
        Some(texts)
    }

    /// What the reply engine says to all that can be read, together, each message as it was corrected last.
    fn answer(&mut self) -> Vec<String> {
        let read: Vec<&Part> =
            self.rest().filter(|part| part.unreadable().is_none() && !part.is_edit()).collect();
        if read.is_empty() {
            return Vec::new();
        }
        let newest = |part: &Part| {
            let edits = self.waiting.parts.iter().rev();
            let mut edits = edits.filter(|edit| edit.is_edit() && edit.about.as_deref() == Some(&part.wa_id));
            edits.find_map(|edit| edit.text.as_deref())
        };
        let said = read.iter().map(|part| match (part.media(), newest(part).or(part.text.as_deref())) {
            // A caption says more than the picture above it.
            (Some(kind), None) => Heard::Media(kind.to_owned()),
            (_, text) => Heard::Text(text.unwrap_or_default().to_owned()),
        });
        let said = said.collect();
        let places: Vec<i64> = read.iter().map(|part| part.seq).collect();
        let ids = read.iter().map(|part| part.wa_id.clone()).collect();
        let before = self.memory.conversation.clone();
        let outcome = self.engine(&before, said);
        let kept = !outcome.records.is_empty();
        let quotes = outcome.replies.first().and_then(|reply| reply.quotes);
        self.effects.quotes = quotes.and_then(|place| places.get(place).copied());
        let texts = self.take(outcome);
        self.memory.traffic.last = Some(LastTurn { ids, before, kept });
        texts
    }

    /// What is said to a correction of what was answered last: the dialogue goes back to before that answer. Nothing
    /// where it makes no difference, and where a record was made: that is changed by saying so.
    fn correction(&mut self, quiet: bool) -> Vec<String> {
        let last = self.memory.traffic.last.clone().filter(|last| !last.kept && !quiet);
        let newest = self.rest().rev().find_map(|part| Some((part.about.as_deref()?, part.text.as_deref()?)));
        let corrected = newest.zip(last).filter(|((about, _), last)| last.ids.iter().any(|id| id == about));
        let Some(((_, text), last)) = corrected else {
            self.silence_rest(Silence::Corrected);
            return Vec::new();
        };
        let outcome = self.engine(&last.before, vec![Heard::Text(text.to_owned())]);
        let says = outcome.replies.last().map(|reply| &reply.text);
        if says.is_none() || says == self.waiting.recent.first() {
            self.silence_rest(Silence::Corrected);
            return Vec::new();
        }
        let kept = !outcome.records.is_empty();
        self.memory.traffic.last = Some(LastTurn { kept, ..last });
        self.take(outcome)
    }

    /// What is said since a time has come.
    fn due(&mut self, timer: &Timer) -> Vec<String> {
        let turn = replies::Turn::Due { timer: timer.clone() };
        let outcome = self.decided(&self.memory.conversation.clone(), &turn);
        self.take(outcome)
    }

    fn engine(&self, before: &State, said: Vec<Heard>) -> replies::Outcome {
        self.decided(before, &replies::Turn::Customer { said, from: self.waiting.from.clone() })
    }

    fn decided(&self, before: &State, turn: &replies::Turn) -> replies::Outcome {
        let (bot, held) = (self.rules.bot, &self.waiting.held);
        match self.rules.conflict {
            None => replies::decide(bot, before, turn, self.now, held),
            Some(conflict) => replies::decide_again(bot, before, turn, self.now, held, conflict),
        }
    }

    /// Takes all of an outcome over; what it says.
    fn take(&mut self, outcome: replies::Outcome) -> Vec<String> {
        self.memory.conversation = outcome.conversation;
        self.effects.records = outcome.records;
        self.effects.wakes = outcome.wake_at;
        if let Some(silence) = outcome.silence {
            self.silence_each(|_, part| part.unreadable().is_none().then_some(silence.into()));
        }
        outcome.replies.into_iter().map(|reply| reply.text).collect()
    }

    /// How a contact is to be asked for what could not be read, unless it was asked a while ago.
    fn asks_again(&self) -> Option<Notice> {
        let unreadable = self.rest().filter_map(Part::unreadable).next_back()?;
        let since = self.now.as_millisecond().saturating_sub(self.waiting.memory.traffic.asked_again_at);
        (!(0..ASK_AGAIN_MS).contains(&since)).then_some(match unreadable {
            Unreadable::Undecryptable => Notice::Unreadable,
            Unreadable::ViewOnce | Unreadable::Withheld => Notice::ViewOnce,
        })
    }

    /// The messages to which something may still be said.
    fn rest(&self) -> impl DoubleEndedIterator<Item = &Part> {
        self.waiting
            .parts
            .iter()
            .zip(&self.silences)
            .filter(|(_, silence)| silence.is_none())
            .map(|(part, _)| part)
    }

    fn silence_rest(&mut self, silence: Silence) {
        self.silences.iter_mut().filter(|known| known.is_none()).for_each(|known| *known = Some(silence));
    }

    fn silence_each(&mut self, of: impl Fn(&Self, &Part) -> Option<Silence>) {
        for (n, part) in self.waiting.parts.iter().enumerate() {
            if self.silences.get(n) == Some(&None) {
                let silence = of(self, part);
                if let Some(known) = self.silences.get_mut(n) {
                    *known = silence;
                }
            }
        }
    }
}

/// Whether a contact sends our own words back.
fn is_echo(waiting: &Waiting, part: &Part) -> bool {
    let Some(text) = &part.text else { return false };
    let text = text.trim();
    text.chars().nth(ECHO_MIN_CHARS - 1).is_some() && waiting.recent.iter().any(|ours| ours.trim() == text)
}

/// What the limit per contact says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Admission {
    Answered,
    Warned,
    Limited,
    Machine,
}

fn admit(traffic: &mut Traffic, per_minute: u32, now: i64) -> Admission {
    if now < traffic.quiet_until {
        return Admission::Machine;
    }
    let age = now - traffic.window_start;
    if !(0..WINDOW_MS).contains(&age) {
        // A window without haste between two hasty ones shows a person.
        let in_a_row = traffic.warned && (0..2 * WINDOW_MS).contains(&age);
        let limited_windows = if in_a_row { traffic.limited_windows } else { 0 };
        *traffic = Traffic {
            window_start: now,
            limited_windows,
            told_to_wait: traffic.told_to_wait,
            asked_again_at: traffic.asked_again_at,
            last: traffic.last.take(),
            ..Traffic::default()
        };
    }
    if traffic.answered < per_minute.max(1) {
        traffic.answered += 1;
        return Admission::Answered;
    }
    if traffic.warned {
        return Admission::Limited;
    }
    traffic.warned = true;
    traffic.limited_windows += 1;
    if traffic.limited_windows >= LIMITED_WINDOWS_OF_A_MACHINE {
        traffic.quiet_until = now.saturating_add(QUIET_MS);
        traffic.limited_windows = 0;
        return Admission::Machine;
    }
    Admission::Warned
}

#[cfg(test)]
mod tests {
    use super::{Admission, QUIET_MS, Traffic, WINDOW_MS, admit};

    const START: i64 = 1_700_000_000_000;

    #[test]
    fn a_window_answers_up_to_the_limit_warns_once_and_is_then_silent() {
        let mut traffic = Traffic::default();
        let said: Vec<_> = (0..6).map(|i| admit(&mut traffic, 3, START + i)).collect();
        use Admission::{Answered, Limited, Warned};
        assert_eq!(said, [Answered, Answered, Answered, Warned, Limited, Limited]);
        assert_eq!(admit(&mut traffic, 3, START + WINDOW_MS), Answered, "the next window begins");
    }

    #[test]
    fn a_contact_that_never_tires_is_a_machine_for_an_hour() {
        let mut traffic = Traffic::default();
        let mut machine_at = None;
        for second in 0..600 {
            let now = START + second * 1000;
            if admit(&mut traffic, 10, now) == Admission::Machine {
                machine_at = Some(now);
                break;
            }
        }
        let since = machine_at.expect("known as a machine within ten minutes");
        assert_eq!(admit(&mut traffic, 10, since + QUIET_MS - 1), Admission::Machine);
        assert_eq!(admit(&mut traffic, 10, since + QUIET_MS), Admission::Answered);
    }

    #[test]
    fn a_person_who_was_hasty_once_in_a_while_is_none() {
        let mut traffic = Traffic::default();
        for burst in 0..20 {
            for i in 0..12 {
                let now = START + burst * 3 * WINDOW_MS + i;
                assert_ne!(admit(&mut traffic, 10, now), Admission::Machine);
            }
        }
    }

    #[test]
    fn a_clock_that_was_set_back_silences_nobody() {
        let mut traffic = Traffic::default();
        for i in 0..9 {
            admit(&mut traffic, 3, START + i);
        }
        assert_eq!(admit(&mut traffic, 3, START - 10 * WINDOW_MS), Admission::Answered);
    }
}
