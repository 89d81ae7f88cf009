//! What the control plane knows so far of a tenant's messages: each with its answer or its reason for silence.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use rusqlite::{Connection, OpenFlags};

use super::{
    books::{self, Kept},
    sending::UNREAD,
};

/// The log of a tenant.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Customers' messages by their id: how many stand there.
    pub(super) taken: HashMap<String, usize>,
    /// The texts that the bot sent.
    pub(super) sent: Vec<String>,
    /// Contacts whose last answered message has no answer in the log yet.
    pub(super) unanswered: usize,
    /// What stands for messages that could not be read, by their id.
    pub(super) unread: HashSet<String>,
    /// Bookings, orders and blocked hours.
    pub(super) records: Vec<Kept>,
    /// Customers that are still to be forgotten.
    pub(super) erasing: i64,
}

impl Rows {
    /// Reads what stands of a tenant in a control plane's database, whether or not one runs.
    pub(super) fn read(database: &Path, tenant: &str) -> rusqlite::Result<Self> {
        let database = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut rows = Self::default();
        // By contact: the places of the last message that was answered, and of the last answer.
        let mut last: HashMap<String, (i64, i64)> = HashMap::new();
        let mut log = database.prepare(
            "SELECT direction, wa_message_id, message_text, silence IS NULL, contact, seq FROM message_logs \
             WHERE tenant_id = ?1",
        )?;
        let mut found = log.query([tenant])?;
        while let Some(row) = found.next()? {
            let (id, text, seq): (String, String, i64) = (row.get(1)?, row.get(2)?, row.get(5)?);
            let (answered, answer) = last.entry(row.get(4)?).or_default();
            if row.get::<_, String>(0)? == "OUT" {
                *answer = seq.max(*answer);
                rows.sent.push(text);
                continue;
            }
            if row.get(3)? {
                *answered = seq.max(*answered);
            }
            if UNREAD.iter().any(|(_, words)| *words == text) {
                rows.unread.insert(id);
            } else {
                *rows.taken.entry(id).or_default() += 1;
            }
        }
        rows.unanswered = last.values().filter(|(answered, answer)| answered > answer).count();
        rows.records = books::stored(&database)?;
        rows.erasing = database.query_row("SELECT count(*) FROM contact_erasures", [], |row| row.get(0))?;
        Ok(rows)
    }
}
