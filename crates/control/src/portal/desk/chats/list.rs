//! `GET /portal/tenant/current/chats`: chats, the one with the newest message first.

use api::portal::{Chat, ChatList};
use axum::{Json, response::IntoResponse};
use serde::Deserialize;
use store::{Customer, CustomerFilter};
use utoipa::IntoParams;
use web::Asked;

use super::{Chats, name_of};
use crate::{error::Answer, messages::chats::name, paging, portal::call::MemberCall};

/// The query.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Only chats in which this was said, or whose customer it names.
    search: Option<String>,
    /// Chats of the page: 50 where it is left out, 500 at most.
    limit: Option<u32>,
    /// From the answer before.
    before: Option<String>,
}

/// Chats with customers
///
/// The one with the newest message first; those that wait for a person say so.
#[utoipa::path(
    get, path = "/portal/tenant/current/chats", tag = "portal", params(Parameters),
    responses((status = 200, body = ChatList))
)]
pub(crate) async fn handle(call: MemberCall, Asked(query): Asked<Parameters>) -> Answer {
    let text = paging::search(query.search.as_deref())?;
    let page = super::super::page(query.limit, query.before.as_deref())?;
    let desk = call.reading().await?;
    let chats = Chats::of(&desk).await?;
    let filter = CustomerFilter { text, in_texts: true, state: None };
    let found = desk.scope.customers(&filter, page).await?;
    let line = |customer: &Customer| Chat {
        contact: customer.contact.clone(),
        shown: name(&customer.contact),
        name: name_of(customer),
        last: customer.last.clone(),
        direction: customer.direction,
        at: customer.at,
        state: chats.state(customer),
    };
    let list = ChatList {
        chats: found.items.iter().map(line).collect(),
        waiting: chats.hand_offs.total,
        next: super::super::next(found.next),
    };
    Ok(Json(list).into_response())
}
