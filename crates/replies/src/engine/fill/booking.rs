//! Services, who does them, days and times.

use minijinja::Value;

use super::{
    super::{
        bot::Thing,
        free::{NotFree, Wanted},
        state::{Shown, Value as Filling},
        talk::Talk,
    },
    Fill,
};
use crate::{
    Service,
    understand::{Token, clock, dates},
};

impl<'a> Talk<'a> {
    /// Services that the words name, the longest name first.
    pub(in crate::engine) fn services_in(&self, words: &[Token]) -> Vec<(&'a Service, usize)> {
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

    pub(super) fn take_service(&mut self, slot: &str, code: &str) -> Fill {
        if self.bot.profile().service(code).is_none() {
            return Fill::Not;
        }
        self.set(slot, Filling::Service(code.to_owned()));
        if let Some(running) = &mut self.state.running {
            running.empty("with");
        }
        Fill::Done
    }

    pub(super) fn take_staff(&mut self, words: &[Token]) -> bool {
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
    pub(in crate::engine) fn wanted(&self) -> Option<Wanted<'_>> {
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

    pub(super) fn take_named(&mut self, slot: &str, named: dates::Named) -> Fill {
        match named {
            dates::Named::Day(day) => self.take_date(slot, day),
            dates::Named::Past(day) => {
                let date = self.bot.say_date(day, self.now);
                self.refuse(slot, "date_past", &[("date", Value::from(date))])
            }
            dates::Named::NoSuchDay => self.refuse(slot, "date_no_such", &[]),
        }
    }

    pub(super) fn take_date(&mut self, slot: &str, day: jiff::civil::Date) -> Fill {
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
    pub(super) fn suggest(
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

    pub(super) fn refuse(&mut self, slot: &str, key: &str, vars: &[(&'static str, Value)]) -> Fill {
        if let Some(running) = &mut self.state.running {
            running.empty(slot);
            slot.clone_into(&mut running.asking);
        }
        self.part(&[key], vars);
        self.asked = true;
        Fill::Refused
    }

    pub(super) fn take_time(&mut self, slot: &str, said: clock::Said) -> Fill {
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
    pub(super) fn likelier(&self, first: u16, second: u16) -> u16 {
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

    pub(in crate::engine) fn filled_date(&self) -> Option<jiff::civil::Date> {
        let running = self.state.running.as_ref()?;
        running.filled.iter().find_map(|filled| match filled.value {
            Filling::Date(day) => Some(day),
            _ => None,
        })
    }

    /// A time that cannot be is taken away again, and why is said.
    pub(in crate::engine) fn settle_time(&mut self) {
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
