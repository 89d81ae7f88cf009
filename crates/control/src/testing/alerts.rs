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
use ::alerts::{AlertOptions, EmailOptions, NtfyOptions, round};

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
    let look = async || round(&app.app.alerts(), &options, &["webhook"]).await.unwrap();
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
    assert_eq!(told(1)["title"], "Amina: Phone removed");
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

    let options = AlertOptions {
        email: Some(EmailOptions::new(&mail, "a@example.com", "b@example.com").unwrap()),
        webhook: Some((url, SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))),
        ..AlertOptions::default()
    };
    let app = TestApp::alerting(options).await;
    let id = app.tenant("Amina").await;
    breaks(&app, id, TenantEvent::WorkerStarted).await;
    breaks(&app, id, TenantEvent::CrashLoop).await;
    let running = tokio::spawn(::alerts::run(app.app.alerts()));
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
    round(&app.app.alerts(), &options, &["email"]).await.unwrap();
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

type Heard = Arc<Mutex<Vec<(HeaderMap, Value)>>>;

/// A receiver that keeps what it hears and answers with this status.
async fn receiver(status: StatusCode) -> (String, Heard, tokio::task::JoinHandle<std::io::Result<()>>) {
    let heard: Heard = Arc::default();
    let kept = Arc::clone(&heard);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let take = async move |headers: HeaderMap, body: String| {
        kept.lock().unwrap().push((headers, serde_json::from_str(&body).unwrap()));
        status
    };
    let serving =
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(post(take))).await });
    (url, heard, serving)
}

/// What ntfy is sent, after its documentation: JSON to the server's root, with the topic in it.
#[tokio::test]
async fn ntfy_gets_a_message_to_the_topic_with_its_title_priority_and_link() {
    let (url, heard, serving) = receiver(StatusCode::OK).await;
    let topic = SecretString::from(format!("{url}/alerts-k3y"));
    let token = SecretString::from("tk_s3cret");
    let options = AlertOptions {
        ntfy: Some(NtfyOptions::new(&topic, Some(&token)).unwrap()),
        admin_url: "https://admin.example.org".to_owned(),
        ..AlertOptions::default()
    };
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    breaks(&app, id, TenantEvent::WorkerStarted).await;
    breaks(&app, id, TenantEvent::LoggedOut).await;
    round(&app.app.alerts(), &options, &["ntfy"]).await.unwrap();
    breaks(&app, id, TenantEvent::WorkerStarted).await;
    round(&app.app.alerts(), &options, &["ntfy"]).await.unwrap();
    let heard = heard.lock().unwrap();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0].0["authorization"], "Bearer tk_s3cret");
    let message = &heard[0].1;
    assert_eq!(message["topic"], "alerts-k3y");
    assert_eq!(message["title"], "Amina: Phone removed");
    assert_eq!(message["message"], words::health::phone_removed_say());
    assert_eq!(message["click"], format!("https://admin.example.org/admin/tenants/{id}"));
    assert_eq!((&message["priority"], &message["tags"]), (&4.into(), &serde_json::json!(["warning"])));
    assert_eq!((&heard[1].1["message"], &heard[1].1["priority"]), (&"All clear".into(), &3.into()));
    serving.abort();
}

