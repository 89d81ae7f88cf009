//! Compares what is on disk and on the customers' phones with the model. Everything has been ended before.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
};

use domain::{BotSettings, Delivery};
use rusqlite::Connection;
use serde::Serialize;
use virtual_whatsapp::{EventKind, ReceiptKind, Server};

use super::{
    Finding, Kind, Plan,
    base::{self, Paths},
    books,
    chat::Chat,
    erased, model,
    plan::CUSTOMERS,
    sending::UNREAD,
    shop::Shop,
    talk::{Fate, Said},
};

/// What customers have seen and said.
pub(super) struct Seen<'a> {
    pub(super) whatsapp: &'a Server,
    pub(super) bot: &'a str,
    pub(super) said: &'a [Said],
    pub(super) typed: &'a [(usize, String)],
    /// Messages that the bot had sent anew, since it could not read them. They are answered when they come, which may
    /// be after messages that were written later.
    pub(super) asked_again: &'a BTreeSet<String>,
    /// What has befallen the tenant.
    pub(super) fate: &'a Fate,
    /// What was planned.
    pub(super) plan: &'a Plan,
}

/// What is counted and is no finding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// How often a reply went out again under its id.
    pub repeated: u64,
    /// Turns that were answered.
    pub turns: u64,
    /// Messages that no device can read.
    pub unread: u64,
    /// Messages that no device can read, or not said to the business itself, that a kill made it forget.
    pub forgotten: u64,
    /// Bookings, orders and blocked hours in the control plane's books.
    pub records: u64,
    /// Reminders that came.
    pub reminders: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.repeated += other.repeated;
        self.turns += other.turns;
        self.unread += other.unread;
        self.forgotten += other.forgotten;
        self.records += other.records;
        self.reminders += other.reminders;
    }
}

/// All that is wrong, by every check; and what is counted.
pub(super) fn check(paths: &Paths, seen: &Seen<'_>) -> (Vec<Finding>, Counts) {
    let (mut findings, mut counts) = of_messages(paths, seen);
    let kept = books::check(paths, seen, &mut findings).and_then(|(records, reminders)| {
        (counts.records, counts.reminders) = (records, reminders);
        erased::check(paths, seen, &mut findings)
    });
    if let Err(error) = kept {
        findings.push(Finding::new(Kind::Damaged, error.to_string()));
    }
    findings.extend(undecryptable(seen.whatsapp));
    (findings, counts)
}

/// What phones could not read of bots.
pub(super) fn undecryptable(whatsapp: &Server) -> Vec<Finding> {
    let events = whatsapp.events().since(0);
    let unread = events.iter().filter_map(|event| match &event.kind {
        EventKind::Undecryptable { by, id, reason, .. } => {
            Some(Finding::new(Kind::Unreadable, format!("{id} at {by}: {reason}")))
        }
        _ => None,
    });
    unread.collect()
}

/// What is wrong with a tenant's databases and messages.
pub(super) fn of_messages(paths: &Paths, seen: &Seen<'_>) -> (Vec<Finding>, Counts) {
    let mut findings = Vec::new();
    for path in [paths.journal(), paths.session(), paths.control()] {
        if let Err(why) = whole(&path) {
            findings.push(Finding::new(Kind::Damaged, format!("{}: {why}", path.display())));
        }
    }
    let mut counts = Counts::default();
    let done = conversations(paths, seen, &mut findings, &mut counts)
        .and_then(|()| log(paths, seen, &mut findings))
        .and_then(|()| ticks(paths, seen, &mut findings));
    if let Err(error) = done {
        findings.push(Finding::new(Kind::Damaged, error.to_string()));
    }
    (findings, counts)
}

/// The messages that devices asked for once more.
pub(super) fn asked_again(whatsapp: &Server) -> BTreeSet<String> {
    let mut asked = BTreeSet::new();
    for event in whatsapp.events().since(0) {
        if let EventKind::Receipt { id, kind: ReceiptKind::Retry, .. } = &event.kind {
            asked.insert(id.clone());
        }
    }
    asked
}

