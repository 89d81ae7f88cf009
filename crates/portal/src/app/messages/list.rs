//! `GET /app/messages`: conversations, those who wait for a person first.

use api::portal::ChatList;
use serde::Deserialize;
use web::{Asked, place::address, ui::Head};

use super::view::{List, View, choose};
use crate::{
    Answer, Refusal, Section, SetUp,
    app::{EVENTS, TENANT, page::Zone},
};

/// Conversations of one page.
const LIMIT: &str = "30";

/// What is looked for, and from where on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Look {
    search: String,
    before: Option<String>,
}

pub(crate) async fn handle(call: SetUp, Asked(look): Asked<Look>) -> Answer {
    let search = look.search.trim();
    let (found, zone) = tokio::try_join!(find(&call, search, look.before.as_deref()), Zone::of(&call))?;
    let list = List::of(found, search, None, &zone, call.portal.now(), call.is_owner());
    let head = Head::new(words::portal::messages()).following(EVENTS.to_owned());
    Ok(call.page(Section::Messages, &head, &View { list, talk: None, choose: choose(), banner: None }))
}

/// `GET /app/logs`, as the page was called once.
pub(crate) async fn old(_: SetUp) -> Refusal {
    Refusal::to("/app/messages")
}

pub(super) async fn find(
    call: &SetUp,
    search: &str,
    before: Option<&str>,
) -> Result<ChatList, crate::AskError> {
    let pairs = [
        ("search", Some(search).filter(|search| !search.is_empty())),
        ("before", before),
        ("limit", Some(LIMIT)),
    ];
    call.get(&address(&format!("{TENANT}/chats"), &pairs)).await
}
