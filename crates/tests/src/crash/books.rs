//! Bookings, orders and reminders: what customers were told of them, against the journal, the control plane's books, and what
//! there is of time and goods.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use jiff::SignedDuration;
use replies::{Amount, Booking, Record};
use rusqlite::Connection;
use virtual_whatsapp::ChatEntry;

use super::{
    Finding, Kind,
    base::{self, Paths},
    check::Seen,
    plan::CUSTOMERS,
    shop::{REMINDS_BEFORE, STOCK, Shop, zone},
};

/// How a reminder begins.
pub(super) const REMINDER: &str = "A reminder from ";
/// No reminder goes out sooner than this after its booking was made.
const NOT_JUST_MADE: SignedDuration = SignedDuration::from_mins(30);

/// What a customer was told of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Made,
    Moved,
    Cancelled,
    Reminded,
}

/// The same, with the record's number and the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) what: What,
    pub(super) reference: String,
    pub(super) text: String,
}

/// What a customer has read of records, in order.
pub(super) fn told(received: &[ChatEntry]) -> Vec<Told> {
    received.iter().filter_map(|entry| of(entry.body.text()?)).collect()
}

fn of(text: &str) -> Option<Told> {
    let ways = [
        ("Your number is *", What::Made),
        ("Your order is *", What::Made),
        ("Your number is still *", What::Moved),
    ];
    let named = |after: &str| after.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let told = |what, reference| Some(Told { what, reference, text: text.to_owned() });
    if text.starts_with(REMINDER) {
        return told(What::Reminded, named(text.rsplit_once('(')?.1));
    }
    if let Some((before, _)) = text.split_once(" is cancelled.") {
        let word = before.rsplit(|c: char| c.is_whitespace()).next()?;
        return told(What::Cancelled, word.to_owned());
    }
    ways.into_iter().find_map(|(words, what)| told(what, named(text.split_once(words)?.1)))
}

/// A record as the journal or the control plane has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Kept {
    pub(super) reference: String,
    pub(super) contact: Option<String>,
    pub(super) version: i64,
    pub(super) open: bool,
    pub(super) record: Option<Record>,
    /// The number of its last change in the journal; 0 in the books.
    sequence: i64,
}

impl Kept {
    pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let body: String = row.get(4)?;
        Ok(Self {
            reference: row.get(0)?,
            contact: row.get(1)?,
            version: row.get(2)?,
            open: row.get(3)?,
            record: serde_json::from_str(&body).ok(),
            sequence: row.get(5)?,
        })
    }

    const fn booking(&self) -> Option<&Booking> {
        match &self.record {
            Some(Record::Booking(booking)) => Some(booking),
            _ => None,
        }
    }
}

/// The control plane's books.
pub(super) fn stored(control: &Connection) -> rusqlite::Result<Vec<Kept>> {
    let sql = "SELECT reference, contact, version, open, body, 0 FROM records ORDER BY reference";
    control.prepare(sql)?.query_map([], Kept::read)?.collect()
}

fn journalled(journal: &Connection) -> rusqlite::Result<Vec<Kept>> {
    let sql = "SELECT r.reference, coalesce(c.number, 'lid:' || c.lid), r.version, r.open, r.body, r.sequence FROM records r \
               LEFT JOIN contacts c ON c.id = r.contact ORDER BY r.reference";
    journal.prepare(sql)?.query_map([], Kept::read)?.collect()
}

fn time_of(booking: &Booking) -> String {
    booking.at.to_zoned_datetime(zone()).strftime("%H:%M").to_string()
}

/// When a customer must have been reminded of a booking as it is now, where the clock has come so far.
fn reminded_at(booking: &Booking, ahead: Option<Timestamp>) -> Option<Timestamp> {
    let at = booking.at.checked_sub(REMINDS_BEFORE).ok()?;
    let soonest = booking.changed_at.checked_add(NOT_JUST_MADE).ok()?;
    (booking.state.is_open() && at > soonest && at <= ahead?).then_some(at)
}

