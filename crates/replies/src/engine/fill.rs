//! Slots: what fills each, from what a customer wrote.

use minijinja::Value;

use super::{
    bot::{Thing, Topic},
    free::{NotFree, Wanted},
    state::{BasketLine, Filled, Running, Shown, Value as Filling},
    talk::{Talk, open},
};
use crate::{
    Amount, Product, Service,
    pack::{Choice, Slot, SlotKind},
    understand::{Token, clock, dates, fold, numbers, tokens, vocabulary, vocabulary::Command},
};

/// Characters of a name, and of a text, that are kept.
const NAME_MOST: usize = 60;
const TEXT_MOST: usize = 1_000;
/// Lines of a basket.
const BASKET_MOST: usize = 30;
/// How many of one product may be ordered.
const QUANTITY_MOST: Amount = Amount::whole(999);

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

    /// Services that the words name, the longest name first.
    pub(super) fn services_in(&self, words: &[Token]) -> Vec<(&'a Service, usize)> {
        let mut hits: Vec<_> = self
            .bot
            .things
            .find(words)
            .into_iter()
            .filter_map(|hit| match hit.target {
                Thing::Service(place) => Some((self.bot.profile().services.get(place)?, hit.words)),
                _ => None,
            })
            .collect();
        hits.sort_by_key(|(_, length)| std::cmp::Reverse(*length));
        hits.dedup_by_key(|(service, _)| service.code.clone());
        hits
    }

    fn take_service(&mut self, slot: &str, code: &str) -> Fill {
        if self.bot.profile().service(code).is_none() {
            return Fill::Not;
        }
        self.set(slot, Filling::Service(code.to_owned()));
        if let Some(running) = &mut self.state.running {
            running.empty("with");
        }
        Fill::Done
    }

    fn take_staff(&mut self, words: &[Token]) -> bool {
        let wanted = self.wanted().and_then(|wanted| wanted.service);
        for hit in self.bot.things.find(words) {
            let Thing::Staff(of, place) = hit.target else { continue };
            let Some(service) = self.bot.profile().services.get(of) else { continue };
            if wanted.is_some_and(|wanted| wanted.code == service.code)
                && let Some(name) = service.staff.get(place)
            {
                let name = name.clone();
                self.set("with", Filling::Choice(name));
                return true;
            }
        }
        false
    }

    /// What a flow is to book so far.
    pub(super) fn wanted(&self) -> Option<Wanted<'_>> {
        let running = self.state.running.as_ref()?;
        let mut wanted = Wanted { service: None, with: None, moves: None, minutes: None };
        for filled in &running.filled {
            match &filled.value {
                Filling::Service(code) => wanted.service = self.bot.profile().service(code),
                Filling::Choice(name) if filled.slot == "with" => wanted.with = Some(name),
                Filling::Record(reference) => {
                    if let Some(booking) =
                        self.held.bookings(self.now).into_iter().find(|known| known.reference == *reference)
                    {
                        wanted.moves = Some(&booking.reference);
                        wanted.service = self.bot.profile().service(&booking.service);
                        wanted.minutes = Some(booking.minutes);
                    }
                }
                _ => {}
            }
        }
        Some(wanted)
    }

    fn take_named(&mut self, slot: &str, named: dates::Named) -> Fill {
        match named {
            dates::Named::Day(day) => self.take_date(slot, day),
            dates::Named::Past(day) => {
                let date = self.bot.say_date(day, self.now);
                self.refuse(slot, "date_past", &[("date", Value::from(date))])
            }
            dates::Named::NoSuchDay => self.refuse(slot, "date_no_such", &[]),
        }
    }

    fn take_date(&mut self, slot: &str, day: jiff::civil::Date) -> Fill {
        let last = self.bot.last_day(self.now);
        if day > last {
            let last = self.bot.say_date(last, self.now);
            return self.refuse(slot, "date_far", &[("last", Value::from(last))]);
        }
        let date = Value::from(self.bot.say_date(day, self.now));
        let closed = self.bot.business.settings.hours.as_ref().is_some_and(|hours| hours.on(day).is_empty());
        let wanted =
            self.wanted().unwrap_or(Wanted { service: None, with: None, moves: None, minutes: None });
        if closed {
            let holiday = self.bot.business.settings.hours.as_ref().and_then(|hours| hours.holiday(day));
            let holiday =
                holiday.map(|closed| closed.name.of(self.bot.language).to_owned()).unwrap_or_default();
            let next = self.bot.next_free_day(wanted, day, self.held, self.now);
            return self.suggest(
                slot,
                "date_closed",
                vec![("date", date), ("holiday", Value::from(holiday))],
                next,
            );
        }
        if self.bot.free(wanted, day, self.held, self.now).is_empty() {
            let next = self.bot.next_free_day(wanted, day, self.held, self.now);
            return self.suggest(slot, "date_full", vec![("date", date)], next);
        }
        self.set(slot, Filling::Date(day));
        Fill::Done
    }

    /// Says why a day is not possible, and which would be.
    fn suggest(
        &mut self,
        slot: &str,
        key: &str,
        mut vars: Vec<(&'static str, Value)>,
        next: Option<jiff::civil::Date>,
    ) -> Fill {
        if let Some(next) = next {
            vars.push(("first", Value::from(self.bot.say_date(next, self.now))));
        }
        let filled = self.refuse(slot, key, &vars);
        if let Some(next) = next {
            self.state.shown = Shown::List { items: vec![next.to_string()], from: 0 };
        }
        filled
    }

    fn refuse(&mut self, slot: &str, key: &str, vars: &[(&'static str, Value)]) -> Fill {
        if let Some(running) = &mut self.state.running {
            running.empty(slot);
            slot.clone_into(&mut running.asking);
        }
        self.part(&[key], vars);
        self.asked = true;
        Fill::Refused
    }

    fn take_time(&mut self, slot: &str, said: clock::Said) -> Fill {
        let minute = match said {
            clock::Said::At(minute) => minute,
            clock::Said::NoSuchTime => {
                self.part(&["time_no_such"], &[]);
                return Fill::Refused;
            }
            clock::Said::Either(first, second) => self.likelier(first, second),
        };
        self.set(slot, Filling::Time(minute));
        Fill::Done
    }

    /// Of two times twelve hours apart the one that can be booked, or else the one within opening hours.
    fn likelier(&self, first: u16, second: u16) -> u16 {
        let Some(wanted) = self.wanted() else { return first };
        let day = self.filled_date().unwrap_or_else(|| self.bot.today(self.now));
        let test = |minute: u16| self.bot.at(wanted, day, minute, self.held, self.now);
        match (test(first), test(second)) {
            (Ok(_), _) => first,
            (_, Ok(_)) => second,
            (Err(NotFree::Closed), Err(why)) if why != NotFree::Closed => second,
            _ => first,
        }
    }

    pub(super) fn filled_date(&self) -> Option<jiff::civil::Date> {
        let running = self.state.running.as_ref()?;
        running.filled.iter().find_map(|filled| match filled.value {
            Filling::Date(day) => Some(day),
            _ => None,
        })
    }

    fn name_in(&self, text: &str, words: &[Token], asked: bool) -> Option<String> {
        let given = vocabulary().find(Command::NameIs, words);
        let from = match given {
            // "For" and "it's" lead to many things: only an asked name follows them anywhere.
            Some((at, length)) if at == 0 || !asked => {
                let said = words
                    .get(at..at + length)?
                    .iter()
                    .map(|word| word.text.as_str())
                    .collect::<Vec<_>>()
                    .join(" ");
                let sure = [
                    "my name is",
                    "name is",
                    "jina langu ni",
                    "jina langu",
                    "jina ni",
                    "naitwa",
                    "ninaitwa",
                    "kwa jina la",
                ];
                if !asked && !sure.contains(&said.as_str()) {
                    return None;
                }
                words.get(at + length)?.at.0
            }
            _ if asked => 0,
            _ => return None,
        };
        let rest = text.get(from..)?;
        // A name ends where a sentence does.
        let rest = rest.split(['\n', ',', ';', '?', '!']).next().unwrap_or_default();
        let name: String = rest.trim().trim_end_matches('.').chars().take(NAME_MOST).collect();
        let named = tokens(&name);
        let letters = name.chars().any(char::is_alphabetic);
        let lawful = letters
            && (1..=5).contains(&named.len())
            && !name.chars().any(|c| c.is_ascii_digit() || c.is_control());
        let ours = [Command::Yes, Command::No, Command::Done, Command::More];
        let topic = asked
            && given.is_none()
            && (self.bot.topics.just(&named, 1).is_some()
                || ours.iter().any(|word| vocabulary().is_exactly(*word, &named)));
        (lawful && !topic && !text.contains('?')).then_some(name)
    }

    fn fill_place(&mut self, slot: &str, text: &str, words: &[Token]) -> Fill {
        let delivery = &self.bot.profile().delivery;
        let area = self.bot.things.find(words).into_iter().find_map(|hit| match hit.target {
            Thing::Area(place) => delivery.areas.get(place),
            _ => None,
        });
        let said: String = text.trim().chars().filter(|c| !c.is_control()).take(200).collect();
        let letters = said.chars().any(char::is_alphabetic);
        let (name, fee) = match (area, delivery.elsewhere) {
            (Some(area), _) if said.is_empty() => (area.name.of(self.bot.language).to_owned(), area.fee),
            (Some(area), _) => (said, area.fee),
            (None, Some(fee)) if letters => (said, fee),
            (None, None) if letters => {
                let areas: Vec<_> =
                    delivery.areas.iter().map(|area| area.name.of(self.bot.language)).collect();
                let vars = [("place", Value::from(said)), ("text", Value::from(areas.join(", ")))];
                return self.refuse(slot, "place_nowhere", &vars);
            }
            _ => return Fill::Not,
        };
        self.set(slot, Filling::Place { name, fee });
        Fill::Done
    }

    fn choice_in(&self, slot: &str, choices: &[Choice], words: &[Token]) -> Option<String> {
        let flow = self.state.running.as_ref().map(|running| running.flow.clone()).unwrap_or_default();
        let says = |phrase: &str| {
            let phrase = tokens(phrase);
            !phrase.is_empty()
                && words.windows(phrase.len()).any(|said| {
                    said.iter().zip(&phrase).all(|(one, other)| fold::alike(&one.key, &other.key))
                })
        };
        let mut best: Option<(usize, &Choice)> = None;
        for choice in choices {
            let title = self.say(&[&format!("choice_{flow}_{slot}_{}", choice.key)], &[]);
            let phrases = choice.words.iter().map(String::as_str).chain([title.as_str()]);
            let longest = phrases.filter(|phrase| says(phrase)).map(|phrase| tokens(phrase).len()).max();
            if let Some(length) = longest
                && best.is_none_or(|(known, _)| length > known)
            {
                best = Some((length, choice));
            }
        }
        best.map(|(_, choice)| choice.key.clone())
    }

    /// A record's number as it was written: `B-1004`, `b1004`, `1004`.
    fn reference_in(&self, text: &str) -> Option<String> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let known = self.held.mine.iter().filter(|record| record.is_open());
        let mut known = known.map(|record| record.reference().to_owned());
        known.find(|reference| digits.len() >= 4 && reference.ends_with(&format!("-{digits}")))
    }

    fn fill_product(&mut self, slot: &str, words: &[Token], listed: Option<String>) -> Fill {
        let vocabulary = vocabulary();
        let empty = self.state.running.as_ref().is_none_or(|running| running.basket.is_empty());
        if vocabulary.is(Command::Done, words, 1) || !empty && vocabulary.is(Command::No, words, 1) {
            if empty {
                self.part(&["basket_empty"], &[]);
                self.asked = true;
                return Fill::Refused;
            }
            self.set(slot, Filling::Basket);
            return Fill::Done;
        }
        if vocabulary.is(Command::More, words, 1) {
            return self.turn_page();
        }
        let about = self.state.running.as_mut().and_then(|running| running.about.take());
        if let Some(code) = about
            && let Some(counted) = numbers::quantities(words, &[]).first()
            && words.len() <= 3
            && self.products_in(words).is_empty()
        {
            return self.add(&code, Some(counted.quantity));
        }
        if let Some(code) = listed {
            return self.add(&code, None);
        }
        let removes = vocabulary.find(Command::Remove, words).is_some();
        let found = self.products_in(words);
        if removes && let Some((codes, ..)) = found.first() {
            return self.remove(codes);
        }
        if found.is_empty() { Fill::Not } else { self.take_products(&found) }
    }

    /// Products that the words name, each with those it may be and its quantity.
    pub(super) fn products_in(&self, words: &[Token]) -> Vec<(Vec<String>, Option<Amount>)> {
        let mut groups: Vec<(Vec<usize>, usize, usize)> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let hits = self.bot.things.at(words, at);
            let places: Vec<usize> = hits
                .iter()
                .filter_map(|hit| if let Thing::Product(place) = hit.target { Some(place) } else { None })
                .collect();
            let length = hits.first().map_or(1, |hit| hit.words);
            if !places.is_empty() {
                let next = groups.last_mut().filter(|(_, _, end)| *end + 1 >= at);
                let both = next.as_ref().map(|(known, ..)| {
                    known.iter().filter(|place| places.contains(place)).copied().collect::<Vec<_>>()
                });
                match (next, both) {
                    (Some(group), Some(both)) if !both.is_empty() => (group.0, group.2) = (both, at + length),
                    _ => groups.push((places, at, at + length)),
                }
            }
            at += length;
        }
        let mut used = vec![false; words.len()];
        for (_, from, to) in &groups {
            used.iter_mut().take(*to).skip(*from).for_each(|used| *used = true);
        }
        let counted = numbers::quantities(words, &used);
        let before =
            counted.first().zip(groups.first()).is_some_and(|(counted, (_, from, _))| counted.at < *from);
        let catalogue = &self.bot.profile().catalogue;
        let of = |index: usize, from: usize, to: usize| {
            let quantity = counted.iter().find(|counted| {
                if before {
                    let after =
                        index.checked_sub(1).and_then(|last| groups.get(last)).map_or(0, |(_, _, end)| *end);
                    counted.at >= after && counted.at < from
                } else {
                    let next = groups.get(index + 1).map_or(usize::MAX, |(_, from, _)| *from);
                    counted.at >= to && counted.at < next
                }
            });
            quantity.map(|counted| counted.quantity)
        };
        let groups = groups.iter().enumerate();
        groups
            .map(|(index, (places, from, to))| {
                let codes = places
                    .iter()
                    .filter_map(|place| catalogue.get(*place))
                    .map(|product| product.code.clone());
                (codes.collect(), of(index, *from, *to))
            })
            .collect()
    }

    fn take_products(&mut self, found: &[(Vec<String>, Option<Amount>)]) -> Fill {
        let mut filled = Fill::Not;
        for (codes, quantity) in found {
            filled = match codes.as_slice() {
                [code] => self.add(code, *quantity),
                codes => {
                    let entries = self.entries(crate::pack::List::Products);
                    let entries: Vec<_> =
                        entries.into_iter().filter(|(code, _)| codes.contains(code)).collect();
                    let vars = self.page(entries, 0, true);
                    self.part(&["product_which"], &vars);
                    self.asked = true;
                    Fill::Refused
                }
            };
        }
        filled
    }

    fn unknown_product(&mut self, text: &str) {
        let said: String = text.trim().chars().filter(|c| !c.is_control()).take(40).collect();
        let misses = self.state.running.as_mut().map(|running| {
            running.misses = running.misses.saturating_add(1);
            running.misses
        });
        if misses == Some(1) {
            self.part(&["product_unknown"], &[("text", Value::from(said))]);
            self.asked = true;
        } else {
            self.miss();
        }
    }

    /// Puts a product into the basket.
    fn add(&mut self, code: &str, quantity: Option<Amount>) -> Fill {
        let Some(product) = self.bot.profile().product(code) else { return Fill::Not };
        let name = ("product", Value::from(self.bot.product_name(product)));
        let wanted = quantity.unwrap_or(Amount::ONE);
        let ask = |talk: &mut Self, key: &str, vars: &[(&'static str, Value)]| {
            talk.part(&[key], vars);
            talk.asked = true;
            if let Some(running) = &mut talk.state.running {
                running.about = Some(code.to_owned());
            }
            Fill::Refused
        };
        if wanted == Amount::NONE || wanted > QUANTITY_MOST {
            return ask(self, "product_range", &[name]);
        }
        if !wanted.is_whole() && !product.parts {
            return ask(self, "product_whole", &[name]);
        }
        let left = self.left(product);
        if left == Amount::NONE {
            self.part(&["product_sold_out"], &[name]);
            return Fill::Refused;
        }
        if wanted > left {
            let left = ("left", Value::from(self::quantity(left)));
            return ask(self, "product_few", &[name, left]);
        }
        if let Some(running) = &mut self.state.running {
            let room = running.basket.len() < BASKET_MOST;
            match running.basket.iter_mut().find(|line| line.code == code) {
                Some(line) => line.quantity = wanted,
                // A number that follows says how many.
                None if room => running.basket.push(BasketLine { code: code.to_owned(), quantity: wanted }),
                None => {}
            }
            running.about = Some(code.to_owned());
        }
        Fill::Done
    }

    fn remove(&mut self, codes: &[String]) -> Fill {
        let name = codes
            .first()
            .and_then(|code| self.bot.profile().product(code))
            .map(|product| self.bot.product_name(product));
        if let Some(running) = &mut self.state.running {
            running.basket.retain(|line| !codes.contains(&line.code));
        }
        self.part(&["product_removed"], &[("product", Value::from(name.unwrap_or_default()))]);
        Fill::Done
    }

    /// Fills a flow's service or product by its code.
    pub(super) fn take_code(&mut self, code: &str) {
        let Some(running) = &self.state.running else { return };
        let Some(flow) = self.pack.flow(&running.flow) else { return };
        for slot in &flow.slots {
            match slot.kind {
                SlotKind::Service => {
                    self.take_service(&slot.name, code);
                }
                SlotKind::Product => {
                    self.add(code, None);
                }
                _ => {}
            }
        }
    }

    /// What of the basket is still to be had; says what is not.
    pub(super) fn settle_basket(&mut self) {
        let Some(running) = &self.state.running else { return };
        let gone: Vec<BasketLine> = running
            .basket
            .iter()
            .filter(|line| {
                let product = self.bot.profile().product(&line.code);
                product.is_none_or(|product| self.left(product) < line.quantity)
            })
            .cloned()
            .collect();
        for line in gone {
            let product: Option<&Product> =
                self.bot.profile().catalogue.iter().find(|product| product.code == line.code);
            let name = Value::from(
                product.map_or_else(|| line.code.clone(), |product| self.bot.product_name(product)),
            );
            let left =
                product.filter(|product| product.on).map_or(Amount::NONE, |product| self.left(product));
            let key = if product.is_some_and(|product| product.on) {
                if left == Amount::NONE { "product_sold_out" } else { "product_few" }
            } else {
                "product_gone"
            };
            self.part(&[key], &[("product", name), ("left", Value::from(quantity(left)))]);
            let asks = key == "product_few";
            if let Some(running) = &mut self.state.running {
                running.basket.retain(|known| known.code != line.code);
                running.filled.retain(|filled| !matches!(filled.value, Filling::Basket | Filling::Yes));
                running.about = if asks {
                    Some(line.code.clone())
                } else {
                    running.basket.last().map(|line| line.code.clone())
                };
                running.asking = String::new();
            }
            self.asked |= asks;
        }
    }

    /// A time that cannot be is taken away again, and why is said.
    pub(super) fn settle_time(&mut self) {
        let Some(running) = &self.state.running else { return };
        let time = running.filled.iter().find_map(|filled| match filled.value {
            Filling::Time(minute) => Some((filled.slot.clone(), minute)),
            _ => None,
        });
        let (Some((slot, minute)), Some(day), Some(wanted)) = (time, self.filled_date(), self.wanted())
        else {
            return;
        };
        let Err(why) = self.bot.at(wanted, day, minute, self.held, self.now) else { return };
        let key = match why {
            NotFree::Taken => "time_taken",
            NotFree::Closed => "time_closed",
            NotFree::TooSoon => "time_soon",
            NotFree::Skipped => "time_skipped",
        };
        // Who has said yes to it learns that somebody else was faster.
        let agreed = running.filled.iter().any(|filled| filled.value == Filling::Yes);
        let key = if agreed && why == NotFree::Taken { "time_just_taken" } else { key };
        let when =
            self.bot.instant(day, minute).map(|at| self.bot.say_when(at, self.now)).unwrap_or_default();
        let vars = [
            ("time", Value::from(self.bot.say_time(minute))),
            ("date", Value::from(self.bot.say_date(day, self.now))),
            ("when", Value::from(when)),
        ];
        self.part(&[key], &vars);
        if let Some(running) = &mut self.state.running {
            running.empty(&slot);
            running.filled.retain(|filled| filled.value != Filling::Yes);
            running.asking = String::new();
        }
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
