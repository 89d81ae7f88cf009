//! Actions: what happens once a flow's slots are filled.

use minijinja::Value;

use super::{
    free::{Start, is_over},
    outcome::Wake,
    state::{HandOffReason, Value as Filling},
    talk::Talk,
    timers,
};
use crate::{
    Amount, Booking, BookingState, By, Change, Kind, Order, OrderState, Record, Ticket, TicketState, Way,
    pack::{Action, Flow, SlotKind},
    records::sum,
};

/// Open records of one kind that a contact may have: nobody fills a calendar from one phone.
const MOST_OPEN: usize = 10;

impl<'a> Talk<'a> {
    /// Carries a flow out; where that is not possible any more takes the value away that stands against it.
    pub(super) fn act(&mut self, flow: &'a Flow) {
        let done = [format!("done_{}", flow.name), format!("done_{}", flow.action.label())];
        let keys = [done[0].as_str(), done[1].as_str()];
        let makes = match flow.action {
            Action::Book => Some(Kind::Booking),
            Action::Order => Some(Kind::Order),
            Action::Ticket => Some(Kind::Ticket),
            _ => None,
        };
        if makes.is_some_and(|kind| self.mine(kind).len() >= MOST_OPEN) {
            self.hand_over(HandOffReason::Asked, None);
            return;
        }
        match &flow.action {
            Action::Book => self.book(&keys),
            Action::Change => self.change(&keys),
            Action::Cancel(kind) => self.cancel(*kind, &keys),
            Action::Order => self.order(&keys),
            Action::Ticket => self.ticket(&keys),
            Action::Answer(text) => {
                let vars = self.filled_vars();
                self.part(&[text], &vars);
                self.end();
            }
            Action::Person => {
                let said = self.say(&keys, &self.filled_vars());
                let open = self.bot.is_open(self.now) || keys.first().is_some_and(|key| self.has(key));
                let vars = self.note();
                if let Some(note) = vars {
                    self.ticket_of(&note);
                }
                self.hand_over(HandOffReason::Asked, open.then_some(said));
                return;
            }
        }
        let ended = self.state.running.is_none();
        if let (true, Some(then)) = (ended, flow.then.and_then(|then| self.pack.flows.get(then))) {
            self.start(then);
        }
    }

    fn has(&self, key: &str) -> bool {
        !self.say(&[key], &[]).is_empty()
    }

    fn end(&mut self) {
        self.drop_flow();
        self.state.misses = 0;
    }

    /// The time that was chosen, where it is still free; else it is taken away and asked for anew.
    fn chosen(&mut self) -> Option<Start> {
        let minute = self.state.running.as_ref()?.filled.iter().find_map(|filled| match filled.value {
            Filling::Time(minute) => Some(minute),
            _ => None,
        })?;
        let day = self.filled_date()?;
        let wanted = self.wanted()?;
        if let Ok(start) = self.bot.at(wanted, day, minute, self.held, self.now) {
            return Some(start);
        }
        let when =
            self.bot.instant(day, minute).map(|at| self.bot.say_when(at, self.now)).unwrap_or_default();
        self.part(&["time_just_taken"], &[("when", Value::from(when))]);
        if let Some(running) = &mut self.state.running {
            running.filled.retain(|filled| !matches!(filled.value, Filling::Time(_) | Filling::Yes));
            running.asking = String::new();
        }
        None
    }

    fn book(&mut self, done: &[&str]) {
        let Some(start) = self.chosen() else {
            self.unless_chosen();
            return;
        };
        let Some(wanted) = self.wanted() else { return };
        let (service, minutes) = (wanted.service.cloned(), self.bot.minutes(wanted));
        let reference = format!("B-{}", self.held.next.booking);
        let booking = Booking {
            reference: reference.clone(),
            version: 1,
            service: service.as_ref().map(|service| service.code.clone()).unwrap_or_default(),
            service_name: service.as_ref().map(|service| self.bot.service_name(service)).unwrap_or_default(),
            at: start.at,
            minutes,
            lane: start.lane,
            with: start.with.clone(),
            name: self.name(),
            phone: self.phone(),
            price: service.as_ref().and_then(|service| service.price),
            note: self.note(),
            state: BookingState::Booked,
            by: By::Bot,
            made_at: self.now,
            changed_at: self.now,
        };
        let mut vars = self.filled_vars();
        vars.push(("reference", Value::from(reference)));
        vars.push(("with", Value::from(start.with.unwrap_or_default())));
        self.part(done, &vars);
        self.keep(Change::new(Record::Booking(booking)));
        self.end();
    }

