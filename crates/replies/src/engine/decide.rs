//! The way into the engine: who is answered at all, and what is decided anew after a conflict.

use std::sync::OnceLock;

use domain::Language;
use jiff::Timestamp;

use super::{
    bot::{Bot, topics_of},
    outcome::{From, Heard, Notice, Outcome, Reply, Silence, Turn},
    state::{HandOffReason, State},
    talk::Talk,
};
use crate::{
    Availability, Conflict, Taken,
    pack::{Texts, engine_pack},
    understand::{tokens, vocabulary, vocabulary::Command},
};

/// What becomes of a turn. Equal inputs give equal outcomes; at most one message is said.
#[must_use]
pub fn decide(bot: &Bot, state: &State, turn: &Turn, now: Timestamp, held: &Availability) -> Outcome {
    let state = state.clone();
    match turn {
        Turn::Owner { text } => owner(bot, state, text, now),
        Turn::HandBack => {
            Outcome::silent(Silence::NothingToSay, State { hand_off: None, misses: 0, ..state })
        }
        Turn::Due { timer } => {
            let quiet = state.opted_out || held.switched_off || bot.business.settings.suspended;
            match &bot.pack {
                Some(pack) if !quiet => Talk::new(bot, pack, held, &From::default(), now, state).due(timer),
                _ => Outcome::silent(Silence::NotDue, state),
            }
        }
        Turn::Customer { said, from } => customer(bot, state, said, from, now, held),
    }
}

/// What becomes of a turn whose records the journal refused: decided on a fresh snapshot, in which the conflict counts even
/// where the snapshot does not show it yet.
#[must_use]
pub fn decide_again(
    bot: &Bot,
    state: &State,
    turn: &Turn,
    now: Timestamp,
    held: &Availability,
    conflict: &Conflict,
) -> Outcome {
    let mut held = held.clone();
    match conflict {
        Conflict::SlotTaken { at, lane } => {
            held.taken.push(Taken {
                lane: Some(lane.clone()),
                at: *at,
                minutes: 5,
                reference: String::new(),
            });
        }
        Conflict::OutOfStock { code, left } => {
            let known = held.stock.entry(code.clone()).or_insert(*left);
            *known = (*known).min(*left);
        }
        Conflict::NumberTaken { reference } => {
            let number = reference
                .rsplit('-')
                .next()
                .and_then(|number| number.parse::<u32>().ok())
                .unwrap_or_default();
            let next = match reference.chars().next() {
                Some('B') => &mut held.next.booking,
                Some('O') => &mut held.next.order,
                Some('T') => &mut held.next.ticket,
                _ => &mut held.next.block,
            };
            *next = (*next).max(number.saturating_add(1));
        }
        Conflict::Unknown { reference }
        | Conflict::Changed { reference }
        | Conflict::State { reference, .. } => {
            // The snapshot has it as it now is; one that is not there cannot be chosen again.
            if matches!(conflict, Conflict::Unknown { .. }) {
                held.mine.retain(|record| record.reference() != reference);
            }
        }
    }
    decide(bot, state, turn, now, &held)
}

fn customer(
    bot: &Bot,
    mut state: State,
    said: &[Heard],
    from: &From,
    now: Timestamp,
    held: &Availability,
) -> Outcome {
    if let Some(silence) = bot.ignores(from, held.switched_off) {
        return Outcome::silent(silence, state);
    }
    let says = |command: Command| {
        said.iter().filter_map(Heard::text).any(|text| vocabulary().is(command, &tokens(text), 0))
    };
    if state.opted_out {
        if !says(Command::Start) {
            return Outcome::silent(Silence::OptedOut, state);
        }
        state.opted_out = false;
        if let (Some(pack), false) = (&bot.pack, bot.business.settings.suspended) {
            return Talk::new(bot, pack, held, from, now, state).back_again();
        }
    }
    if bot.business.settings.suspended {
        if state.told_suspended {
            return Outcome::silent(Silence::Suspended, state);
        }
        state.told_suspended = true;
        let text = plain(bot, "suspended", now);
        return said_once(text, state);
    }
    state.told_suspended = false;
    let Some(pack) = &bot.pack else {
        return without_pack(bot, state, says(Command::Stop), now);
    };
    if let Some(hand_off) = &state.hand_off {
        if now < hand_off.until && now >= hand_off.since {
            if says(Command::Stop) {
                state.opted_out = true;
            }
            return Outcome::silent(Silence::WithPerson, state);
        }
        state.hand_off = None;
    }
    Talk::new(bot, pack, held, from, now, state).customer(said)
}

