//! What people are told in their browsers.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::mpsc,
    time::Duration,
};

use domain::{Clock as _, TenantEvent};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{CONTACT, marked};
use crate::{
    notices::{push::encrypt::tests::Reader, watch},
    testing::TestApp,
};

/// A push service of ours: what it is sent, one after the other.
#[expect(clippy::disallowed_methods, reason = "it goes on until the test's process ends")]
fn push_service() -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/push/", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut bytes = Vec::new();
            let (head, body) = loop {
                let mut part = [0; 4096];
                let read = stream.read(&mut part).unwrap();
                bytes.extend(&part[..read]);
                let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
                let head = String::from_utf8(bytes[..at].to_vec()).unwrap().to_lowercase();
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
                if bytes.len() >= at + 4 + length.parse::<usize>().unwrap() {
                    break (head, bytes[at + 4..].to_vec());
                }
            };
            let status = if head.starts_with("post /push/gone") { "410 Gone" } else { "201 Created" };
            write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
            if sender.send((head, body)).is_err() {
                return;
            }
        }
    });
    (address, receiver)
}

fn subscription(address: &str, reader: &Reader) -> Value {
    let (p256dh, auth) = reader.keys();
    json!({ "endpoint": address, "expirationTime": null, "keys": { "p256dh": p256dh, "auth": auth } })
}

/// What comes next at the push service.
async fn pushed(receiver: &mpsc::Receiver<(String, Vec<u8>)>) -> (String, Vec<u8>) {
    tokio::task::block_in_place(|| receiver.recv_timeout(Duration::from_secs(10)).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_told_once_that_a_customer_waits_and_nobody_else_can_read_it() {
    let app = TestApp::new().await;
    let (tenant, owner) = marked(&app, "Salon").await;
    let (_, other) = marked(&app, "Other").await;
    let (address, receiver) = push_service();
    let (one, gone, foreign) = (Reader::new(), Reader::new(), Reader::new());
    for (who, path, reader) in [(&owner, "one", &one), (&owner, "gone", &gone), (&other, "foreign", &foreign)]
    {
        let asked = subscription(&format!("{address}{path}"), reader);
        for _ in 0..2 {
            assert_eq!(
                who.post(&app, "tenant/current/push", asked.clone()).await.status,
                204,
                "sent twice it is one"
            );
        }
    }
    let settings = owner.get(&app, "tenant/current/notifications").await.json();
    assert_eq!((&settings["browsers"], &settings["handOffWaiting"]["push"]), (&json!(2), &json!(true)));
    let now = app.clock.now();
    for _ in 0..2 {
        watch::tell_waiting(&app.app, tenant, &[now]).await.unwrap();
    }
    let mut heard = [pushed(&receiver).await, pushed(&receiver).await];
    heard.sort_by_key(|(head, _)| !head.starts_with("post /push/one"));
    let (head, body) = &heard[0];
    for line in ["content-encoding: aes128gcm", "ttl: 43200", "authorization: vapid t="] {
        assert!(head.contains(line), "{head}");
    }
    assert!(!body.windows(5).any(|part| part == b"Salon"), "nothing is readable on the way");
    let message: Value = serde_json::from_slice(&one.read(body)).unwrap();
    assert_eq!(message["url"], "/app/messages");
    assert!(
        message["body"].as_str().unwrap().contains("Mteja"),
        "in the language of the business: {message}"
    );
    assert!(!message.to_string().contains(CONTACT), "nothing of a customer passes a push service");
    assert!(receiver.try_recv().is_err(), "once, and to nobody of another business");
    // The browser that its push service knows no more is forgotten.
    let forgotten = async {
        while app.store.tenant(tenant).push_subscriptions(None).await.unwrap().len() > 1 {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(10), forgotten).await.expect("a browser that is gone is kept");
    let later = now + jiff::SignedDuration::from_secs(1);
    watch::tell_waiting(&app.app, tenant, &[now, later]).await.unwrap();
    assert!(pushed(&receiver).await.0.starts_with("post /push/one"), "one who came later");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_that_the_phone_has_removed_the_bot_and_how_a_day_went() {
    let app = TestApp::new().await;
    let (tenant, owner) = marked(&app, "Salon").await;
    let (address, receiver) = push_service();
    let (removed, day) = (Reader::new(), Reader::new());
    assert_eq!(
        owner.post(&app, "tenant/current/push", subscription(&format!("{address}a"), &removed)).await.status,
        204
    );
    let scope = app.store.tenant(tenant);
    for event in [TenantEvent::WorkerStarted, TenantEvent::Connected, TenantEvent::LoggedOut] {
        scope.apply_event(event, Default::default()).await.unwrap();
    }
    for _ in 0..2 {
        watch::removed(&app.app, tenant).await.unwrap();
    }
    let message: Value = serde_json::from_slice(&removed.read(&pushed(&receiver).await.1)).unwrap();
    assert_eq!(message["url"], "/app/whatsapp");
    assert!(receiver.try_recv().is_err(), "once");

    assert_eq!(
        owner.post(&app, "tenant/current/push", subscription(&format!("{address}a"), &day)).await.status,
        204
    );
    let none = json!({});
    let mut choice = json!({
        "handOffWaiting": none, "phoneRemoved": none, "dailySummary": { "push": true }, "dailyAt": "18:00",
    });
    let chosen = owner.put(&app, "tenant/current/notifications", choice.clone()).await;
    assert_eq!(chosen.status, 200, "{}", chosen.text);
    watch::summaries(&app.app).await.unwrap();
    assert!(receiver.try_recv().is_err(), "the day is not over");
    app.clock.advance(jiff::SignedDuration::from_hours(4));
    for _ in 0..2 {
        watch::summaries(&app.app).await.unwrap();
    }
    let message: Value = serde_json::from_slice(&day.read(&pushed(&receiver).await.1)).unwrap();
    assert!(message["body"].as_str().unwrap().contains("Ujumbe 1"), "{message}");
    assert!(receiver.try_recv().is_err(), "once");
    for (field, wrong) in [
        ("dailyAt", json!("6pm")),
        ("phoneRemoved", json!({ "whatsapp": true })),
        ("handOffWaiting", json!({ "email": true })),
        ("dailySummary", json!({ "whatsapp": true })),
    ] {
        let stood = std::mem::replace(&mut choice[field], wrong);
        let answer = owner.put(&app, "tenant/current/notifications", choice.clone()).await;
        assert!(answer.problem().2.is_some_and(|named| named.starts_with(field)), "{}", answer.text);
        choice[field] = stood;
    }
    let made_up = subscription("http://example.com/x", &Reader::new());
    assert_eq!(
        owner.post(&app, "tenant/current/push", made_up).await.problem().2.as_deref(),
        Some("endpoint")
    );
}
