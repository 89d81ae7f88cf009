//! Bookings, orders, tickets and blocked hours. What is taken here is what [`replies::Ledger`] takes; a test compares them.

use domain::{ContactId, RecordKind, RecordRow, Timestamp};
use replies::{Amount, Availability, Change, Conflict, Numbers, Order, Profile, Record, Taken};
use rusqlite::{Connection, ErrorCode, OptionalExtension, params};

use super::{
    JournalError,
    contacts::{self, blob, id_at},
    planted,
};

/// How many of a contact's records that are closed the engine is told of.
const CLOSED_MOST: u32 = 12;

/// Takes changes in order: all of them, or, with the conflict of the first that is not taken, none.
pub(super) fn apply_all(
    database: &Connection,
    contact: Option<ContactId>,
    changes: &[Change],
) -> Result<Result<(), Conflict>, JournalError> {
    if changes.is_empty() {
        return Ok(Ok(()));
    }
    database.execute_batch("SAVEPOINT records")?;
    for change in changes {
        let change = planted::change(database, change)?;
        if let Err(conflict) = apply(database, contact, &change)? {
            database.execute_batch("ROLLBACK TO records; RELEASE records")?;
            return Ok(Err(conflict));
        }
    }
    database.execute_batch("RELEASE records")?;
    Ok(Ok(()))
}

fn apply(
    database: &Connection,
    contact: Option<ContactId>,
    change: &Change,
) -> Result<Result<(), Conflict>, JournalError> {
    let record = &change.record;
    let known = find(database, record.reference())?;
    let before = known.as_ref().map(|(_, record)| record);
    if let Err(conflict) = change.follows(before) {
        return Ok(Err(conflict));
    }
    let owner = known.as_ref().map_or(contact, |(owner, _)| *owner);
    // Before its cells and spans, which refer to it.
    put(database, owner, record)?;
    let taken = match record {
        Record::Booking(booking) => free(database, booking)?,
        Record::Order(order) => sell(database, before, order)?,
        Record::Block(block) => may_block(database, block)?,
        Record::Ticket(_) => Ok(()),
    };
    let taken = planted::taken(taken);
    if taken.is_ok() {
        occupy(database, record)?;
        count(database, record)?;
    }
    Ok(taken)
}

/// The record with this number, and whose it is.
pub(super) fn find(
    database: &Connection,
    reference: &str,
) -> Result<Option<(Option<ContactId>, Record)>, JournalError> {
    let row: Option<(Option<[u8; 16]>, String)> = database
        .prepare_cached("SELECT contact, body FROM records WHERE reference = ?1")?
        .query_row([reference], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((owner, body)) = row else { return Ok(None) };
    let owner = owner.map(|bytes| ContactId::from_uuid(uuid::Uuid::from_bytes(bytes)));
    Ok(Some((owner, serde_json::from_str(&body)?)))
}

/// Writes a record as it now is under the next number of a change.
fn put(database: &Connection, owner: Option<ContactId>, record: &Record) -> Result<(), JournalError> {
    let sequence: i64 = database
        .prepare_cached("UPDATE meta SET last_record = last_record + 1 RETURNING last_record")?
        .query_row([], |row| row.get(0))?;
    database
        .prepare_cached(
            "INSERT INTO records (reference, contact, kind, version, open, changed_at, body, sequence) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (reference) DO UPDATE SET contact = ?2, \
             version = ?4, open = ?5, changed_at = ?6, body = ?7, sequence = ?8",
        )?
        .execute(params![
            record.reference(),
            owner.map(blob),
            <&str>::from(kind(record)),
            record.version(),
            record.is_open(),
            record.changed_at().as_millisecond(),
            serde_json::to_string(record)?,
            sequence
        ])?;
    Ok(())
}

/// Which kind of record this is.
pub(super) const fn kind(record: &Record) -> RecordKind {
    match record {
        Record::Booking(_) => RecordKind::Booking,
        Record::Order(_) => RecordKind::Order,
        Record::Ticket(_) => RecordKind::Ticket,
        Record::Block(_) => RecordKind::Block,
    }
}

/// Whether an open booking's time is free of blocks and other bookings; takes its cells where it is.
fn free(database: &Connection, booking: &replies::Booking) -> Result<Result<(), Conflict>, JournalError> {
    let conflict = || Err(Conflict::SlotTaken { at: booking.at, lane: booking.lane.clone() });
    let (reference, open) = (&booking.reference, booking.state.is_open());
    database.prepare_cached("DELETE FROM cells WHERE reference = ?1")?.execute([reference])?;
    if !open {
        return Ok(Ok(()));
    }
    let blocked: bool = database
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM spans WHERE blocks AND (lane IS NULL OR lane = ?1) AND at < ?3 AND until > ?2)",
        )?
        .query_row(params![booking.lane, booking.at.as_second(), booking.end().as_second()], |row| row.get(0))?;
    if blocked {
        return Ok(conflict());
    }
    let mut take = database.prepare_cached("INSERT INTO cells (lane, at, reference) VALUES (?1, ?2, ?3)")?;
    for cell in booking.cells() {
        match take.execute(params![cell.lane, cell.at, reference]) {
            Ok(_) => {}
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                return Ok(conflict());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Ok(()))
}

