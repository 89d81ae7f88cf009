//! Tenants: what is taken, what is refused, what is answered.

use domain::Digits;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{TestApp, request};

const ABSENT: &str = "/admin/tenants/0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70";

#[tokio::test]
async fn a_tenant_is_created_with_its_rows_and_shown_with_its_log() {
    let app = TestApp::new().await;
    let body = json!({ "name": " Saluni ya Amina ", "phone_number": "+255 754 000 111",
        "config": { "template_type": "SUPPORT", "language": "EN" } });
    let created = app.post("/admin/tenants", &body).await;
    assert_eq!(created.status, StatusCode::CREATED);
    let tenant = created.json();
    assert_eq!(created.headers["location"], format!("/admin/tenants/{}", tenant["id"].as_str().unwrap()));
    assert_eq!(tenant["name"], "Saluni ya Amina");
    assert_eq!(tenant["phone_number"], "+255754000111");
    assert_eq!(tenant["status"], "NEW");
    assert_eq!(tenant["timezone"], "Africa/Dar_es_Salaam");
    assert_eq!(tenant["config"]["business_name"], "Saluni ya Amina");
    assert_eq!(tenant["config"]["template_type"], "SUPPORT");
    assert_eq!(tenant["whatsapp_session"]["state"], "DISCONNECTED");
    assert_eq!(tenant["worker_process"]["status"], "STOPPED");

    let shown = app.get(&format!("/admin/tenants/{}", tenant["id"].as_str().unwrap())).await.json();
    assert_eq!(shown, json!({ "tenant": tenant, "logs": [] }));
    assert_eq!(app.events().await, ["TENANT_CREATED", "CONVERSATION_READ"]);
}

#[tokio::test]
async fn what_is_not_taken_is_refused_by_name() {
    let app = TestApp::new().await;
    let cases: [(Value, u16, &str, Option<&str>); 14] = [
        (json!({}), 422, "invalid-field", Some("name")),
        (json!({ "name": "" }), 422, "invalid-field", Some("name")),
        (json!({ "name": "x".repeat(10_000) }), 422, "invalid-field", Some("name")),
        (json!({ "name": 7 }), 422, "invalid-field", Some("name")),
        (json!({ "name": "a\u{0}b" }), 422, "invalid-field", Some("name")),
        (json!({ "name": "a", "colour": "red" }), 422, "unknown-field", Some("colour")),
        (json!({ "name": "a", "phone_number": "0712345678" }), 422, "invalid-field", Some("phone_number")),
        (json!({ "name": "a", "phone_number": "+1" }), 422, "invalid-field", Some("phone_number")),
        (json!({ "name": "a", "timezone": "Mars" }), 422, "invalid-field", Some("timezone")),
        (json!({ "name": "a", "currency": "shilling" }), 422, "invalid-field", Some("currency")),
        (
            json!({ "name": "a", "config": { "template_type": "SHOP" } }),
            422,
            "invalid-field",
            Some("config.template_type"),
        ),
        (
            json!({ "name": "a", "config": { "language": "sw" } }),
            422,
            "invalid-field",
            Some("config.language"),
        ),
        (
            json!({ "name": "a", "config": { "hours": [[[9, 5]], [], [], [], [], [], []] } }),
            422,
            "invalid-field",
            Some("config.hours[0]"),
        ),
        (json!([]), 422, "invalid-field", None),
    ];
    for (body, status, word, field) in cases {
        let answer = app.post("/admin/tenants", &body).await;
        let expected = (status, word.to_owned(), field.map(str::to_owned));
        assert_eq!(answer.problem(), expected, "{body}: {}", answer.text);
    }
    let wrong_word =
        app.post("/admin/tenants", &json!({ "name": "a", "config": { "language": "FR" } })).await;
    let detail = wrong_word.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("`SW`") && detail.contains("`EN`"), "{detail}");
    let malformed = app.send(request(Method::POST, "/admin/tenants", Some("{\"name\":".to_owned()))).await;
    assert_eq!(malformed.problem().1, "malformed-json");
    let huge = app.send(request(Method::POST, "/admin/tenants", Some(" ".repeat(2 * 1024 * 1024)))).await;
    assert_eq!(huge.problem(), (413, "body-too-large".to_owned(), None));
    assert_eq!(app.get("/admin/tenants").await.text, "[]", "nothing was created");
}

#[tokio::test]
async fn tenants_that_are_not_there_and_ids_that_are_none_are_told_apart() {
    let app = TestApp::new().await;
    let paths = ["", "/qr", "/logs", "/qr/stream", "/logs/stream"];
    for path in paths {
        assert_eq!(app.get(&format!("{ABSENT}{path}")).await.problem().1, "tenant-not-found", "{path}");
        let bad = app.get(&format!("/admin/tenants/17{path}")).await;
        assert_eq!(bad.problem(), (400, "invalid-id".to_owned(), Some("id".to_owned())), "{path}");
    }
    for verb in ["start", "stop", "restart", "force-restart"] {
        let answer = app.send(request(Method::POST, &format!("{ABSENT}/worker/{verb}"), None)).await;
        assert_eq!(answer.problem().1, "tenant-not-found", "{verb}");
    }
    assert_eq!(app.delete(ABSENT).await.problem().1, "tenant-not-found");
    assert_eq!(app.patch(ABSENT, &json!({})).await.problem().1, "tenant-not-found");
    let confirm = app.post(&format!("{ABSENT}/confirm-number"), &json!({ "number": "255754000111" })).await;
    assert_eq!(confirm.problem().1, "tenant-not-found");
}

