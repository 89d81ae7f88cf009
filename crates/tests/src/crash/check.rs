//! Compares what is on disk and on the customers' phones with the model. Everything has been ended before.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use domain::BotSettings;
use replies::Said as Words;
use rusqlite::Connection;
use virtual_whatsapp::{EventKind, ReceiptKind, Server};

use super::{
    Finding, Kind, Plan,
    base::{self, Paths},
    kinds::{self, Sent},
    model::Model,
    plan::{CUSTOMERS, KNOWN},
    talk::Said,
};

/// What customers have seen and said.
pub(super) struct Seen<'a> {
    pub(super) whatsapp: &'a Server,
    pub(super) bot: &'a str,
    pub(super) said: &'a [Said],
    /// What a bystander has sent besides text.
    pub(super) sent: &'a [Sent],
    pub(super) typed: &'a [(usize, String)],
    /// Messages that the bot had sent anew, since it could not read them. They are answered when they come, which may
    /// be after messages that were written later.
    pub(super) asked_again: &'a BTreeSet<String>,
    /// What was planned.
    pub(super) plan: &'a Plan,
}

/// A message as it lies in the inbox.
struct Inbound {
    seq: i64,
    /// The last message of its turn.
    turn: i64,
    wa_id: String,
    text: String,
    outcome: Option<String>,
}

/// A message of the bot's.
#[derive(Clone)]
struct Outbound {
    wa_id: String,
    cause: Option<i64>,
    text: String,
    state: String,
}

