//! Alerts, sent to a real mail server and to a receiver of webhooks.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::{
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, http::HeaderMap, routing::post};
use domain::TenantEvent;
use http::StatusCode;
use jiff::SignedDuration;
use secrecy::SecretString;
use serde_json::Value;
use store::EventDetails;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::{TcpListener, TcpStream},
};

use super::TestApp;
use crate::alerts::{AlertOptions, EmailOptions, round};

/// How long anything may take.
const LIMIT: Duration = Duration::from_secs(60);
/// `scripts/test` installs a mail server and names its Python here.
const MAIL_SERVER: &str = "FLOWHQ_TEST_SMTP_PYTHON";

async fn breaks(app: &TestApp, id: domain::TenantId, event: TenantEvent) {
    let details =
        EventDetails { last_error: Some("the phone removed this device".into()), ..Default::default() };
    app.store.tenant(id).apply_event(event, details).await.unwrap();
}

#[tokio::test]
async fn a_webhook_is_signed_tried_again_and_told_once() {
    type Heard = Arc<Mutex<Vec<(HeaderMap, String)>>>;
    let heard: Heard = Arc::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let kept = Arc::clone(&heard);
    let receiver = Router::new().route(
        "/hook",
        post(async move |headers: HeaderMap, body: String| {
            let mut heard = kept.lock().unwrap();
            heard.push((headers, body));
            if heard.len() == 1 { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::NO_CONTENT }
        }),
    );
    let serving = tokio::spawn(async move { axum::serve(listener, receiver).await });

    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let options = AlertOptions {
        webhook: Some((url, SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))),
        admin_url: "https://admin.example.org".to_owned(),
        ..AlertOptions::default()
    };
    let look = async || round(&app.app, &options, &["webhook"]).await.unwrap();
    let count = || heard.lock().unwrap().len();
    look().await;
    assert_eq!(count(), 0, "nothing is wrong");
    breaks(&app, id, TenantEvent::WorkerStarted).await;
    breaks(&app, id, TenantEvent::LoggedOut).await;
    look().await;
    look().await;
    assert_eq!(count(), 1, "it waits after the refusal");
    app.clock.advance(SignedDuration::from_secs(31));
    look().await;
    look().await;
    assert_eq!(count(), 2, "taken, and not told again");
    breaks(&app, id, TenantEvent::WorkerStarted).await;
    look().await;
    let heard = heard.lock().unwrap();
    let told = |index: usize| serde_json::from_str::<Value>(&heard[index].1).unwrap();
    assert_eq!(told(1)["title"], "Amina: the bot is in ERROR");
    assert_eq!(told(1)["url"], format!("https://admin.example.org/admin/tenants/{id}"));
    assert_eq!(heard[0].0["webhook-id"], heard[1].0["webhook-id"], "the receiver knows it again");
    assert!(heard[1].0["webhook-signature"].to_str().unwrap().starts_with("v1,"));
    assert_eq!((heard.len(), told(2)["type"].as_str()), (3, Some("alert.cleared")));
    serving.abort();
}

/// A mail server that takes every connection and says nothing.
#[tokio::test]
async fn a_receiver_that_hangs_holds_up_neither_the_others_nor_the_end() {
    let (heard, mut hears) = tokio::sync::mpsc::unbounded_channel();
    let receiver = Router::new().route(
        "/",
        axum::routing::post(move || async move {
            let _test_is_over = heard.send(());
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move { axum::serve(listener, receiver).await });
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mail = SecretString::from(format!("smtp://{}", silent.local_addr().unwrap()));

    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    breaks(&app, id, TenantEvent::WorkerStarted).await;
    breaks(&app, id, TenantEvent::CrashLoop).await;
    let options = AlertOptions {
        email: Some(EmailOptions::new(&mail, "a@example.com", "b@example.com").unwrap()),
        webhook: Some((url, SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))),
        ..AlertOptions::default()
    };
    let running = tokio::spawn(crate::alerts::run(app.app.clone(), options));
    let (mut hung, _) = tokio::time::timeout(LIMIT, silent.accept()).await.unwrap().unwrap();
    tokio::time::timeout(LIMIT, hears.recv()).await.unwrap().unwrap();
    app.app.stop.cancel();
    // Well within the time of the one try that hangs.
    tokio::time::timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
    tokio::io::AsyncReadExt::read_to_end(&mut hung, &mut Vec::new()).await.unwrap();
    serving.abort();
}

#[tokio::test]
async fn an_email_comes_from_a_real_mail_server() {
    let Some(python) = std::env::var_os(MAIL_SERVER).filter(|python| python != "off") else {
        assert!(std::env::var_os("CI").is_none(), "{MAIL_SERVER} names no Python with aiosmtpd");
        eprintln!("{MAIL_SERVER} is not set: alerts by email were NOT tested");
        return;
    };
    // Free a moment ago; nobody else is likely to take it within the next one.
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let mut server = tokio::process::Command::new(python)
        .args(["-u", "-m", "aiosmtpd", "-n", "-l", &address, "-c", "aiosmtpd.handlers.Debugging", "stdout"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let up = async {
        while TcpStream::connect(&address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(LIMIT, up).await.expect("the mail server listens");

    let app = TestApp::new().await;
    let id = app.tenant("Amina\u{e9}").await;
    breaks(&app, id, TenantEvent::WorkerStarted).await;
    breaks(&app, id, TenantEvent::CrashLoop).await;
    let url = SecretString::from(format!("smtp://{address}"));
    let email =
        EmailOptions::new(&url, "Flow HQ <alerts@example.com>", "a@example.com, b@example.com").unwrap();
    let options = AlertOptions {
        email: Some(email),
        disk_low_bytes: u64::MAX,
        admin_url: "https://admin.example.org".to_owned(),
        ..AlertOptions::default()
    };
    round(&app.app, &options, &["email"]).await.unwrap();
    let mut text = String::new();
    let both = async {
        while text.matches("END MESSAGE").count() < 2 {
            text.push_str(&lines.next_line().await.unwrap().expect("it goes on"));
            text.push('\n');
        }
    };
    tokio::time::timeout(LIMIT, both).await.unwrap_or_else(|_| panic!("both mails come"));
    assert!(text.contains("Subject: [Flow HQ] Alert: The disk runs low"), "{text}");
    assert!(text.contains("To: a@example.com, b@example.com") && text.contains(&id.to_string()), "{text}");
    assert!(app.store.operator().due_alerts().await.unwrap().is_empty(), "the queue is empty");
}

#[test]
fn addresses_that_are_none_are_named() {
    let url = |text: &str| SecretString::from(text);
    let wrong =
        EmailOptions::new(&url("smtp://user:hunter2@:x"), "a@example.com", "b@example.com").unwrap_err();
    assert!(wrong.starts_with("SMTP_URL") && !wrong.contains("hunter2"), "{wrong}");
    let wrong = EmailOptions::new(&url("smtp://localhost"), "nobody", "b@example.com").unwrap_err();
    assert!(wrong.starts_with("ALERT_EMAIL_FROM"), "{wrong}");
    let wrong = EmailOptions::new(&url("smtp://localhost"), "a@example.com", "b@example.com,,").unwrap_err();
    assert!(wrong.starts_with("ALERT_EMAIL_TO"), "{wrong}");
}
