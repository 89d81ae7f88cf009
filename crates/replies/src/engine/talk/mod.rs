//! One turn of a conversation while it is decided on: what is understood message by message, and what is then said.

mod hear;
mod miss;
mod say;

use std::sync::OnceLock;

use jiff::{SignedDuration, Timestamp};
use minijinja::Value;

use super::{
    bot::Bot,
    outcome::{From, Heard, Outcome, Wake},
    state::{HandOff, HandOffReason, Running, Shown, State},
};
use crate::{
    Availability, Change, Pack,
    pack::{Does, Flow, Slot, Vars},
    understand::{tokens, vocabulary, vocabulary::Command},
};

pub(super) use say::base;

/// Silence after which a customer is greeted anew.
const GREET_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(12);
/// Entries of a list on one page.
pub(super) const PAGE: usize = 8;

/// One turn while it is decided on.
pub(super) struct Talk<'a> {
    pub(super) bot: &'a Bot,
    pub(super) pack: &'a Pack,
    pub(super) held: &'a Availability,
    pub(super) from: &'a From,
    pub(super) now: Timestamp,
    pub(super) state: State,
    /// What is to be said, part by part.
    pub(super) parts: Vec<String>,
    pub(super) records: Vec<Change>,
    pub(super) wakes: Vec<Wake>,
    pub(super) hand_off: Option<HandOff>,
    /// Whether the customer writes for the first time, or for the first time in a while.
    fresh: bool,
    /// Messages that said nothing to us.
    riddles: Vec<String>,
    greeted: bool,
    pub(super) menu: bool,
    thanked: bool,
    media: Option<String>,
    /// Whether the last message was not what its slot takes.
    missed: bool,
    /// Whether a part already asks for the slot that is to be filled.
    pub(super) asked: bool,
    /// Whether nothing needs to be said, such as to a thumb.
    nothing: bool,
    /// The text slot that this turn filled: what follows belongs to it.
    pub(super) text_slot: Option<String>,
    /// Which message was understood last.
    understood: Option<usize>,
    base: OnceLock<Vars>,
}

impl<'a> Talk<'a> {
    pub(super) fn new(
        bot: &'a Bot,
        pack: &'a Pack,
        held: &'a Availability,
        from: &'a From,
        now: Timestamp,
        state: State,
    ) -> Self {
        let fresh = state.answered_at.is_none_or(|at| now.duration_since(at) > GREET_AGAIN_AFTER);
        Self {
            bot,
            pack,
            held,
            from,
            now,
            state,
            fresh,
            parts: Vec::new(),
            records: Vec::new(),
            wakes: Vec::new(),
            hand_off: None,
            riddles: Vec::new(),
            greeted: false,
            menu: false,
            thanked: false,
            media: None,
            missed: false,
            asked: false,
            nothing: false,
            text_slot: None,
            understood: None,
            base: OnceLock::new(),
        }
    }

    /// Decides on what a customer wrote.
    pub(super) fn customer(mut self, said: &[Heard]) -> Outcome {
        if !self.same_pack() {
            self.part(&["flow_gone"], &[]);
        }
        if self.asks_to_go_on(said) {
            return self.finish(said.len());
        }
        for (place, heard) in said.iter().enumerate() {
            let riddles = self.riddles.len();
            self.missed = false;
            match heard {
                Heard::Media(kind) => self.media = Some(kind.clone()),
                Heard::Text(text) => self.hear(text),
            }
            if self.riddles.len() == riddles && !self.missed && heard.text().is_some() {
                self.understood = Some(place);
            }
            if self.state.opted_out || self.hand_off.is_some() {
                return self.finish(said.len());
            }
        }
        self.solve_riddles();
        if self.hand_off.is_none() {
            self.advance();
        }
        self.finish(said.len())
    }

    /// Who had silenced the bot wants it back.
    pub(super) fn back_again(mut self) -> Outcome {
        self.part(&["opted_in"], &[]);
        self.menu = true;
        self.fresh = false;
        self.finish(1)
    }

