//! What customers want of a salon and a shop, and what they answer until they have it or know that they will not: they
//! listen, so that two of them can want the same. And what a person enters meanwhile.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{plan::Named, shop::clock};

/// What a customer wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "snake_case")]
pub enum Wish {
    /// A service, at the first of these minutes of the day that is free.
    Book {
        /// Its word.
        service: String,
        /// Minutes since midnight.
        times: Vec<u16>,
    },
    /// To come at another time.
    Move {
        /// Minutes since midnight.
        times: Vec<u16>,
    },
    /// Not to come, or not to have what was ordered.
    Cancel,
    /// So many of a product, or what is left of it.
    Order {
        /// Its word.
        product: String,
        /// How many.
        quantity: u8,
    },
}

/// A customer and what they want.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Want {
    /// Which customer.
    pub who: usize,
    /// Under which name they write.
    pub named: Named,
    /// What.
    pub wish: Wish,
}

/// What a person enters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "hand", rename_all = "snake_case")]
pub enum Hand {
    /// Nobody can come in this hour.
    Block {
        /// Minutes since midnight.
        minute: u16,
    },
    /// The first booking that is open moves.
    Move {
        /// Minutes since midnight.
        minute: u16,
    },
    /// The first record that is open stands elsewhere from now on.
    State {
        /// By its word.
        state: String,
    },
}

/// Whoever is named is ended by SIGKILL while customers and persons are at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Midst {
    /// After so many events of the virtual WhatsApp.
    pub events: u64,
    /// The worker.
    pub worker: bool,
    /// The control plane.
    pub control: bool,
}

/// What a customer does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// Writes this.
    Say(String),
    /// Says yes, at the same moment as whoever else is about to.
    Agree,
    /// They have what they wanted, or will not get it.
    Done,
}

/// Ends a deal, by what the bot says.
const OVER: [&str; 9] = [
    "Booked!",
    "Your number is still",
    "is cancelled.",
    "Your order is *",
    "dropped that",
    "You have no booking",
    "You have no order",
    "can't be",
    "nothing to go back to",
];

/// One customer on the way to what they want.
pub(super) struct Deal<'a> {
    wish: &'a Wish,
    name: &'a str,
    day: Date,
    /// The next of the times.
    time: usize,
    /// How often nothing fitted.
    lost: u32,
}

impl<'a> Deal<'a> {
    pub(super) const fn new(wish: &'a Wish, name: &'a str, day: Date) -> Self {
        Self { wish, name, day, time: 0, lost: 0 }
    }

    fn date(&self) -> String {
        self.day.strftime("%-d %b").to_string()
    }

    /// The next time that would do.
    fn another(&mut self) -> Option<String> {
        let (Wish::Book { times, .. } | Wish::Move { times }) = self.wish else { return None };
        let minute = times.get(self.time).copied()?;
        self.time += 1;
        Some(clock(minute))
    }

    /// What they write first.
    pub(super) fn begin(&mut self) -> String {
        let date = self.date();
        match self.wish {
            Wish::Book { service, .. } => {
                let at = self.another().unwrap_or_default();
                format!("book {service} on {date} at {at}")
            }
            Wish::Move { .. } => "change".to_owned(),
            Wish::Cancel => "cancel".to_owned(),
            Wish::Order { product, quantity } => format!("order {quantity} {product}"),
        }
    }

    /// What they do about what they heard.
    pub(super) fn next(&mut self, heard: &str) -> Next {
        let says = |words: &str| heard.contains(words);
        if OVER.iter().any(|words| says(words)) {
            return Next::Done;
        }
        if says("Shall we go on?") {
            return Next::Say("no".to_owned());
        }
        if says("*YES* or *NO*") {
            return Next::Agree;
        }
        if says("sold out") {
            return Next::Say("cancel".to_owned());
        }
        if let Some((_, rest)) = heard.split_once(": only ") {
            let left: String = rest.chars().take_while(char::is_ascii_digit).collect();
            return Next::Say(left);
        }
        if says("What name") {
            return Next::Say(self.name.to_owned());
        }
        if says("On which day") || says("Which day") {
            return Next::Say(self.date());
        }
        if says("at what time?") || says("is not free") || says("just been taken") {
            return Next::Say(self.another().unwrap_or_else(|| "cancel".to_owned()));
        }
        if says("Anything else?") {
            return Next::Say("done".to_owned());
        }
        if says("will you fetch it?") {
            return Next::Say("2".to_owned());
        }
        if says("Which one?") {
            return Next::Say("1".to_owned());
        }
        if says(" is full.") || says("too soon") || says("basket is empty") {
            return Next::Say("cancel".to_owned());
        }
        self.lost += 1;
        if self.lost > 2 {
            return Next::Done;
        }
        self.time = 0;
        Next::Say(self.begin())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_takes_the_next_time_and_gives_up_after_the_last() {
        let wish = Wish::Book { service: "haircut".to_owned(), times: vec![960, 990] };
        let day = Date::constant(2026, 3, 2);
        let mut deal = Deal::new(&wish, "Asha", day);
        assert_eq!(deal.begin(), "book haircut on 2 Mar at 16:00");
        assert_eq!(deal.next("What name shall we put down?"), Next::Say("Asha".to_owned()));
        assert_eq!(deal.next("Haircut. Shall we book it? *YES* or *NO*"), Next::Agree);
        let taken = "Monday 2 March at 16:00 has just been taken.\n\nMonday 2 March: at what time?";
        assert_eq!(deal.next(taken), Next::Say("16:30".to_owned()));
        assert_eq!(deal.next("16:30 is not free."), Next::Say("cancel".to_owned()));
        assert_eq!(deal.next("Fine, I've dropped that."), Next::Done);
    }

    #[test]
    fn a_customer_takes_what_is_left() {
        let wish = Wish::Order { product: "rice".to_owned(), quantity: 4 };
        let mut deal = Deal::new(&wish, "Asha", Date::constant(2026, 3, 2));
        assert_eq!(deal.begin(), "order 4 rice");
        assert_eq!(deal.next("Rice: only 2 left. How many would you like?"), Next::Say("2".to_owned()));
        assert_eq!(deal.next("Rice: sold out, sorry."), Next::Say("cancel".to_owned()));
        assert_eq!(deal.next("Thank you! Your order is *O-1001*, together 5,000."), Next::Done);
    }
}
