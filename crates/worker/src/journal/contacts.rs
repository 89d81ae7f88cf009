//! Who somebody is, whatever names WhatsApp has for them.
//!
//! A LID stays with a person, a number may move to another. So a contact has at most one of each; where the two names
//! of one person had become two contacts, they are merged, and a number that turns up with another LID moves there.

use domain::{ContactId, Digits, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{JournalError, conversations, due};
use crate::channel::{Address, EarlierChat};

/// What [`resolve`] found.
pub(super) struct Resolved {
    /// The contact.
    pub(super) id: ContactId,
    /// Whether another contact's rows have become this one's.
    pub(super) merged: bool,
}

/// The contact of an address, made where there is none; `None` for an address without any name.
pub(super) fn resolve(database: &Connection, address: &Address) -> Result<Option<Resolved>, JournalError> {
    let by_lid = match &address.lid {
        Some(lid) => find(database, "lid", lid)?,
        None => None,
    };
    let by_number = match &address.number {
        Some(number) => find(database, "number", number.as_str())?,
        None => None,
    };
    let known = |id| Ok(Some(Resolved { id, merged: false }));
    match (by_lid, by_number) {
        (Some(a), Some(b)) if a.id == b.id => known(a.id),
        (Some(a), Some(b)) => {
            if b.has_lid {
                clear_number(database, b.id)?;
                set_number(database, a.id, address)?;
                return known(a.id);
            }
            merge(database, b.id, a.id)?;
            set_number(database, a.id, address)?;
            crash::point("contact_merged");
            Ok(Some(Resolved { id: a.id, merged: true }))
        }
        (Some(a), None) => {
            set_number(database, a.id, address)?;
            known(a.id)
        }
        (None, Some(b)) if address.lid.is_none() => known(b.id),
        (None, Some(b)) if !b.has_lid => {
            database
                .prepare_cached("UPDATE contacts SET lid = ?2 WHERE id = ?1")?
                .execute(params![blob(b.id), address.lid])?;
            known(b.id)
        }
        (None, found) => {
            // The number was another person's before.
            if let Some(before) = found {
                clear_number(database, before.id)?;
            }
            create(database, address)
        }
    }
}

struct Found {
    id: ContactId,
    has_lid: bool,
}

fn find(database: &Connection, column: &'static str, value: &str) -> Result<Option<Found>, JournalError> {
    let sql = match column {
        "lid" => "SELECT id, lid IS NOT NULL FROM contacts WHERE lid = ?1",
        _ => "SELECT id, lid IS NOT NULL FROM contacts WHERE number = ?1",
    };
    let row = |row: &Row<'_>| Ok(Found { id: id_at(row, 0)?, has_lid: row.get(1)? });
    Ok(database.prepare_cached(sql)?.query_row([value], row).optional()?)
}

fn create(database: &Connection, address: &Address) -> Result<Option<Resolved>, JournalError> {
    if address.lid.is_none() && address.number.is_none() {
        return Ok(None);
    }
    let id = ContactId::generate();
    database
        .prepare_cached("INSERT INTO contacts (id, lid, number) VALUES (?1, ?2, ?3)")?
        .execute(params![blob(id), address.lid, address.number.as_ref().map(Digits::as_str)])?;
    Ok(Some(Resolved { id, merged: false }))
}

fn set_number(database: &Connection, id: ContactId, address: &Address) -> Result<(), JournalError> {
    let Some(number) = &address.number else { return Ok(()) };
    database
        .prepare_cached("UPDATE contacts SET number = ?2 WHERE id = ?1 AND number IS NOT ?2")?
        .execute(params![blob(id), number.as_str()])?;
    Ok(())
}

/// Takes the number from a contact that has a LID beside it.
fn clear_number(database: &Connection, id: ContactId) -> Result<(), JournalError> {
    database.prepare_cached("UPDATE contacts SET number = NULL WHERE id = ?1")?.execute([blob(id)])?;
    Ok(())
}

/// Makes all rows of `from` rows of `into`.
pub(super) fn merge(database: &Connection, from: ContactId, into: ContactId) -> Result<(), JournalError> {
    // A row that stands for a message that could not be read gives way to the one with the content.
    for (unread, other) in [(from, into), (into, from)] {
        database.execute(
            "UPDATE inbox SET wa_id = wa_id || '~unreadable', outcome = coalesce(outcome, 'superseded') \
             WHERE contact = ?1 AND kind LIKE 'unreadable%' AND EXISTS (SELECT 1 FROM inbox o \
             WHERE o.contact = ?2 AND o.wa_id = inbox.wa_id AND o.kind NOT LIKE 'unreadable%')",
            [blob(unread), blob(other)],
        )?;
    }
    // The same message under both names: the one whose outcome is fixed stands, else the one that came first.
    let mut pairs = database.prepare_cached(
        "SELECT a.seq, b.seq, a.outcome IS NOT NULL, b.outcome IS NOT NULL FROM inbox a JOIN inbox b \
         ON a.wa_id = b.wa_id WHERE a.contact = ?1 AND b.contact = ?2",
    )?;
    let pairs = pairs.query_map([blob(from), blob(into)], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, bool>(2)?, row.get::<_, bool>(3)?))
    })?;
    for pair in pairs.collect::<Result<Vec<_>, _>>()? {
        let (a, b, a_done, b_done) = pair;
        let a_stands = if a_done == b_done { a < b } else { a_done };
        let (stands, falls) = if a_stands { (a, b) } else { (b, a) };
        database.execute("UPDATE outbox SET cause = ?1 WHERE cause = ?2", [stands, falls])?;
        database.execute("UPDATE inbox SET turn = ?1 WHERE turn = ?2", [stands, falls])?;
        database.execute("DELETE FROM inbox WHERE seq = ?1", [falls])?;
    }
    for table in ["inbox", "outbox", "records"] {
        database.execute(
            &format!("UPDATE {table} SET contact = ?2 WHERE contact = ?1"),
            [blob(from), blob(into)],
        )?;
    }
    due::merge(database, from, into)?;
    conversations::merge(database, from, into)?;
    database.execute(
        "UPDATE contacts SET (push_name, wrote_at, known) = (SELECT coalesce(contacts.push_name, f.push_name), \
         CASE WHEN f.wrote_at > coalesce(contacts.wrote_at, f.wrote_at - 1) THEN f.wrote_at \
         ELSE contacts.wrote_at END, max(contacts.known, f.known) FROM contacts f WHERE f.id = ?1) WHERE id = ?2",
        [blob(from), blob(into)],
    )?;
    database.execute("DELETE FROM contacts WHERE id = ?1", [blob(from)])?;
    Ok(())
}

