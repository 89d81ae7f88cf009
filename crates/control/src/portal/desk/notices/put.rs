//! `PUT /portal/tenant/current/notifications`: what the person who asks is to be told.

use api::portal::{Notifications, PutNotifications};
use axum::{Json, response::IntoResponse};
use web::{JsonBody, Problem};

use crate::{
    error::Answer,
    notices::{self, choices},
    portal::call::MemberCall,
};

/// Choose what to be told, and how
#[utoipa::path(
    put, path = "/portal/tenant/current/notifications", tag = "portal", request_body = PutNotifications,
    responses((status = 200, body = Notifications))
)]
pub(crate) async fn handle(call: MemberCall, JsonBody(body): JsonBody<PutNotifications>) -> Answer {
    let at = choices::time(&body.daily_at)
        .ok_or_else(|| Problem::invalid_field("dailyAt", words::notices::time("dailyAt")))?;
    let by = [
        ("handOffWaiting", body.hand_off_waiting),
        ("phoneRemoved", body.phone_removed),
        ("dailySummary", body.daily_summary),
    ];
    for (field, channels) in by {
        if channels.email && !notices::email_works(&call.app) {
            return Err(
                Problem::invalid_field(format!("{field}.email"), words::notices::no_email_yet()).into()
            );
        }
    }
    let zone = call.desk().await?.detail.tenant.timezone;
    let due = body.daily_summary.any().then(|| choices::next_summary(at, &zone, call.app.now())).flatten();
    call.scope.choose_notices(call.user.id, &choices::json(&body), due).await?;
    Ok(Json(super::show::of(&call).await?).into_response())
}