#[tokio::test]
async fn a_test_says_of_each_way_whether_it_was_taken_and_the_last_deliveries_stand_on_the_system_page() {
    let (taken, hears, one) = receiver(StatusCode::NO_CONTENT).await;
    let (refused, _, other) = receiver(StatusCode::FORBIDDEN).await;
    let topic = SecretString::from(format!("{refused}/t0pic"));
    let options = AlertOptions {
        webhook: Some((taken, SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))),
        ntfy: Some(NtfyOptions::new(&topic, None).unwrap()),
        ..AlertOptions::default()
    };
    let app = TestApp::alerting(options).await;
    let tested = app.post("/admin/system/alerts/test", &serde_json::json!({})).await;
    assert_eq!(tested.status, StatusCode::OK, "{}", tested.text);
    let tested = tested.json();
    assert_eq!((&tested[0]["channel"], &tested[0]["sent"]), (&"webhook".into(), &true.into()));
    assert_eq!(tested[0]["said"], "The test by webhook was taken.");
    assert_eq!((&tested[1]["channel"], &tested[1]["sent"]), (&"ntfy".into(), &false.into()));
    let said = tested[1]["said"].as_str().unwrap();
    assert!(said.starts_with("The test by ntfy was not taken:") && said.contains("403"), "{said}");
    assert_eq!(hears.lock().unwrap()[0].1["type"], "alert.test");
    assert!(app.store.operator().due_alerts().await.unwrap().is_empty(), "a test is not tried again");

    let id = app.tenant("Amina <b>").await;
    breaks(&app, id, TenantEvent::WorkerStarted).await;
    breaks(&app, id, TenantEvent::LoggedOut).await;
    app.clock.advance(SignedDuration::from_secs(5));
    round(&app.app.alerts(), &app.app.alerts, &["webhook", "ntfy"]).await.unwrap();
    let system = app.get("/admin/system").await.json();
    assert_eq!(system["alert_channels"], serde_json::json!(["webhook", "ntfy"]));
    let alerts = system["alerts"].as_array().unwrap();
    let line = |one: &Value| {
        ["channel", "kind", "result"].map(|name| one[name].as_str().unwrap().to_owned()).join(" ")
    };
    let mut lines: Vec<_> = alerts.iter().map(line).collect();
    lines[..2].sort_unstable();
    lines[2..].sort_unstable();
    assert_eq!(
        lines,
        ["ntfy raised failed", "webhook raised sent", "ntfy test given-up", "webhook test sent"],
        "the newest first"
    );
    assert!(!system.to_string().contains("t0pic"), "a topic is a secret");
    let page = app.page("/admin/system").await.text;
    for words in
        ["Amina &#60;b&#62;: Phone removed", "A test of your alerts", "it answered 403", "Send a test"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    // What is gone leaves no name behind.
    app.store.tenant(id).delete("admin").await.unwrap();
    assert!(!app.get("/admin/system").await.text.contains("Amina"));
    one.abort();
    other.abort();

    let none = TestApp::new().await;
    let refused = none.post("/admin/system/alerts/test", &serde_json::json!({})).await;
    assert_eq!(refused.problem(), (409, "conflict".to_owned(), None));
    assert!(refused.text.contains("ALERT_NTFY_URL"), "{}", refused.text);
}

#[tokio::test]
async fn an_alert_and_its_end_are_in_the_language_of_whoever_gets_them() {
    let (taken, hears, serving) = receiver(StatusCode::NO_CONTENT).await;
    let topic = SecretString::from(format!("{taken}/topic"));
    let options = AlertOptions {
        ntfy: Some(NtfyOptions::new(&topic, None).unwrap()),
        language: Some(domain::Language::Sw),
        ..AlertOptions::default()
    };
    let app = TestApp::alerting(options).await;
    let id = app.tenant("Amina").await;
    breaks(&app, id, TenantEvent::WorkerStarted).await;
    breaks(&app, id, TenantEvent::LoggedOut).await;
    let look = async || round(&app.app.alerts(), &app.app.alerts, &["ntfy"]).await.unwrap();
    look().await;
    breaks(&app, id, TenantEvent::WorkerStarted).await;
    look().await;
    let tested = app.post("/admin/system/alerts/test", &serde_json::json!({})).await.json();
    assert_eq!(tested[0]["said"], "The test by ntfy was taken.", "whoever asks reads English");
    let heard: Vec<_> = hears.lock().unwrap().iter().map(|(_, message)| message.clone()).collect();
    let said = |place: usize, field: &str| heard[place][field].as_str().unwrap().to_owned();
    assert_eq!(said(0, "title"), "Amina: Simu imeondoa kifaa");
    assert_eq!(said(1, "message"), "Imetatuliwa");
    assert_eq!(said(2, "title"), "Jaribio la tahadhari zako");
    serving.abort();
}

