//! What becomes of the messages of a turn: pure, from the settings, what is remembered of the contact, and the time.

use domain::{BotSettings, Digits, Limits, Timestamp};
use replies::{Notice, Said};

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
    /// How fast it may act.
    pub(crate) limits: &'a Limits,
    /// Whether the linked number waits for an operator's confirmation.
    pub(crate) held: bool,
    /// The linked number, where it is known.
    pub(crate) account: Option<&'a Digits>,
}

/// Decides what becomes of the messages of a turn; ids of replies come from `new_id`. `None` while they must wait for an
/// operator.
pub(crate) fn decide(
    rules: Rules<'_>,
    waiting: &Waiting,
    now: Timestamp,
    new_id: impl Fn() -> String,
) -> Option<Outcome> {
    let mut turn = Turn {
        rules,
        waiting,
        now,
        memory: waiting.memory.clone(),
        silences: vec![None; waiting.parts.len()],
    };
    let texts = turn.texts()?;
    if texts.is_empty() {
        turn.silence_rest(Silence::NoReply);
    }
    let parts = waiting.parts.iter().map(|part| part.seq).zip(turn.silences).collect();
    Some(Outcome {
        contact: waiting.contact,
        parts,
        replies: texts.into_iter().map(|text| (new_id(), text)).collect(),
        memory: turn.memory,
        now,
        remove_deleted: rules.settings.remove_deleted,
    })
}

struct Turn<'a> {
    rules: Rules<'a>,
    waiting: &'a Waiting,
    now: Timestamp,
    memory: Memory,
    /// Of each message, why nothing is said to it; `None` for those that the replies answer.
    silences: Vec<Option<Silence>>,
}

impl Turn<'_> {
    /// What is said to the messages that are not silent; nothing where all are. `None` while they must wait.
    fn texts(&mut self) -> Option<Vec<String>> {
        if self.rules.settings.suspended {
            self.silence_rest(Silence::Suspended);
            return Some(Vec::new());
        }
        self.silence_each(|turn, part| {
            let (written_to, linked) = (part.account.as_deref()?, turn.rules.account?);
            (written_to != linked.as_str()).then_some(Silence::OtherNumber)
        });
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
        let asks = self.asks_again();
        if asks.is_none() {
            self.silence_each(|_, part| part.unreadable().map(|_| Silence::Unreadable));
        }
        if self.rest().all(Part::is_edit) {
            return Some(self.correction());
        }
        let traffic = &mut self.memory.traffic;
        match admit(traffic, self.rules.limits.contact_per_minute, self.now.as_millisecond()) {
            Admission::Answered => {}
            Admission::Warned => {
                return Some(vec![replies::notice(self.rules.settings, Notice::RateLimited)]);
            }
            Admission::Limited => {
                self.silence_rest(Silence::RateLimited);
                return Some(Vec::new());
            }
            Admission::Machine => {
                self.silence_rest(Silence::Loop);
                return Some(Vec::new());
            }
        }
        let mut texts = self.answer();
        if let Some(notice) = asks {
            self.memory.traffic.asked_again_at = self.now.as_millisecond();
            let ask = replies::notice(self.rules.settings, notice);
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
        let said: Vec<Said<'_>> = read
            .iter()
            // A caption says more than the picture above it.
            .map(|part| match (part.media(), newest(part).or(part.text.as_deref())) {
                (Some(kind), None) => Said::Media(kind),
                (_, text) => Said::Text(text.unwrap_or_default()),
            })
            .collect();
        let ids = read.iter().map(|part| part.wa_id.clone()).collect();
        let before = self.memory.conversation.clone();
        let answer = replies::answer(self.rules.settings, &before, &said, self.now);
        self.memory.conversation = answer.conversation;
        self.memory.traffic.last = Some(LastTurn { ids, before });
        answer.texts
    }

    /// What is said to a correction of what was answered last: the dialogue goes back to before that answer. Nothing
    /// where it makes no difference.
    fn correction(&mut self) -> Vec<String> {
        let last = self.memory.traffic.last.clone();
        let newest = self.rest().rev().find_map(|part| Some((part.about.as_deref()?, part.text.as_deref()?)));
        let corrected = newest.zip(last).filter(|((about, _), last)| last.ids.iter().any(|id| id == about));
        let Some(((_, text), last)) = corrected else {
            self.silence_rest(Silence::Corrected);
            return Vec::new();
        };
        let answer = replies::answer(self.rules.settings, &last.before, &[Said::Text(text)], self.now);
        if answer.texts.last() == self.waiting.recent.first() {
            self.silence_rest(Silence::Corrected);
            return Vec::new();
        }
        self.memory.conversation = answer.conversation;
        answer.texts
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
