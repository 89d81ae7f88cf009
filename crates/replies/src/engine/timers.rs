//! What is said without having been asked: reminders, "we missed you", an order that was not confirmed.

use jiff::{SignedDuration, Timestamp};
use minijinja::Value;

use super::{
    bot::Bot,
    outcome::{Outcome, Reply, Silence, Timer, Wake},
    talk::Talk,
};
use crate::{Booking, BookingState, Record};

/// A reminder that would go out sooner than this after the booking was made says nothing new.
const NOT_JUST_MADE: SignedDuration = SignedDuration::from_mins(30);
/// A reminder later than this before the booking comes too late.
const TOO_LATE: SignedDuration = SignedDuration::from_mins(10);

/// The timers that a record needs as it now is, also after a person changed it. Keys are unique in a contact's timers.
#[must_use]
pub fn of(bot: &Bot, record: &Record, now: Timestamp) -> Vec<Wake> {
    let Record::Booking(booking) = record else { return Vec::new() };
    let reminders = &bot.profile().reminders;
    match booking.state {
        BookingState::Booked => {
            let wakes = reminders.before_minutes.iter().filter_map(|minutes| {
                let at = booking.at.checked_sub(SignedDuration::from_mins(i64::from(*minutes))).ok()?;
                let soonest = now.checked_add(NOT_JUST_MADE).ok()?;
                (at > soonest).then(|| reminder(booking, at))
            });
            wakes.collect()
        }
        BookingState::Missed if reminders.missed_you => vec![Wake {
            key: format!("missed/{}/{}", booking.reference, booking.at),
            at: now,
            timer: Timer::MissedYou { reference: booking.reference.clone() },
        }],
        _ => Vec::new(),
    }
}

fn reminder(booking: &Booking, at: Timestamp) -> Wake {
    Wake {
        key: format!("remind/{}/{}/{at}", booking.reference, booking.at),
        at,
        timer: Timer::Reminder { reference: booking.reference.clone(), booked_for: booking.at },
    }
}

impl Talk<'_> {
    /// A time has come.
    pub(super) fn due(mut self, timer: &Timer) -> Outcome {
        // Nobody is written to who never wrote.
        if self.state.answered_at.is_none() {
            return Outcome::silent(Silence::NotDue, self.state);
        }
        let wait = self.bot.may_disturb(self.now).err();
        let said = match timer {
            Timer::Reminder { reference, booked_for } => self.remind(reference, *booked_for, wait),
            Timer::MissedYou { reference } => self.missed(reference, wait),
            Timer::AskOrder { since } => self.ask_order(*since, wait),
        };
        match said {
            Said::Text(text) if !text.is_empty() => Outcome {
                replies: vec![Reply { text, quotes: None }],
                conversation: self.state,
                ..Outcome::default()
            },
            Said::Later(wake) => {
                self.wakes.push(wake);
                Outcome { wake_at: self.wakes, ..Outcome::silent(Silence::NotDue, self.state) }
            }
            _ => Outcome::silent(Silence::NotDue, self.state),
        }
    }

    fn booking(&self, reference: &str) -> Option<&Booking> {
        self.held.mine.iter().find_map(|record| match record {
            Record::Booking(booking) if booking.reference == reference => Some(booking),
            _ => None,
        })
    }

    fn remind(&self, reference: &str, booked_for: Timestamp, wait: Option<Timestamp>) -> Said {
        let Some(booking) = self.booking(reference).filter(|booking| booking.at == booked_for) else {
            return Said::Nothing;
        };
        let late = |at: Timestamp| at.checked_add(TOO_LATE).is_ok_and(|late| late > booking.at);
        if !booking.state.is_open() || late(self.now) {
            return Said::Nothing;
        }
        match wait {
            Some(at) if late(at) => Said::Nothing,
            Some(at) => Said::Later(reminder(booking, at)),
            None => Said::Text(self.say(&["reminder"], &self.booking_vars(booking))),
        }
    }

    fn missed(&self, reference: &str, wait: Option<Timestamp>) -> Said {
        let Some(booking) = self.booking(reference).filter(|booking| booking.state == BookingState::Missed)
        else {
            return Said::Nothing;
        };
        let timer = Timer::MissedYou { reference: reference.to_owned() };
        match wait {
            Some(at) => {
                Said::Later(Wake { key: format!("missed/{reference}/{}/{at}", booking.at), at, timer })
            }
            None => Said::Text(self.say(&["missed_you"], &self.booking_vars(booking))),
        }
    }

    fn ask_order(&mut self, since: Timestamp, wait: Option<Timestamp>) -> Said {
        let asks = |running: &super::state::Running| running.since == since && running.asking == "confirm";
        if !self.state.running.as_ref().is_some_and(asks) || self.state.asked_to_go_on.is_some() {
            return Said::Nothing;
        }
        if let Some(at) = wait {
            let timer = Timer::AskOrder { since };
            return Said::Later(Wake { key: format!("ask/{since}/{at}"), at, timer });
        }
        // Their yes is an answer to this, and not to whether to go on.
        self.state.answered_at = Some(self.now);
        Said::Text(self.say(&["ask_order"], &self.filled_vars()))
    }

    fn booking_vars(&self, booking: &Booking) -> Vec<(&'static str, Value)> {
        vec![
            ("service", Value::from(booking.service_name.as_str())),
            ("when", Value::from(self.bot.say_when(booking.at, self.now))),
            ("reference", Value::from(booking.reference.as_str())),
            ("name", Value::from(booking.name.as_str())),
        ]
    }
}

enum Said {
    Text(String),
    Later(Wake),
    Nothing,
}