    /// A flow of a pack that has changed goes on only where it still has the flow and every slot that was filled or asked.
    fn same_pack(&mut self) -> bool {
        let Some(running) = &mut self.state.running else { return true };
        if running.pack == *self.pack.version() {
            return true;
        }
        let flow = self.pack.flow(&running.flow);
        let has = |name: &str| {
            name == "with" || flow.is_some_and(|flow| flow.slots.iter().any(|slot| slot.name == name))
        };
        let same = running.pack.id == self.pack.version().id
            && running.filled.iter().all(|filled| has(&filled.slot))
            && (running.asking.is_empty() || has(&running.asking));
        if same {
            running.pack = self.pack.version().clone();
            return true;
        }
        let name = running.flow.clone();
        self.state.running = None;
        self.state.shown = Shown::Menu;
        if let Some(flow) = self.pack.flow(&name) {
            self.start(flow);
        } else {
            self.menu = true;
        }
        false
    }

    /// Asks who comes back in the middle of something whether to go on; keeps what they wrote for their yes.
    fn asks_to_go_on(&mut self, said: &[Heard]) -> bool {
        let texts: Vec<&str> = said.iter().filter_map(Heard::text).collect();
        let joined = texts.join("\n");
        let words = tokens(&joined);
        let vocabulary = vocabulary();
        if let Some(kept) = self.state.asked_to_go_on.take() {
            if vocabulary.is(Command::Yes, &words, 2) {
                if !kept.trim().is_empty() {
                    self.hear(&kept);
                }
                self.advance();
                return true;
            }
            if vocabulary.is(Command::No, &words, 2) {
                self.drop_flow();
                self.part(&["cancelled_step"], &[]);
                self.menu = true;
                return true;
            }
            return false;
        }
        let Some(running) = &self.state.running else { return false };
        let quiet =
            SignedDuration::from_mins(i64::from(self.bot.profile().manners.go_on_after_minutes.max(1)));
        let late = self.state.answered_at.is_some_and(|at| self.now.duration_since(at) > quiet);
        let leaves = [Command::Menu, Command::Cancel, Command::Stop, Command::Person]
            .iter()
            .any(|command| vocabulary.is(*command, &words, 1));
        if !late || leaves || !self.bot.urgent.find(&words).is_empty() {
            return false;
        }
        let name = running.flow.clone();
        let flow = self.flow_name(&name);
        self.part(&["go_on"], &[("flow", Value::from(flow))]);
        self.state.asked_to_go_on = Some(joined.chars().take(500).collect());
        true
    }

    /// What a flow is called: its own text, or the menu's line that leads to it.
    fn flow_name(&self, name: &str) -> String {
        let of_menu = self.pack.intents.iter().find(|intent| {
            matches!(intent.does, Does::Flow(place) if self.pack.flows.get(place).is_some_and(|flow| flow.name == name))
        });
        let menu = of_menu.map(|intent| format!("menu_{}", intent.name)).unwrap_or_default();
        self.say(&[&format!("flow_{name}"), &menu], &[])
    }

    pub(super) fn drop_flow(&mut self) {
        self.state.running = None;
        self.state.shown = Shown::Menu;
        self.state.asked_to_go_on = None;
        self.asked = false;
    }

    /// The slot that was asked for, or the first that is to be.
    pub(super) fn slot(&self) -> Option<(&'a Flow, &'a Slot)> {
        let running = self.state.running.as_ref()?;
        let flow = self.pack.flow(&running.flow)?;
        let asked =
            flow.slots.iter().find(|slot| slot.name == running.asking && running.value(&slot.name).is_none());
        let slot = asked.or_else(|| flow.slots.iter().find(|slot| open(running, slot)))?;
        Some((flow, slot))
    }
}

/// Whether a slot of a flow is still to be filled.
pub(super) fn open(running: &Running, slot: &Slot) -> bool {
    use super::state::Value as Filling;
    let wanted = slot
        .when
        .as_ref()
        .is_none_or(|(of, is)| matches!(running.value(of), Some(Filling::Choice(key)) if key == is));
    wanted && running.value(&slot.name).is_none()
}

impl Heard {
    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Media(_) => None,
        }
    }
}

impl Bot {
    /// A hand-off that begins now.
    pub(super) fn hand_off(&self, reason: HandOffReason, now: Timestamp) -> HandOff {
        let quiet = SignedDuration::from_mins(i64::from(self.profile().manners.hand_off_minutes.max(1)));
        HandOff { reason, since: now, until: now.checked_add(quiet).unwrap_or(now) }
    }
}
