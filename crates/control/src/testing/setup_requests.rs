//! Setup requests from filing to ACTIVE, and suspension.

use domain::{TenantEvent, TenantId};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Answer, HTML, TestApp, request};

async fn file(app: &TestApp, tenant: TenantId) -> String {
    let body = json!({
        "tenant_id": tenant,
        "owner": { "name": "Asha Mrisho", "email": "asha@example.com" },
        "template_type": "ECOMMERCE",
        "whatsapp_number": "+255 712 345 678",
        "notes": "=HYPERLINK(\"x\") tafadhali <b>",
    });
    let filed = app.post("/admin/setup-requests", &body).await;
    assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.text);
    let filed: Value = filed.json();
    assert_eq!(
        (filed["status"].as_str(), filed["user_name"].as_str()),
        (Some("SUBMITTED"), Some("Asha Mrisho"))
    );
    filed["id"].as_str().unwrap().to_owned()
}

async fn decide(app: &TestApp, id: &str, verb: &str, body: &Value) -> Answer {
    app.post(&format!("/admin/setup-requests/{id}/{verb}"), body).await
}

async fn html(app: &TestApp, path: &str) -> String {
    let mut asked = request(Method::GET, path, None);
    asked.headers_mut().insert("accept", HTML.parse().unwrap());
    app.send(asked).await.text
}

#[tokio::test]
async fn a_request_is_approved_once_starts_the_worker_and_becomes_active() {
    let app = TestApp::new().await;
    let tenant = app.tenant("Amina").await;
    let id = file(&app, tenant).await;
    let page = html(&app, &format!("/admin/setup-requests/{id}")).await;
    assert!(page.contains("Approve and start the worker") && page.contains("&#60;b&#62;"), "{page}");
    assert!(html(&app, "/admin/setup-requests").await.contains("<span class=\"count\">1</span>"));
    assert_eq!(decide(&app, &id, "review", &json!({})).await.json()["status"], "REVIEWING");
    assert_eq!(decide(&app, &id, "review", &json!({})).await.problem().1, "setup-request-decided");
    let approved = decide(&app, &id, "approve", &json!({})).await.json();
    assert_eq!(
        (approved["request"]["status"].as_str(), &approved["worker_error"]),
        (Some("APPROVED"), &Value::Null)
    );
    assert_eq!(approved["request"]["reviewed_by"], "admin");
    let shown = app.get(&format!("/admin/tenants/{tenant}")).await.json();
    assert_eq!(shown["tenant"]["config"]["template_type"], "ECOMMERCE", "what was asked for is taken over");
    assert_eq!(shown["tenant"]["phone_number"], "+255712345678");
    assert_eq!(shown["tenant"]["worker_process"]["status"], "RUNNING");
    for (verb, body) in [("approve", json!({})), ("reject", json!({ "note": "no" })), ("review", json!({}))] {
        let twice = decide(&app, &id, verb, &body).await;
        assert_eq!(twice.problem(), (409, "setup-request-decided".to_owned(), Some("status".to_owned())));
    }
    app.store.tenant(tenant).apply_event(TenantEvent::Connected, Default::default()).await.unwrap();
    assert_eq!(app.get(&format!("/admin/setup-requests/{id}")).await.json()["status"], "ACTIVE");
    let events = app.events().await;
    for event in [
        "SETUP_REQUEST_SUBMITTED",
        "SETUP_REQUEST_REVIEWING",
        "SETUP_REQUEST_APPROVED",
        "WORKER_STARTED",
        "SETUP_REQUEST_ACTIVE",
    ] {
        assert_eq!(events.iter().filter(|one| *one == event).count(), 1, "{event}: {events:?}");
    }
}

#[tokio::test]
async fn a_rejection_says_why_and_stands() {
    let app = TestApp::new().await;
    let tenant = app.tenant("Amina").await;
    let id = file(&app, tenant).await;
    assert_eq!(
        decide(&app, &id, "reject", &json!({ "note": " " })).await.problem().2.as_deref(),
        Some("notes")
    );
    let rejected = decide(&app, &id, "reject", &json!({ "note": "Give your own number." })).await.json();
    assert_eq!(
        (rejected["status"].as_str(), rejected["notes"].as_str()),
        (Some("REJECTED"), Some("Give your own number."))
    );
    assert_eq!(
        decide(&app, &id, "approve", &json!({})).await.problem().0,
        409,
        "a rejected one is not approved"
    );
    assert_eq!(app.get("/admin/setup-requests?status=REJECTED").await.json().as_array().unwrap().len(), 1);
    assert_eq!(app.get("/admin/setup-requests?status=APPROVED").await.json(), json!([]));
    let absent = "0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70";
    assert_eq!(decide(&app, absent, "approve", &json!({})).await.problem().1, "setup-request-not-found");
    assert_eq!(
        app.get(&format!("/admin/setup-requests/{absent}")).await.problem().1,
        "setup-request-not-found"
    );
}

#[tokio::test]
async fn a_suspension_is_told_to_the_bot_and_only_an_operator_lifts_it() {
    let app = TestApp::new().await;
    let tenant = app.tenant("Amina").await;
    let path = |verb: &str| format!("/admin/tenants/{tenant}/{verb}");
    assert_eq!(
        app.post(&path("suspend"), &json!({ "reason": "" })).await.problem().2.as_deref(),
        Some("reason")
    );
    let suspended = app.post(&path("suspend"), &json!({ "reason": "The bill is unpaid." })).await.json();
    assert_eq!(suspended["suspended_reason"], "The bill is unpaid.");
    let told = app.store.tenant(tenant).get().await.unwrap().bot_settings();
    assert!(told.suspended, "the bot is told with its settings");
    let lifted = app.post(&path("lift-suspension"), &json!({})).await.json();
    assert_eq!((&lifted["suspended_at"], &lifted["suspended_reason"]), (&Value::Null, &Value::Null));
    assert_eq!(app.events().await, ["TENANT_CREATED", "TENANT_SUSPENDED", "TENANT_SUSPENSION_LIFTED"]);
}

#[tokio::test]
async fn where_nothing_runs_after_an_approval_it_starts_again() {
    let app = TestApp::new().await;
    let tenant = app.tenant("Amina").await;
    let id = file(&app, tenant).await;
    decide(&app, &id, "approve", &json!({})).await.json();
    app.post(&format!("/admin/tenants/{tenant}/worker/stop"), &json!({})).await.json();
    let again = decide(&app, &id, "approve", &json!({})).await.json();
    assert_eq!(
        (again["request"]["status"].as_str(), &again["worker_error"]),
        (Some("APPROVED"), &Value::Null)
    );
    let shown = app.get(&format!("/admin/tenants/{tenant}")).await.json();
    assert_eq!(shown["tenant"]["worker_process"]["status"], "RUNNING");
}
