//! `docs/message-kinds.md`: what a real worker does with each kind of message, from a run of it.

use std::{collections::BTreeSet, fmt::Write as _, time::Duration};

use serde_json::Value;
use virtual_whatsapp::{
    Customer, Draft, GroupOptions, Kind, Options, SendOptions, Server, Via, VirtualWhatsApp, Wrapper,
};

use crate::{Admin, Bot, ControlPlane, Flavour, LIMIT, Place};

/// The file.
pub const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/message-kinds.md");
/// What other clients form, as their tests check it.
const BAILEYS: &str = include_str!("../../virtual-whatsapp/tests/formed/baileys.txt");
const WHATSMEOW: &str = include_str!("../../virtual-whatsapp/tests/formed/whatsmeow.txt");
/// How long a row may take that never comes: what passes no hook has none.
const NO_ROW: Duration = Duration::from_secs(10);

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
#[derive(Clone)]
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

/// Everything that is tried.
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
    let (bot, _device) = Bot::linked(plane.admin(), &whatsapp, 1).await;
    let admin = plane.admin();
    // All at once: each has a contact of its own, whose messages come in order.
    let mut lines = Vec::new();
    for batch in cases().chunks(8).enumerate() {
        let (round, cases) = batch;
        let running = cases.iter().enumerate().map(|(n, case)| one(&whatsapp, admin, &bot, case, round * 8 + n));
        lines.extend(all(running).await);
    }
    page(&lines)
}

/// Waits for all of them, in their order.
async fn all<F: Future<Output = Line>>(running: impl Iterator<Item = F>) -> Vec<Line> {
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

/// The log's row of a message.
async fn row(admin: &Admin, bot: &Bot, id: &str) -> Value {
    let rows = admin.wait_for_logs(&bot.id, "the message's row", |rows| rows.iter().any(|row| is(row, id))).await;
    rows.into_iter().find(|row| is(row, id)).expect("just seen")
}

fn is(row: &Value, id: &str) -> bool {
    row["wa_message_id"] == id && row["direction"] == "IN"
}

/// Has a customer write and waits until the bot has come to an outcome: it is silent, or it has answered.
async fn outcome(admin: &Admin, bot: &Bot, customer: &Customer, id: &str) -> Value {
    let before = customer.received(&bot.number).len();
    let row = row(admin, bot, id).await;
    if row["silence"].is_null() {
        let _ = customer.wait_for_reply(&bot.number, before.max(1), LIMIT).await;
    }
    row
}

async fn one(whatsapp: &Server, admin: &Admin, bot: &Bot, case: &Case, n: usize) -> Line {
    let number = format!("2557130{n:05}");
    let customer = whatsapp.customer(&number, &format!("Customer {n}")).expect("a number");
    if case.hidden {
        customer.set_hides_number(true);
    }
    if case.verified {
        customer.set_verified_name(Some("A verified shop"));
    }
    let hello = customer.send_text(&bot.number, "Hello").expect("it is sent");
    outcome(admin, bot, &customer, &hello).await;
    // What some kinds are about.
    let of = match case.draft.kind {
        Kind::PollVote => Some(Kind::Poll),
        Kind::AlbumImage => Some(Kind::Album),
        Kind::EventAnswer => Some(Kind::Event),
        _ => None,
    };
    let mut draft = case.draft.clone();
    if let Some(of) = of {
        let id = customer.send(&bot.number, &Draft::of(of), &SendOptions::default()).expect("it is sent");
        let _ = tokio::time::timeout(NO_ROW, row(admin, bot, &id)).await;
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
    let before = customer.received(&chat).len();
    let id = customer.send(&chat, &draft, &case.options).expect("it is sent");
    let row = tokio::time::timeout(NO_ROW, row(admin, bot, &id)).await.ok();
    let (does, logged) = match row {
        None => ("nothing".to_owned(), "nothing".to_owned()),
        Some(row) => {
            let does = match row["silence"].as_str() {
                Some(reason) => format!("silent: {reason}"),
                None => {
                    let replies = customer.wait_for_reply(&chat, before + 1, LIMIT).await.expect("the answer");
                    let text = replies[before].body.text().unwrap_or_default().to_owned();
                    format!("answers: {}", short(&text))
                }
            };
            let text = row["message_text"].as_str().unwrap_or_default();
            (does, if text.is_empty() { "a row without text".to_owned() } else { short(text) })
        }
    };
    Line { what: case.what.clone(), kind: case.kind, does, logged }
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
    let own = lines.iter().filter(|line| line.kind.is_none_or(|kind| formed(kind) == "our server alone")).count();
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
