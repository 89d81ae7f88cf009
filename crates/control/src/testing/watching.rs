//! QR codes and streams.

use axum::body::BodyDataStream;
use domain::{TenantEvent, TenantId};
use futures_util::StreamExt;
use http::Method;
use store::EventDetails;
use tower::ServiceExt;

use super::{TestApp, request};

/// A tenant whose worker has shown a code that is void in a minute.
async fn with_code(app: &TestApp, code: &str) -> TenantId {
    let id = app.tenant("Amina").await;
    app.supervisor.start(id).await.unwrap();
    show_code(app, id, code).await;
    id
}

async fn show_code(app: &TestApp, id: TenantId, code: &str) {
    let expires = "2026-01-10T12:01:00Z".parse().unwrap();
    let details = EventDetails { qr: Some((code.to_owned(), expires)), ..EventDetails::default() };
    app.store.tenant(id).apply_event(TenantEvent::QrReceived, details).await.unwrap();
}

#[tokio::test]
async fn a_code_is_answered_while_it_can_be_scanned_and_never_cached() {
    let app = TestApp::new().await;
    let id = with_code(&app, "2@secret").await;
    let path = format!("/admin/tenants/{id}/qr");
    let answer = app.get(&path).await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    let qr = answer.json();
    assert_eq!((&qr["state"], &qr["code"]), (&"QR_READY".into(), &"2@secret".into()));
    assert!(qr["qr"].as_str().unwrap().starts_with("data:image/svg+xml;base64,"));
    assert_eq!(qr["expires_at"], "2026-01-10T12:01:00Z");

    let shown = app.get(&format!("/admin/tenants/{id}")).await.text;
    let listed = app.get("/admin/tenants").await.text;
    assert!(!shown.contains("2@secret") && !listed.contains("2@secret"), "a code has a path of its own");

    app.clock.advance(jiff::SignedDuration::from_secs(60));
    assert_eq!(app.get(&path).await.json()["qr"], serde_json::Value::Null, "it is void");
}

#[tokio::test]
async fn a_stream_ends_with_the_control_plane() {
    let app = TestApp::new().await;
    let id = with_code(&app, "2@one").await;
    for path in [format!("/admin/tenants/{id}/qr/stream"), "/admin/stream".to_owned()] {
        let mut events = open(&app, &path).await;
        app.stop.cancel();
        while events.next().await.is_some() {}
    }
}

#[tokio::test]
async fn the_code_is_streamed_as_it_stands() {
    let app = TestApp::new().await;
    let id = with_code(&app, "2@one").await;
    let mut events = open(&app, &format!("/admin/tenants/{id}/qr/stream")).await;
    let first = next(&mut events).await;
    assert!(first.starts_with("event: qr\ndata: {") && first.contains("2@one"), "{first}");
    // Stopping is a change of status, which makes the code void.
    app.supervisor.stop(id).await.unwrap();
    let mut seen = next(&mut events).await;
    while !seen.contains("PAUSED") {
        seen = next(&mut events).await;
    }
    assert!(!seen.contains("2@one"), "{seen}");
}

#[tokio::test]
async fn the_last_lines_of_the_log_come_first() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    app.messages(id, 3).await;
    let mut events = open(&app, &format!("/admin/tenants/{id}/logs/stream?last=2")).await;
    assert!(next(&mut events).await.contains("message 2"));
    assert!(next(&mut events).await.contains("message 3"));
    let refused = app.get(&format!("/admin/tenants/{id}/logs/stream?last=501")).await;
    assert_eq!(refused.problem().2.as_deref(), Some("last"));
}

pub(super) async fn open(app: &TestApp, path: &str) -> BodyDataStream {
    let response = app.router.clone().oneshot(request(Method::GET, path, None)).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["cache-control"], "no-store");
    response.into_body().into_data_stream()
}

/// The next event; each is sent in one piece.
pub(super) async fn next(events: &mut BodyDataStream) -> String {
    let bytes = events.next().await.expect("the stream goes on").unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}