/// Notes that the contact wrote to the business itself.
pub(super) fn wrote(
    database: &Connection,
    id: ContactId,
    push_name: Option<&str>,
    at: Timestamp,
) -> Result<(), JournalError> {
    database
        .prepare_cached(
            "UPDATE contacts SET push_name = coalesce(?2, push_name), wrote_at = max(coalesce(wrote_at, ?3), ?3), \
             erased = 0 WHERE id = ?1",
        )?
        .execute(params![blob(id), push_name, at.as_millisecond()])?;
    Ok(())
}

/// Who a contact is for the reply engine.
pub(super) fn who(database: &Connection, id: ContactId) -> Result<replies::From, JournalError> {
    let row: Option<(Option<String>, Option<String>, bool)> = database
        .prepare_cached("SELECT number, push_name, known FROM contacts WHERE id = ?1")?
        .query_row([blob(id)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let (phone, push_name, known_before) = row.unwrap_or_default();
    Ok(replies::From { phone, push_name, known_before })
}

/// Whether the contact has ever written to the business itself, and was not forgotten since.
pub(super) fn has_written(database: &Connection, id: ContactId) -> Result<bool, JournalError> {
    Ok(database
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM contacts WHERE id = ?1 AND wrote_at IS NOT NULL AND NOT erased)",
        )?
        .query_row([blob(id)], |row| row.get(0))?)
}

/// Notes that the phone chatted with somebody who has not written to the bot.
pub(super) fn note_known(database: &Connection, id: ContactId) -> Result<(), JournalError> {
    database
        .prepare_cached("UPDATE contacts SET known = 1 WHERE id = ?1 AND wrote_at IS NULL AND NOT known")?
        .execute([blob(id)])?;
    Ok(())
}

/// Notes with whom the phone had chatted before it linked this device at `linked_at`; whose chats were merged on the way.
/// Whoever the bot has talked with already is its customer, although the phone has their chat too.
pub(super) fn chatted_before(
    database: &Connection,
    chats: &[EarlierChat],
    linked_at: Timestamp,
) -> Result<Vec<ContactId>, JournalError> {
    let mut merged = Vec::new();
    // Times of chats are whole seconds.
    for chat in chats.iter().filter(|chat| chat.since.as_second() <= linked_at.as_second()) {
        let Some(found) = resolve(database, &chat.with)? else { continue };
        if found.merged {
            merged.push(found.id);
        }
        database
            .prepare_cached(
                "UPDATE contacts SET known = 1 WHERE id = ?1 AND NOT known AND (wrote_at IS NULL \
                 OR NOT EXISTS (SELECT 1 FROM conversations WHERE contact = ?1))",
            )?
            .execute([blob(found.id)])?;
    }
    Ok(merged)
}

/// Both names of a contact; nothing set where there is no such contact any more.
pub(super) fn address(database: &Connection, id: ContactId) -> Result<Address, JournalError> {
    let row: Option<(Option<String>, Option<String>)> = database
        .prepare_cached("SELECT number, lid FROM contacts WHERE id = ?1")?
        .query_row([blob(id)], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (number, lid) = row.unwrap_or_default();
    Ok(Address { number: number.and_then(|number| Digits::new(number).ok()), lid })
}

/// The contact of a name as log rows write it, with whether they have ever written to the business.
pub(super) fn by_label(
    database: &Connection,
    label: &str,
) -> Result<Option<(ContactId, bool)>, JournalError> {
    let (sql, value) = match label.strip_prefix("lid:") {
        Some(lid) => ("SELECT id, wrote_at IS NOT NULL FROM contacts WHERE lid = ?1", lid),
        None => ("SELECT id, wrote_at IS NOT NULL FROM contacts WHERE number = ?1", label),
    };
    let row = |row: &Row<'_>| Ok((id_at(row, 0)?, row.get(1)?));
    Ok(database.prepare_cached(sql)?.query_row([value], row).optional()?)
}

/// A contact's name as log rows write it: digits where the number is known, else `lid:` and the LID's digits.
pub(super) fn label(address: &Address) -> String {
    match (&address.number, &address.lid) {
        (Some(number), _) => number.as_str().to_owned(),
        (None, Some(lid)) => format!("lid:{lid}"),
        (None, None) => String::new(),
    }
}

/// An id as it stands in the tables.
pub(super) fn blob(id: ContactId) -> [u8; 16] {
    *id.uuid().as_bytes()
}

/// Reads an id from a column.
pub(super) fn id_at(row: &Row<'_>, column: usize) -> rusqlite::Result<ContactId> {
    row.get::<_, [u8; 16]>(column).map(|bytes| ContactId::from_uuid(uuid::Uuid::from_bytes(bytes)))
}
