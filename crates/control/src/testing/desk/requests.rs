//! A setup request from its first wish until it is in force.

use domain::{Role, TenantEvent};
use http::StatusCode;
use serde_json::{Value, json};

use super::member;
use crate::testing::TestApp;

fn wish(name: &str) -> Value {
    json!({ "businessName": name, "templateType": "ECOMMERCE", "whatsappNumber": "+255 712 345 678" })
}

#[tokio::test]
async fn a_request_is_sent_once_and_in_force_when_it_is_approved_and_no_sooner() {
    let app = TestApp::new().await;
    let tenant = app.tenant("New Business").await;
    let owner = member(&app, tenant, "asha@example.com", Role::Owner).await;
    assert_eq!(owner.get(&app, "me").await.json()["setupRequest"], Value::Null);
    // What the bot is told, and what the tenant is called.
    let in_force = async || {
        let detail = app.store.tenant(tenant).get().await.unwrap();
        (detail.tenant, detail.config)
    };
    let before = in_force().await;
    let mut full = wish("Duka la Asha");
    full["businessType"] = "duka la nguo".into();
    full["hours"] = json!([[[540, 1080]], [], [], [], [], [], []]);
    let sent = owner.post(&app, "setup-request", full.clone()).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text);
    let sent = sent.json();
    assert_eq!((&sent["status"], &sent["language"]), (&json!("SUBMITTED"), &json!("SW")));
    assert_eq!(
        (&sent["business_name"], &sent["whatsapp_number"]),
        (&json!("Duka la Asha"), &json!("+255712345678"))
    );
    let twice = owner.post(&app, "setup-request", full).await;
    assert_eq!(twice.problem(), (409, "conflict".to_owned(), Some("setup_request".to_owned())));
    assert_eq!(in_force().await, before, "nothing of it is in force");
    let status = owner.get(&app, "tenant/current/status").await.json();
    assert_eq!(status["waitsFor"], "OPERATOR");
    assert_eq!(status["steps"][1], json!({ "step": "IN_REVIEW", "state": "NOW", "at": null }));
    let early = owner.post(&app, "tenant/current/pairing-code", json!({})).await;
    assert_eq!(early.status, 409, "{}", early.text);

    let id = sent["id"].as_str().unwrap();
    let page = app.get(&format!("/admin/setup-requests/{id}")).await.json();
    assert_eq!(page["business_type"], "duka la nguo");
    let approved = app.post(&format!("/admin/setup-requests/{id}/approve"), &json!({})).await;
    assert_eq!(approved.json()["worker_error"], Value::Null);
    let me = owner.get(&app, "me").await.json();
    assert_eq!(
        (&me["tenant"]["name"], &me["tenant"]["config"]["template_type"]),
        (&json!("Duka la Asha"), &json!("ECOMMERCE"))
    );
    assert_eq!(me["tenant"]["config"]["hours"][0][0], json!([540, 1080]));
    assert_eq!(me["setupRequest"]["status"], "APPROVED");
    assert_eq!(owner.get(&app, "tenant/current/status").await.json()["waitsFor"], "OWNER");

    // Live, and asked for anew: the bot goes on as it is until the next approval.
    app.store.tenant(tenant).apply_event(TenantEvent::Connected, Default::default()).await.unwrap();
    let live = in_force().await;
    let mut other = wish("Jina Jipya");
    other["templateType"] = "SUPPORT".into();
    let other = owner.post(&app, "setup-request", other).await.json();
    assert_eq!(in_force().await, live);
    let rejected = app
        .post(
            &format!("/admin/setup-requests/{}/reject", other["id"].as_str().unwrap()),
            &json!({ "notes": "no" }),
        )
        .await;
    assert_eq!(rejected.status, 200);
    assert_eq!(in_force().await, live);
    let status = owner.get(&app, "tenant/current/status").await.json();
    assert_eq!(
        (&status["setupRequest"]["status"], &status["setupRequest"]["notes"]),
        (&json!("REJECTED"), &json!("no"))
    );
    assert_eq!(status["waitsFor"], "OWNER");
}

#[tokio::test]
async fn what_is_asked_for_wrongly_is_named_in_the_words_of_the_form() {
    let app = TestApp::new().await;
    let tenant = app.tenant("New Business").await;
    let owner = member(&app, tenant, "asha@example.com", Role::Owner).await;
    for (field, value) in [
        ("businessName", json!(" ")),
        ("businessName", json!("a\nb")),
        ("templateType", json!("DANCING")),
        ("whatsappNumber", json!("0712")),
        ("businessType", json!("x".repeat(61))),
        ("hours", json!([[[1080, 540]], [], [], [], [], [], []])),
    ] {
        let mut wrong = wish("Asha");
        wrong[field] = value;
        let answer = owner.post(&app, "setup-request", wrong).await;
        let (status, _, named) = answer.problem();
        assert!(status == 400 || status == 422, "{field}: {}", answer.text);
        assert!(named.is_some_and(|named| named.starts_with(field)), "{field}: {}", answer.text);
    }
    assert!(app.store.tenant(tenant).latest_setup_request().await.unwrap().is_none());
}

#[tokio::test]
async fn approval_by_itself_starts_the_bot_at_once() {
    let app = TestApp::with_portal(|portal| crate::PortalOptions { auto_approve: true, ..portal }).await;
    let tenant = app.tenant("New Business").await;
    let owner = member(&app, tenant, "asha@example.com", Role::Owner).await;
    let sent = owner.post(&app, "setup-request", wish("Asha")).await.json();
    assert_eq!((&sent["status"], &sent["reviewed_by"]), (&json!("APPROVED"), &json!("system")));
    let me = owner.get(&app, "me").await.json();
    assert_eq!(me["tenant"]["worker_process"]["status"], "RUNNING");
    assert_eq!(me["tenant"]["status"], "QR_PENDING");
}

#[tokio::test]
async fn a_bot_that_the_operator_has_set_up_has_its_way_behind_it() {
    let app = TestApp::new().await;
    let tenant = app.tenant("Salon").await;
    let owner = member(&app, tenant, "asha@example.com", Role::Owner).await;
    let happens = async |event| {
        app.store.tenant(tenant).apply_event(event, Default::default()).await.unwrap();
        owner.get(&app, "tenant/current/status").await.json()
    };
    let states = |status: &serde_json::Value| -> Vec<String> {
        let steps = status["steps"].as_array().unwrap();
        steps.iter().map(|step| step["state"].as_str().unwrap().to_owned()).collect()
    };
    let started = happens(TenantEvent::WorkerStarted).await;
    assert_eq!(states(&started), ["DONE", "DONE", "DONE", "NOW", "LATER"], "nothing was asked for");
    assert_eq!((&started["waitsFor"], &started["phoneRemoved"]), (&json!("OWNER"), &json!(false)));
    assert_eq!(started["timezone"], "Africa/Dar_es_Salaam");
    // Only the phone's own word is that it has removed the bot.
    let refused = happens(TenantEvent::AuthenticationFailed).await;
    assert_eq!((&refused["waitsFor"], &refused["phoneRemoved"]), (&json!("OPERATOR"), &json!(false)));
    happens(TenantEvent::WorkerStarted).await;
    let removed = happens(TenantEvent::LoggedOut).await;
    assert_eq!((&removed["waitsFor"], &removed["phoneRemoved"]), (&json!("OWNER"), &json!(true)));
    assert!(removed["problem"].as_str().unwrap().contains("removed"), "{removed}");
}