/// What the control plane's books lack of what customers were told, or customers of what is due; while that is on its way.
pub(super) fn lacks(told: &[Told], kept: &[Kept], ahead: Option<Timestamp>) -> Option<String> {
    let changes = told.iter().filter(|told| told.what != What::Reminded);
    let mut count: BTreeMap<&str, i64> = BTreeMap::new();
    changes.for_each(|told| *count.entry(&told.reference).or_default() += 1);
    for (reference, changes) in count {
        match kept.iter().find(|kept| kept.reference == reference) {
            Some(kept) if kept.version >= changes => {}
            _ => return Some(format!("{reference} as it was told")),
        }
    }
    let due = kept.iter().filter(|kept| kept.contact.is_some()).filter_map(Kept::booking);
    let mut due = due.filter(|booking| reminded_at(booking, ahead).is_some());
    due.find(|booking| {
        // Whoever is not among those who were told is to be forgotten.
        let known = told.iter().any(|told| told.reference == booking.reference);
        known && !told.iter().any(|told| reminds(told, booking))
    })
    .map(|booking| format!("a reminder of {}", booking.reference))
}

fn reminds(told: &Told, booking: &Booking) -> bool {
    told.what == What::Reminded
        && told.reference == booking.reference
        && told.text.contains(&time_of(booking))
}

/// Each promise, one after the other.
pub(super) fn check(
    paths: &Paths,
    seen: &Seen<'_>,
    findings: &mut Vec<Finding>,
) -> rusqlite::Result<(u64, u64)> {
    let journal = crate::sealed::open(&paths.journal())?;
    let control = Connection::open(paths.control())?;
    let (own, kept) = (journalled(&journal)?, stored(&control)?);
    let sql = "SELECT acknowledged_records FROM journals ORDER BY updated_at DESC LIMIT 1";
    let acknowledged: i64 = control.query_row(sql, [], |row| row.get(0))?;
    let mut find = |kind, what: String| findings.push(Finding::new(kind, what));
    same(&own, &kept, acknowledged, seen, &mut find);
    times(&journal, &own, &mut find)?;
    if seen.plan.shop == Shop::Store {
        goods(&journal, &own, seen, &mut find)?;
    }
    let reminders = phones(&kept, seen, &mut find);
    Ok((kept.len() as u64, reminders))
}

/// Journal and control plane have the same records, each once and as it is now. A journal that was made anew knows of those
/// that were open then.
fn same(
    own: &[Kept],
    kept: &[Kept],
    acknowledged: i64,
    seen: &Seen<'_>,
    find: &mut impl FnMut(Kind, String),
) {
    // What was not acknowledged goes up again; what was told to anybody has been waited for, see `lacks`.
    for row in own.iter().filter(|row| row.sequence <= acknowledged) {
        match kept.iter().find(|kept| kept.reference == row.reference) {
            None => find(Kind::RecordLost, format!("{} is in the journal alone", row.reference)),
            Some(other) if other.record.is_none() || other.record != row.record => {
                let of = (row.version, other.version);
                find(
                    Kind::RecordLost,
                    format!("{}: the journal has version {}, the books {}", row.reference, of.0, of.1),
                );
            }
            Some(other) if (other.version, other.open) != (row.version, row.open) => {
                find(
                    Kind::RecordLost,
                    format!("{} stands otherwise in the books than it says", row.reference),
                );
            }
            Some(other) if other.contact.is_some() != row.contact.is_some() => {
                find(Kind::RecordLost, format!("{} is somebody else's in the books", row.reference));
            }
            Some(_) => {}
        }
    }
    for row in kept.iter().filter(|row| row.open || !seen.fate.renewed) {
        if !own.iter().any(|known| known.reference == row.reference) {
            find(Kind::RecordLost, format!("{} is in the books alone", row.reference));
        }
    }
}

