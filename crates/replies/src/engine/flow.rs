//! Flows: begun, asked for slot by slot, taken a step back, and carried out.

use jiff::SignedDuration;
use minijinja::{Value, value::Serde};

use super::{
    outcome::{Timer, Wake},
    state::{Running, Shown, Value as Filling},
    talk::{Talk, open},
};
use crate::{
    Amount, OrderLine, Record,
    pack::{Action, Choice, Flow, Item, Kind, Slot, SlotKind},
    records::sum,
};

impl<'a> Talk<'a> {
    /// Begins a flow with what is known without asking.
    pub(super) fn start(&mut self, flow: &'a Flow) {
        self.state.running = Some(Running {
            pack: self.pack.version().clone(),
            flow: flow.name.clone(),
            since: self.now,
            filled: Vec::new(),
            asking: String::new(),
            misses: 0,
            basket: Vec::new(),
            about: None,
        });
        self.state.shown = Shown::Menu;
        self.asked = false;
        for slot in &flow.slots {
            if !self.possible(slot) {
                self.drop_flow();
                return;
            }
        }
        self.known(flow);
    }

    /// Whether a slot can be filled at all; says why not.
    fn possible(&mut self, slot: &Slot) -> bool {
        let profile = self.bot.profile();
        let nothing = match &slot.kind {
            SlotKind::Service => profile.services.iter().all(|service| !service.on).then_some("no_services"),
            SlotKind::Product => profile.catalogue.iter().all(|product| !product.on).then_some("no_products"),
            SlotKind::Which(kind) => self.mine(*kind).is_empty().then_some(match kind {
                Kind::Booking => "no_bookings",
                Kind::Order => "no_orders",
                Kind::Ticket => "no_tickets",
            }),
            _ => None,
        };
        if let Some(key) = nothing {
            self.part(&[key], &[]);
        }
        nothing.is_none()
    }

    /// Fills what needs no question: the only service, the only booking, the name that was given before, the number that the
    /// customer writes from, and a way that is the only one.
    fn known(&mut self, flow: &'a Flow) {
        let services: Vec<_> = self.bot.profile().services.iter().filter(|service| service.on).collect();
        for slot in &flow.slots {
            let value = match &slot.kind {
                SlotKind::Service if services.len() == 1 => {
                    services.first().map(|service| Filling::Service(service.code.clone()))
                }
                SlotKind::Name => self.state.name.clone().map(Filling::Name),
                SlotKind::Phone => self.from.phone.clone().map(Filling::Phone),
                SlotKind::Which(kind) => match self.mine(*kind).as_slice() {
                    [only] => Some(Filling::Record(only.reference().to_owned())),
                    _ => None,
                },
                SlotKind::Choice(choices) => self.only_way(flow, slot, choices).map(Filling::Choice),
                _ => None,
            };
            if let (Some(value), Some(running)) = (value, &mut self.state.running) {
                running.fill(&slot.name, value);
            }
        }
    }

    /// Of a choice on which a place depends, the only one that the business offers.
    fn only_way(&self, flow: &Flow, slot: &Slot, choices: &[Choice]) -> Option<String> {
        let delivery = &self.bot.profile().delivery;
        let brings = flow.slots.iter().find_map(|place| match (&place.kind, &place.when) {
            (SlotKind::Place, Some((of, is))) if *of == slot.name => Some(is),
            _ => None,
        })?;
        if !delivery.brings() {
            return choices.iter().find(|choice| choice.key != *brings).map(|choice| choice.key.clone());
        }
        (!delivery.pick_up).then(|| brings.clone())
    }

