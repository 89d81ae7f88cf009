//! `POST /portal/tenant/current/push`: a browser that is to be told by web push.

use api::portal::PushSubscription;
use axum::response::IntoResponse;
use http::StatusCode;
use web::{JsonBody, Problem};

use crate::{error::Answer, notices::push, portal::call::MemberCall};

/// Have a browser told by web push
///
/// As the browser's `PushSubscription.toJSON()` gives it. A browser is one person's: whoever signed in there last.
#[utoipa::path(
    post, path = "/portal/tenant/current/push", tag = "portal", request_body = PushSubscription,
    responses((status = 204))
)]
pub(crate) async fn handle(call: MemberCall, JsonBody(body): JsonBody<PushSubscription>) -> Answer {
    let may = push::may_push_to(&call.app.push.services, &body.endpoint);
    if !may {
        return Err(Problem::invalid_field("endpoint", words::notices::endpoint()).into());
    }
    if !push::are_keys(&body.keys.p256dh, &body.keys.auth) {
        return Err(Problem::invalid_field("keys", words::notices::keys()).into());
    }
    let new = store::PushSubscription {
        user_id: call.user.id,
        endpoint: body.endpoint,
        public_key: body.keys.p256dh,
        auth_secret: body.keys.auth.into(),
    };
    call.scope.subscribe_push(&new).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
