//! A record as a line, for people.

use domain::Timestamp;
use jiff::tz::TimeZone;
use replies::{Order, Record, Way};
use store::StoredRecord;
use web::ui::{Pill, Tone};

/// What is told of a record in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) reference: String,
    pub(crate) state: Pill,
    /// The day and the time of day at which it stands.
    pub(crate) day: String,
    pub(crate) time: String,
    pub(crate) who: String,
    pub(crate) phone: String,
    pub(crate) contact: Option<String>,
    pub(crate) what: String,
    pub(crate) note: String,
    pub(crate) total: String,
}

/// Words of a customer that a line shows.
const SHOWN: usize = 200;

impl Line {
    pub(crate) fn of(stored: &StoredRecord, zone: &TimeZone, currency: &str) -> Self {
        let at = stored.stands_at.to_zoned_datetime(zone.clone());
        let mut line = Self {
            reference: stored.reference.clone(),
            state: Pill::new(tone(stored), super::state(&stored.state)),
            day: words::date::of(at.day(), at.month(), at.year()),
            time: at.strftime("%H:%M").to_string(),
            who: String::new(),
            phone: String::new(),
            contact: stored.contact.clone(),
            what: String::new(),
            note: String::new(),
            total: String::new(),
        };
        // One that is of a later version of the journal than this program knows is shown by what stands beside it.
        if let Ok(record) = serde_json::from_value(stored.body.clone()) {
            line.tell(record, currency);
        }
        line
    }

    fn tell(&mut self, record: Record, currency: &str) {
        let money = |amount: replies::Amount| format!("{currency} {}", amount.grouped());
        match record {
            Record::Booking(booking) => {
                let mut what = vec![booking.service_name, words::books::minutes(booking.minutes)];
                what.extend(booking.with.map(words::books::with));
                what.retain(|part| !part.is_empty());
                self.what = what.join(" · ");
                self.who = booking.name;
                self.phone = booking.phone.unwrap_or_default();
                self.note = booking.note.unwrap_or_default();
                self.total = booking.price.map(money).unwrap_or_default();
            }
            Record::Order(order) => {
                self.what = goods(&order);
                self.who = order.name;
                self.phone = order.phone.unwrap_or_default();
                self.note = order.note.unwrap_or_default();
                self.total = money(order.total);
            }
            Record::Ticket(ticket) => {
                let urgent = ticket.urgent.then(|| words::books::urgent().to_owned());
                let parts = [urgent, Some(ticket.category_name), Some(ticket.text)];
                let told: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
                self.what = told.join(" · ");
                self.who = ticket.name.unwrap_or_default();
                self.phone = ticket.phone.unwrap_or_default();
            }
            Record::Block(block) => {
                let parts = [Some(words::books::minutes(block.minutes)), block.lane.map(words::books::with)];
                self.what = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
                self.note = block.note.unwrap_or_default();
            }
        }
    }

    /// What of it a page shows; a table has all.
    pub(crate) fn short(&self) -> String {
        let mut chars = self.what.chars();
        let short: String = chars.by_ref().take(SHOWN).collect();
        if chars.next().is_some() { format!("{short}…") } else { short }
    }
}

/// What was ordered, and where it goes.
fn goods(order: &Order) -> String {
    let lines = order.lines.iter().map(|line| format!("{} × {}", line.quantity.grouped(), line.name));
    let way = match &order.way {
        Way::PickUp => words::books::pick_up().to_owned(),
        Way::Delivery { place, .. } => words::books::brought_to(place),
    };
    lines.chain([way]).collect::<Vec<_>>().join(" · ")
}

fn tone(stored: &StoredRecord) -> Tone {
    match stored.state.as_str() {
        "placed" | "open" | "missed" => Tone::Warn,
        "cancelled" | "lifted" => Tone::Off,
        _ if stored.open => Tone::Ok,
        _ => Tone::Off,
    }
}

/// A record as the API answers it.
pub(crate) fn document(stored: StoredRecord) -> api::Record {
    api::Record {
        reference: stored.reference,
        kind: stored.kind,
        contact: stored.contact,
        version: stored.version,
        open: stored.open,
        state: stored.state,
        stands_at: stored.stands_at,
        changed_at: stored.changed_at,
        record: stored.body,
    }
}

/// Today in a zone, and the moments at which it begins and ends.
pub(crate) fn today(zone: &TimeZone, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let today = now.to_zoned_datetime(zone.clone()).date();
    let begins = |day: jiff::civil::Date| day.to_zoned_datetime(zone.clone()).ok();
    Some((begins(today)?.timestamp(), begins(today.tomorrow().ok()?)?.timestamp()))
}
