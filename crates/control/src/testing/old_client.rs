//! The requests of scripts that were written for the system before this one, as docs/upgrading-from-flow-hq-node.md tells
//! them.

use axum::body::Body;
use domain::{SessionState, TenantEvent, TenantId};
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use store::EventDetails;
use web::serve::Peer;

use super::{Answer, PASSWORD, TestApp, basic};

/// A script that posts a form, as `curl -d` and old clients do, and would rather have JSON.
async fn form(app: &TestApp, path: &str, body: &str) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("authorization", basic("admin", PASSWORD))
        .header("accept", "*/*")
        .header("content-type", "application/x-www-form-urlencoded")
        .extension(Peer::Tcp("127.0.0.1:1".parse().unwrap()));
    app.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

fn id_of(answer: &Answer) -> TenantId {
    answer.json()["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_whole_run_of_an_old_script_goes_through() {
    let app = TestApp::new().await;
    // Create, flat, as JSON and as a form.
    let flat = json!({
        "name": "Duka la Asha", "phone_number": "+255712345678", "template_type": "ECOMMERCE",
        "business_name": "Duka", "language": "EN",
    });
    let created = app.post("/admin/tenants", &flat).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text);
    let config = &created.json()["config"];
    assert_eq!((&config["template_type"], &config["language"]), (&json!("ECOMMERCE"), &json!("EN")));
    assert_eq!(config["business_name"], "Duka");
    let typed =
        "name=Saluni&phone_number=%2B255712345679&template_type=BOOKING&business_name=Saluni&language=SW";
    let second = form(&app, "/admin/tenants", typed).await;
    assert_eq!(second.status, StatusCode::CREATED, "a script gets the tenant and no page: {}", second.text);
    assert_eq!(second.headers["location"], format!("/admin/tenants/{}", id_of(&second)));

    // Rows carry the tenant.
    let id = id_of(&created);
    let shown = app.get(&format!("/admin/tenants/{id}")).await.json();
    for row in ["config", "whatsapp_session", "worker_process"] {
        assert_eq!(shown["tenant"][row]["tenant_id"], json!(id), "{row}");
    }

    // Stop what is stopped, start, start again, restart.
    let act = async |verb: &str| app.post(&format!("/admin/tenants/{id}/worker/{verb}"), &json!({})).await;
    assert_eq!(act("stop").await.status, StatusCode::OK);
    assert!(!app.events().await.iter().any(|event| event.starts_with("WORKER_")), "nothing was changed");
    assert_eq!(act("restart").await.json()["worker_process"]["status"], "RUNNING");
    assert_eq!(act("start").await.status, StatusCode::CONFLICT);

    // The code, as a picture for <img src>, with the text beside it.
    let details = EventDetails {
        qr: Some(("2@old".to_owned(), "2026-01-10T12:01:00Z".parse().unwrap())),
        ..EventDetails::default()
    };
    app.store.tenant(id).apply_event(TenantEvent::QrReceived, details).await.unwrap();
    let qr = app.get(&format!("/admin/tenants/{id}/qr")).await.json();
    assert_eq!((&qr["state"], &qr["code"]), (&json!(SessionState::QrReady), &json!("2@old")));
    assert!(qr["qr"].as_str().unwrap().starts_with("data:image/svg+xml;base64,"), "{qr}");

    // The log, with a limit that is larger than a page.
    let logs = app.get(&format!("/admin/tenants/{id}/logs?limit=10000")).await;
    assert_eq!((logs.status, &logs.headers["x-limit-cut-to"]), (StatusCode::OK, &"500".parse().unwrap()));

    // Approve with notes, reject with either name.
    let (first, other) = (request(&app, id).await, request(&app, id_of(&second)).await);
    let approved =
        app.post(&format!("/admin/setup-requests/{first}/approve"), &json!({ "notes": "Karibu!" })).await;
    assert_eq!(approved.status, StatusCode::OK, "{}", approved.text);
    let listed = app.get("/admin/setup-requests?status=APPROVED").await.json();
    assert_eq!(listed[0]["notes"], "Karibu!");
    assert_eq!((&listed[0]["tenant"]["id"], &listed[0]["tenant_id"]), (&json!(id), &json!(id)));
    assert_eq!(listed[0]["user"]["email"], listed[0]["user_email"]);
    assert_eq!(listed[0]["whatsapp_number"], "+255712345678");
    let reviewed = app.post(&format!("/admin/setup-requests/{other}/review"), &json!({})).await.json();
    assert_eq!(reviewed["decided_at"], Value::Null, "a review decides nothing");
    let rejected = app
        .post(&format!("/admin/setup-requests/{other}/reject"), &json!({ "note": "Not yours." }))
        .await
        .json();
    assert_eq!(rejected["notes"], "Not yours.");
    assert!(rejected["decided_at"].is_string(), "{rejected}");

    // Delete.
    assert_eq!(app.delete(&format!("/admin/tenants/{id}")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.get(&format!("/admin/tenants/{id}")).await.status, StatusCode::NOT_FOUND);
}

/// A setup request for the tenant, with its declared number; its id.
async fn request(app: &TestApp, tenant: TenantId) -> String {
    let number = app.get(&format!("/admin/tenants/{tenant}")).await.json()["tenant"]["phone_number"].clone();
    let body = json!({
        "tenant_id": tenant, "owner": { "name": "Asha", "email": "asha@example.com" },
        "template_type": "ECOMMERCE", "whatsapp_number": number,
    });
    let filed = app.post("/admin/setup-requests", &body).await;
    assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.text);
    filed.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_form_changes_what_it_sends_and_nothing_else() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let path = format!("/admin/tenants/{id}");
    let hours = json!([[[540, 1080]], [], [], [], [], [], []]);
    let config = json!({ "config": { "hours_json": hours, "rate_limit_per_minute": 7 } });
    assert_eq!(app.patch(&path, &config).await.json()["config"]["hours"], hours, "an older name for hours");

    let renamed = form(&app, &path, "name=Amina+2").await;
    assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.text);
    let config = &renamed.json()["config"];
    assert_eq!((&config["hours"], &config["rate_limit_per_minute"]), (&hours, &json!(7)), "kept");
    assert_eq!(renamed.json()["name"], "Amina 2");
    let tuesday = form(&app, &path, "hours_1=09%3A00-10%3A00").await.json();
    assert_eq!(tuesday["config"]["hours"], json!([[[540, 1080]], [[540, 600]], [], [], [], [], []]));
    let emptied = form(&app, &path, "rate_limit_per_minute=").await.json();
    assert_eq!(emptied["config"]["rate_limit_per_minute"], Value::Null, "what is sent empty is emptied");
}

