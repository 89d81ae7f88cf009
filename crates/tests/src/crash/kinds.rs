//! A bystander sends whatever people send besides text: each message has one outcome, and it is the one that
//! `docs/message-kinds.md` names.

use rusqlite::Connection;
use virtual_whatsapp::{Customer, Direction, Draft, Kind, SendOptions, Server};

use super::{Finding, Kind as Wrong, base, plan::CUSTOMERS};

/// What each kind comes to, from a run of a real worker.
const PAGE: &str = include_str!("../../../../docs/message-kinds.md");

/// A message that the bystander has sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) id: String,
    pub(super) kind: Kind,
}

/// The kinds that are drawn: those that mean something by themselves and have one outcome. What corrects an earlier
/// message is answered or not by what it corrects.
pub(super) fn drawn() -> Vec<Kind> {
    let own = |kind: &&Kind| {
        !matches!(kind, Kind::Text | Kind::Raw | Kind::Edit | Kind::Delete | Kind::Unavailable)
    };
    Kind::ALL.iter().filter(own).copied().filter(|kind| answers(*kind).is_some()).collect()
}

/// Whether a kind is answered; nothing where the page says neither.
fn answers(kind: Kind) -> Option<bool> {
    let row = PAGE.lines().find(|line| line.starts_with(&format!("| `{}` |", kind.name())))?;
    let does = row.split(" | ").nth(1)?;
    if does.starts_with("answers: ") {
        return Some(true);
    }
    does.starts_with("silent: ").then_some(false)
}

/// The bystander, made where there is none yet.
pub(super) fn bystander(whatsapp: &Server) -> Customer {
    whatsapp.customer(&base::number(CUSTOMERS), "Bystander").expect("a number")
}

/// Sends one of a kind; nothing where it is about an earlier message and there is none.
pub(super) fn send(bystander: &Customer, bot: &str, kind: Kind) -> Option<Sent> {
    let id = bystander.send(bot, &Draft::of(kind), &SendOptions::default()).ok()?;
    Some(Sent { id, kind })
}

/// How many of them are answered.
pub(super) fn answered(sent: &[Sent]) -> usize {
    sent.iter().filter(|sent| answers(sent.kind) == Some(true)).count()
}

/// Each message has the outcome that its kind has, once, and what was answered arrived.
pub(super) fn check(
    journal: &Connection,
    whatsapp: &Server,
    bot: &str,
    all: &[Sent],
    findings: &mut Vec<Finding>,
) -> rusqlite::Result<()> {
    let received = bystander(whatsapp).received(bot);
    let seen =
        |id: &str| received.iter().filter(|entry| entry.direction == Direction::In && entry.id == id).count();
    let mut inbox = journal.prepare("SELECT coalesce(turn, seq), outcome FROM inbox WHERE wa_id = ?1")?;
    let mut outbox = journal.prepare("SELECT wa_id FROM outbox WHERE cause = ?1")?;
    for Sent { id, kind } in all {
        let mut find = |wrong, what: String| {
            findings.push(Finding::new(wrong, format!("bystander: {} ({id}) {what}", kind.name())));
        };
        let rows: Vec<(i64, Option<String>)> =
            inbox.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        // What was read together is answered together, as its last.
        let [(turn, outcome)] = &rows[..] else {
            let wrong = if rows.is_empty() { Wrong::Lost } else { Wrong::Doubled };
            find(wrong, format!("is in the inbox {} times", rows.len()));
            continue;
        };
        let answered = outcome.as_deref() == Some("replied");
        if Some(answered) != answers(*kind) {
            find(Wrong::WrongState, format!("has the outcome {outcome:?}"));
        }
        let replies: Vec<String> = outbox.query_map([turn], |row| row.get(0))?.collect::<Result<_, _>>()?;
        if replies.is_empty() == answered {
            find(
                if answered { Wrong::Lost } else { Wrong::Doubled },
                format!("has {} answers", replies.len()),
            );
        }
        for reply in replies.iter().filter(|reply| seen(reply) != 1) {
            find(Wrong::Lost, format!("was answered by {reply}, which arrived {} times", seen(reply)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_an_outcome_for_nearly_every_kind_that_is_drawn() {
        assert!(drawn().len() > 35, "{:?}", drawn());
        assert_eq!((answers(Kind::Image), answers(Kind::Reaction)), (Some(true), Some(false)));
    }
}
