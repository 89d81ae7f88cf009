//! The business profile: what a tenant tells its bot, beside its opening hours. One versioned document, which the control
//! plane checks ([`Profile::check`]), keeps as JSON and sends down the link.

mod bounds;
mod check;
mod defaults;
mod fault;
mod table;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use bounds::Bounds;
pub use check::check_hours;
pub(crate) use domain::minute_of;
pub use domain::{Closed, Day, Hours, Span, Text};
pub use fault::{Fault, Field, Wrong};
pub use table::{TableError, read_catalogue, read_services, write_catalogue, write_services};

use crate::Amount;

/// What a tenant tells its bot. Every part may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// Grows with every change; given by the control plane, ignored in a file that is imported.
    pub version: i64,
    /// How customers reach the business otherwise.
    pub contact: Contact,
    /// What can be booked.
    pub services: Vec<Service>,
    /// What can be ordered.
    pub catalogue: Vec<Product>,
    /// Questions that customers ask, with their answers.
    pub questions: Vec<Question>,
    /// When and how much can be booked.
    pub booking: BookingRules,
    /// How an order reaches its customer.
    pub delivery: Delivery,
    /// What the bot says without having been asked.
    pub reminders: Reminders,
    /// Words on which a person comes at once, such as `bleeding`; each up to four words long.
    pub urgent_words: Vec<String>,
    /// Whom the bot leaves alone, and when.
    pub manners: Manners,
    /// Texts of the pack that this tenant says differently, by their keys; templates, like the pack's own.
    pub texts: BTreeMap<String, Text>,
}

/// How customers reach the business otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Contact {
    /// A telephone number as people write it.
    pub phone: Option<String>,
    /// Where it is.
    pub address: Text,
    /// A link to a map, `https://…`.
    pub map_link: Option<String>,
}

/// Something that takes time and can be booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Short name that never changes, such as `braids`: lower case, digits, `-` and `_`.
    pub code: String,
    /// What customers read.
    pub name: Text,
    /// Other words that mean it.
    #[serde(default)]
    pub words: Vec<String>,
    /// What it costs; `None` where that depends.
    #[serde(default)]
    pub price: Option<Amount>,
    /// How long it takes, in minutes, in steps of five.
    pub minutes: u16,
    /// Who does it, each one customer at a time; empty where that does not matter.
    #[serde(default)]
    pub staff: Vec<String>,
    /// How many customers at once, on places of its own; `None`: on the places that all services share
    /// ([`BookingRules::at_once`]). Not together with `staff`.
    #[serde(default)]
    pub at_once: Option<u16>,
    /// Whether it is offered now.
    #[serde(default = "yes")]
    pub on: bool,
}

/// Something that can be ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Short name that never changes, such as `rice-5`: lower case, digits, `-` and `_`.
    pub code: String,
    /// What customers read.
    pub name: Text,
    /// Other words that mean it.
    #[serde(default)]
    pub words: Vec<String>,
    /// What one costs.
    pub price: Amount,
    /// What one is, such as kilo or pair.
    #[serde(default)]
    pub unit: Text,
    /// Whether halves and quarters are sold.
    #[serde(default)]
    pub parts: bool,
    /// How many there were when they were counted; `None`: always there.
    #[serde(default)]
    pub stock: Option<Amount>,
    /// The profile's version with which `stock` was counted: where it grows, the journal counts anew from `stock`; with
    /// the same, what was sold since stays sold. Given by the control plane.
    #[serde(default)]
    pub stock_counted: i64,
    /// When `stock` was counted; `None` where that was before times were kept. Given by the control plane.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock_counted_at: Option<Timestamp>,
    /// Under what it stands in lists.
    #[serde(default)]
    pub category: Text,
    /// Whether it is offered now.
    #[serde(default = "yes")]
    pub on: bool,
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// As a customer would ask it.
    pub question: Text,
    /// Words that mean it, each up to four words long. Without any the words of the question itself count.
    #[serde(default)]
    pub words: Vec<String>,
    /// What the bot says.
    pub answer: Text,
}

