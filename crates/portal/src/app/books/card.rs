//! A record as a card: what it is, where it stands, and the next thing to be done with it as a button.

use api::portal::{DeskRecord, StateChoice};
use askama::{Template, filters::HtmlSafe};
use domain::{RecordKind, Timestamp};
use jiff::civil::Date;
use web::{
    place::encode,
    ui::{Icon, Pill, Tone},
};

use crate::app::page::{Zone, day_said};

/// One of them.
#[derive(Template)]
#[template(path = "app/record.html")]
pub(crate) struct Card {
    reference: String,
    place: String,
    kind: RecordKind,
    state: String,
    /// The day, where the list is not of one.
    day: Option<String>,
    time: String,
    pill: Pill,
    who: String,
    phone: String,
    what: String,
    note: String,
    total: String,
    chat: Option<String>,
    version: i64,
    states: Vec<StateChoice>,
    /// Where a change leads back to.
    back: String,
    open: bool,
    /// Whether its buttons are there: not for whoever only looks.
    acts: bool,
}

impl HtmlSafe for Card {}

impl Card {
    /// The number as a telephone dials it.
    fn dial(&self) -> String {
        self.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }

    /// The state that usually comes next is a button of its own; the others are in the menu.
    fn next(&self) -> Option<&StateChoice> {
        let behind = self.states.iter().skip_while(|choice| choice.word != self.state).skip(1);
        behind.into_iter().find(|choice| choice.word != "cancelled").filter(|_| self.open)
    }

    fn others(&self) -> impl Iterator<Item = &StateChoice> {
        let next = self.next().map(|choice| choice.word.clone());
        self.states
            .iter()
            .filter(move |choice| choice.word != self.state && Some(&choice.word) != next.as_ref())
    }

    fn is_block(&self) -> bool {
        self.kind == RecordKind::Block
    }

    /// Whether it has a time that can be another one.
    fn moves(&self) -> bool {
        self.open && matches!(self.kind, RecordKind::Booking | RecordKind::Block)
    }
}

fn tone(word: &str, open: bool) -> Tone {
    match word {
        "placed" | "open" | "missed" => Tone::Warn,
        "cancelled" | "lifted" => Tone::Off,
        _ if open => Tone::Ok,
        _ => Tone::Off,
    }
}

/// The cards of a list; `of` is the day that the whole list is of, if it is of one.
pub(crate) fn cards(
    records: Vec<DeskRecord>,
    back: &str,
    of: Option<Date>,
    zone: &Zone,
    now: Timestamp,
    acts: bool,
) -> Vec<Card> {
    let today = zone.date(now);
    let card = |found: DeskRecord| {
        let DeskRecord { record, line } = found;
        let day = of.is_none().then(|| day_said(zone.date(record.stands_at), today));
        Card {
            place: format!("/app/records/{}", encode(&record.reference)),
            chat: record.contact.as_deref().map(|contact| format!("/app/messages/{}", encode(contact))),
            pill: Pill::new(tone(&record.state, record.open), line.state),
            kind: record.kind,
            state: record.state,
            open: record.open,
            version: record.version,
            reference: record.reference,
            back: back.to_owned(),
            time: line.time,
            who: line.who,
            phone: line.phone,
            what: line.what,
            note: line.note,
            total: line.total,
            states: line.states,
            day,
            acts,
        }
    };
    records.into_iter().map(card).collect()
}