#[tokio::test]
async fn a_limited_number_is_told_of_unless_its_bot_is_in_error_anyway() {
    let app = TestApp::new().await;
    let (limited, failing) = (app.tenant("Amina").await, app.tenant("Baraka").await);
    breaks(&app, failing, TenantEvent::WorkerStarted).await;
    breaks(&app, failing, TenantEvent::LoggedOut).await;
    let options =
        AlertOptions { admin_url: "https://admin.example.org".to_owned(), ..AlertOptions::default() };
    let until = "2026-01-10T13:30:00Z".parse().unwrap();
    let details =
        || EventDetails { trouble: Some((domain::Trouble::Limited, Some(until))), ..EventDetails::default() };
    breaks(&app, limited, TenantEvent::WorkerStarted).await;
    for id in [limited, failing] {
        app.store.tenant(id).apply_event(TenantEvent::Disconnected, details()).await.unwrap();
    }
    let told = [limited, failing];
    let causes = ::alerts::limited_causes(&app.app.alerts(), &options, &told).await.unwrap();
    assert_eq!(causes.len(), 1);
    assert_eq!(causes[0].id, format!("limited:{limited}"));
    assert_eq!(causes[0].title, "Amina: Limited");
    // In the tenant's own time.
    assert_eq!(causes[0].payload["detail"], words::health::limited_until("16:30"));
    assert_eq!(causes[0].payload["url"], format!("https://admin.example.org/admin/tenants/{limited}"));
}

#[tokio::test]
async fn a_customer_who_waits_for_a_person_is_told_of_without_a_name() {
    let app = TestApp::new().await;
    let salon = app.tenant("Amina").await;
    let options =
        AlertOptions { admin_url: "https://admin.example.org".to_owned(), ..AlertOptions::default() };
    let row = |reason: &str| domain::HandOffRow {
        contact: "255712345678".to_owned(),
        reason: reason.to_owned(),
        since: "2026-01-10T11:58:00Z".parse().unwrap(),
        until: "2026-01-10T16:00:00Z".parse().unwrap(),
    };
    let watch = app.app.alerts();
    let causes = ::alerts::hand_off_causes(&watch, &options, vec![(salon, row("urgent"))]).await.unwrap();
    assert_eq!(causes.len(), 1);
    assert_eq!(causes[0].id, format!("hand-off:{salon}"));
    assert_eq!(causes[0].title, "Amina: a customer waits for a person");
    let payload = causes[0].payload.to_string();
    assert!(payload.contains("urgent") && payload.contains("2026-01-10T11:58:00Z"), "{payload}");
    assert!(!payload.contains("255712345678"), "whoever gets alerts need not know who it is: {payload}");
}

/// Backups that fail, until one is made.
#[derive(Debug, Default)]
struct Failing(std::sync::Mutex<Option<::alerts::BackupTrouble>>);

impl ::alerts::BackupStanding for Failing {
    fn trouble(&self, _now: domain::Timestamp) -> Option<::alerts::BackupTrouble> {
        self.0.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_backup_that_fails_is_told_in_words() {
    let app = TestApp::new().await;
    // Nobody listens there, so that what is told waits.
    let nobody = "http://127.0.0.1:9/hook".to_owned();
    let options = AlertOptions {
        webhook: Some((nobody, SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))),
        admin_url: "https://admin.example.org".to_owned(),
        ..AlertOptions::default()
    };
    let backups = std::sync::Arc::new(Failing::default());
    let watch = ::alerts::Watch { backups: backups.clone(), ..app.app.alerts() };
    let told = async || {
        round(&watch, &options, &["webhook"]).await.unwrap();
        // Nobody takes it: it waits for its next try.
        app.clock.advance(SignedDuration::from_secs(31));
        let due = app.store.operator().due_alerts().await.unwrap();
        due.into_iter().map(|alert| alert.payload.to_string()).collect::<Vec<_>>()
    };
    assert!(told().await.is_empty());
    let at = app.app.now();
    *backups.0.lock().unwrap() =
        Some(::alerts::BackupTrouble::Failed { at, why: "the disk is full".to_owned() });
    let said = told().await.join("");
    assert!(said.contains("was not made: the disk is full") && said.contains("/admin/system"), "{said}");
}
