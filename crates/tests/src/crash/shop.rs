//! What the tenant of a try does for a living: customer care alone, or bookings, or orders.

use domain::{Clock as _, SystemClock, Timestamp};
use jiff::{SignedDuration, ToSpan as _, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Where all of them are.
pub(super) const ZONE: &str = "Africa/Dar_es_Salaam";
/// How long before a booking the salon reminds of it.
pub(super) const REMINDS_BEFORE: SignedDuration = SignedDuration::from_hours(4);
/// What there is of the shop's scarce product.
pub(super) const STOCK: u64 = 5;
/// The day on which everybody wants to come, in days from now.
const DAYS: i32 = 2;
/// The minute of that day to which the clock is moved: after the reminders of all that begins from 16:00 on were due, and
/// before any of them is too late.
const MOVED_TO: (i8, i8) = (14, 5);

/// What a tenant does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shop {
    /// Customer care.
    #[default]
    Care,
    /// A salon: a haircut for one at once, braids for two.
    Salon,
    /// A shop with little rice and soap without end.
    Store,
}

impl Shop {
    /// All.
    pub const ALL: [Self; 3] = [Self::Care, Self::Salon, Self::Store];

    /// The pack by which it answers.
    pub(super) const fn pack(self) -> &'static str {
        match self {
            Self::Care => "SUPPORT",
            Self::Salon => "BOOKING",
            Self::Store => "ECOMMERCE",
        }
    }

    /// Its business profile with the `turn`th address, where it is not the one that every new tenant begins with.
    pub(super) fn profile(self, turn: usize) -> Option<Value> {
        let name = |name: &str| json!({ "en": name, "sw": name });
        let contact = json!({ "address": name(&format!("Market Street {turn}")) });
        match self {
            Self::Care => None,
            Self::Salon => Some(json!({
                "contact": contact,
                "services": [
                    { "code": "haircut", "name": name("Haircut"), "words": ["haircut"], "minutes": 30 },
                    { "code": "braids", "name": name("Braids"), "words": ["braids"], "minutes": 60, "at_once": 2 },
                ],
                "booking": { "lead_minutes": 60, "days_ahead": 30, "slot_minutes": 30, "at_once": 1 },
                "reminders": {
                    "before_minutes": [REMINDS_BEFORE.as_mins()], "missed_you": true, "ask_order_after_minutes": null,
                },
            })),
            Self::Store => Some(json!({
                "contact": contact,
                "catalogue": [
                    { "code": "rice", "name": name("Rice"), "words": ["rice"], "price": "2500", "stock": STOCK.to_string() },
                    { "code": "soap", "name": name("Soap"), "words": ["soap"], "price": "900" },
                ],
                "delivery": { "pick_up": true, "areas": [], "elsewhere": null },
                "reminders": { "before_minutes": [], "missed_you": false, "ask_order_after_minutes": null },
            })),
        }
    }

    /// Whose time a service takes at most.
    pub(super) fn lanes(service: &str) -> &'static [&'static str] {
        match service {
            "braids" => &["braids/1", "braids/2"],
            _ => &["/1"],
        }
    }
}

pub(super) fn zone() -> TimeZone {
    TimeZone::get(ZONE).expect("the zone is compiled in")
}

/// The day on which everybody wants to come.
pub(super) fn day() -> Date {
    let today = SystemClock.now().to_zoned_datetime(zone()).date();
    today.checked_add(DAYS.days()).expect("a day of this century")
}

/// By how many milliseconds the clock is moved, and what it then shows.
pub(super) fn ahead(day: Date) -> (i64, Timestamp) {
    let to = zone().to_ambiguous_zoned_datetime(day.at(MOVED_TO.0, MOVED_TO.1, 0, 0));
    let to = to.compatible().expect("a time that there is").timestamp();
    (to.as_millisecond() - SystemClock.now().as_millisecond(), to)
}

/// A time of day as people write it.
pub(super) fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
