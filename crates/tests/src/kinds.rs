//! `docs/message-kinds.md`: what a real worker does with each kind of message, from a run of it.

use std::{collections::BTreeSet, fmt::Write as _};

use rusqlite::Connection;
use serde_json::Value;
use virtual_whatsapp::{
    Customer, Draft, GroupOptions, Kind, LinkedDevice, Options, SendOptions, Server, Via, VirtualWhatsApp,
    Wrapper,
};

use crate::{Bot, ControlPlane, Flavour, LIMIT, Place};

/// The file.
pub const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/message-kinds.md");
/// What other clients form, as their tests check it.
const BAILEYS: &str = include_str!("../../virtual-whatsapp/tests/formed/baileys.txt");
const WHATSMEOW: &str = include_str!("../../virtual-whatsapp/tests/formed/whatsmeow.txt");

/// One line of the table: what is sent, how, and what came of it.
#[derive(Debug)]
struct Line {
    what: String,
    /// The kind's own name, for those who form it.
    kind: Option<&'static str>,
    does: String,
    logged: String,
}

/// How something is sent.
#[derive(Debug, Clone)]
struct Case {
    what: String,
    kind: Option<&'static str>,
    draft: Draft,
    options: SendOptions,
    group: Option<GroupOptions>,
    verified: bool,
    hidden: bool,
}

impl Case {
    fn of(kind: Kind) -> Self {
        Self {
            what: format!("`{}`", kind.name()),
            kind: Some(kind.name()),
            draft: Draft::of(kind),
            options: SendOptions::default(),
            group: None,
            verified: false,
            hidden: false,
        }
    }

    fn text(what: &str) -> Self {
        Self { what: what.to_owned(), kind: None, ..Self::of(Kind::Text) }
    }
}

/// Everything that is tried: all kinds, all wrappers, all ways.
fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> =
        Kind::ALL.iter().filter(|kind| **kind != Kind::Raw).map(|kind| Case::of(*kind)).collect();
    for wrapper in Wrapper::ALL {
        let what = format!("text in the wrapper `{}`", wrapper.name());
        let draft = Draft::text("1").wrapped(*wrapper);
        // An edit is about a message; without one the wrapper holds a text.
        cases.push(Case { draft, ..Case::text(&what) });
    }
    cases.push(Case {
        draft: Draft::of(Kind::Edit).saying("1").wrapped(Wrapper::Edited),
        ..Case::text("an edit as the official apps send it")
    });
    cases.push(Case { draft: Draft::text(&"x".repeat(65_536)), ..Case::text("a text of 65,536 characters") });
    cases.push(Case { verified: true, ..Case::text("text of a business with a verified name") });
    cases.push(Case { hidden: true, ..Case::text("text of a LID without a number") });
    cases.push(Case { options: SendOptions::by_lid(), ..Case::text("text under a LID with its number") });
    cases.push(Case { group: Some(GroupOptions::default()), ..Case::text("text in a group") });
    let community = GroupOptions { community: true, by_lid: true, ..GroupOptions::default() };
    cases.push(Case { group: Some(community), ..Case::text("text in a community") });
    for (what, via) in [
        ("text as a status", Via::Status),
        ("text through a broadcast list", Via::List("1700000000".to_owned())),
        ("text in a newsletter", Via::Newsletter("120363000000000001".to_owned())),
    ] {
        cases.push(Case { options: SendOptions { via, ..SendOptions::default() }, ..Case::text(what) });
    }
    cases
}

/// Runs a real worker over all kinds and writes the page.
pub async fn document() -> String {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.expect("a virtual WhatsApp");
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let (bot, device) = Bot::linked(plane.admin(), &whatsapp, 1).await;
    let run = Run { whatsapp, device, bot };
    let cases = cases();
    let mut outcomes = Vec::new();
    // Many at once: each has a contact of its own, whose messages come in order.
    for (round, cases) in cases.chunks(8).enumerate() {
        let sent = all(cases.iter().enumerate().map(|(n, case)| run.send(case, round * 8 + n))).await;
        run.is_taken().await;
        // Rows come to the log in the order of the journal: what is not there before this one's never comes.
        let last = run.whatsapp.customer(&format!("2557139{round:05}"), "The last").expect("a number");
        let last = last.send_text(&run.bot.number, "Hello").expect("it is sent");
        let has = |rows: &[Value]| rows.iter().any(|row| is(row, &last));
        let rows = plane.admin().wait_for_logs(&run.bot.id, "the last row", has).await;
        outcomes.extend(all(sent.into_iter().map(|sent| run.outcome(sent, &rows))).await);
    }
    // The journal is the worker's alone while it runs.
    let pid = run.bot.pid(plane.admin()).await;
    plane.admin().worker(&run.bot.id, "stop").await;
    crate::process::ended(pid).await;
    let journal = place.cell(&run.bot.id).join(link::cell::JOURNAL_DATABASE);
    let journal = crate::sealed::open(&journal).expect("the journal can be read");
    page(
        &cases.iter().zip(&outcomes).map(|(case, outcome)| line(case, outcome, &journal)).collect::<Vec<_>>(),
    )
}

/// A message on its way.
struct Sent {
    id: String,
    customer: Customer,
    chat: String,
    /// Messages that had come in before.
    before: usize,
}

/// What came of one.
struct Outcome {
    id: String,
    /// What the log says of it; nothing where it has no row.
    logged: Option<String>,
    reply: Option<String>,
}

