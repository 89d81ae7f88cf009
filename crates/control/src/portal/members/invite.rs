//! `POST /portal/members`: invites somebody who will serve the tenant. The link goes by email, or is answered where none can be
//! sent.

use axum::{Json, response::IntoResponse};
use http::StatusCode;
use web::JsonBody;

use crate::{
    checks,
    error::Answer,
    portal::{self, call::MemberCall, letters},
};

/// Invite somebody as staff
///
/// The link goes by email. Where none can be sent, it is answered this once, to be passed on.
#[utoipa::path(
    post, path = "/portal/members", tag = "portal", request_body = api::portal::InviteMember,
    responses((status = 201, body = api::portal::Invited))
)]
pub(crate) async fn handle(call: MemberCall, JsonBody(given): JsonBody<api::portal::InviteMember>) -> Answer {
    let app = &call.app;
    let name = checks::person("name", &given.name)?;
    let emailed = app.portal.mailer.is_some();
    let people = app.accounts.people();
    let (member, made) = people.invite(call.user.id, call.tenant, &name, &given.email, emailed).await?;
    if emailed {
        let business = call.scope.get().await?.config.business_name;
        let account = app.store.people().account(member.user.id).await?;
        // Whoever has never been here reads what the inviter reads.
        let language = match account.filter(|account| account.is_known) {
            Some(account) => account.language,
            None => words::language(),
        };
        let from = (call.user.name.as_str(), business.as_str());
        letters::send(app, letters::invitation(app, language, &member.user.email, from, &made));
    }
    let url = (!emailed).then(|| portal::link(app, &made.token));
    let expires_at = made.expires_at;
    let invited = api::portal::Invited { member: super::listed(member), emailed, url, expires_at };
    Ok((StatusCode::CREATED, Json(invited)).into_response())
}
