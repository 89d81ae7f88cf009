//! A conversation as the phone shows it.

use askama::{Template, filters::HtmlSafe};
use domain::{Delivery, Timestamp};
use jiff::tz::TimeZone;

use super::{
    Icon,
    marked::{self, Piece},
};

/// One message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bubble {
    /// Unique on the page.
    pub id: String,
    /// The day, where it is another one than that of the message above.
    pub day: Option<String>,
    /// Whether the business wrote it.
    pub out: bool,
    /// The text.
    pub text: String,
    /// RFC 3339.
    pub at: String,
    /// Hours and minutes in the tenant's zone.
    pub clock: String,
    /// Why it got no reply; shown of a customer's alone.
    pub silence: Option<String>,
    /// Who wrote it for the business, by name; `None` where that goes without saying.
    pub who: Option<String>,
    /// Where it stands in its chat, of a message that a search has found.
    pub place: Option<String>,
    /// Whether it is the message that is looked for.
    pub found: bool,
    /// How far it has come, of a message of the business of which that is told.
    pub tick: Option<Tick>,
}

/// How far a message of the business has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    delivery: Delivery,
    /// In words, with why it never arrives.
    says: String,
}

impl Tick {
    /// The tick of a message that has come so far, with why it never arrives, where it does not.
    #[must_use]
    pub fn new(delivery: Delivery, reason: Option<&str>) -> Self {
        Self { delivery, says: words::delivery::sentence(delivery, reason) }
    }

    /// As on a phone.
    const fn icon(&self) -> Icon {
        Icon(match self.delivery {
            Delivery::Waiting => "clock",
            Delivery::Failed => "alert",
            Delivery::Sent => "check",
            Delivery::Delivered | Delivery::Read | Delivery::Played => "checks",
        })
    }

    /// Its name in the stylesheet.
    const fn class(&self) -> &'static str {
        match self.delivery {
            Delivery::Waiting => "waiting",
            Delivery::Failed => "failed",
            Delivery::Sent => "sent",
            Delivery::Delivered => "delivered",
            Delivery::Read | Delivery::Played => "read",
        }
    }

    /// What stands beneath the message, where it never arrives.
    fn beneath(&self) -> Option<&str> {
        (self.delivery == Delivery::Failed).then_some(self.says.as_str())
    }
}

impl Bubble {
    fn pieces(&self) -> Vec<Piece<'_>> {
        marked::pieces(&self.text)
    }
}

/// The days of the lines of a chat, from the oldest on: each is named above its first line alone.
#[derive(Debug, Default)]
pub struct Days(Option<String>);

impl Days {
    /// The day to name above the next line, which is of this one.
    pub fn above(&mut self, day: String) -> Option<String> {
        if self.0.as_ref() == Some(&day) {
            return None;
        }
        self.0 = Some(day.clone());
        Some(day)
    }
}

/// Messages, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/chat.html")]
pub struct Chat {
    /// The messages.
    pub lines: Vec<Bubble>,
}

impl HtmlSafe for Chat {}

impl Chat {
    /// A trial's lines, oldest first: whether the bot said each, what was said, empty where it keeps quiet, and when.
    pub fn tried(lines: impl IntoIterator<Item = (bool, String, Timestamp)>, zone: &TimeZone) -> Self {
        let mut days = Days::default();
        let line = |(number, (bot, text, at)): (usize, (bool, String, Timestamp))| {
            let local = at.to_zoned_datetime(zone.clone());
            Bubble {
                id: format!("said-{number}"),
                day: days.above(words::date::of(local.day(), local.month(), local.year())),
                // As on the phone of the business: what the bot says goes out.
                out: bot,
                text: if text.is_empty() { words::trying::silent().to_owned() } else { text },
                at: at.to_string(),
                clock: local.strftime("%H:%M").to_string(),
                ..Bubble::default()
            }
        };
        Self { lines: lines.into_iter().enumerate().map(line).collect() }
    }

    /// How far a trial's time has come, in words.
    #[must_use]
    pub fn passed(now: Timestamp, zone: &TimeZone) -> String {
        let now = now.to_zoned_datetime(zone.clone());
        let day = words::date::of(now.day(), now.month(), now.year());
        words::trying::passed(format!("{day} {}", now.strftime("%H:%M")))
    }
}
