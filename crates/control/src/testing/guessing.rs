//! Guessing: codes are counted on the account, nothing is told before the second factor, and all of it is written down.

use axum::body::Body;
use http::{Method, Request, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret, Totp};
use web::serve::Peer;

use super::{
    Answer, PASSWORD, TestApp,
    signing_in::{Browser, is_in, operator},
};

/// Turns a second factor on in this browser.
pub(super) async fn enrol(app: &TestApp, browser: &mut Browser) -> (Totp, String) {
    let path = "/admin/account/second-factor";
    let shown: Value = browser.ask(app, Method::GET, path, "application/json", None).await.json();
    let secret = Secret::try_from_base32(shown["secret"].as_str().unwrap()).unwrap();
    let totp = Builder::new().with_secret(secret).build_noncompliant();
    let code = code(app, &totp);
    let done = browser.ask(app, Method::POST, path, "application/json", Some(format!("code={code}"))).await;
    let recovery = done.json()["recovery_codes"][0].as_str().unwrap().to_owned();
    // The next code is another one.
    app.clock.advance(SignedDuration::from_secs(30));
    (totp, recovery)
}

pub(super) fn code(app: &TestApp, totp: &Totp) -> String {
    totp.generate(u64::try_from(domain::Clock::now(&*app.clock).as_second()).unwrap()).to_string()
}

/// A code that is not right now, before or after.
pub(super) fn wrong(app: &TestApp, totp: &Totp) -> String {
    let now = u64::try_from(domain::Clock::now(&*app.clock).as_second()).unwrap();
    let right: Vec<_> = [now - 30, now, now + 30].map(|at| totp.generate(at).to_string()).to_vec();
    (0..).map(|n: u32| format!("{n:06}")).find(|code| !right.contains(code)).unwrap()
}

async fn by_basic(app: &TestApp, user: &str, password: &str, from: &str) -> (Answer, std::time::Duration) {
    let request = Request::get("/admin/tenants").header("authorization", super::basic(user, password));
    let request = request.extension(Peer::Tcp(format!("{from}:1").parse().unwrap()));
    let start = tokio::time::Instant::now();
    (app.send(request.body(Body::empty()).unwrap()).await, start.elapsed())
}

#[tokio::test]
async fn codes_are_counted_on_the_account_whatever_session_they_come_from() {
    let app = TestApp::new().await;
    let (id, password) = operator(&app, "juma@example.com").await;
    let mut browser = Browser::default();
    browser.sign_in(&app, "juma@example.com", &password).await;
    let (totp, recovery) = enrol(&app, &mut browser).await;
    let mut tried = 0;
    let mut refused = 0;
    // A right password renews nothing, and neither does another session.
    for n in 0..4 {
        let mut guesser = Browser { from: Some([192, 0, 2, n]), ..Browser::default() };
        guesser.sign_in(&app, "juma@example.com", &password).await;
        for _ in 0..3 {
            let answer = guesser.post(&app, "/admin/sign-in/code", &[("code", &wrong(&app, &totp))]).await;
            match answer.status {
                StatusCode::UNAUTHORIZED => tried += 1,
                StatusCode::TOO_MANY_REQUESTS => refused += 1,
                other => panic!("{other}"),
            }
            assert!(refused == 0 || answer.text.contains("recovery code works"), "{}", answer.text);
        }
    }
    assert_eq!((tried, refused), (5, 7), "of twelve");
    let mut own = Browser::default();
    own.sign_in(&app, "juma@example.com", &password).await;
    let right = own.post(&app, "/admin/sign-in/code", &[("code", &code(&app, &totp))]).await;
    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "a right one is not looked at either");
    let by_recovery = own.post(&app, "/admin/sign-in/code", &[("code", &recovery)]).await;
    assert_eq!(by_recovery.status, StatusCode::SEE_OTHER, "whoever has a recovery code is not kept out");
    assert!(is_in(&app, &mut own).await);
    app.clock.advance(SignedDuration::from_secs(31));
    let mut later = Browser::default();
    later.sign_in(&app, "juma@example.com", &password).await;
    let right = later.post(&app, "/admin/sign-in/code", &[("code", &code(&app, &totp))]).await;
    assert_eq!(right.status, StatusCode::SEE_OTHER, "after the wait: {}", right.text);
    app.app.accounts.tell_due(true).await;
    let lines = app.get("/admin/events?type=SIGN_IN_FAILED").await.json();
    let lines: Vec<_> = lines.as_array().unwrap().iter().map(|line| &line["payload"]).collect();
    assert_eq!(lines.len(), 2, "the first, and one that tells how many: {lines:?}");
    assert_eq!((&lines[0]["what"], &lines[0]["tries"]), (&json!("second factor"), &json!(13)));
    assert_eq!(lines[0]["account"], json!(id));
    let guessed = app.app.accounts.guessed();
    assert_eq!((guessed.len(), guessed[0].tries), (1, 13));
    // Nobody listens there: what is to be told waits in the queue.
    let nowhere = ("http://127.0.0.1:1/".to_owned(), secrecy::SecretString::from("k".repeat(32)));
    let options = ::alerts::AlertOptions { webhook: Some(nowhere), ..Default::default() };
    ::alerts::round(&app.app.alerts(), &options, &["webhook"]).await.unwrap();
    app.clock.advance(SignedDuration::from_mins(2));
    let waiting = app.store.operator().due_alerts().await.unwrap();
    assert_eq!(waiting.len(), 1, "one alert for all of them");
    assert_eq!(waiting[0].payload["title"], format!("Somebody guesses at the account {id}"));
    assert!(waiting[0].payload["detail"].as_str().unwrap().starts_with("13 tries since"), "{waiting:?}");
}