    /// The contact's records that can still be changed.
    pub(super) fn mine(&self, kind: Kind) -> Vec<&'a Record> {
        let is = |record: &&Record| match (kind, record) {
            (Kind::Booking, Record::Booking(booking)) => booking.state.is_open() && booking.end() > self.now,
            (Kind::Order, Record::Order(order)) => order.state.is_open(),
            (Kind::Ticket, Record::Ticket(ticket)) => ticket.state.is_open(),
            _ => false,
        };
        self.held.mine.iter().filter(is).collect()
    }

    /// One slot back.
    pub(super) fn back(&mut self) {
        let Some(running) = &mut self.state.running else {
            self.menu = true;
            return;
        };
        running.misses = 0;
        running.about = None;
        // The way back leads over what was asked, not over what was known.
        let flow = self.pack.flow(&running.flow);
        let asked = |slot: &str| {
            flow.is_some_and(|flow| {
                flow.slots.iter().any(|known| {
                    known.name == slot && !matches!(known.kind, SlotKind::Phone | SlotKind::Which(_))
                })
            })
        };
        match running.filled.iter().rposition(|filled| asked(&filled.slot)) {
            Some(place) => {
                let filled = running.filled.remove(place);
                running.asking = filled.slot;
            }
            None => self.part(&["at_first_step"], &[]),
        }
    }

    /// Asks for the next slot, or carries the flow out.
    pub(super) fn advance(&mut self) {
        // Each flow asks or ends; `then` has no rings, and a conflict takes a value away once.
        for _ in 0..12 {
            if self.state.running.is_none() || self.hand_off.is_some() {
                return;
            }
            self.settle_basket();
            self.settle_time();
            let Some(running) = &self.state.running else { return };
            let Some(flow) = self.pack.flow(&running.flow) else {
                self.drop_flow();
                return;
            };
            let next = flow.slots.iter().find(|slot| open(running, slot));
            match next {
                Some(slot) if self.asked => {
                    let name = slot.name.clone();
                    if let Some(running) = &mut self.state.running
                        && running.asking.is_empty()
                    {
                        running.asking = name;
                    }
                    return;
                }
                Some(slot) => {
                    if self.ask(flow, slot) {
                        return;
                    }
                }
                None => self.act(flow),
            }
        }
    }

    /// Help for the slot that was asked for.
    pub(super) fn help(&mut self) {
        let Some((flow, slot)) = self.slot() else { return };
        let list = match slot.kind {
            SlotKind::Service => Some(crate::pack::List::Services),
            SlotKind::Product => Some(crate::pack::List::Products),
            SlotKind::Place => Some(crate::pack::List::Areas),
            _ => None,
        };
        let first = list.and_then(|list| self.entries(list).first().map(|(_, entry)| self.item(entry).name));
        let first = first.unwrap_or_else(|| "Sinza".to_owned());
        let keys = [format!("help_{}_{}", flow.name, slot.name), format!("help_{}", slot.kind.label())];
        self.part(&[&keys[0], &keys[1]], &[("first", Value::from(first))]);
        self.asked = true;
        let name = slot.name.clone();
        if let Some(running) = &mut self.state.running {
            running.asking = name;
        }
    }

    /// Asks for a slot; `false` where there turned out to be nothing to ask and the flow has to be looked at anew.
    fn ask(&mut self, flow: &'a Flow, slot: &'a Slot) -> bool {
        let again = self.state.running.as_ref().is_some_and(|running| running.asking == slot.name);
        let from = match &self.state.shown {
            Shown::List { from, .. } if again => *from,
            _ => 0,
        };
        self.state.shown = Shown::Menu;
        let own = format!("ask_{}_{}", flow.name, slot.name);
        let mut vars = self.filled_vars();
        let mut default = format!("ask_{}", slot.kind.label());
        match &slot.kind {
            SlotKind::Service => {
                let entries = self.entries(crate::pack::List::Services);
                vars.extend(self.page(entries, from, true));
            }
            SlotKind::Product => {
                let begun = self.state.running.as_ref().is_some_and(|running| !running.basket.is_empty());
                if begun && (!again || from == 0) {
                    default = "product_more".to_owned();
                    self.state.shown = Shown::Menu;
                    let lines = self.lines();
                    vars.push(("items", self.line_items(&lines)));
                    vars.push(("goods", Value::from(self.bot.money(sum(&lines)))));
                } else {
                    let entries = self.entries(crate::pack::List::Products);
                    vars.extend(self.page(entries, from, true));
                }
            }
            SlotKind::Time => {
                if !self.ask_time(&mut vars, from) {
                    return false;
                }
            }
            SlotKind::Place => {
                let entries = self.entries(crate::pack::List::Areas);
                vars.extend(self.page(entries, 0, false));
            }
            SlotKind::Choice(choices) => {
                let titles: Vec<(String, Item)> = choices
                    .iter()
                    .map(|choice| {
                        let key = format!("choice_{}_{}_{}", flow.name, slot.name, choice.key);
                        (choice.key.clone(), Item { name: self.say(&[&key], &[]), ..Item::default() })
                    })
                    .collect();
                let last = titles.last().map(|(_, item)| item.name.clone()).unwrap_or_default();
                let titles = titles.into_iter().map(|(key, item)| (key, item.into())).collect();
                vars.extend(self.page(titles, 0, true));
                vars.push(("last", Value::from(last)));
            }
            SlotKind::Which(kind) => {
                let entries = self.mine(*kind).into_iter().map(|record| self.record_entry(record)).collect();
                vars.extend(self.page(entries, 0, true));
            }
            SlotKind::Confirm => {
                default = format!("confirm_{}", flow.action.label());
                self.remember_to_ask(flow);
            }
            SlotKind::Date | SlotKind::Name | SlotKind::Text | SlotKind::Phone => {}
        }
        let own = if slot.kind == SlotKind::Confirm { format!("confirm_{}", flow.name) } else { own };
        self.part(&[&own, &default], &vars);
        self.asked = true;
        let name = slot.name.clone();
        if let Some(running) = &mut self.state.running {
            running.asking = name;
        }
        true
    }

    /// The free times of the day that was chosen; where there is none left the day is asked for again.
    fn ask_time(&mut self, vars: &mut Vec<(&'static str, Value)>, from: usize) -> bool {
        let (Some(day), Some(wanted)) = (self.filled_date(), self.wanted()) else { return true };
        let free = self.bot.free(wanted, day, self.held, self.now);
        let date = Value::from(self.bot.say_date(day, self.now));
        if free.is_empty() {
            let next = self.bot.next_free_day(wanted, day, self.held, self.now);
            let mut said = vec![("date", date)];
            if let Some(next) = next {
                said.push(("first", Value::from(self.bot.say_date(next, self.now))));
            }
            self.part(&["date_full"], &said);
            self.asked = true;
            if let Some(next) = next {
                self.state.shown = Shown::List { items: vec![next.to_string()], from: 0 };
            }
            if let Some(running) = &mut self.state.running {
                running.filled.retain(|filled| !matches!(filled.value, Filling::Date(_)));
                running.asking = String::new();
            }
            return false;
        }
        let entries = free
            .iter()
            .map(|start| {
                (
                    start.minute.to_string(),
                    Item { name: self.bot.say_time(start.minute), ..Item::default() }.into(),
                )
            })
            .collect();
        vars.extend(self.page(entries, from, true));
        vars.push(("date", date));
        true
    }

    /// An order that is not confirmed is asked for once.
    fn remember_to_ask(&mut self, flow: &Flow) {
        let minutes = self.bot.profile().reminders.ask_order_after_minutes;
        let Some(running) = &self.state.running else { return };
        if let (Action::Order, Some(minutes)) = (&flow.action, minutes) {
            let since = running.since;
            let at = self.now.checked_add(SignedDuration::from_mins(i64::from(minutes))).unwrap_or(self.now);
            self.wakes.push(Wake { key: format!("ask/{since}"), at, timer: Timer::AskOrder { since } });
        }
    }

    /// The basket as an order's lines, with today's prices.
    pub(super) fn lines(&self) -> Vec<OrderLine> {
        let basket = self.state.running.iter().flat_map(|running| &running.basket);
        let lines = basket.filter_map(|line| {
            let product = self.bot.profile().product(&line.code)?;
            Some(OrderLine {
                code: line.code.clone(),
                name: self.bot.product_name(product),
                quantity: line.quantity,
                price: product.price,
            })
        });
        lines.collect()
    }

    fn line_items(&self, lines: &[OrderLine]) -> Value {
        let items = lines.iter().zip(1..).map(|(line, n)| Item {
            n,
            name: line.name.clone(),
            quantity: super::fill::quantity(line.quantity),
            price: self.bot.money(line.price),
            total: self.bot.money(line.price.times(line.quantity)),
            ..Item::default()
        });
        Value::from(Serde(items.collect::<Vec<_>>()))
    }

    /// What is filled, as a template sees it.
    pub(super) fn filled_vars(&self) -> Vec<(&'static str, Value)> {
        let mut vars = Vec::new();
        let Some(running) = &self.state.running else { return vars };
        let (mut day, mut minute, mut fee) = (None, None, Amount::NONE);
        for filled in &running.filled {
            match &filled.value {
                Filling::Service(code) => {
                    if let Some(service) = self.bot.profile().service(code) {
                        vars.push(("service", Value::from(self.bot.service_name(service))));
                        vars.push(("minutes", Value::from(service.minutes)));
                        if let Some(price) = service.price {
                            vars.push(("price", Value::from(self.bot.money(price))));
                        }
                    }
                }
                Filling::Date(date) => day = Some(*date),
                Filling::Time(time) => minute = Some(*time),
                Filling::Name(name) => vars.push(("name", Value::from(name.as_str()))),
                Filling::Place { name, fee: costs } => {
                    fee = *costs;
                    vars.push(("place", Value::from(name.as_str())));
                    vars.push(("fee", Value::from(self.bot.money(*costs))));
                }
                Filling::Choice(name) if filled.slot == "with" => {
                    vars.push(("with", Value::from(name.as_str())));
                }
                Filling::Choice(key) => {
                    let key = format!("choice_{}_{}_{key}", running.flow, filled.slot);
                    vars.push(("choice", Value::from(self.say(&[&key], &[]))));
                }
                Filling::Text(text) if !text.is_empty() => vars.push(("text", Value::from(text.as_str()))),
                Filling::Record(reference) => {
                    vars.push(("reference", Value::from(reference.as_str())));
                    let record = self.held.mine.iter().find(|record| record.reference() == reference);
                    if let Some(record) = record {
                        let (_, item) = self.record_item(record);
                        if let Record::Booking(booking) = record {
                            vars.push(("service", Value::from(booking.service_name.as_str())));
                        }
                        let text = if item.when.is_empty() {
                            item.name
                        } else {
                            format!("{}, {}", item.name, item.when)
                        };
                        vars.push(("text", Value::from(text.trim_matches([',', ' ']).to_owned())));
                    }
                }
                _ => {}
            }
        }
        if let Some(date) = day {
            vars.push(("date", Value::from(self.bot.say_date(date, self.now))));
            if let Some(at) = minute.and_then(|minute| self.bot.instant(date, minute)) {
                vars.push(("when", Value::from(self.bot.say_when(at, self.now))));
            }
        }
        if let Some(minute) = minute {
            vars.push(("time", Value::from(self.bot.say_time(minute))));
        }
        let lines = self.lines();
        if !lines.is_empty() {
            let goods = sum(&lines);
            vars.push(("items", self.line_items(&lines)));
            vars.push(("goods", Value::from(self.bot.money(goods))));
            vars.push(("total", Value::from(self.bot.money(goods.plus(fee)))));
        }
        vars
    }
}
