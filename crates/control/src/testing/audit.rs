//! The audit log: reading, filters, export, and that it only grows.

use http::{Method, StatusCode};
use serde_json::json;

use super::{TestApp, request};

#[tokio::test]
async fn reading_a_conversation_is_written_down_once_in_a_while() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    for path in [format!("/admin/tenants/{id}"), format!("/admin/tenants/{id}/logs")] {
        assert_eq!(app.get(&path).await.status, StatusCode::OK);
    }
    assert_eq!(app.events().await, ["TENANT_CREATED", "CONVERSATION_READ"]);
    app.clock.advance(jiff::SignedDuration::from_mins(10));
    app.get(&format!("/admin/tenants/{id}/logs")).await;
    assert_eq!(app.events().await, ["TENANT_CREATED", "CONVERSATION_READ", "CONVERSATION_READ"]);
}

#[tokio::test]
async fn events_are_filtered_paged_and_exported_without_formulas() {
    let app = TestApp::new().await;
    let (one, other) = (app.tenant("Amina").await, app.tenant("Baraka").await);
    app.patch(&format!("/admin/tenants/{one}"), &json!({ "name": "=cmd|' /C calc'!A0" })).await;
    let count =
        async |query: &str| app.get(&format!("/admin/events{query}")).await.json().as_array().unwrap().len();
    assert_eq!(count("").await, 3);
    assert_eq!(count(&format!("?tenant={other}")).await, 1);
    assert_eq!(count("?type=TENANT_CHANGED").await, 1);
    assert_eq!((count("?actor=admin").await, count("?actor=worker").await), (3, 0));
    assert_eq!((count("?since=2026-01-10").await, count("?until=2026-01-10").await), (3, 0));
    assert_eq!(app.get("/admin/events?since=yesterday").await.problem().2.as_deref(), Some("since"));
    assert_eq!(app.get("/admin/events?tenant=7").await.problem().2.as_deref(), Some("tenant"));
    let first = app.get("/admin/events?limit=2&type=&actor=admin").await;
    let link = first.headers["link"].to_str().unwrap().to_owned();
    assert!(link.contains("&actor=admin") && !link.contains("type="), "{link}");
    let next = link.trim_start_matches('<').split('>').next().unwrap();
    assert_eq!(app.get(next).await.json().as_array().unwrap().len(), 1);

    let export = app.get("/admin/events.csv").await;
    assert_eq!(export.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(export.text.lines().next(), Some("time,type,tenant,actor,actor name,details"));
    assert_eq!(export.text.lines().count(), 1 + 3 + 1, "three events and the export itself: {}", export.text);
    // No cell begins what a spreadsheet would run: the name stands within a document.
    assert!(!export.text.contains(",=cmd") && export.text.contains("=cmd"), "{}", export.text);
}

#[tokio::test]
async fn no_route_changes_the_log() {
    let app = TestApp::new().await;
    app.tenant("Amina").await;
    for path in ["/admin/events", "/admin/events.csv"] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let answer = app.send(request(method, path, Some("{}".to_owned()))).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        }
    }
    let mut routes = crate::table().into_iter().filter(|route| route.path.starts_with("/admin/events"));
    assert!(routes.all(|route| route.method == Method::GET));
}