fn line(case: &Case, outcome: &Outcome, journal: &Connection) -> Line {
    let fixed: Option<String> = journal
        .query_row("SELECT outcome FROM inbox WHERE wa_id = ?1", [&outcome.id], |row| row.get(0))
        .ok()
        .flatten();
    let does = match (&outcome.reply, fixed) {
        (Some(reply), _) => format!("answers: {}", short(reply)),
        (None, Some(reason)) => format!("silent: {reason}"),
        (None, None) => "nothing".to_owned(),
    };
    let logged = match outcome.logged.as_deref() {
        None => "nothing".to_owned(),
        Some("") => "a row without text".to_owned(),
        Some(text) => short(text),
    };
    Line { what: case.what.clone(), kind: case.kind, does, logged }
}

/// Waits for all of them, in their order.
async fn all<F: Future>(running: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = running.map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(move |cx| {
        let mut pending = false;
        for (one, done) in &mut waiting {
            if done.is_none() {
                match one.as_mut().poll(cx) {
                    std::task::Poll::Ready(line) => *done = Some(line),
                    std::task::Poll::Pending => pending = true,
                }
            }
        }
        if pending {
            return std::task::Poll::Pending;
        }
        std::task::Poll::Ready(waiting.iter_mut().filter_map(|(_, done)| done.take()).collect())
    })
    .await
}

fn is(row: &Value, id: &str) -> bool {
    row["wa_message_id"] == id && row["direction"] == "IN"
}

/// A worker that runs.
struct Run {
    whatsapp: Server,
    device: LinkedDevice,
    bot: Bot,
}

impl Run {
    /// Waits until the worker has taken everything that was sent: it acknowledges nothing before.
    async fn is_taken(&self) {
        let settled = crate::settled::settled(&self.whatsapp, &self.device, LIMIT).await;
        settled.expect("the worker takes what it is sent");
    }

    /// Says hello, is answered, and sends what the case is about.
    async fn send(&self, case: &Case, n: usize) -> Sent {
        let Self { whatsapp, bot, .. } = self;
        let number = format!("2557130{n:05}");
        let customer = whatsapp.customer(&number, &format!("Customer {n}")).expect("a number");
        if case.hidden {
            customer.set_hides_number(true);
        }
        if case.verified {
            customer.set_verified_name(Some("A verified shop"));
        }
        let hello = customer.send_text(&bot.number, "Hello").expect("it is sent");
        customer.wait_for_reply(&bot.number, 1, LIMIT).await.expect("the bot says hello");
        // What some kinds are about, and how many answers the bot has for that.
        let of = match case.draft.kind {
            Kind::PollVote => Some((Kind::Poll, 2)),
            Kind::AlbumImage => Some((Kind::Album, 1)),
            Kind::EventAnswer => Some((Kind::Event, 2)),
            _ => None,
        };
        let mut draft = case.draft.clone();
        if let Some((of, answers)) = of {
            let id = customer.send(&bot.number, &Draft::of(of), &SendOptions::default()).expect("it is sent");
            customer.wait_for_reply(&bot.number, answers, LIMIT).await.expect("an answer");
            draft.of = Some(id);
        } else if matches!(draft.kind, Kind::Edit | Kind::Delete) {
            draft.of = Some(hello);
        }
        let chat = match &case.group {
            Some(options) => {
                let members = [number.as_str(), bot.number.as_str()];
                whatsapp.group_with("Market", &members, options).expect("a group").id
            }
            None => bot.number.clone(),
        };
        let before = customer.received_count(&chat);
        let id = customer.send(&chat, &draft, &case.options).expect("it is sent");
        Sent { id, customer, chat, before }
    }

    async fn outcome(&self, sent: Sent, rows: &[Value]) -> Outcome {
        let Sent { id, customer, chat, before } = sent;
        let row = rows.iter().find(|row| is(row, &id));
        let logged = row.map(|row| row["message_text"].as_str().unwrap_or_default().to_owned());
        let answered = row.is_some_and(|row| row["silence"].is_null());
        let reply = if answered {
            let replies = customer.wait_for_reply(&chat, before + 1, LIMIT).await.expect("the answer");
            Some(replies[before].body.text().unwrap_or_default().to_owned())
        } else {
            None
        };
        Outcome { id, logged, reply }
    }
}

/// The beginning of a text, in one line of a table.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(60).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("“{}{more}”", cut.replace('|', "\\|"))
}

fn page(lines: &[Line]) -> String {
    let baileys: BTreeSet<&str> = BAILEYS.lines().collect();
    let whatsmeow: BTreeSet<&str> = WHATSMEOW.lines().collect();
    let formed = |kind: &str| match (baileys.contains(kind), whatsmeow.contains(kind)) {
        (true, true) => "Baileys, whatsmeow",
        (true, false) => "Baileys",
        (false, true) => "whatsmeow",
        (false, false) => "our server alone",
    };
    let own =
        lines.iter().filter(|line| line.kind.is_none_or(|kind| formed(kind) == "our server alone")).count();
    let mut text = format!(
        "# What people send, and what the bot does with it\n\n\
         Made by `just generate` from a run of a real worker over the kinds that the virtual WhatsApp forms, do not edit; a \
         test makes it again and fails where it differs. Each contact has said hello before. Clients of other makes are \
         unmodified: Baileys forms {} kinds and whatsmeow {}, in the tests of `crates/virtual-whatsapp`; {own} lines are \
         formed by our own server alone.\n\n\
         | what is sent | what the bot does | what the log says | formed by |\n|---|---|---|---|\n",
        baileys.len(),
        whatsmeow.len(),
    );
    for line in lines {
        let by = line.kind.map_or("our server alone", formed);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| {} | {} | {} | {by} |", line.what, line.does, line.logged);
    }
    text
}