/// When and how much can be booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BookingRules {
    /// How long before its beginning a booking is still taken, in minutes.
    pub lead_minutes: u32,
    /// For how many days from today, today included, bookings are taken.
    pub days_ahead: u16,
    /// At which distance bookings begin, in minutes from the opening, in steps of five.
    pub slot_minutes: u16,
    /// How many customers at once where a service says nothing else.
    pub at_once: u16,
}

impl Default for BookingRules {
    fn default() -> Self {
        Self { lead_minutes: 60, days_ahead: 30, slot_minutes: 30, at_once: 1 }
    }
}

/// How an order reaches its customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Delivery {
    /// Whether customers may fetch it.
    pub pick_up: bool,
    /// Where it is brought, and for what fee.
    pub areas: Vec<Area>,
    /// The fee for any other place; `None`: brought nowhere else.
    pub elsewhere: Option<Amount>,
}

impl Default for Delivery {
    fn default() -> Self {
        Self { pick_up: true, areas: Vec::new(), elsewhere: None }
    }
}

impl Delivery {
    /// Whether anything is brought anywhere.
    #[must_use]
    pub fn brings(&self) -> bool {
        !self.areas.is_empty() || self.elsewhere.is_some()
    }
}

/// A part of town to which orders are brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Its name.
    pub name: Text,
    /// What bringing costs.
    pub fee: Amount,
}

/// What the bot says without having been asked. Nothing to who opted out or never wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reminders {
    /// How long before a booking a reminder goes out, in minutes; several may.
    pub before_minutes: Vec<u32>,
    /// Whether who did not come is told that they were missed.
    pub missed_you: bool,
    /// After how many minutes an order that was put together and not confirmed is asked for once, YES or NO; `None`: never.
    pub ask_order_after_minutes: Option<u32>,
}

impl Default for Reminders {
    fn default() -> Self {
        Self { before_minutes: vec![24 * 60, 2 * 60], missed_you: true, ask_order_after_minutes: Some(60) }
    }
}

/// Whom the bot leaves alone, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Manners {
    /// Numbers of people whom the bot never answers, as people write them with the country's code.
    pub left_alone: Vec<String>,
    /// Whether only people are answered with whom the phone had not chatted before it was linked.
    pub only_new_people: bool,
    /// For how long the bot keeps quiet in a chat that a person took over, in minutes since the person's last word.
    pub hand_off_minutes: u32,
    /// After how many minutes of silence a customer in the middle of something is asked whether to go on.
    pub go_on_after_minutes: u32,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            left_alone: Vec::new(),
            only_new_people: false,
            hand_off_minutes: 240,
            go_on_after_minutes: 30,
        }
    }
}

const fn yes() -> bool {
    true
}

impl Profile {
    /// Reads a profile as it was exported, checks it and puts `version` in place of the file's.
    ///
    /// # Errors
    /// Where it is no JSON of a profile, or a field is out of bounds: all that is wrong.
    pub fn import(json: &[u8], version: i64) -> Result<Self, Vec<Fault>> {
        if json.len() > Bounds::FILE_BYTES {
            return Err(vec![Fault::whole(Wrong::TooLarge { most: Bounds::FILE_BYTES / 1024 })]);
        }
        // A list would be read as fields in their order, and an empty one as a profile that tells nothing.
        if json.trim_ascii_start().first().is_some_and(|first| *first == b'[') {
            let why = words::profile::no_object().to_owned();
            return Err(vec![Fault::whole(Wrong::Unreadable { why })]);
        }
        let mut profile: Self = serde_json::from_slice(json)
            .map_err(|error| vec![Fault::whole(Wrong::Unreadable { why: error.to_string() })])?;
        profile.version = version;
        let faults = profile.check();
        if faults.is_empty() { Ok(profile) } else { Err(faults) }
    }

    /// The profile as one JSON file.
    #[must_use]
    pub fn export(&self) -> String {
        // A struct of texts, numbers and lists is always JSON.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The service with this code, where it is offered.
    #[must_use]
    pub fn service(&self, code: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.code == code && service.on)
    }

    /// The product with this code, where it is offered.
    #[must_use]
    pub fn product(&self, code: &str) -> Option<&Product> {
        self.catalogue.iter().find(|product| product.code == code && product.on)
    }
}
