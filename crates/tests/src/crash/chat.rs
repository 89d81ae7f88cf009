//! One customer's chat, as the journal and the customer's phone have it, against what was sent and the model.

use std::collections::BTreeMap;

use domain::Timestamp;
use replies::{Bot, From, Record, State};
use rusqlite::Connection;

use super::{
    Counts, Finding, Kind, base,
    check::Seen,
    model::{Model, Part},
    plan::KNOWN,
    sending::UNREAD,
    talk::Said,
};

/// What a row that stood for a message keeps behind its id once the message itself has come.
const STOOD: &str = "~unreadable";

/// A message as it lies in the inbox.
struct Inbound {
    seq: i64,
    /// The last message of its turn.
    turn: i64,
    wa_id: String,
    kind: String,
    text: Option<String>,
    about: Option<String>,
    outcome: Option<String>,
}

impl Inbound {
    /// The id of the message for which it stands.
    fn id(&self) -> &str {
        self.wa_id.strip_suffix(STOOD).unwrap_or(&self.wa_id)
    }

    fn part(&self) -> Part<'_> {
        Part { id: &self.wa_id, kind: &self.kind, text: self.text.as_deref(), about: self.about.as_deref() }
    }

    /// As people read it in the log.
    fn in_words(&self) -> String {
        match (self.kind.as_str(), self.text.as_deref().unwrap_or_default()) {
            ("text", text) => text.to_owned(),
            ("delete", _) => "[deleted a message]".to_owned(),
            (kind, "") => format!("[{kind}]"),
            (kind, text) => format!("[{kind}] {text}"),
        }
    }
}

/// A message of the bot's.
struct Outbound {
    wa_id: String,
    cause: Option<i64>,
    text: String,
    state: String,
    /// When it was decided.
    at: Timestamp,
}

/// A customer's chat as the journal has it.
pub(super) struct Chat {
    who: usize,
    inbox: Vec<Inbound>,
    outbox: Vec<Outbound>,
    /// What the bot remembers.
    state: State,
    records: Vec<Record>,
    from: From,
}

impl Chat {
    /// Reads the chat of a contact.
    pub(super) fn read(journal: &Connection, who: usize, contact: &[u8]) -> rusqlite::Result<Self> {
        Ok(Self {
            who,
            inbox: inbox(journal, contact)?,
            outbox: outbox(journal, contact)?,
            state: state(journal, contact)?,
            records: records(journal, contact)?,
            from: from(journal, contact)?,
        })
    }

    /// Each promise, one after the other.
    pub(super) fn check(
        &self,
        seen: &Seen<'_>,
        bot: Option<&Bot>,
        findings: &mut Vec<Finding>,
        counts: &mut Counts,
    ) {
        let name = base::name(self.who);
        let mut find = |kind, what: String| findings.push(Finding::new(kind, format!("{name}: {what}")));
        let said: Vec<_> = seen.said.iter().filter(|said| said.who == self.who).collect();
        // The base's message has been looked at when the base was made.
        let own: Vec<_> = self.inbox.iter().skip(usize::from(self.who < KNOWN)).collect();
        for said in &said {
            self.message(said, &own, seen, counts, &mut find);
        }
        for row in own.iter().filter(|row| !said.iter().any(|said| said.id == row.id())) {
            find(Kind::Doubled, format!("{} is in the inbox, and nobody sent it", row.wa_id));
        }
        self.order(&said, &own, seen, &mut find);
        match bot {
            Some(bot) => self.turns(bot, counts, &mut find),
            None => self.answered(counts, &mut find),
        }
        for out in &self.outbox {
            if out.cause.is_some_and(|cause| !self.inbox.iter().any(|row| row.seq == cause)) {
                find(Kind::Doubled, format!("{} answers a message that is not there", out.wa_id));
            }
        }
        for (_, text) in seen.typed.iter().filter(|(whom, _)| *whom == self.who) {
            let count = self.outbox.iter().filter(|out| out.cause.is_none() && out.text == *text).count();
            if count != 1 {
                let kind = if count == 0 { Kind::Lost } else { Kind::Doubled };
                find(kind, format!("\"{text}\", typed by hand, is there {count} times"));
            }
        }
        self.phone(seen, counts, find);
    }