/// Nothing may be blocked that is booked.
fn may_block(database: &Connection, block: &replies::Block) -> Result<Result<(), Conflict>, JournalError> {
    if block.lifted {
        return Ok(Ok(()));
    }
    let (at, until) = (block.at.as_second(), end(block.at, block.minutes));
    let hit: Option<(i64, String)> = database
        .prepare_cached(
            "SELECT at, lane FROM spans WHERE NOT blocks AND (?1 IS NULL OR lane = ?1) AND at < ?3 AND until > ?2 \
             ORDER BY reference LIMIT 1",
        )?
        .query_row(params![block.lane, at, until], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((at, lane)) = hit else { return Ok(Ok(())) };
    Ok(Err(Conflict::SlotTaken { at: second(at)?, lane }))
}

fn end(at: Timestamp, minutes: u16) -> i64 {
    at.as_second().saturating_add(i64::from(minutes) * 60)
}

fn second(seconds: i64) -> Result<Timestamp, JournalError> {
    Timestamp::from_second(seconds).map_err(|_| JournalError::Value(format!("time {seconds}")))
}

/// Notes from when to when a record takes time, where it does.
fn occupy(database: &Connection, record: &Record) -> Result<(), JournalError> {
    let (lane, at, minutes, blocks) = match record {
        Record::Booking(booking) => (Some(&booking.lane), booking.at, booking.minutes, false),
        Record::Block(block) => (block.lane.as_ref(), block.at, block.minutes, true),
        Record::Order(_) | Record::Ticket(_) => return Ok(()),
    };
    let reference = record.reference();
    database.prepare_cached("DELETE FROM spans WHERE reference = ?1")?.execute([reference])?;
    if record.is_open() {
        database
            .prepare_cached(
                "INSERT INTO spans (reference, lane, at, until, blocks) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![reference, lane, at.as_second(), end(at, minutes), blocks])?;
    }
    Ok(())
}

/// Takes an order's goods from the stock, and gives those back that it had before.
fn sell(
    database: &Connection,
    before: Option<&Record>,
    order: &Order,
) -> Result<Result<(), Conflict>, JournalError> {
    let before = match before {
        Some(Record::Order(before)) => Some(before),
        _ => None,
    };
    let lines = order.lines.iter().chain(before.into_iter().flat_map(|before| &before.lines));
    let codes: std::collections::BTreeSet<&str> = lines.map(|line| line.code.as_str()).collect();
    for code in codes {
        let Some((count, sold)) = stock(database, code)? else { continue };
        let given_back = before.map_or(Amount::NONE, |before| before.takes(code));
        let wanted = order.takes(code);
        let then = sold.minus(given_back).plus(wanted);
        if then > count && wanted > given_back {
            return Ok(Err(Conflict::OutOfStock { code: code.to_owned(), left: count.minus(sold) }));
        }
        database
            .prepare_cached("UPDATE stock SET sold = ?2 WHERE code = ?1")?
            .execute(params![code, hundredths(then)])?;
    }
    Ok(Ok(()))
}

/// How many of a product there were, and were sold since.
fn stock(database: &Connection, code: &str) -> Result<Option<(Amount, Amount)>, JournalError> {
    let row = |row: &rusqlite::Row<'_>| Ok((amount(row.get(0)?), amount(row.get(1)?)));
    Ok(database
        .prepare_cached("SELECT count, sold FROM stock WHERE code = ?1")?
        .query_row([code], row)
        .optional()?)
}

fn hundredths(amount: Amount) -> i64 {
    i64::try_from(amount.as_hundredths()).unwrap_or(i64::MAX)
}

fn amount(hundredths: i64) -> Amount {
    Amount::hundredths(u64::try_from(hundredths).unwrap_or_default())
}

/// Takes the stock of a profile over: a product that was counted anew begins anew, any other goes on.
pub(super) fn take_stock(database: &Connection, profile: &Profile) -> Result<(), JournalError> {
    let mut known = database.prepare_cached("SELECT code FROM stock")?;
    let known: Vec<String> = known.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let stocked =
        |code: &str| profile.catalogue.iter().any(|product| product.code == code && product.stock.is_some());
    for code in known.iter().filter(|code| !stocked(code)) {
        database.execute("DELETE FROM stock WHERE code = ?1", [code])?;
    }
    let mut put = database.prepare_cached(
        "INSERT INTO stock (code, counted, count, sold) VALUES (?1, ?2, ?3, 0) ON CONFLICT (code) DO UPDATE SET \
         sold = CASE WHEN counted = ?2 THEN sold ELSE 0 END, counted = ?2, count = ?3",
    )?;
    for product in &profile.catalogue {
        if let Some(count) = product.stock {
            put.execute(params![product.code, product.stock_counted, hundredths(count)])?;
        }
    }
    Ok(())
}

fn count(database: &Connection, record: &Record) -> Result<(), JournalError> {
    let number = record.reference().rsplit('-').next().and_then(|number| number.parse::<u32>().ok());
    at_least(database, kind(record), number.unwrap_or_default().saturating_add(1))
}

/// The next record of a kind gets this number, or a higher one.
pub(super) fn at_least(database: &Connection, kind: RecordKind, next: u32) -> Result<(), JournalError> {
    database
        .prepare_cached(
            "INSERT INTO numbers (kind, next) VALUES (?1, ?2) ON CONFLICT (kind) DO UPDATE SET next = max(next, ?2)",
        )?
        .execute(params![<&str>::from(kind), next])?;
    Ok(())
}

/// The numbers that new records get.
pub(super) fn numbers(database: &Connection) -> Result<Numbers, JournalError> {
    let mut numbers = Numbers::default();
    let mut statement = database.prepare_cached("SELECT kind, next FROM numbers")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (kind, next): (String, u32) = (row.get(0)?, row.get(1)?);
        let place = match kind.parse() {
            Ok(RecordKind::Booking) => &mut numbers.booking,
            Ok(RecordKind::Order) => &mut numbers.order,
            Ok(RecordKind::Ticket) => &mut numbers.ticket,
            Ok(RecordKind::Block) => &mut numbers.block,
            Err(_) => return Err(JournalError::Value(format!("record {kind}"))),
        };
        *place = next.max(*place);
    }
    Ok(numbers)
}

/// What the engine is told when this contact writes.
pub(super) fn snapshot(
    database: &Connection,
    contact: ContactId,
    now: Timestamp,
) -> Result<Availability, JournalError> {
    let mut spans = database
        .prepare_cached("SELECT reference, lane, at, until FROM spans WHERE until > ?1 ORDER BY reference")?;
    let mut rows = spans.query([now.as_second()])?;
    let mut taken = Vec::new();
    while let Some(row) = rows.next()? {
        let (at, until): (i64, i64) = (row.get(2)?, row.get(3)?);
        taken.push(Taken {
            lane: row.get(1)?,
            at: second(at)?,
            minutes: u16::try_from((until - at) / 60).unwrap_or(u16::MAX),
            reference: row.get(0)?,
        });
    }
    let mut stock = database.prepare_cached("SELECT code, count, sold FROM stock")?;
    let stock = stock.query_map([], |row| {
        let (count, sold) = (amount(row.get(1)?), amount(row.get(2)?));
        Ok((row.get(0)?, count.minus(sold)))
    })?;
    let stock = stock.collect::<Result<_, _>>()?;
    Ok(Availability {
        taken,
        stock,
        mine: mine(database, contact)?,
        next: numbers(database)?,
        switched_off: super::meta::switched_off(database)?,
    })
}

/// A contact's records, oldest first: all that are open, and the last that are not.
fn mine(database: &Connection, contact: ContactId) -> Result<Vec<Record>, JournalError> {
    let mut statement = database.prepare_cached(
        "SELECT body FROM (SELECT body, changed_at, reference FROM records WHERE contact = ?1 AND open \
         UNION ALL SELECT * FROM (SELECT body, changed_at, reference FROM records WHERE contact = ?1 AND NOT open \
         ORDER BY changed_at DESC, reference DESC LIMIT ?2)) ORDER BY changed_at, reference",
    )?;
    let mut rows = statement.query(params![blob(contact), CLOSED_MOST])?;
    let mut mine = Vec::new();
    while let Some(row) = rows.next()? {
        mine.push(serde_json::from_str(&row.get::<_, String>(0)?)?);
    }
    Ok(mine)
}

/// Rows after `after` in the order of their change: at most `rows`, and no more than needed to pass `bytes`.
pub(super) fn batch(
    database: &Connection,
    after: u64,
    rows: usize,
    bytes: usize,
) -> Result<Vec<RecordRow>, JournalError> {
    let mut statement = database.prepare_cached(
        "SELECT sequence, contact, reference, kind, version, open, changed_at, body FROM records \
         WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
    )?;
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut found = statement.query(params![after, i64::try_from(rows).unwrap_or(i64::MAX)])?;
    let (mut batch, mut size) = (Vec::new(), 0);
    while size < bytes
        && let Some(row) = found.next()?
    {
        let row = row_of(database, row)?;
        size += row.body.len();
        batch.push(row);
    }
    Ok(batch)
}

/// The row of one record.
pub(super) fn row(database: &Connection, reference: &str) -> Result<Option<RecordRow>, JournalError> {
    let mut statement = database.prepare_cached(
        "SELECT sequence, contact, reference, kind, version, open, changed_at, body FROM records WHERE reference = ?1",
    )?;
    let mut rows = statement.query([reference])?;
    rows.next()?.map(|row| row_of(database, row)).transpose()
}

fn row_of(database: &Connection, row: &rusqlite::Row<'_>) -> Result<RecordRow, JournalError> {
    let owner: Option<[u8; 16]> = row.get(1)?;
    let contact = match owner {
        Some(_) => Some(contacts::label(&contacts::address(database, id_at(row, 1)?)?)),
        None => None,
    };
    let (sequence, kind): (i64, String) = (row.get(0)?, row.get(3)?);
    Ok(RecordRow {
        sequence: u64::try_from(sequence).map_err(|_| JournalError::Value(format!("sequence {sequence}")))?,
        contact,
        reference: row.get(2)?,
        kind: kind.parse().map_err(|_| JournalError::Value(format!("record {kind}")))?,
        version: row.get(4)?,
        open: row.get(5)?,
        changed_at: super::time_at(row, 6)?,
        body: row.get(7)?,
    })
}

/// Writes a record that the control plane has kept for this tenant, unless a newer one is here.
pub(super) fn restore(
    database: &Connection,
    owner: Option<ContactId>,
    record: &Record,
) -> Result<(), JournalError> {
    let known = find(database, record.reference())?;
    if known.as_ref().is_some_and(|(_, known)| known.version() > record.version()) {
        return Ok(());
    }
    put(database, owner.or(known.and_then(|(owner, _)| owner)), record)?;
    if let Record::Booking(booking) = record {
        database.prepare_cached("DELETE FROM cells WHERE reference = ?1")?.execute([&booking.reference])?;
        // The store has let two bookings overlap only where people did so by hand: the first keeps the time.
        let mut take = database
            .prepare_cached("INSERT OR IGNORE INTO cells (lane, at, reference) VALUES (?1, ?2, ?3)")?;
        for cell in booking.cells() {
            take.execute(params![cell.lane, cell.at, booking.reference])?;
        }
    }
    if let Record::Order(order) = record {
        for line in order.lines.iter().filter(|_| order.state.is_open()) {
            database
                .prepare_cached("UPDATE stock SET sold = min(count, sold + ?2) WHERE code = ?1")?
                .execute(params![line.code, hundredths(line.quantity)])?;
        }
    }
    occupy(database, record)?;
    count(database, record)
}

/// Says how much of a product was sold since it was counted, in hundredths, where this is the count that stands: goods of
/// orders that are done are known by nothing else here.
pub(super) fn sold(database: &Connection, code: &str, counted: i64, sold: u64) -> Result<(), JournalError> {
    database
        .prepare_cached("UPDATE stock SET sold = min(count, ?3) WHERE code = ?1 AND counted = ?2")?
        .execute(params![code, counted, i64::try_from(sold).unwrap_or(i64::MAX)])?;
    Ok(())
}

/// Forgets records, with the time that they take.
pub(super) fn forget(database: &Connection, reference: &str) -> Result<(), JournalError> {
    for sql in [
        "DELETE FROM cells WHERE reference = ?1",
        "DELETE FROM spans WHERE reference = ?1",
        "DELETE FROM records WHERE reference = ?1",
    ] {
        database.prepare_cached(sql)?.execute([reference])?;
    }
    Ok(())
}