/// All that is wrong, by every check; and how often a reply went out again under its id.
pub(super) fn check(paths: &Paths, seen: &Seen<'_>) -> (Vec<Finding>, u64) {
    let mut findings = Vec::new();
    for path in [paths.journal(), paths.session(), paths.control()] {
        if let Err(why) = whole(&path) {
            findings.push(Finding::new(Kind::Damaged, format!("{}: {why}", path.display())));
        }
    }
    let mut repeated = 0;
    let done =
        conversations(paths, seen, &mut findings, &mut repeated).and_then(|()| log(paths, &mut findings));
    if let Err(error) = done {
        findings.push(Finding::new(Kind::Damaged, error.to_string()));
    }
    for event in seen.whatsapp.events().since(0) {
        if let EventKind::Undecryptable { by, id, reason, .. } = &event.kind {
            findings.push(Finding::new(Kind::Unreadable, format!("{id} at {by}: {reason}")));
        }
    }
    (findings, repeated)
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
    let looked = Connection::open(paths.journal()).and_then(|journal| {
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
    let database = Connection::open(path).map_err(|error| error.to_string())?;
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
    repeated: &mut u64,
) -> rusqlite::Result<()> {
    let journal = Connection::open(paths.journal())?;
    let settings: String = journal.query_row("SELECT settings FROM meta", [], |row| row.get(0))?;
    let settings: BotSettings = match serde_json::from_str(&settings) {
        Ok(settings) => settings,
        Err(error) => {
            findings.push(Finding::new(Kind::Damaged, format!("settings: {error}")));
            return Ok(());
        }
    };
    for who in 0..CUSTOMERS {
        let contacts = contacts(&journal, seen, who)?;
        if contacts.len() > 1 {
            findings.push(Finding::new(Kind::Doubled, format!("{} is two contacts", base::name(who))));
        }
        let Some(contact) = contacts.first() else {
            if seen.said.iter().any(|said| said.who == who) {
                findings.push(Finding::new(Kind::Lost, format!("{} is unknown", base::name(who))));
            }
            continue;
        };
        let chat = Chat {
            who,
            inbox: inbox(&journal, contact)?,
            outbox: outbox(&journal, contact)?,
            step: step(&journal, contact)?,
        };
        chat.check(seen, &settings, findings, repeated);
    }
    kinds::check(&journal, seen.whatsapp, seen.bot, seen.sent, findings)?;
    let open: i64 =
        journal.query_row("SELECT count(*) FROM inbox WHERE outcome IS NULL", [], |row| row.get(0))?;
    if open > 0 {
        findings.push(Finding::new(Kind::Lost, format!("{open} messages have no outcome")));
    }
    Ok(())
}

/// A customer's chat as the journal has it.
struct Chat {
    who: usize,
    inbox: Vec<Inbound>,
    outbox: Vec<Outbound>,
    step: Option<String>,
}

impl Chat {
    /// The messages that were answered together, in order.
    fn turns(&self) -> Vec<Vec<&Inbound>> {
        let mut turns: BTreeMap<i64, Vec<&Inbound>> = BTreeMap::new();
        for row in &self.inbox {
            turns.entry(row.turn).or_default().push(row);
        }
        turns.into_values().collect()
    }

    fn check(
        &self,
        seen: &Seen<'_>,
        settings: &BotSettings,
        findings: &mut Vec<Finding>,
        repeated: &mut u64,
    ) {
        let name = base::name(self.who);
        let mut find = |kind, what: String| findings.push(Finding::new(kind, format!("{name}: {what}")));

        // Each message that was written lies in the inbox, once, in order.
        let said: Vec<_> = seen.said.iter().filter(|said| said.who == self.who).collect();
        let own: Vec<_> = self.inbox.iter().skip(usize::from(self.who < KNOWN)).collect();
        for said in &said {
            match own.iter().filter(|row| row.wa_id == said.id && row.text == said.text).count() {
                0 => find(Kind::Lost, format!("\"{}\" ({}) is not in the inbox", said.text, said.id)),
                1 => {}
                _ => find(Kind::Doubled, format!("\"{}\" ({}) is in the inbox twice", said.text, said.id)),
            }
        }
        if own.len() > said.len() {
            find(Kind::Doubled, format!("{} messages of {} in the inbox", own.len(), said.len()));
        }
        let at_once = |id: &&String| !seen.asked_again.contains(*id);
        let in_order = said
            .iter()
            .map(|said| &said.id)
            .filter(at_once)
            .eq(own.iter().map(|row| &row.wa_id).filter(at_once));
        if seen.plan.keeps_order(self.who) && own.len() == said.len() && !in_order {
            find(Kind::Misordered, "messages were taken in another order than they were written in".into());
        }

        // Each has one outcome, which several of one turn may share, and it is the model's.
        let mut model = Model::default();
        let mut step = String::new();
        for turn in self.turns() {
            let said: Vec<Words<'_>> = turn.iter().map(|row| Words::Text(&row.text)).collect();
            let expected = model.hear(settings, &said);
            step = expected.step;
            let (Some(last), words) = (turn.last(), turn.iter().map(|row| row.text.as_str())) else {
                continue;
            };
            let words = words.collect::<Vec<_>>().join("\" and \"");
            let replies: Vec<_> = self.outbox.iter().filter(|out| out.cause == Some(last.seq)).collect();
            for row in turn.iter().filter(|row| row.outcome.as_deref() != Some("replied")) {
                find(Kind::Lost, format!("\"{}\" has the outcome {:?}", row.text, row.outcome));
            }
            if replies.len() != expected.texts.len() {
                find(Kind::Doubled, format!("{} replies to \"{words}\" ({})", replies.len(), last.wa_id));
            }
            for (reply, text) in replies.iter().zip(&expected.texts) {
                if reply.text != *text {
                    find(Kind::WrongReply, format!("\"{}\" to \"{words}\"", reply.text));
                }
            }
        }
        for out in &self.outbox {
            if out.cause.is_some_and(|cause| !self.inbox.iter().any(|row| row.seq == cause)) {
                find(Kind::Doubled, format!("{} answers a message that is not there", out.wa_id));
            }
        }
        if !self.inbox.is_empty() && self.step.as_deref() != Some(&step) {
            find(Kind::WrongState, format!("step {:?}, the model has {step:?}", self.step));
        }
        for (_, text) in seen.typed.iter().filter(|(whom, _)| *whom == self.who) {
            let count = self.outbox.iter().filter(|out| out.cause.is_none() && out.text == *text).count();
            if count != 1 {
                let kind = if count == 0 { Kind::Lost } else { Kind::Doubled };
                find(kind, format!("\"{text}\", typed by hand, is there {count} times"));
            }
        }

        self.phone(seen, repeated, find);
    }

    /// The customer's phone has seen exactly the outbox, in its order.
    fn phone(&self, seen: &Seen<'_>, repeated: &mut u64, mut find: impl FnMut(Kind, String)) {
        let customer = match seen.whatsapp.find_customer(&base::number(self.who)) {
            Ok(customer) => customer,
            Err(error) => return find(Kind::Damaged, error.to_string()),
        };
        let received = customer.received(seen.bot);
        for entry in &received {
            *repeated += u64::from(entry.arrivals.saturating_sub(1));
            if !self.outbox.iter().any(|out| out.wa_id == entry.id) {
                let text = entry.body.text().unwrap_or_default();
                find(Kind::Doubled, format!("{} \"{text}\" arrived and is not in the outbox", entry.id));
            }
        }
        for out in &self.outbox {
            match received.iter().filter(|entry| entry.id == out.wa_id).count() {
                1 => {}
                0 => {
                    find(
                        Kind::Lost,
                        format!("{} ({}) never arrived: \"{}\"", out.wa_id, out.state, out.text),
                    );
                }
                _ => find(Kind::Doubled, format!("{} arrived with two texts", out.wa_id)),
            }
        }
        let order: Vec<_> = received.iter().map(|entry| &entry.id).collect();
        if order.len() == self.outbox.len()
            && !order.iter().copied().eq(self.outbox.iter().map(|out| &out.wa_id))
        {
            find(Kind::Misordered, "replies arrived in another order than they were decided in".into());
        }
    }
}

fn contacts(journal: &Connection, seen: &Seen<'_>, who: usize) -> rusqlite::Result<Vec<Vec<u8>>> {
    let number = base::number(who);
    let lid = seen.whatsapp.find_customer(&number).map(|customer| customer.lid().to_owned());
    let mut statement = journal.prepare("SELECT id FROM contacts WHERE number = ?1 OR lid = ?2")?;
    let found = statement.query_map(rusqlite::params![number, lid.unwrap_or_default()], |row| row.get(0))?;
    found.collect()
}

fn inbox(journal: &Connection, contact: &[u8]) -> rusqlite::Result<Vec<Inbound>> {
    let mut statement = journal.prepare(
        "SELECT seq, coalesce(turn, seq), wa_id, coalesce(text, ''), outcome FROM inbox WHERE contact = ?1 \
         AND outcome IS NOT 'superseded' ORDER BY seq",
    )?;
    let rows = statement.query_map([contact], |row| {
        Ok(Inbound {
            seq: row.get(0)?,
            turn: row.get(1)?,
            wa_id: row.get(2)?,
            text: row.get(3)?,
            outcome: row.get(4)?,
        })
    })?;
    rows.collect()
}

fn outbox(journal: &Connection, contact: &[u8]) -> rusqlite::Result<Vec<Outbound>> {
    let mut statement =
        journal.prepare("SELECT wa_id, cause, text, state FROM outbox WHERE contact = ?1 ORDER BY seq")?;
    let rows = statement.query_map([contact], |row| {
        Ok(Outbound { wa_id: row.get(0)?, cause: row.get(1)?, text: row.get(2)?, state: row.get(3)? })
    })?;
    rows.collect()
}

fn step(journal: &Connection, contact: &[u8]) -> rusqlite::Result<Option<String>> {
    let mut statement = journal.prepare("SELECT state FROM conversations WHERE contact = ?1")?;
    let mut rows = statement.query_map([contact], |row| row.get::<_, String>(0))?;
    let Some(state) = rows.next().transpose()? else { return Ok(None) };
    let state: replies::Conversation = serde_json::from_str(&state).unwrap_or_default();
    Ok(Some(state.step))
}

/// What people see of the inbox, as it stands in the log: a picture by its name, and nothing of what is no message of a
/// person.
const LOGGED: &str = "SELECT wa_id, CASE WHEN kind = 'text' THEN coalesce(text, '') ELSE rtrim('[' || kind || '] ' || \
                      coalesce(text, '')) END FROM inbox WHERE outcome IS NOT 'protocol' AND outcome IS NOT 'superseded'";

/// The control plane's log holds what the journal has, each row once.
fn log(paths: &Paths, findings: &mut Vec<Finding>) -> rusqlite::Result<()> {
    let journal = Connection::open(paths.journal())?;
    let mut wanted: BTreeMap<(String, String, String), i64> = BTreeMap::new();
    for (direction, sql) in [("IN", LOGGED), ("OUT", "SELECT wa_id, text FROM outbox")] {
        let mut statement = journal.prepare(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        for row in rows {
            let (id, text) = row?;
            *wanted.entry((direction.to_owned(), id, text)).or_default() += 1;
        }
    }
    let control = Connection::open(paths.control())?;
    let mut statement = control.prepare("SELECT direction, wa_message_id, message_text FROM message_logs")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    for row in rows {
        *wanted.entry(row?).or_default() -= 1;
    }
    for ((direction, id, text), left) in wanted {
        let what = format!("{direction} {id} \"{text}\"");
        match left {
            0 => {}
            1.. => findings.push(Finding::new(Kind::LogLost, what)),
            ..0 => findings.push(Finding::new(Kind::LogDoubled, what)),
        }
    }
    Ok(())
}
