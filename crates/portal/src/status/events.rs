//! `GET /app/events`: what changes, as the control plane tells it. It ends with the session, and with the portal.

use crate::{Answer, SetUp};

pub(super) async fn handle(call: SetUp) -> Answer {
    call.hand_on("/portal/tenant/current/events").await
}
