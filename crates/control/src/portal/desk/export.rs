//! `GET /portal/tenant/current/export`: all data of the business in one document, read while it is sent.

use axum::{
    body::{Body, Bytes},
    response::IntoResponse,
};
use domain::{MembershipStatus, RecordKind, limits::PAGE_MAX_ROWS};
use futures_util::stream::{self, StreamExt};
use http::{HeaderValue, header};
use serde::Serialize;
use serde_json::json;
use store::{Cursor, CustomerFilter, PageRequest, RecordFilter, StoreError, TenantScope};
use strum::VariantArray as _;

use super::activity;
use crate::{
    audit, books, error::Answer, portal::call::MemberCall, profile, setup_requests, tenants::convert,
};

/// All data of the business
///
/// One JSON document: tenant, profile, people, requests, customers, bookings, orders, tickets, messages and what was done. The
/// export is written down.
#[utoipa::path(
    get, path = "/portal/tenant/current/export", tag = "portal",
    responses((status = 200, body = Object, content_type = "application/json"))
)]
pub(crate) async fn handle(call: MemberCall) -> Answer {
    let desk = call.desk().await?;
    let names = activity::names(&call).await?;
    let members = desk.scope.members().await?.into_iter().map(|member| {
        // Of whoever only was invited, or has gone, nothing is told but the address.
        let here = member.membership.status == MembershipStatus::Active;
        json!({
            "name": here.then_some(member.user.name), "email": member.user.email,
            "phone": member.user.phone.filter(|_| here),
            "role": member.membership.role, "status": member.membership.status,
        })
    });
    let head = json!({
        "tenant": desk.document(),
        "profile": profile::stands(&desk).await?,
        "people": members.collect::<Vec<_>>(),
        "setupRequest": desk.scope.latest_setup_request().await?.map(setup_requests::convert),
    });
    desk.record("TENANT_EXPORTED", &json!({})).await;
    // Without the last brace: lists follow.
    let head = head.to_string();
    let head = Bytes::from(head.strip_suffix('}').unwrap_or(&head).to_owned());
    let lists = Lists { scope: desk.scope.clone(), names, list: 0, before: None, begun: false };
    // Of the reader: what comes later is made when nobody's language is set any more.
    let language = words::language();
    let parts = stream::try_unfold(Some(lists), move |lists| {
        words::reading(language, async move {
            match lists {
                Some(lists) => lists.read().await,
                None => Ok(None),
            }
        })
    });
    let body = stream::once(async { Ok(head) }).chain(parts);
    let body = desk.app.accounts.while_it_holds(call.session_proof.clone(), body);
    let mut response = Body::from_stream(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let named = HeaderValue::from_static("attachment; filename=\"business.json\"");
    headers.insert(header::CONTENT_DISPOSITION, named);
    Ok(response)
}

/// How far the document is.
struct Lists {
    scope: TenantScope,
    names: std::collections::HashMap<domain::UserId, String>,
    /// Which list is being sent: customers, each kind of records, messages, what was done.
    list: usize,
    before: Option<Cursor>,
    /// Whether the list has a row, behind which a comma is due.
    begun: bool,
}

/// Names of the lists in their order.
const NAMES: [&str; 7] = ["customers", "bookings", "orders", "tickets", "blocks", "messages", "activity"];

impl Lists {
    /// A page of the list, and how it goes on.
    async fn read(mut self) -> Result<Option<(Bytes, Option<Self>)>, StoreError> {
        let Some(name) = NAMES.get(self.list) else { return Ok(None) };
        let mut text = String::new();
        if !self.begun && self.before.is_none() {
            text.push_str(&format!(",\"{name}\":["));
        }
        let (rows, next) = self.page().await?;
        for row in rows {
            if std::mem::replace(&mut self.begun, true) {
                text.push(',');
            }
            text.push_str(&row);
        }
        self.before = next;
        if next.is_some() {
            return Ok(Some((Bytes::from(text), Some(self))));
        }
        text.push(']');
        self.list += 1;
        self.begun = false;
        if self.list < NAMES.len() {
            return Ok(Some((Bytes::from(text), Some(self))));
        }
        text.push('}');
        Ok(Some((Bytes::from(text), None)))
    }

    async fn page(&self) -> Result<(Vec<String>, Option<Cursor>), StoreError> {
        let page = PageRequest { limit: PAGE_MAX_ROWS, before: self.before };
        let scope = &self.scope;
        Ok(match self.list {
            0 => {
                let found = scope.customers(&CustomerFilter::default(), page).await?;
                (found.items.into_iter().map(super::customers::convert).map(row).collect(), found.next)
            }
            kind @ 1..=4 => {
                // The kinds stand in the order of their names here.
                let kind = RecordKind::VARIANTS.get(kind - 1).copied().unwrap_or(RecordKind::Block);
                let found = scope.records(&RecordFilter::of(kind), page).await?;
                (found.items.into_iter().map(books::document).map(row).collect(), found.next)
            }
            5 => {
                let found = scope.logs(page).await?;
                (found.items.into_iter().map(convert::log).map(row).collect(), found.next)
            }
            _ => {
                let found = scope.events(page).await?;
                let line = |event: store::PortalEvent| {
                    let who = activity::who(&event.actor, &self.names);
                    let what = audit::word(&event.event_type).to_owned();
                    row(json!({ "at": event.created_at, "what": what, "who": who, "type": event.event_type }))
                };
                let theirs = found.items.into_iter();
                let theirs = theirs.filter(|event| !audit::is_of_operators(&event.event_type));
                (theirs.map(line).collect(), found.next)
            }
        })
    }
}

fn row(document: impl Serialize) -> String {
    // Our own documents have string keys throughout, so that writing them cannot fail.
    serde_json::to_string(&document).unwrap_or_else(|_| "null".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_of_records_are_named_for_their_kinds() {
        let kinds: Vec<String> = RecordKind::VARIANTS.iter().map(|kind| format!("{kind}s")).collect();
        assert_eq!(kinds, NAMES[1..=4]);
    }
}
