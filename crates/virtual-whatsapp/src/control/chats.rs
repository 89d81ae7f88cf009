//! Reading: what a phone has seen, decrypted and in order, and whether each message came exactly once.

#![expect(unused_qualifications, reason = "utoipa writes them into what it makes")]

use std::collections::HashMap;

use axum::extract::State;
use axum::response::IntoResponse;
use http::HeaderMap;
use utoipa::{IntoParams, ToSchema};

use super::extract::{Asked, Json, Path};
use super::problem::{Document, Problem};
use super::{App, events::last_event_id, wait};
use crate::handles::Customer;
use crate::truth::{ChatEntry, Direction, Tick};

/// Which messages.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only this chat: a number, or a group's id.
    with: Option<String>,
    /// Only messages whose `order` is higher.
    #[serde(default)]
    after: u64,
    /// Only what came in, or only what went out.
    #[param(inline)]
    direction: Option<Direction>,
    /// At most so many, the newest ones.
    limit: Option<usize>,
    /// Seconds to wait until there is one, 60 at most; without it the answer comes at once.
    wait: Option<u64>,
}

impl Which {
    fn of(&self, customer: &Customer) -> Vec<ChatEntry> {
        let all = match &self.with {
            Some(with) => customer.transcript(with),
            None => customer.transcript_of_all(),
        };
        let fits = |entry: &ChatEntry| {
            entry.order > self.after && self.direction.is_none_or(|wanted| wanted == entry.direction)
        };
        let mut found: Vec<_> = all.into_iter().filter(fits).collect();
        if let Some(limit) = self.limit {
            found.drain(..found.len().saturating_sub(limit));
        }
        found
    }
}

/// One chat, as a phone's list shows it.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct Chat {
    /// The other number, or the group's id.
    chat: String,
    /// The name that it goes by.
    name: String,
    /// Messages in it.
    messages: usize,
    /// The newest one.
    last: ChatEntry,
}

/// Whether each message came exactly once.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct ExactlyOnce {
    /// No message came twice, and none that this phone sent is still on its way.
    exactly_once: bool,
    /// Messages that came in.
    received: usize,
    /// Messages that this phone sent.
    sent: usize,
    /// Messages whose id came in more than once, or with more than one content.
    repeated: Vec<ChatEntry>,
    /// Messages of this phone that have not been delivered.
    undelivered: Vec<ChatEntry>,
}

/// The chats of a phone, the one with the newest message first
#[utoipa::path(
    get, path = "/v1/accounts/{number}/chats", tag = "transcript", params(("number" = String, Path, description = "digits")),
    responses((status = 200, body = [Chat]), (status = 404, body = Document))
)]
pub(super) async fn chats(
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Json<Vec<Chat>>, Problem> {
    let customer = app.server.find_customer(&number)?;
    let mut by_chat: HashMap<String, (usize, ChatEntry)> = HashMap::new();
    for entry in customer.transcript_of_all() {
        let messages = by_chat.get(&entry.chat).map_or(0, |(messages, _)| *messages) + 1;
        by_chat.insert(entry.chat.clone(), (messages, entry));
    }
    let mut names: HashMap<String, String> =
        app.server.accounts().into_iter().map(|account| (account.number, account.name)).collect();
    names.extend(app.server.groups().into_iter().map(|group| (group.id, group.subject)));
    let mut chats: Vec<Chat> = by_chat
        .into_iter()
        .map(|(chat, (messages, last))| Chat {
            name: names.get(&chat).unwrap_or(&chat).clone(),
            chat,
            messages,
            last,
        })
        .collect();
    chats.sort_unstable_by_key(|chat| std::cmp::Reverse(chat.last.order));
    Ok(Json(chats))
}

/// The transcript: what this phone has seen, at once or as soon as there is something
#[utoipa::path(
    get, path = "/v1/accounts/{number}/messages", tag = "transcript",
    params(("number" = String, Path, description = "digits"), Which),
    responses((status = 200, body = [ChatEntry]), (status = 404, body = Document), (status = 422, body = Document))
)]
pub(super) async fn messages(
    State(app): State<App>,
    Path(number): Path<String>,
    Asked(which): Asked<Which>,
) -> Result<Json<Vec<ChatEntry>>, Problem> {
    let customer = app.server.find_customer(&number)?;
    let ready = customer.next_entries(|customer| which.of(customer));
    let found = wait::up_to(which.wait, &app, ready).await;
    Ok(Json(found.unwrap_or_default()))
}

/// The same as server-sent events, for ever: each message once, when it first comes
///
/// Each has the message's `order` as id, so that a browser that comes back goes on where it was.
#[utoipa::path(
    get, path = "/v1/accounts/{number}/messages/stream", tag = "transcript",
    params(("number" = String, Path, description = "digits"), Which),
    responses(
        (status = 200, description = "A stream of messages.", content_type = "text/event-stream", body = ChatEntry),
        (status = 404, body = Document)
    )
)]
pub(super) async fn stream(
    State(app): State<App>,
    Path(number): Path<String>,
    Asked(mut which): Asked<Which>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let customer = app.server.find_customer(&number)?;
    which.after = last_event_id(&headers).unwrap_or(which.after);
    let batches = futures_util::stream::unfold((customer, which), async |(customer, mut which)| {
        let fresh = customer.next_entries(|customer| which.of(customer)).await;
        which.after = fresh.last()?.order;
        Some((fresh.into_iter().map(|entry| (entry.order, entry)).collect::<Vec<_>>(), (customer, which)))
    });
    Ok(wait::stream(batches, app.stop))
}

/// Whether each message came exactly once to this phone, and reached the other side
#[utoipa::path(
    get, path = "/v1/accounts/{number}/exactly-once", tag = "transcript",
    params(("number" = String, Path, description = "digits"), Which),
    responses((status = 200, body = ExactlyOnce), (status = 404, body = Document))
)]
pub(super) async fn exactly_once(
    State(app): State<App>,
    Path(number): Path<String>,
    Asked(which): Asked<Which>,
) -> Result<Json<ExactlyOnce>, Problem> {
    let entries = which.of(&app.server.find_customer(&number)?);
    let (received, sent): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|entry| entry.direction == Direction::In);
    let mut contents: HashMap<(String, String, String), usize> = HashMap::new();
    for entry in &received {
        *contents.entry((entry.chat.clone(), entry.from.clone(), entry.id.clone())).or_default() += 1;
    }
    let (in_all, out_all) = (received.len(), sent.len());
    let twice = |entry: &ChatEntry| {
        let key = (entry.chat.clone(), entry.from.clone(), entry.id.clone());
        entry.arrivals > 1 || contents.get(&key).is_some_and(|times| *times > 1)
    };
    let repeated: Vec<_> = received.into_iter().filter(twice).collect();
    let undelivered: Vec<_> = sent.into_iter().filter(|entry| entry.tick < Tick::Delivered).collect();
    let exactly_once = repeated.is_empty() && undelivered.is_empty();
    Ok(Json(ExactlyOnce { exactly_once, received: in_all, sent: out_all, repeated, undelivered }))
}
