//! `POST /admin/system/alerts/test`: sends a test by every way of alerting that is set up, and says how each went.

use serde_json::json;
use web::{Kind, Problem};

use crate::{audit, call::Call, error::Answer};

/// Send a test alert
///
/// By every way that is set up, once. Each says whether it was taken, and if not, why.
#[utoipa::path(
    post, path = "/admin/system/alerts/test", tag = "system",
    responses((status = 200, body = Vec<api::AlertTested>), (status = 303))
)]
pub(crate) async fn handle(call: Call) -> Answer {
    let tested = alerts::test(&call.app.alerts()).await?;
    if tested.is_empty() {
        return Err(Problem::new(Kind::Conflict, words::alerts::none_set_up()).into());
    }
    let ways: Vec<_> = tested.iter().map(|one| json!({ "channel": one.channel, "sent": one.sent })).collect();
    audit::platform(&call.app, call.operator.actor, "ALERT_TESTED", json!({ "ways": ways })).await;
    // The page shows how each went, on top of the last deliveries.
    Ok(call.leads_to("/admin/system#alerts", tested))
}