    /// A message that was sent lies in the inbox once, as what it is, with an outcome that it may have. What passes no
    /// hook, or was not said to the business itself, is there at most once after a crash, and once without one.
    fn message(
        &self,
        said: &Said,
        own: &[&Inbound],
        seen: &Seen<'_>,
        counts: &mut Counts,
        find: &mut impl FnMut(Kind, String),
    ) {
        let what = format!("{} ({})", said.sending.name(), said.id);
        let rows: Vec<_> = own.iter().filter(|row| row.wa_id == said.id).collect();
        let passes = said.sending.passes_hook();
        counts.unread += u64::from(!passes);
        if own.iter().filter(|row| row.wa_id != said.id && row.id() == said.id).count() > 1 {
            find(Kind::Doubled, format!("{what} could not be read twice"));
        }
        let row = match rows[..] {
            [row] => row,
            [] if !said.sending.must_last() && seen.plan.kills() => {
                counts.forgotten += 1;
                return;
            }
            [] => return find(Kind::Lost, format!("{what} is not in the inbox")),
            _ => return find(Kind::Doubled, format!("{what} is in the inbox {} times", rows.len())),
        };
        let words = row.in_words();
        let said_so = match (said.sending.words(), said.sending.logged()) {
            (Some(text), _) => row.kind == "text" && words == text,
            (None, Some(start)) => words.starts_with(start),
            (None, None) => passes || UNREAD.iter().any(|(kind, _)| *kind == row.kind),
        };
        if !said_so {
            find(Kind::Lost, format!("{what} is in the inbox as \"{words}\""));
        }
        let edits = |id: &str| own.iter().any(|row| row.kind == "delete" && row.about.as_deref() == Some(id));
        let taken_back = edits(&said.id) || row.about.as_deref().is_some_and(edits);
        match row.outcome.as_deref() {
            None => find(Kind::Lost, format!("{what} has no outcome")),
            Some(outcome) if said.sending.may_become(outcome, taken_back) => {}
            Some(outcome) => find(Kind::WrongState, format!("{what} has the outcome {outcome}")),
        }
    }

    /// Messages of the chat were taken in the order in which they were written.
    fn order(&self, said: &[&Said], own: &[&Inbound], seen: &Seen<'_>, find: &mut impl FnMut(Kind, String)) {
        let ordered = |said: &&&Said| {
            said.sending.passes_hook() && said.sending.is_direct() && !seen.asked_again.contains(&said.id)
        };
        let ids: Vec<_> = said.iter().filter(ordered).map(|said| &said.id).collect();
        let taken = own.iter().map(|row| &row.wa_id).filter(|id| ids.contains(id));
        let all_there = taken.clone().count() == ids.len();
        if seen.plan.keeps_order(self.who) && all_there && !taken.eq(ids.iter().copied()) {
            find(Kind::Misordered, "messages were taken in another order than they were written in".into());
        }
    }

    /// The messages that were answered together have one list of replies, which is the model's; what could not be read
    /// was asked for once.
    fn turns(&self, bot: &Bot, counts: &mut Counts, find: &mut impl FnMut(Kind, String)) {
        let mut turns: BTreeMap<i64, Vec<&Inbound>> = BTreeMap::new();
        for row in self.inbox.iter().filter(|row| row.outcome.as_deref() == Some("replied")) {
            turns.entry(row.turn).or_default().push(row);
        }
        let mut model = Model::new(bot, self.from.clone(), &self.records);
        let (mut asked, mut known) = (0, Timestamp::UNIX_EPOCH);
        for (turn, rows) in turns {
            counts.turns += 1;
            let parts: Vec<_> = rows.iter().map(|row| row.part()).collect();
            asked += u32::from(parts.iter().any(|part| part.asks().is_some()));
            let replies: Vec<_> = self.outbox.iter().filter(|out| out.cause == Some(turn)).collect();
            known = replies.first().map_or(known, |reply| reply.at);
            let expected = model.hear(&parts, known);
            let words: Vec<_> = rows.iter().map(|row| row.in_words()).collect();
            let words = words.join("\" and \"");
            if replies.len() != expected.len() {
                let kind = if replies.len() < expected.len() { Kind::Lost } else { Kind::Doubled };
                find(kind, format!("{} replies to \"{words}\"", replies.len()));
            }
            for (reply, text) in replies.iter().zip(&expected) {
                if reply.text != *text {
                    find(Kind::WrongReply, format!("\"{}\" to \"{words}\"", reply.text));
                }
            }
        }
        let unread = self.inbox.iter().any(|row| row.outcome.as_deref() == Some("unreadable"));
        if asked > 1 {
            find(Kind::Doubled, format!("was asked {asked} times to send something again"));
        } else if unread && asked == 0 && model.state.hand_off.is_none() {
            find(Kind::Lost, "was never asked to send again what could not be read".to_owned());
        }
        let with_person = self.inbox.iter().any(|row| row.outcome.as_deref() == Some("with_person"));
        if with_person && model.state.hand_off.is_none() {
            find(Kind::Lost, "was not answered, and no person has the chat".to_owned());
        }
        if !self.inbox.is_empty() && self.state != model.state {
            find(Kind::WrongState, format!("{:?}, the model has {:?}", self.state, model.state));
        }
    }