#[tokio::test]
async fn changes_are_made_and_written_down_with_numbers_masked() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let path = format!("/admin/tenants/{id}");
    let body = json!({ "phone_number": "+255754000111", "config": { "language": "EN" } });
    let changed = app.patch(&path, &body).await.json();
    assert_eq!(changed["phone_number"], "+255754000111");
    assert_eq!(changed["config"]["language"], "EN");
    assert_eq!(changed["name"], "Amina", "what is not named stays");
    let emptied = app.patch(&path, &json!({ "phone_number": null })).await.json();
    assert_eq!(emptied["phone_number"], Value::Null);
    assert_eq!(app.patch(&path, &json!({})).await.status, StatusCode::OK, "nothing to change is no error");
    assert_eq!(app.patch(&path, &json!({ "status": "ACTIVE" })).await.problem().1, "unknown-field");

    assert_eq!(app.events().await, ["TENANT_CREATED", "TENANT_CHANGED", "TENANT_CHANGED"]);
    let events = app.store.tenant(id).events(Default::default()).await.unwrap();
    let payload = events.items[1].payload.to_string();
    assert!(payload.contains("\"from\":\"SW\"") && payload.contains("*111"), "{payload}");
    assert!(!payload.contains("255754000111"), "{payload}");
}

#[tokio::test]
async fn a_deleted_tenant_is_gone_but_for_the_audit_log() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let path = format!("/admin/tenants/{id}");
    app.send(request(Method::POST, &format!("{path}/worker/start"), None)).await;
    assert_eq!(app.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.get(&path).await.problem().1, "tenant-not-found");
    assert_eq!(app.events().await, ["TENANT_CREATED", "WORKER_STARTED", "TENANT_DELETED"]);
}

#[tokio::test]
async fn lists_are_walked_by_their_links_and_filtered() {
    let app = TestApp::new().await;
    for n in 0..5 {
        app.tenant(&format!("Shop {n} & co")).await;
    }
    let mut names = Vec::new();
    let mut next = Some("/admin/tenants?limit=2&search=shop%20".to_owned());
    while let Some(path) = next {
        let page = app.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        names.extend(
            page.json().as_array().unwrap().iter().map(|tenant| tenant["name"].as_str().unwrap().to_owned()),
        );
        next = page.headers.get("link").map(|link| {
            link.to_str().unwrap().strip_prefix('<').unwrap().split_once('>').unwrap().0.to_owned()
        });
    }
    assert_eq!(names.len(), 5);
    assert!(names.is_sorted_by(|a, b| a > b), "newest first: {names:?}");
    assert_eq!(app.get("/admin/tenants?status=ACTIVE").await.text, "[]");
    assert_eq!(app.get("/admin/tenants?status=HAPPY").await.problem().2.as_deref(), Some("status"));
    assert_eq!(app.get("/admin/tenants?limit=0").await.problem().2.as_deref(), Some("limit"));
    assert_eq!(app.get("/admin/tenants?limit=many").await.problem().2.as_deref(), Some("limit"));
    assert_eq!(app.get("/admin/tenants?before=x").await.problem().2.as_deref(), Some("before"));
    assert_eq!(app.get("/admin/tenants?colour=red").await.problem().1, "unknown-field");
}

#[tokio::test]
async fn the_log_is_paged_newest_first() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    app.messages(id, 3).await;
    let first = app.get(&format!("/admin/tenants/{id}/logs?limit=2")).await;
    let texts: Vec<_> =
        first.json().as_array().unwrap().iter().map(|log| log["message_text"].clone()).collect();
    assert_eq!(texts, ["message 3", "message 2"]);
    let link = first.headers["link"].to_str().unwrap();
    let next = link.strip_prefix('<').unwrap().split_once('>').unwrap().0;
    let rest = app.get(next).await;
    assert_eq!(rest.json()[0]["message_text"], "message 1");
    assert!(!rest.headers.contains_key("link"));
}

#[tokio::test]
async fn only_the_number_that_is_held_is_confirmed() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let path = format!("/admin/tenants/{id}/confirm-number");
    assert_eq!(app.post(&path, &json!({ "number": "255754000333" })).await.problem().0, 409);
    let held = Digits::new("255754000333").unwrap();
    app.store.tenant(id).set_hold(Some(held)).await.unwrap();
    assert_eq!(app.post(&path, &json!({ "number": "255754000444" })).await.problem().0, 409);
    assert_eq!(app.post(&path, &json!({ "number": "none" })).await.problem().2.as_deref(), Some("number"));
    let confirmed = app.post(&path, &json!({ "number": "+255754000333" })).await.json();
    assert_eq!(confirmed["held_number"], Value::Null);
    assert_eq!(confirmed["confirmed_number"], "255754000333");
    assert_eq!(app.events().await, ["TENANT_CREATED", "NUMBER_HELD", "NUMBER_CONFIRMED"]);
}