#[tokio::test]
async fn two_operators_who_save_at_once_lose_nothing() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let path = format!("/admin/tenants/{id}");
    let tag = app.get(&path).await.headers["etag"].clone();
    let patch = async |body: Value| {
        let mut request = super::request(Method::PATCH, &path, Some(body.to_string()));
        request.headers_mut().insert("if-match", tag.clone());
        app.send(request).await
    };
    let first = patch(json!({ "config": { "language": "EN" } })).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    assert_ne!(first.headers["etag"], tag);
    let second = patch(json!({ "name": "Other" })).await;
    assert_eq!(second.problem(), (412, "stale".to_owned(), Some("version".to_owned())));
    assert_eq!(app.get(&path).await.json()["tenant"]["name"], "Amina", "nothing was changed");

    // On the page: told, with what was typed, and a second save is on top of what stands.
    let typed = [("name", "Other"), ("version", "1")];
    let refused = app.form(&path, &typed).await;
    assert_eq!(refused.status, StatusCode::PRECONDITION_FAILED);
    assert!(refused.text.contains("Somebody else has changed this tenant meanwhile"), "{}", refused.text);
    assert!(refused.text.contains("value=\"Other\""), "what was typed stays: {}", refused.text);
    assert!(refused.text.contains("name=\"version\" value=\"2\""), "{}", refused.text);
    assert_eq!(app.form(&path, &[("name", "Other"), ("version", "2")]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_number_is_one_tenants_and_the_operator_reads_whose() {
    let app = TestApp::new().await;
    let with = |name: &str| json!({ "name": name, "phone_number": "+255712345678" });
    assert_eq!(app.post("/admin/tenants", &with("Amina")).await.status, StatusCode::CREATED);
    let refused = app.post("/admin/tenants", &with("Juma")).await;
    assert_eq!(refused.problem(), (409, "conflict".to_owned(), Some("phone_number".to_owned())));
    assert!(refused.text.contains("Amina"), "{}", refused.text);
    let other = app.tenant("amina").await;
    let shown = app.get(&format!("/admin/tenants/{other}")).await.json();
    assert_eq!(shown["tenant"]["warnings"], json!(["Another tenant has the same name."]));
    let page = app.page(&format!("/admin/tenants/{other}")).await.text;
    assert!(page.contains("Another tenant has the same name."), "{page}");
    let patched =
        app.patch(&format!("/admin/tenants/{other}"), &json!({ "phone_number": "+255712345678" })).await;
    assert!(patched.status == StatusCode::CONFLICT && patched.text.contains("Amina"), "{}", patched.text);
}
