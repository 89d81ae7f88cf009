//! Slots: what fills each, from what a customer wrote.

mod basket;
mod booking;
mod words;

use super::{
    bot::{Thing, Topic},
    state::{Filled, Running, Shown, Value as Filling},
    talk::{Talk, open},
};
use crate::{
    Amount,
    pack::{Slot, SlotKind},
    understand::{Token, clock, dates, numbers, vocabulary, vocabulary::Command},
};

/// Characters of a name, and of a text, that are kept.
const NAME_MOST: usize = 60;
const TEXT_MOST: usize = 1_000;

/// What became of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fill {
    /// It is filled, or nearer to it.
    Done,
    /// It was understood and cannot be; that has been said.
    Refused,
    /// It was not understood.
    Not,
}

impl<'a> Talk<'a> {
    /// A message within a flow.
    pub(super) fn answer_slot(&mut self, text: &str, words: &[Token]) {
        let Some((_, slot)) = self.slot() else { return };
        if self.appends(text) {
            return;
        }
        let name = slot.name.clone();
        if slot.kind == SlotKind::Confirm {
            // "Yes, but at eleven" and "no, Thursday" change what is asked for, and are asked for again.
            let before = self.state.running.clone();
            self.fill_others(text, words, &name, true);
            let changed = |running: &Running| {
                let has = |known: &Running, filled: &Filled| known.filled.contains(filled);
                before.as_ref().is_none_or(|before| {
                    !running.filled.iter().all(|filled| has(before, filled))
                        || !before.filled.iter().all(|filled| has(running, filled))
                        || before.basket != running.basket
                })
            };
            if self.state.running.as_ref().is_some_and(changed) {
                return;
            }
        }
        let filled = self.fill(slot, text, words);
        let others = match filled {
            Fill::Not if slot.kind != SlotKind::Confirm => self.fill_others(text, words, &name, false),
            Fill::Done
                if !matches!(
                    slot.kind,
                    SlotKind::Text | SlotKind::Name | SlotKind::Confirm | SlotKind::Which(_)
                ) =>
            {
                self.fill_others(text, words, &name, false)
            }
            _ => false,
        };
        if filled != Fill::Not || others {
            self.state.misses = 0;
            if let Some(running) = &mut self.state.running {
                running.misses = 0;
            }
            return;
        }
        match self.topic(words) {
            Some(Topic::Question(place)) => self.question(place),
            Some(Topic::Intent(place)) => self.intent(place, text, words),
            None if slot.kind == SlotKind::Product => {
                self.unknown_product(text);
            }
            None => self.miss(),
        }
    }

    /// What follows a text that was written in this very turn belongs to it.
    pub(super) fn appends(&mut self, text: &str) -> bool {
        let Some(slot) = self.text_slot.clone() else { return false };
        let Some(running) = &mut self.state.running else { return false };
        let Some(Filling::Text(known)) = running.value(&slot).cloned() else { return false };
        let all: String = format!("{known}\n{}", text.trim()).chars().take(TEXT_MOST).collect();
        running.fill(&slot, Filling::Text(all));
        true
    }

    fn set(&mut self, slot: &str, value: Filling) {
        if let Some(running) = &mut self.state.running {
            running.fill(slot, value);
        }
        self.state.shown = Shown::Menu;
    }

    /// Fills the slot that was asked for.
    fn fill(&mut self, slot: &'a Slot, text: &str, words: &[Token]) -> Fill {
        let vocabulary = vocabulary();
        if slot.optional && (vocabulary.is(Command::No, words, 1) || vocabulary.is(Command::Done, words, 0)) {
            self.set(&slot.name, Filling::Text(String::new()));
            return Fill::Done;
        }
        let listed = self.listed(words);
        match &slot.kind {
            SlotKind::Service => {
                // "Wawili" is a table for two before it is the second line; "2" is the second line.
                let named = self.services_in(words).first().map(|(service, _)| service.code.clone());
                let digits = words.iter().all(|word| word.text.bytes().all(|byte| byte.is_ascii_digit()));
                let code = if digits { listed.or(named) } else { named.or(listed) };
                match code {
                    Some(code) => self.take_service(&slot.name, &code),
                    None if vocabulary.is(Command::More, words, 1) => self.turn_page(),
                    None => Fill::Not,
                }
            }
            SlotKind::Product => self.fill_product(&slot.name, words, listed),
            SlotKind::Date => {
                let yes = vocabulary.is(Command::Yes, words, 1);
                let suggested = match &self.state.shown {
                    Shown::List { items, .. } if yes => items.first().cloned(),
                    Shown::List { .. } => listed,
                    Shown::Menu => None,
                };
                if let Some(day) = suggested.and_then(|day| day.parse().ok()) {
                    return self.take_date(&slot.name, day);
                }
                match dates::date(words, self.bot.today(self.now)) {
                    Some((named, _)) => self.take_named(&slot.name, named),
                    None => Fill::Not,
                }
            }
            SlotKind::Time => {
                if vocabulary.is(Command::More, words, 1) {
                    return self.turn_page();
                }
                if let Some(minute) = listed.and_then(|minute| minute.parse().ok()) {
                    return self.take_time(&slot.name, clock::Said::At(minute));
                }
                let used = date_words(words, self.bot.today(self.now));
                match clock::time(words, &used, true) {
                    Some((said, _)) => self.take_time(&slot.name, said),
                    None => Fill::Not,
                }
            }
            SlotKind::Name => match self.name_in(text, words, true) {
                Some(name) => {
                    self.state.name = Some(name.clone());
                    self.set(&slot.name, Filling::Name(name));
                    Fill::Done
                }
                None => Fill::Not,
            },
            SlotKind::Place => self.fill_place(&slot.name, text, words),
            SlotKind::Choice(choices) => {
                let key = listed.or_else(|| self.choice_in(&slot.name, choices, words));
                match key {
                    Some(key) => {
                        self.set(&slot.name, Filling::Choice(key));
                        Fill::Done
                    }
                    None => Fill::Not,
                }
            }
            SlotKind::Text => {
                let text: String = text.trim().chars().take(TEXT_MOST).collect();
                if text.is_empty() {
                    return Fill::Not;
                }
                self.set(&slot.name, Filling::Text(text));
                self.text_slot = Some(slot.name.clone());
                Fill::Done
            }
            SlotKind::Phone => match numbers::phone(words) {
                Some((number, ..)) => {
                    self.set(&slot.name, Filling::Phone(number));
                    Fill::Done
                }
                None => Fill::Not,
            },
            SlotKind::Which(_) => match listed.or_else(|| self.reference_in(text)) {
                Some(reference) => {
                    self.set(&slot.name, Filling::Record(reference));
                    Fill::Done
                }
                None => Fill::Not,
            },
            SlotKind::Confirm => {
                if vocabulary.is(Command::Yes, words, 2) {
                    self.set(&slot.name, Filling::Yes);
                    return Fill::Done;
                }
                if vocabulary.is(Command::No, words, 1) {
                    self.part(&["confirm_no"], &[]);
                    self.asked = true;
                    return Fill::Refused;
                }
                Fill::Not
            }
        }
    }