/// No two open bookings have the same time, none lies in blocked hours, and none is where there is no place.
fn times(journal: &Connection, own: &[Kept], find: &mut impl FnMut(Kind, String)) -> rusqlite::Result<()> {
    let open: Vec<&Booking> =
        own.iter().filter_map(Kept::booking).filter(|booking| booking.state.is_open()).collect();
    let mut cells = BTreeSet::new();
    for booking in &open {
        if !Shop::lanes(&booking.service).contains(&booking.lane.as_str()) {
            let what = format!("{} is on \"{}\", where nobody works", booking.reference, booking.lane);
            find(Kind::DoubleBooked, what);
        }
        for cell in booking.cells() {
            if !cells.insert((cell.lane.clone(), cell.at)) {
                let what = format!(
                    "{} takes {} of \"{}\" as another one",
                    booking.reference,
                    time_of(booking),
                    cell.lane
                );
                find(Kind::DoubleBooked, what);
                break;
            }
        }
        for row in own {
            if let Some(Record::Block(block)) = &row.record
                && !block.lifted
                && block.lane.as_ref().is_none_or(|lane| *lane == booking.lane)
                && block.at < booking.end()
                && booking.at < block.at + SignedDuration::from_mins(i64::from(block.minutes))
            {
                find(Kind::DoubleBooked, format!("{} lies in {}", booking.reference, block.reference));
            }
        }
    }
    let taken: BTreeSet<(String, i64)> = journal
        .prepare("SELECT lane, at FROM cells")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    if taken != cells {
        let (more, less) = (taken.difference(&cells).count(), cells.difference(&taken).count());
        find(Kind::DoubleBooked, format!("{more} cells are taken by nobody, {less} are free and taken"));
    }
    Ok(())
}

/// No more is sold than there was.
fn goods(
    journal: &Connection,
    own: &[Kept],
    seen: &Seen<'_>,
    find: &mut impl FnMut(Kind, String),
) -> rusqlite::Result<()> {
    let orders = own.iter().filter_map(|row| match &row.record {
        Some(Record::Order(order)) => Some(order.takes("rice")),
        _ => None,
    });
    let sold = orders.fold(Amount::NONE, Amount::plus);
    if sold > Amount::hundredths(STOCK * 100) {
        find(Kind::DoubleBooked, format!("{sold} of {STOCK} are sold"));
    }
    let noted: i64 = journal.query_row("SELECT sold FROM stock WHERE code = 'rice'", [], |row| row.get(0))?;
    let noted = Amount::hundredths(noted.unsigned_abs());
    if noted < sold || noted != sold && !seen.fate.renewed {
        find(Kind::DoubleBooked, format!("{sold} are sold, and {noted} taken from the stock"));
    }
    Ok(())
}

/// What customers have read is true, each of it was said once, and each reminder came once; how many reminders came.
fn phones(kept: &[Kept], seen: &Seen<'_>, find: &mut impl FnMut(Kind, String)) -> u64 {
    let mut made: BTreeMap<String, usize> = BTreeMap::new();
    let (mut known, mut reminders) = (BTreeSet::new(), 0);
    for who in (0..CUSTOMERS).filter(|who| !seen.fate.erased.contains(who)) {
        let Ok(customer) = seen.whatsapp.find_customer(&base::number(who)) else { continue };
        let (name, told) = (base::name(who), told(&customer.received(seen.bot)));
        let names = [base::number(who), format!("lid:{}", customer.lid())];
        known.extend(names.iter().cloned());
        let mut by_record: BTreeMap<&str, Vec<&Told>> = BTreeMap::new();
        told.iter().for_each(|told| by_record.entry(&told.reference).or_default().push(told));
        for (reference, told) in by_record {
            *made.entry(reference.to_owned()).or_default() +=
                told.iter().filter(|told| told.what == What::Made).count();
            let Some(row) = kept.iter().find(|row| row.reference == reference) else {
                find(Kind::RecordLost, format!("{name} was told of {reference}, which is not there"));
                continue;
            };
            if !row.contact.as_ref().is_some_and(|contact| names.contains(contact)) {
                find(Kind::RecordLost, format!("{name} was told of {reference}, which is another's"));
            }
            reminders += self::reminders(name, row, &told, seen, find);
            stands(name, row, &told, seen, find);
        }
    }
    let known = |row: &&Kept| row.contact.as_ref().is_some_and(|contact| known.contains(contact));
    let counts = |row: &&Kept| matches!(row.record, Some(Record::Booking(_) | Record::Order(_)));
    for row in kept.iter().filter(known).filter(counts) {
        let times = made.get(&row.reference).copied().unwrap_or_default();
        if times != 1 {
            find(Kind::RecordLost, format!("{} was confirmed {times} times", row.reference));
        }
    }
    reminders
}

