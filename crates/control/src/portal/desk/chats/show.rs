//! `GET /portal/tenant/current/chats/{contact}`: what was said with one customer, newest first.

use std::collections::HashMap;

use api::portal::{ChatMessage, Said};
use axum::{Json, extract::Path, response::IntoResponse};
use domain::Direction;
use serde::Deserialize;
use store::MessageLog;
use utoipa::IntoParams;
use web::Asked;

use super::{Chats, name_of};
use crate::{contacts::label, error::Answer, messages::chats, portal::call::MemberCall};

/// The query.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Messages of the page: 50 where it is left out, 500 at most.
    limit: Option<u32>,
    /// From the answer before.
    before: Option<String>,
}

/// A chat with a customer
///
/// Messages newest first, and who answers.
#[utoipa::path(
    get, path = "/portal/tenant/current/chats/{contact}", tag = "portal", params(Parameters),
    responses((status = 200, body = Said))
)]
pub(crate) async fn handle(
    call: MemberCall,
    Path(contact): Path<String>,
    Asked(query): Asked<Parameters>,
) -> Answer {
    let contact = label(&contact)?;
    let page = super::super::page(query.limit, query.before.as_deref())?;
    let desk = call.reading().await?;
    let customer = desk.scope.customer(contact).await?.ok_or(store::StoreError::NotFound("customer"))?;
    let found = desk.scope.chat(contact, page).await?;
    let who = Chats::of(&desk).await?;
    let fates: HashMap<String, &'static str> =
        found.items.iter().rev().filter_map(|log| Some((log.about.clone()?, chats::fate(log)))).collect();
    let message = |log: MessageLog| ChatMessage {
        id: log.id,
        out: log.direction == Direction::Out,
        fate: fates.get(&log.wa_message_id).map(|fate| (*fate).to_owned()),
        text: log.message_text,
        at: log.created_at,
        sent_at: log.sent_at,
        silence_says: log.silence.as_deref().map(silence).map(str::to_owned),
        silence: log.silence,
        delivery: log.delivery,
        delivery_reason: log.delivery_reason,
        writer: log.writer,
    };
    let said = Said {
        contact: contact.to_owned(),
        shown: chats::name(contact),
        name: name_of(&customer),
        messages: found.items.into_iter().map(message).collect(),
        next: super::super::next(found.next),
        state: who.state(&customer),
    };
    Ok(Json(said).into_response())
}

/// Why the bot gave no reply, in the reader's language; the worker's own word where it is a new one.
fn silence(word: &str) -> &str {
    use words::desk as say;
    match word {
        "suspended" | "held" => say::silent_held(),
        "loop" => say::silent_loop(),
        "rate_limited" | "queue_full" => say::silent_many(),
        "unreadable" | "empty" => say::silent_unreadable(),
        "opted_out" => say::silent_opted_out(),
        "with_person" => say::silent_with_person(),
        "corrected" => words::messages::corrected(),
        "deleted" => words::messages::deleted(),
        "no_reply" | "album" | "other_number" => say::silent_nothing(),
        other => other,
    }
}