    /// A flow whose time is gone and cannot be asked for ends, so that none asks for ever.
    fn unless_chosen(&mut self) {
        let asks = self.state.running.as_ref().and_then(|running| self.pack.flow(&running.flow));
        if !asks.is_some_and(|flow| flow.slots.iter().any(|slot| slot.kind == SlotKind::Time)) {
            self.end();
        }
    }

    fn change(&mut self, done: &[&str]) {
        let Some(Record::Booking(mut booking)) = self.which() else {
            self.gone(Kind::Booking);
            return;
        };
        if !booking.state.is_open() || is_over(booking.at, booking.minutes, self.now) {
            self.part(&["too_late_change"], &[("reference", Value::from(booking.reference))]);
            self.end();
            return;
        }
        let Some(start) = self.chosen() else {
            self.unless_chosen();
            return;
        };
        (booking.at, booking.lane, booking.with) = (start.at, start.lane, start.with.clone());
        (booking.by, booking.changed_at) = (By::Bot, self.now);
        let mut vars = self.filled_vars();
        vars.push(("with", Value::from(start.with.unwrap_or_default())));
        self.part(done, &vars);
        self.keep(Change::of(Record::Booking(booking)));
        self.end();
    }

    fn cancel(&mut self, kind: Kind, done: &[&str]) {
        let Some(mut record) = self.which() else {
            self.gone(kind);
            return;
        };
        let reference = record.reference().to_owned();
        let vars = self.filled_vars();
        let late = match &mut record {
            Record::Booking(booking) => {
                let late = !booking.state.is_open() || is_over(booking.at, booking.minutes, self.now);
                (booking.state, booking.by, booking.changed_at) =
                    (BookingState::Cancelled, By::Bot, self.now);
                late
            }
            Record::Order(order) => {
                let late = !order.state.may_be_cancelled();
                (order.state, order.by, order.changed_at) = (OrderState::Cancelled, By::Bot, self.now);
                late
            }
            Record::Ticket(ticket) => {
                (ticket.state, ticket.by, ticket.changed_at) = (TicketState::Cancelled, By::Bot, self.now);
                false
            }
            Record::Block(_) => true,
        };
        if late {
            self.part(&["too_late"], &[("reference", Value::from(reference))]);
        } else {
            self.part(done, &vars);
            self.keep(Change::of(record));
        }
        self.end();
    }

    fn order(&mut self, done: &[&str]) {
        let lines = self.lines();
        if lines.is_empty() {
            self.part(&["basket_empty"], &[]);
            self.asked = true;
            if let Some(running) = &mut self.state.running {
                running.filled.retain(|filled| !matches!(filled.value, Filling::Basket | Filling::Yes));
                running.asking = String::new();
            }
            return;
        }
        let place = self.state.running.iter().flat_map(|running| &running.filled).find_map(|filled| {
            match &filled.value {
                Filling::Place { name, fee } => Some(Way::Delivery { place: name.clone(), fee: *fee }),
                _ => None,
            }
        });
        let way = place.unwrap_or(Way::PickUp);
        let fee = if let Way::Delivery { fee, .. } = &way { *fee } else { Amount::NONE };
        let total = sum(&lines).plus(fee);
        let reference = format!("O-{}", self.held.next.order);
        let order = Order {
            reference: reference.clone(),
            version: 1,
            lines,
            way,
            total,
            name: self.name(),
            phone: self.phone(),
            note: self.note(),
            state: OrderState::Placed,
            by: By::Bot,
            made_at: self.now,
            changed_at: self.now,
        };
        let mut vars = self.filled_vars();
        vars.push(("reference", Value::from(reference)));
        self.part(done, &vars);
        self.keep(Change::new(Record::Order(order)));
        self.end();
    }