#[tokio::test]
async fn basic_tells_nothing_of_a_password_that_a_second_factor_follows() {
    let app = TestApp::new().await;
    let (_, password) = operator(&app, "juma@example.com").await;
    let mut browser = Browser::default();
    browser.sign_in(&app, "juma@example.com", &password).await;
    let (before, _) = by_basic(&app, "juma@example.com", &password, "192.0.2.9").await;
    assert_eq!(before.status, StatusCode::OK, "the control: without a second factor it is enough");
    enrol(&app, &mut browser).await;
    let (right, took_right) = by_basic(&app, "juma@example.com", &password, "192.0.2.1").await;
    let (wrong, took_wrong) = by_basic(&app, "juma@example.com", "not the password", "192.0.2.2").await;
    assert_eq!((right.status, wrong.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    assert_eq!(right.text, wrong.text);
    for took in [took_right, took_wrong] {
        assert!(took >= std::time::Duration::from_millis(250), "{took:?}");
    }
    let lines = app.get("/admin/events?type=SIGN_IN_FAILED").await.json();
    assert_eq!(lines[0]["payload"]["what"], "password without the second factor");
}

#[tokio::test]
async fn the_admin_password_can_have_a_second_factor_too() {
    let app = TestApp::new().await;
    let mut browser = Browser::default();
    browser.sign_in(&app, "admin", PASSWORD).await;
    let (totp, _) = enrol(&app, &mut browser).await;
    assert!(is_in(&app, &mut browser).await, "this browser stays");
    let (basic, _) = by_basic(&app, "admin", PASSWORD, "192.0.2.1").await;
    assert_eq!(basic.status, StatusCode::UNAUTHORIZED, "the password alone is no way in any more");
    let mut other = Browser::default();
    let asked = other.sign_in(&app, "admin", PASSWORD).await;
    assert_eq!(asked.headers["location"], "/admin/sign-in/code");
    assert!(!is_in(&app, &mut other).await);
    let right = other.post(&app, "/admin/sign-in/code", &[("code", &code(&app, &totp))]).await;
    assert_eq!(right.status, StatusCode::SEE_OTHER, "{}", right.text);
    assert!(is_in(&app, &mut other).await);
    let page = other.get(&app, "/admin/account").await;
    assert!(page.text.contains("Second factor of the admin password") && page.text.contains("On: a code"));
    // To take it away asks for password and code again.
    app.clock.advance(SignedDuration::from_secs(301));
    let led = other.post(&app, "/admin/account/second-factor/remove", &[]).await;
    assert!(led.headers["location"].to_str().unwrap().starts_with("/admin/confirm"));
    assert!(other.get(&app, "/admin/confirm").await.text.contains("name=\"code\""));
    let alone = other.post(&app, "/admin/confirm", &[("password", PASSWORD)]).await;
    assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", alone.text);
    let both = [("password", PASSWORD), ("code", &code(&app, &totp)), ("next", "/admin/account")];
    assert_eq!(other.post(&app, "/admin/confirm", &both).await.headers["location"], "/admin/account");
    assert_eq!(
        other.post(&app, "/admin/account/second-factor/remove", &[]).await.status,
        StatusCode::SEE_OTHER
    );
    let request = Request::get("/admin/tenants").header("authorization", super::basic("admin", PASSWORD));
    let request = request.extension(Peer::Tcp("192.0.2.3:1".parse().unwrap()));
    assert_eq!(app.send(request.body(Body::empty()).unwrap()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn passwords_that_are_tried_first_are_refused_with_the_reason() {
    let app = TestApp::new().await;
    for password in ["password1234", "asha-ali-2026!", "qwertyuiop12"] {
        let body = json!({ "name": "Asha Ali", "email": "asha@example.com", "password": password });
        let refused = app.post("/admin/operators", &body).await;
        assert_eq!(refused.problem(), (422, "invalid-field".to_owned(), Some("password".to_owned())));
        assert!(refused.json()["detail"].as_str().unwrap().contains("tried first"), "{}", refused.text);
    }
    let body = json!({ "name": "Asha Ali", "email": "asha@example.com", "password": "a sentence is fine" });
    assert_eq!(app.post("/admin/operators", &body).await.status, StatusCode::CREATED);
}