/// A record stands as its customer was told last, where no person has changed it since.
fn stands(name: &str, row: &Kept, told: &[&Told], seen: &Seen<'_>, find: &mut impl FnMut(Kind, String)) {
    let changes: Vec<_> = told.iter().filter(|told| told.what != What::Reminded).collect();
    let (Some(last), false) = (changes.last(), seen.fate.by_hand) else { return };
    if row.version != changes.len() as i64 {
        let what = format!(
            "{name} was told {} changes of {}, version {}",
            changes.len(),
            row.reference,
            row.version
        );
        find(Kind::RecordLost, what);
    }
    if row.open == (last.what == What::Cancelled) {
        find(Kind::RecordLost, format!("{} stands otherwise than {name} was told last", row.reference));
    }
    if let (Some(booking), true) = (row.booking(), last.what != What::Cancelled)
        && !last.text.contains(&time_of(booking))
    {
        find(
            Kind::RecordLost,
            format!("{} is at {}, and not as {name} was told", row.reference, time_of(booking)),
        );
    }
}

/// A customer was reminded of a booking once where that was due, and never of one time twice; how often they were.
fn reminders(
    name: &str,
    row: &Kept,
    told: &[&Told],
    seen: &Seen<'_>,
    find: &mut impl FnMut(Kind, String),
) -> u64 {
    let mut texts: BTreeMap<&str, u64> = BTreeMap::new();
    for told in told.iter().filter(|told| told.what == What::Reminded) {
        *texts.entry(&told.text).or_default() += 1;
    }
    for (text, count) in texts.iter().filter(|(_, count)| **count > 1) {
        find(Kind::Reminder, format!("{name} was reminded {count} times: \"{text}\""));
    }
    if let Some(booking) = row.booking() {
        let came = told.iter().filter(|told| reminds(told, booking)).count();
        if reminded_at(booking, seen.fate.ahead).is_some() && came == 0 {
            find(Kind::Reminder, format!("{name} was not reminded of {}", row.reference));
        }
        let before = booking.at.checked_sub(REMINDS_BEFORE).is_ok_and(|at| booking.changed_at < at);
        if !booking.state.is_open() && before && came > 0 {
            find(Kind::Reminder, format!("{name} was reminded of {}, which was over before", row.reference));
        }
    }
    texts.values().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_bot_says_of_records_is_understood() {
        let read = |text: &str| of(text).map(|told| (told.what, told.reference));
        let number = |what, reference: &str| Some((what, reference.to_owned()));
        let booked = "Booked! Haircut, Monday 2 March at 16:00. Your number is *B-1001*. To change it, write *my booking*.";
        assert_eq!(read(booked), number(What::Made, "B-1001"));
        let moved = "Done. Haircut is now Monday 2 March at 17:00. Your number is still *B-1001*.";
        assert_eq!(read(moved), number(What::Moved, "B-1001"));
        assert_eq!(read("B-1001 is cancelled."), number(What::Cancelled, "B-1001"));
        let order =
            "Thank you! Your order is *O-1002*, together TZS 5,000. Please pay nothing before you have it.";
        assert_eq!(read(order), number(What::Made, "O-1002"));
        let reminder = "A reminder from Shop 1: Haircut, Monday 2 March at 16:00 (B-1001). If you can't come, write *cancel booking*.";
        assert_eq!(read(reminder), number(What::Reminded, "B-1001"));
        assert_eq!(read("Which one?\n*1* Haircut (B-1001)"), None);
    }
}