    /// What was answered has replies, and nothing else has.
    fn answered(&self, counts: &mut Counts, find: &mut impl FnMut(Kind, String)) {
        for row in self.inbox.iter().filter(|row| row.seq == row.turn) {
            let replies = self.outbox.iter().filter(|out| out.cause == Some(row.seq)).count();
            let replied = row.outcome.as_deref() == Some("replied");
            counts.turns += u64::from(replied);
            if replied != (replies > 0) {
                let kind = if replied { Kind::Lost } else { Kind::Doubled };
                find(kind, format!("{replies} replies to \"{}\"", row.in_words()));
            }
        }
    }

    /// The customer's phone has seen exactly the outbox, in its order.
    fn phone(&self, seen: &Seen<'_>, counts: &mut Counts, mut find: impl FnMut(Kind, String)) {
        let customer = match seen.whatsapp.find_customer(&base::number(self.who)) {
            Ok(customer) => customer,
            Err(error) => return find(Kind::Damaged, error.to_string()),
        };
        let received = customer.received(seen.bot);
        for entry in &received {
            counts.repeated += u64::from(entry.arrivals.saturating_sub(1));
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

fn inbox(journal: &Connection, contact: &[u8]) -> rusqlite::Result<Vec<Inbound>> {
    let mut statement = journal.prepare(
        "SELECT seq, coalesce(turn, seq), wa_id, kind, text, about, outcome FROM inbox WHERE contact = ?1 \
         AND outcome IS NOT 'superseded' ORDER BY seq",
    )?;
    let rows = statement.query_map([contact], |row| {
        Ok(Inbound {
            seq: row.get(0)?,
            turn: row.get(1)?,
            wa_id: row.get(2)?,
            kind: row.get(3)?,
            text: row.get(4)?,
            about: row.get(5)?,
            outcome: row.get(6)?,
        })
    })?;
    rows.collect()
}

fn outbox(journal: &Connection, contact: &[u8]) -> rusqlite::Result<Vec<Outbound>> {
    let mut statement = journal.prepare(
        "SELECT wa_id, cause, text, state, created_at FROM outbox WHERE contact = ?1 ORDER BY seq",
    )?;
    let rows = statement.query_map([contact], |row| {
        let at = Timestamp::from_millisecond(row.get(4)?).unwrap_or(Timestamp::UNIX_EPOCH);
        Ok(Outbound { wa_id: row.get(0)?, cause: row.get(1)?, text: row.get(2)?, state: row.get(3)?, at })
    })?;
    rows.collect()
}

fn state(journal: &Connection, contact: &[u8]) -> rusqlite::Result<State> {
    let mut statement = journal.prepare("SELECT state FROM conversations WHERE contact = ?1")?;
    let mut rows = statement.query_map([contact], |row| row.get::<_, String>(0))?;
    let Some(state) = rows.next().transpose()? else { return Ok(State::default()) };
    Ok(serde_json::from_str(&state).unwrap_or_default())
}

fn records(journal: &Connection, contact: &[u8]) -> rusqlite::Result<Vec<Record>> {
    let mut statement =
        journal.prepare("SELECT body FROM records WHERE contact = ?1 ORDER BY changed_at, reference")?;
    let rows = statement.query_map([contact], |row| row.get::<_, String>(0))?;
    let bodies = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(bodies.iter().filter_map(|body| serde_json::from_str(body).ok()).collect())
}

fn from(journal: &Connection, contact: &[u8]) -> rusqlite::Result<From> {
    journal.query_row("SELECT number, push_name, known FROM contacts WHERE id = ?1", [contact], |row| {
        Ok(From { phone: row.get(0)?, push_name: row.get(1)?, known_before: row.get(2)? })
    })
}