/// After a power cut that nobody lived through: what must be there in any case.
pub(super) fn kept(paths: &Paths, whatsapp: &Server, bot: &str, acknowledged: &[&str]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in [paths.journal(), paths.session(), paths.control()] {
        if let Err(why) = whole(&path) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            findings.push(Finding::new(Kind::Damaged, format!("{name} after a power cut: {why}")));
        }
    }
    let looked = crate::sealed::open(&paths.journal()).and_then(|journal| {
        let has = |sql, id: &str| journal.query_row(sql, [id], |row| row.get::<_, bool>(0));
        for id in acknowledged {
            if !has("SELECT EXISTS (SELECT 1 FROM inbox WHERE wa_id = ?1)", id)? {
                let what = format!("{id} was acknowledged, and is gone after a power cut");
                findings.push(Finding::new(Kind::Lost, what));
            }
        }
        for who in 0..CUSTOMERS {
            let Ok(customer) = whatsapp.find_customer(&base::number(who)) else { continue };
            for entry in customer.received(bot) {
                if !has("SELECT EXISTS (SELECT 1 FROM outbox WHERE wa_id = ?1)", &entry.id)? {
                    let what = format!("{} was sent, and its id is forgotten after a power cut", entry.id);
                    findings.push(Finding::new(Kind::Doubled, what));
                }
            }
        }
        Ok(())
    });
    if let Err(error) = looked {
        findings.push(Finding::new(Kind::Damaged, error.to_string()));
    }
    findings
}

/// What SQLite itself says of a file.
pub(super) fn whole(path: &Path) -> Result<(), String> {
    let opened = if path.ends_with("flowhq.db") { Connection::open(path) } else { crate::sealed::open(path) };
    let database = opened.map_err(|error| error.to_string())?;
    let verdict: rusqlite::Result<String> =
        database.query_row("PRAGMA integrity_check", [], |row| row.get(0));
    match verdict {
        Ok(verdict) if verdict == "ok" => Ok(()),
        Ok(verdict) => Err(verdict),
        Err(error) => Err(error.to_string()),
    }
}

fn conversations(
    paths: &Paths,
    seen: &Seen<'_>,
    findings: &mut Vec<Finding>,
    counts: &mut Counts,
) -> rusqlite::Result<()> {
    let journal = crate::sealed::open(&paths.journal())?;
    let settings: String = journal.query_row("SELECT settings FROM meta", [], |row| row.get(0))?;
    let settings: BotSettings = match serde_json::from_str(&settings) {
        Ok(settings) => settings,
        Err(error) => {
            findings.push(Finding::new(Kind::Damaged, format!("settings: {error}")));
            return Ok(());
        }
    };
    // Of bookings and orders the model is what customers read, see `books`.
    let bot = (seen.plan.shop == Shop::Care).then(|| model::bot(&settings));
    // A journal that was lost took its chats along.
    let known = (0..CUSTOMERS).filter(|who| !seen.fate.erased.contains(who) && !seen.fate.renewed);
    for who in known {
        let contacts = contacts(&journal, seen, who)?;
        if contacts.len() > 1 {
            findings.push(Finding::new(Kind::Doubled, format!("{} is two contacts", base::name(who))));
        }
        let Some(contact) = contacts.first() else {
            // Who said only what a kill may take is known at most once, like what they said.
            let said: Vec<_> = seen.said.iter().filter(|said| said.who == who).collect();
            if said.iter().any(|said| said.sending.must_last()) || !(said.is_empty() || seen.plan.kills()) {
                findings.push(Finding::new(Kind::Lost, format!("{} is unknown", base::name(who))));
            } else {
                counts.forgotten += said.len() as u64;
            }
            continue;
        };
        Chat::read(&journal, who, contact)?.check(seen, bot.as_ref(), findings, counts);
    }
    let open: i64 =
        journal.query_row("SELECT count(*) FROM inbox WHERE outcome IS NULL", [], |row| row.get(0))?;
    if open > 0 {
        findings.push(Finding::new(Kind::Lost, format!("{open} messages have no outcome")));
    }
    Ok(())
}

fn contacts(journal: &Connection, seen: &Seen<'_>, who: usize) -> rusqlite::Result<Vec<Vec<u8>>> {
    let number = base::number(who);
    let lid = seen.whatsapp.find_customer(&number).map(|customer| customer.lid().to_owned());
    let mut statement = journal.prepare("SELECT id FROM contacts WHERE number = ?1 OR lid = ?2")?;
    let found = statement.query_map(rusqlite::params![number, lid.unwrap_or_default()], |row| row.get(0))?;
    found.collect()
}

/// What people see of the inbox, as it stands in the log: a picture by its name, and nothing of what is no message of a
/// person to the business.
fn logged() -> String {
    let unread: String =
        UNREAD.iter().map(|(kind, words)| format!("WHEN '{kind}' THEN '{words}' ")).collect();
    format!(
        "SELECT replace(wa_id, '~unreadable', ''), CASE kind WHEN 'text' THEN coalesce(text, '') \
         WHEN 'delete' THEN '[deleted a message]' {unread} ELSE rtrim('[' || kind || '] ' || coalesce(text, '')) END \
         FROM inbox WHERE outcome NOT IN ('protocol', 'superseded', 'group', 'status', 'broadcast')"
    )
}

