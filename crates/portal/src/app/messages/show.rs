//! `GET /app/messages/{contact}`: what was said with one customer, and who answers.

use api::portal::Said;
use axum::{extract::Path, response::Response};
use serde::Deserialize;
use web::{
    Asked, Problem,
    place::{address, encode},
    ui::Head,
};

use super::{
    list::find,
    view::{Conversation, Draft, List, View, choose},
};
use crate::{
    Answer, Section, SetUp,
    app::{
        EVENTS, TENANT,
        page::{Zone, wrong},
    },
};

/// From where on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Look {
    before: Option<String>,
}

pub(crate) async fn handle(call: SetUp, Path(contact): Path<String>, Asked(look): Asked<Look>) -> Answer {
    page(&call, &contact, look.before.as_deref(), String::new(), None).await
}

/// The page again, with what was typed and why it was not taken.
pub(super) async fn refused(call: &SetUp, contact: &str, text: String, problem: &Problem) -> Answer {
    page(call, contact, None, text, Some(problem)).await
}

async fn page(
    call: &SetUp,
    contact: &str,
    before: Option<&str>,
    text: String,
    problem: Option<&Problem>,
) -> Answer<Response> {
    let of_text = |problem: &&Problem| problem.is_about("text");
    let error = problem.filter(of_text).map(|problem| problem.said(words::portal_messages::write()));
    let (draft, banner) = (Draft { text, error }, problem.filter(|problem| !of_text(problem)).map(wrong));
    let path = address(&format!("{TENANT}/chats/{}", encode(contact)), &[("before", before)]);
    let (said, found, zone) =
        tokio::try_join!(call.get::<Said>(&path), find(call, "", None), Zone::of(call))?;
    let (now, name) = (call.portal.now(), said.name.clone().unwrap_or_else(|| said.shown.clone()));
    let list = List::of(found, "", Some(contact), &zone, now, call.is_owner());
    let talk =
        Conversation::of(said, &zone, now, before.is_some(), (!call.is_looking(), call.is_owner()), draft);
    let head = Head::new(words::portal_messages::with(name)).following(EVENTS.to_owned());
    let view = View { list, talk: Some(talk), choose: choose(), banner };
    Ok(match problem {
        Some(problem) => call.refused_page(Section::Messages, &head, &view, problem),
        None => call.page(Section::Messages, &head, &view),
    })
}