/// This installation has no such pack: a person is told of each customer, and the customer that one comes.
fn without_pack(bot: &Bot, mut state: State, stops: bool, now: Timestamp) -> Outcome {
    if stops {
        state.opted_out = true;
        return said_once(plain(bot, "opted_out", now), state);
    }
    let waits = state.hand_off.as_ref().is_some_and(|hand_off| now < hand_off.until && now >= hand_off.since);
    if waits {
        return Outcome::silent(Silence::WithPerson, state);
    }
    let hand_off = bot.hand_off(HandOffReason::NoPack, now);
    (state.running, state.answered_at) = (None, Some(now));
    state.hand_off = Some(hand_off.clone());
    Outcome { hand_off: Some(hand_off), ..said_once(plain(bot, "no_pack", now), state) }
}

fn said_once(text: String, conversation: State) -> Outcome {
    Outcome { replies: vec![Reply { text, quotes: None }], conversation, ..Outcome::default() }
}

impl Bot {
    /// What is said outside the dialogue, in the tenant's language and, where it says it differently, in its words.
    #[must_use]
    pub fn notice(&self, notice: Notice, now: Timestamp) -> String {
        let key = match notice {
            Notice::RateLimited => "rate_limited",
            Notice::PleaseWait => "please_wait",
            Notice::Suspended => "suspended",
            Notice::Unreadable => "unreadable",
            Notice::ViewOnce => "view_once",
        };
        plain(self, key, now)
    }
}

/// Makes what all bots share, each of which would make it at its first need: the packs that ship, the engine's own texts, words.
pub fn warm() {
    engine_texts();
    vocabulary();
    crate::shipped().for_each(|pack| {
        topics_of(&pack);
    });
}

fn engine_texts() -> &'static Texts {
    static ENGINE: OnceLock<Texts> = OnceLock::new();
    ENGINE.get_or_init(engine_pack)
}

/// A text of the engine's own, or the tenant's in its place.
fn plain(bot: &Bot, key: &str, now: Timestamp) -> String {
    let texts = engine_texts();
    let vars = super::talk::base(bot, now);
    let language: Language = bot.language;
    let own = bot.own.has(language, key).then(|| bot.own.say(language, key, &vars).ok()).flatten();
    own.or_else(|| texts.say(language, key, &vars).ok()).unwrap_or_default()
}

/// The owner wrote in a chat: a switch, or a person who takes it over.
fn owner(bot: &Bot, mut state: State, text: &str, now: Timestamp) -> Outcome {
    let words = tokens(text);
    let switch = match () {
        () if vocabulary().is(Command::BotOff, &words, 0) => Some(false),
        () if vocabulary().is(Command::BotOn, &words, 0) => Some(true),
        () => None,
    };
    if switch.is_some() {
        return Outcome { switch, ..Outcome::silent(Silence::OwnerWrote, state) };
    }
    let mut hand_off = bot.hand_off(HandOffReason::OwnerWrote, now);
    let known = state.hand_off.take().filter(|known| now < known.until && now >= known.since);
    let new = known.is_none();
    if let Some(known) = known {
        (hand_off.reason, hand_off.since) = (known.reason, known.since);
    }
    state.running = None;
    state.hand_off = Some(hand_off.clone());
    Outcome { hand_off: new.then_some(hand_off), ..Outcome::silent(Silence::OwnerWrote, state) }
}