/// The control plane's log holds what the journal has, each row once.
fn log(paths: &Paths, seen: &Seen<'_>, findings: &mut Vec<Finding>) -> rusqlite::Result<()> {
    let journal = crate::sealed::open(&paths.journal())?;
    let mut wanted: BTreeMap<(String, String, String), i64> = BTreeMap::new();
    for (direction, sql) in [("IN", logged()), ("OUT", "SELECT wa_id, text FROM outbox".to_owned())] {
        let mut statement = journal.prepare(&sql)?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        for row in rows {
            let (id, text) = row?;
            *wanted.entry((direction.to_owned(), id, text)).or_default() += 1;
        }
    }
    let control = Connection::open(paths.control())?;
    let mut statement = control
        .prepare("SELECT direction, wa_message_id, message_text FROM message_logs WHERE tenant_id = ?1")?;
    let rows = statement.query_map([&paths.tenant], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    for row in rows {
        *wanted.entry(row?).or_default() -= 1;
    }
    for ((direction, id, text), left) in wanted {
        let what = format!("{direction} {id} \"{text}\"");
        match left {
            0 => {}
            1.. => findings.push(Finding::new(Kind::LogLost, what)),
            ..0 if seen.fate.renewed => {}
            ..0 => findings.push(Finding::new(Kind::LogDoubled, what)),
        }
    }
    Ok(())
}

/// Whether a message of ours may have come so far, by where its story stands in the outbox: both are one transaction.
fn fits(outbox: &str, come: Delivery) -> bool {
    match outbox {
        "acked" => come.rank() >= Delivery::Sent.rank(),
        "failed" => come.rank() >= Delivery::Failed.rank(),
        _ => come == Delivery::Waiting,
    }
}

/// Of each message of ours the journal knows how far it has come, as the outbox has it, and the control plane the same once
/// it has acknowledged that: never less, and more only where a power cut made the journal forget. All has been ended in the
/// midst of whatever it did, so that what was not acknowledged may be known to either.
fn ticks(paths: &Paths, seen: &Seen<'_>, findings: &mut Vec<Finding>) -> rusqlite::Result<()> {
    let come = |word: Option<String>| word.and_then(|word| word.parse::<Delivery>().ok());
    let control = Connection::open(paths.control())?;
    let mut rows = control
        .prepare("SELECT id, delivery FROM message_logs WHERE direction = 'OUT' AND tenant_id = ?1")?;
    let told = rows.query_map([&paths.tenant], |row| Ok((row.get::<_, String>(0)?, come(row.get(1)?))))?;
    let told: HashMap<String, Option<Delivery>> = told.collect::<Result<_, _>>()?;
    let journal = crate::sealed::open(&paths.journal())?;
    let mut rows = journal.prepare(
        "SELECT o.wa_id, o.state, d.log_id, d.state, d.sequence IS NULL FROM outbox o \
         LEFT JOIN deliveries d ON d.wa_id = o.wa_id",
    )?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let (id, outbox): (String, String) = (row.get(0)?, row.get(1)?);
        let mut find =
            |what: String| findings.push(Finding::new(Kind::LogLost, format!("the tick of {id}: {what}")));
        let Some(known) = come(row.get(3)?) else {
            find("the journal has none".to_owned());
            continue;
        };
        if !fits(&outbox, known) {
            find(format!("{known}, and the message is {outbox}"));
        }
        // A row that is missing is found by whoever looks for rows.
        let log: String = row.get(2)?;
        let acknowledged: bool = row.get(4)?;
        match told.get(&log).copied() {
            None => {}
            Some(None) => find(format!("the control plane has none, the journal {known}")),
            Some(Some(told)) if acknowledged && told.rank() < known.rank() => {
                find(format!("{told} at the control plane, which has acknowledged {known}"));
            }
            Some(Some(told)) if told.rank() > known.rank() && seen.plan.power.is_none() => {
                find(format!("{told} at the control plane, {known} in the journal"));
            }
            Some(Some(_)) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn a_tick_follows_what_became_of_its_message() {
        let fitting = |outbox| Delivery::VARIANTS.iter().filter(|come| fits(outbox, **come)).count();
        assert_eq!(["pending", "sent", "failed", "acked"].map(fitting), [1, 1, 5, 4]);
    }
}