    /// Fills whatever else a message names: several slots in one sentence. With `again` also what is filled already.
    pub(super) fn fill_others(&mut self, text: &str, words: &[Token], but: &str, again: bool) -> bool {
        let Some(running) = &self.state.running else { return false };
        let Some(flow) = self.pack.flow(&running.flow) else { return false };
        let wanted = |slot: &&Slot| {
            slot.name != but && (again && slot.kind != SlotKind::Confirm || open(running, slot))
        };
        let slots: Vec<&'a Slot> = flow.slots.iter().filter(wanted).collect();
        let today = self.bot.today(self.now);
        let used = date_words(words, today);
        let mut any = false;
        for slot in slots {
            let filled = match &slot.kind {
                SlotKind::Service => {
                    let code = self.services_in(words).first().map(|(service, _)| service.code.clone());
                    code.map(|code| self.take_service(&slot.name, &code))
                }
                SlotKind::Product => {
                    let found = self.products_in(words);
                    let removes = vocabulary().find(Command::Remove, words).is_some();
                    match found.first() {
                        Some((codes, _)) if removes => Some(self.remove(codes)),
                        Some(_) => Some(self.take_products(&found)),
                        None => None,
                    }
                }
                SlotKind::Date => {
                    dates::date(words, today).map(|(named, _)| self.take_named(&slot.name, named))
                }
                SlotKind::Time => {
                    clock::time(words, &used, false).map(|(said, _)| self.take_time(&slot.name, said))
                }
                SlotKind::Name => self.name_in(text, words, false).map(|name| {
                    self.state.name = Some(name.clone());
                    self.set(&slot.name, Filling::Name(name));
                    Fill::Done
                }),
                SlotKind::Place => {
                    let area = self
                        .bot
                        .things
                        .find(words)
                        .into_iter()
                        .any(|hit| matches!(hit.target, Thing::Area(_)));
                    area.then(|| self.fill_place(&slot.name, "", words))
                }
                SlotKind::Choice(choices) => self.choice_in(&slot.name, choices, words).map(|key| {
                    self.set(&slot.name, Filling::Choice(key));
                    Fill::Done
                }),
                SlotKind::Phone => numbers::phone(words).map(|(number, ..)| {
                    self.set(&slot.name, Filling::Phone(number));
                    Fill::Done
                }),
                SlotKind::Text | SlotKind::Which(_) | SlotKind::Confirm => None,
            };
            any |= filled.is_some();
        }
        any | self.take_staff(words)
    }

    /// The entry of the shown list that a number alone names.
    fn listed(&self, words: &[Token]) -> Option<String> {
        let Shown::List { items, .. } = &self.state.shown else { return None };
        let number = numbers::only_number(words)?;
        items.get(number.checked_sub(1)?).cloned()
    }

    fn turn_page(&mut self) -> Fill {
        if let Shown::List { items, from } = &mut self.state.shown {
            let next = *from + super::talk::PAGE;
            *from = if next >= items.len() { 0 } else { next };
        }
        Fill::Done
    }
}

/// A quantity as people write it: `2`, `0.5`, `0.25`.
pub(super) fn quantity(amount: Amount) -> String {
    let text = amount.to_string();
    if text.contains('.') { text.trim_end_matches('0').to_owned() } else { text }
}

/// Which words belong to a day, so that none is read as a time.
pub(super) fn date_words(words: &[Token], today: jiff::civil::Date) -> Vec<bool> {
    let mut used = vec![false; words.len()];
    if let Some((_, places)) = dates::date(words, today) {
        for place in places {
            if let Some(used) = used.get_mut(place) {
                *used = true;
            }
        }
    }
    used
}
