//! Documents as the control plane answers them, for tests to change.

use http::Method;
use serde_json::{Value, json};

use super::TestPortal;

const TENANT: &str = "0198c1f2-7d3a-7000-8000-000000000002";
const ROW: &str = "0198c1f2-7d3a-7000-8000-000000000003";
const AT: &str = "2026-01-10T10:00:00Z";

/// A setup request of this status.
pub(crate) fn request(status: &str) -> Value {
    json!({
        "id": ROW, "tenant_id": TENANT, "tenant_name": "Saluni ya Amina",
        "user_id": "0198c1f2-7d3a-7000-8000-000000000001", "user_name": "Amina", "user_email": "amina@example.com",
        "tenant": { "id": TENANT, "name": "Saluni ya Amina" },
        "user": { "id": "0198c1f2-7d3a-7000-8000-000000000001", "name": "Amina", "email": "amina@example.com" },
        "template_type": "BOOKING", "whatsapp_number": "+255754000111", "business_name": "Saluni ya Amina Juma",
        "business_type": "Saluni", "language": "SW", "hours": [[[480, 1080]], [], [], [], [], [], []],
        "status": status, "notes": null, "reviewed_by": null, "reviewer_name": null, "decided_at": null,
        "created_at": AT, "updated_at": AT,
    })
}

/// The status of a tenant, with the latest request.
#[expect(clippy::needless_pass_by_value, reason = "tests hand over what they make")]
pub(crate) fn status(tenant: &str, session: &str, request: Value) -> Value {
    json!({
        "tenant": {
            "id": TENANT, "name": "Saluni ya Amina", "status": tenant,
            "whatsapp_session": {
                "id": ROW, "tenant_id": TENANT, "state": session, "last_seen_at": null, "linked_number": null,
                "linked_at": null, "created_at": AT, "updated_at": AT,
            },
            "worker_process": {
                "id": ROW, "tenant_id": TENANT, "process_name": "w", "status": "STOPPED", "desired_state": "STOPPED",
                "last_error": null, "generation": 0, "pid": null, "started_at": null, "last_heartbeat_at": null,
                "stale": false, "memory_bytes": null, "cpu_ms": null, "queued": null, "unsent": null, "unlogged": null,
                "last_message_at": null, "unreadable": null, "clock_behind_ms": null, "restarts": 0,
                "refused_log_rows": 0, "erasures_waiting": 0, "created_at": AT, "updated_at": AT,
            },
        },
        "setupRequest": request,
        "steps": [
            { "step": "SUBMITTED", "state": "DONE", "at": AT }, { "step": "IN_REVIEW", "state": "NOW", "at": null },
            { "step": "APPROVED", "state": "LATER", "at": null }, { "step": "LINKED", "state": "LATER", "at": null },
            { "step": "ANSWERING", "state": "LATER", "at": null },
        ],
        "waitsFor": "OPERATOR", "problem": null, "phoneRemoved": false, "timezone": "America/Lima",
    })
}

impl TestPortal {
    /// From now on the tenant stands here, in the session's facts too.
    pub(crate) fn stands(&self, tenant: &str, session: &str, request: Value) {
        let in_force = request["status"].as_str().is_some_and(|status| status != "REJECTED");
        self.session(|facts| {
            facts["tenant"]["status"] = json!(tenant);
            facts["setupRequest"] = json!(in_force);
        });
        self.answers(Method::GET, "/portal/tenant/current/status", status(tenant, session, request));
        self.answers(
            Method::GET,
            "/portal/tenant/current/packs",
            json!([
                { "id": "BOOKING", "name": { "sw": "Miadi", "en": "Bookings" },
                  "does": { "sw": "Inaweka miadi.", "en": "Books appointments." } },
                { "id": "ECOMMERCE", "name": { "sw": "Duka", "en": "Shop" },
                  "does": { "sw": "Inapokea oda.", "en": "Takes orders." } },
            ]),
        );
        self.answers(
            Method::GET,
            "/portal/tenant/current/qr",
            json!({
                "state": session, "qr": "data:image/svg+xml;base64,AAAA", "code": null, "number": "255754000111",
                "expiresAt": "2026-01-10T12:00:20Z",
            }),
        );
        self.answers(
            Method::POST,
            "/portal/tenant/current/try",
            json!({ "now": AT, "lines": [{ "bot": false, "text": "Habari", "at": AT },
                                         { "bot": true, "text": "Karibu", "at": AT }] }),
        );
        self.answers(
            Method::GET,
            "/portal/tenant/current/config",
            json!({
                "version": 1, "businessName": "Saluni ya Amina", "templateType": "BOOKING", "language": "SW",
                "hours": null, "timezone": "Africa/Dar_es_Salaam", "currency": "TZS",
            }),
        );
    }
}
