//! What was proved and is taken back: everything that goes on for it ends within a second.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use domain::TenantId;
use futures_util::StreamExt;
use http::{Method, Request, header};
use jiff::SignedDuration;
use serde_json::json;
use tokio::time::timeout;
use tower::ServiceExt;

use super::{
    PASSWORD, TestApp,
    signing_in::{Browser, operator},
};

/// The promise.
const SECOND: Duration = Duration::from_secs(1);

fn streams(tenant: TenantId) -> [String; 3] {
    [
        "/admin/stream".to_owned(),
        format!("/admin/tenants/{tenant}/logs/stream?last=1"),
        format!("/admin/tenants/{tenant}/qr/stream"),
    ]
}

impl Browser {
    fn cookie(&self) -> String {
        let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    /// Opens something that goes on.
    async fn open(&self, app: &TestApp, path: &str) -> BodyDataStream {
        let request = Request::get(path).header(header::COOKIE, self.cookie()).header("host", super::HOST);
        let response = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.into_body().into_data_stream()
    }
}

/// Whether it ends within this time, and how.
async fn ends(body: &mut BodyDataStream, within: Duration) -> bool {
    let rest = async { while body.next().await.is_some() {} };
    timeout(within, rest).await.is_ok()
}

/// Somebody with an account who reads all streams.
async fn reader(app: &TestApp) -> (String, String, Browser, Vec<BodyDataStream>) {
    let tenant = app.tenant("Amina").await;
    let (id, password) = operator(app, "juma@example.com").await;
    let mut browser = Browser::default();
    browser.sign_in(app, "juma@example.com", &password).await;
    let mut open = Vec::new();
    for path in streams(tenant) {
        open.push(browser.open(app, &path).await);
    }
    (id, password, browser, open)
}

/// Whether all end; one that another operator reads must not.
async fn all_end(app: &TestApp, open: Vec<BodyDataStream>, within: Duration) {
    let mut control = Browser::default();
    control.sign_in(app, "admin", PASSWORD).await;
    let mut other = control.open(app, "/admin/stream").await;
    for (at, mut body) in open.into_iter().enumerate() {
        assert!(ends(&mut body, within).await, "stream {at} goes on");
    }
    app.tenant("Baraka").await;
    let event = timeout(Duration::from_secs(5), other.next()).await;
    assert!(matches!(event, Ok(Some(Ok(_))) | Err(_)), "the control: another reader's stream has not ended");
}

#[tokio::test]
async fn streams_end_with_the_session() {
    let app = TestApp::new().await;
    let (.., mut browser, open) = reader(&app).await;
    browser.post(&app, "/admin/sign-out", &[]).await;
    all_end(&app, open, SECOND).await;
}

#[tokio::test]
async fn streams_end_with_the_account() {
    let app = TestApp::new().await;
    let (id, .., open) = reader(&app).await;
    app.post(&format!("/admin/operators/{id}/remove"), &json!({})).await;
    all_end(&app, open, SECOND).await;
}

#[tokio::test]
async fn streams_end_with_another_password_or_second_factor() {
    let app = TestApp::new().await;
    let (_, password, mut browser, open) = reader(&app).await;
    let mut elsewhere = Browser::default();
    elsewhere.sign_in(&app, "juma@example.com", &password).await;
    let pairs = [("current", password.as_str()), ("new", "a sentence is fine")];
    assert_eq!(elsewhere.post(&app, "/admin/account/password", &pairs).await.status, 200);
    all_end(&app, open, SECOND).await;
    browser.sign_in(&app, "juma@example.com", "a sentence is fine").await;
    let again = vec![browser.open(&app, "/admin/stream").await];
    super::guessing::enrol(&app, &mut elsewhere).await;
    all_end(&app, again, SECOND).await;
}

#[tokio::test]
async fn streams_end_at_the_idle_limit() {
    let app = TestApp::new().await;
    let (.., open) = reader(&app).await;
    app.clock.advance(SignedDuration::from_mins(61));
    all_end(&app, open, SECOND).await;
}

#[tokio::test]
async fn streams_end_when_another_process_has_removed_the_account() {
    let app = TestApp::new().await;
    let (id, .., open) = reader(&app).await;
    app.store.operator().remove_operator(id.parse().unwrap()).await.unwrap();
    all_end(&app, open, Duration::from_secs(10)).await;
}

#[tokio::test]
async fn a_stream_by_a_password_ends_with_the_account_too() {
    let app = TestApp::new().await;
    let (id, password) = operator(&app, "juma@example.com").await;
    let request = Request::get("/admin/stream")
        .header("authorization", super::basic("juma@example.com", &password))
        .header("host", super::HOST)
        .body(Body::empty())
        .unwrap();
    let mut body = app.router.clone().oneshot(request).await.unwrap().into_body().into_data_stream();
    app.post(&format!("/admin/operators/{id}/remove"), &json!({})).await;
    assert!(ends(&mut body, SECOND).await);
}

#[tokio::test]
async fn an_export_breaks_off_and_is_not_taken_for_whole() {
    let app = TestApp::new().await;
    let tenant = app.tenant("Amina").await;
    app.messages(tenant, 1200).await;
    let path = format!("/admin/tenants/{tenant}/logs.csv");
    let whole = app.send(super::request(Method::GET, &path, None)).await;
    assert_eq!(whole.text.lines().count(), 1201, "the control");
    let mut browser = Browser::default();
    browser.sign_in(&app, "admin", PASSWORD).await;
    let mut body = browser.open(&app, &path).await;
    let first = body.next().await.unwrap().unwrap();
    assert!(first.starts_with("\u{feff}time".as_bytes()), "it has begun");
    browser.post(&app, "/admin/sign-out", &[]).await;
    let mut rows = 0;
    let broken = loop {
        match timeout(SECOND, body.next()).await.expect("an end") {
            Some(Ok(bytes)) => rows += bytes.iter().filter(|byte| **byte == b'\n').count(),
            Some(Err(_)) => break true,
            None => break false,
        }
    };
    assert!(broken && rows < 1200, "{rows} rows more, broken off: {broken}");
}
