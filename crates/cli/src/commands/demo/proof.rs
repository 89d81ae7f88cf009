//! The conversation, and that it was as it should be: each message answered exactly once, and all of it on record.

use domain::{Direction, TenantId};
use store::{MessageLog, PageRequest};
use supervisor::ChangeKind;
use virtual_whatsapp::{Customer, Server};

use super::{
    cast,
    play::{PATIENCE, by_store, failed},
};
use crate::{error::CliError, host::ControlPlane, output};

/// The customer writes line after line and waits for each answer; then customer and control plane are compared.
pub(super) async fn converse(plane: &ControlPlane, server: &Server, id: TenantId) -> Result<(), CliError> {
    let customer = server.customer(cast::CUSTOMER_DIGITS, cast::CUSTOMER).map_err(failed("the customer"))?;
    let before = customer.received_count(cast::SALON_DIGITS);
    let recorded_before = recorded(plane, id).await?.len();
    let mut changes = plane.supervisor.changes();
    for (n, line) in cast::LINES.into_iter().enumerate() {
        customer.send_text(cast::SALON_DIGITS, line).map_err(failed("the customer could not write"))?;
        output::line(format_args!("   {:>8}: {line}", cast::CUSTOMER))?;
        let replies = customer
            .wait_for_reply(cast::SALON_DIGITS, before + n + 1, PATIENCE)
            .await
            .map_err(failed("no answer came"))?;
        for reply in &replies[before + n..] {
            print_reply(reply.body.text().unwrap_or("(no text)"))?;
        }
    }
    let rows = all_recorded(plane, id, recorded_before, &mut changes).await?;
    let ids = said(&customer, before);
    check(&rows, &ids)?;
    output::line(format_args!(
        "4. As it should be: {} messages, each answered exactly once; the control plane has recorded all {}.",
        cast::LINES.len(),
        rows.len()
    ))?;
    Ok(())
}

/// No reply came twice and, where nobody could write from the page (`alone`), each message still has exactly one.
pub(super) fn nothing_more(server: &Server, alone: bool) -> Result<(), CliError> {
    let customer = server.customer(cast::CUSTOMER_DIGITS, cast::CUSTOMER).map_err(failed("the customer"))?;
    let replies = customer.received(cast::SALON_DIGITS);
    let twice = replies.iter().filter(|reply| reply.arrivals != 1).count();
    let (wanted, got) = (cast::LINES.len(), replies.len());
    if (alone && got != wanted) || twice > 0 {
        let what = format!("{wanted} messages got {got} replies, {twice} of them more than once");
        return Err(CliError::Failed(format!("not as it should be: {what}")));
    }
    Ok(())
}

/// Ids of the replies that the customer's phone has seen since the demo began.
fn said(customer: &Customer, before: usize) -> Vec<String> {
    customer.received(cast::SALON_DIGITS).into_iter().skip(before).map(|entry| entry.id.to_string()).collect()
}

/// Waits until both sides of the conversation are on record.
async fn all_recorded(
    plane: &ControlPlane,
    id: TenantId,
    before: usize,
    changes: &mut tokio::sync::broadcast::Receiver<supervisor::Change>,
) -> Result<Vec<MessageLog>, CliError> {
    let wanted = before + 2 * cast::LINES.len();
    let search = async {
        loop {
            let rows = recorded(plane, id).await?;
            if rows.len() >= wanted {
                return Ok(rows.into_iter().skip(before).collect());
            }
            loop {
                match changes.recv().await {
                    Ok(change) if change.tenant != id || change.kind != ChangeKind::Logs => {}
                    Ok(_) | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => break,
                    Err(tokio::sync::broadcast::error::RecvError::Closed) => {
                        return Err(CliError::Failed("the supervisor ended".to_owned()));
                    }
                }
            }
        }
    };
    let late = || CliError::Failed("the control plane did not record the conversation in time".to_owned());
    tokio::time::timeout(PATIENCE, search).await.map_err(|_| late())?
}

/// The conversation log, oldest row first.
async fn recorded(plane: &ControlPlane, id: TenantId) -> Result<Vec<MessageLog>, CliError> {
    let request = PageRequest { limit: domain::limits::PAGE_MAX_ROWS, before: None };
    let mut rows = plane.store.tenant(id).logs(request).await.map_err(by_store)?.items;
    rows.reverse();
    Ok(rows)
}

/// Compares what the control plane has with what the customer wrote and saw.
fn check(rows: &[MessageLog], seen: &[String]) -> Result<(), CliError> {
    let wrong = |what: String| Err(CliError::Failed(format!("not as it should be: {what}")));
    let heard: Vec<_> = rows.iter().filter(|row| row.direction == Direction::In).collect();
    let answered: Vec<_> = rows.iter().filter(|row| row.direction == Direction::Out).collect();
    let lines: Vec<_> = heard.iter().map(|row| row.message_text.as_str()).collect();
    if lines != cast::LINES {
        return wrong(format!(
            "the control plane recorded {} messages of the customer: {lines:?}",
            heard.len()
        ));
    }
    if let Some(row) = heard.iter().find(|row| row.silence.is_some()) {
        return wrong(format!("a message got no reply: {}", row.silence.as_deref().unwrap_or_default()));
    }
    if seen.len() != cast::LINES.len() {
        return wrong(format!("{} messages got {} replies", cast::LINES.len(), seen.len()));
    }
    let ids: Vec<_> = answered.iter().map(|row| row.wa_message_id.as_str()).collect();
    if ids != seen {
        return wrong(format!(
            "the customer saw the replies {seen:?} and the control plane recorded {ids:?}"
        ));
    }
    Ok(())
}

/// A reply may have several lines.
fn print_reply(text: &str) -> Result<(), CliError> {
    for (n, line) in text.lines().enumerate() {
        let name = if n == 0 { "the bot:" } else { "" };
        output::line(format_args!("   {name:>9} {}", output::harmless(line)))?;
    }
    Ok(())
}
