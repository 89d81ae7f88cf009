//! What becomes of a message: pure, from the settings, what is remembered of the contact, and the time.

use domain::{BotSettings, Limits, Timestamp};
use replies::{Notice, Said};

use crate::{
    journal::{Memory, Outcome, Traffic, Verdict, Waiting},
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

/// By what messages are answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules<'a> {
    /// The tenant's bot.
    pub(crate) settings: &'a BotSettings,
    /// How fast it may act.
    pub(crate) limits: &'a Limits,
    /// Whether the linked number waits for an operator's confirmation.
    pub(crate) held: bool,
}

/// Decides what becomes of `waiting`; ids of replies come from `new_id`.
pub(crate) fn decide(
    rules: Rules<'_>,
    waiting: &Waiting,
    now: Timestamp,
    new_id: impl Fn() -> String,
) -> Outcome {
    let mut memory = waiting.memory.clone();
    let verdict = match verdict(rules, waiting, &mut memory, now) {
        Ok(texts) if texts.is_empty() => Verdict::Silent(Silence::NoReply),
        Ok(texts) => Verdict::Replies(texts.into_iter().map(|text| (new_id(), text)).collect()),
        Err(silence) => Verdict::Silent(silence),
    };
    Outcome { seq: waiting.seq, contact: waiting.contact, memory, verdict, now }
}

fn verdict(
    rules: Rules<'_>,
    waiting: &Waiting,
    memory: &mut Memory,
    now: Timestamp,
) -> Result<Vec<String>, Silence> {
    if rules.settings.suspended {
        return Err(Silence::Suspended);
    }
    if rules.held {
        return Err(Silence::Held);
    }
    if is_echo(waiting) {
        return Err(Silence::Loop);
    }
    match admit(&mut memory.traffic, rules.limits.contact_per_minute, now.as_millisecond()) {
        Admission::Answered => {
            // A caption says more than the picture above it.
            let said = match (&waiting.media, &waiting.text) {
                (Some(kind), None) => Said::Media(kind),
                (_, text) => Said::Text(text.as_deref().unwrap_or_default()),
            };
            let answer = replies::answer(rules.settings, &memory.conversation, said, now);
            memory.conversation = answer.conversation;
            Ok(answer.texts)
        }
        Admission::Warned => Ok(vec![replies::notice(rules.settings, Notice::RateLimited)]),
        Admission::Limited => Err(Silence::RateLimited),
        Admission::Machine => Err(Silence::Loop),
    }
}

/// Whether a contact sends our own words back.
fn is_echo(waiting: &Waiting) -> bool {
    let Some(text) = &waiting.text else { return false };
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
        let told_to_wait = traffic.told_to_wait;
        *traffic = Traffic { window_start: now, limited_windows, told_to_wait, ..Traffic::default() };
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
