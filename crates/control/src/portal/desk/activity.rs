//! `GET /portal/tenant/current/activity`: what was done for the business and by whom, operators who looked included.

use std::collections::HashMap;

use api::portal::{Activities, Activity};
use axum::{Json, response::IntoResponse};
use domain::UserId;
use serde::Deserialize;
use store::{Actor, PortalEvent};
use utoipa::IntoParams;
use web::Asked;

use crate::{audit, error::Answer, portal::call::MemberCall};

/// The query.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Lines of the page: 50 where it is left out, 500 at most.
    limit: Option<u32>,
    /// From the answer before.
    before: Option<String>,
}

/// What was done, and by whom
///
/// The newest first: the business's own part of the audit log, in words.
#[utoipa::path(
    get, path = "/portal/tenant/current/activity", tag = "portal", params(Parameters),
    responses((status = 200, body = Activities))
)]
pub(crate) async fn handle(call: MemberCall, Asked(query): Asked<Parameters>) -> Answer {
    let page = super::page(query.limit, query.before.as_deref())?;
    let found = call.scope.events(page).await?;
    let names = names(&call).await?;
    let line = |event: PortalEvent| Activity {
        id: event.id,
        at: event.created_at,
        what: audit::word(&event.event_type).to_owned(),
        who: who(&event.actor, &names),
        event_type: event.event_type,
    };
    let theirs = found.items.into_iter().filter(|event| !audit::is_of_operators(&event.event_type));
    let list = Activities { activities: theirs.map(line).collect(), next: super::next(found.next) };
    Ok(Json(list).into_response())
}

/// The business's own people by name, those who were removed included, and operators, who are not named.
pub(super) async fn names(call: &MemberCall) -> Answer<HashMap<UserId, String>> {
    let operator = words::desk::the_operator();
    let operators = call.app.accounts.operators().await?;
    let mut names: HashMap<_, _> = operators.into_iter().map(|id| (id, operator.to_owned())).collect();
    let members = call.scope.members().await?;
    names.extend(members.into_iter().map(|member| (member.user.id, member.user.name)));
    Ok(names)
}

/// Who acted; whoever has an account no more has no name either.
pub(super) fn who(actor: &str, names: &HashMap<UserId, String>) -> String {
    match Actor::read(actor) {
        Actor::System | Actor::Worker => words::desk::the_bot().to_owned(),
        Actor::Admin => words::desk::the_operator().to_owned(),
        Actor::User(id) => names.get(&id).cloned().unwrap_or_else(|| words::desk::somebody_gone().to_owned()),
    }
}
