//! `GET /portal/tenant/current/notifications`: what the person who asks is told.

use api::portal::Notifications;
use axum::{Json, response::IntoResponse};
use store::StoreError;

use crate::{
    error::Answer,
    notices::{self, choices},
    portal::call::MemberCall,
};

/// What the person who asks is told, and how
#[utoipa::path(
    get, path = "/portal/tenant/current/notifications", tag = "portal", responses((status = 200, body = Notifications))
)]
pub(crate) async fn handle(call: MemberCall) -> Answer {
    Ok(Json(of(&call).await?).into_response())
}

pub(super) async fn of(call: &MemberCall) -> Answer<Notifications> {
    let people = call.scope.notices().await?;
    let own = people.into_iter().find(|one| one.user_id == call.user.id);
    // Only a member in force comes here; one who was removed meanwhile is none any more.
    let own = own.ok_or(StoreError::NotFound("member"))?;
    let browsers = call.scope.push_subscriptions(Some(call.user.id)).await?.len() as u64;
    Ok(Notifications {
        chosen: choices::of(&own),
        email: own.email,
        email_works: notices::email_works(&call.app),
        push_key: call.app.push.key.public().to_owned(),
        browsers,
    })
}