    fn ticket(&mut self, done: &[&str]) {
        let mut vars = self.filled_vars();
        let text = self.note().unwrap_or_default();
        let reference = self.new_ticket(text, false);
        vars.push(("reference", Value::from(reference)));
        self.part(done, &vars);
        self.end();
    }

    /// A ticket for a person who comes at once, where the pack has tickets at all.
    pub(super) fn ticket_of(&mut self, text: &str) {
        let tickets = self.pack.flows.iter().any(|flow| flow.action == Action::Ticket);
        if tickets {
            self.state.running = None;
            self.new_ticket(text.chars().take(1_000).collect(), true);
        }
    }

    fn new_ticket(&mut self, text: String, urgent: bool) -> String {
        let reference = format!("T-{}", self.held.next.ticket);
        let (category, category_name) = self.category().unwrap_or_default();
        let ticket = Ticket {
            reference: reference.clone(),
            version: 1,
            category,
            category_name,
            text,
            name: Some(self.name()).filter(|name| !name.is_empty()),
            phone: self.phone(),
            urgent,
            state: TicketState::Open,
            by: By::Bot,
            made_at: self.now,
            changed_at: self.now,
        };
        self.keep(Change::new(Record::Ticket(ticket)));
        reference
    }

    fn keep(&mut self, change: Change) {
        let wakes: Vec<Wake> = timers::of(self.bot, &change.record, self.now);
        self.wakes.extend(wakes);
        self.records.push(change);
    }

    /// The record that was chosen, as the journal has it.
    fn which(&self) -> Option<Record> {
        let running = self.state.running.as_ref()?;
        let reference = running.filled.iter().find_map(|filled| match &filled.value {
            Filling::Record(reference) => Some(reference),
            _ => None,
        })?;
        self.held.mine.iter().find(|record| record.reference() == reference).cloned()
    }

    fn gone(&mut self, kind: Kind) {
        let key = match kind {
            Kind::Booking => "no_bookings",
            Kind::Order => "no_orders",
            Kind::Ticket => "no_tickets",
        };
        self.part(&[key], &[]);
        self.end();
    }

    fn name(&self) -> String {
        let filled = self.state.running.iter().flat_map(|running| &running.filled).find_map(|filled| {
            match &filled.value {
                Filling::Name(name) => Some(name.clone()),
                _ => None,
            }
        });
        let known = filled.or_else(|| self.state.name.clone()).or_else(|| self.from.push_name.clone());
        known.unwrap_or_default().chars().filter(|c| !c.is_control()).take(60).collect()
    }

    fn phone(&self) -> Option<String> {
        let filled = self.state.running.iter().flat_map(|running| &running.filled).find_map(|filled| {
            match &filled.value {
                Filling::Phone(phone) => Some(phone.clone()),
                _ => None,
            }
        });
        filled.or_else(|| self.from.phone.clone())
    }

    /// The first choice of the flow: key and title.
    fn category(&self) -> Option<(String, String)> {
        let running = self.state.running.as_ref()?;
        running.filled.iter().find_map(|filled| match &filled.value {
            Filling::Choice(key) if filled.slot != "with" => {
                let title = self.say(&[&format!("choice_{}_{}_{key}", running.flow, filled.slot)], &[]);
                Some((key.clone(), title))
            }
            _ => None,
        })
    }

    /// All that was written in words, and for a booking what was chosen beside it.
    fn note(&self) -> Option<String> {
        let running = self.state.running.as_ref()?;
        let flow = self.pack.flow(&running.flow)?;
        let chosen = flow.action == Action::Book;
        let texts = running.filled.iter().filter_map(|filled| match &filled.value {
            Filling::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Filling::Choice(key) if chosen && filled.slot != "with" => {
                Some(self.say(&[&format!("choice_{}_{}_{key}", running.flow, filled.slot)], &[]))
            }
            _ => None,
        });
        let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
        (!texts.is_empty()).then(|| texts.join("\n"))
    }
}
