//! How far messages have come and what the owner writes on the phone, over the real protocol, from a customer's phone to what
//! the control plane answers.

use http::{Request, header};
use http_body_util::{BodyExt, Full};
use serde_json::Value;
use tests::{Bot, ControlPlane, Flavour, Place};
use virtual_whatsapp::{Options, VirtualWhatsApp};

const ASHA: &str = "255712000001";
const JUMA: &str = "255712000002";

fn of<'a>(logs: &'a [Value], text: &str) -> Vec<&'a Value> {
    logs.iter().filter(|log| log["message_text"] == text).collect()
}

fn came(logs: &[Value], id: &str, how: &str) -> bool {
    logs.iter().any(|log| log["wa_message_id"] == id && log["delivery"] == how)
}

#[tokio::test]
async fn a_reply_is_delivered_at_once_and_read_when_the_customer_looks() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, _device) = Bot::linked(admin, &whatsapp, 1).await;
    let asha = whatsapp.customer(ASHA, "Asha").unwrap();
    bot.answers(&asha, "Hello").await;
    let id = asha.received(&bot.number)[0].id.clone();
    let logs = admin.wait_for_logs(&bot.id, "delivered", |logs| came(logs, &id, "DELIVERED")).await;
    assert!(logs.iter().any(|log| log["wa_message_id"] == id && log["writer"] == "BOT"), "{logs:?}");
    assert!(logs.iter().all(|log| log["direction"] == "OUT" || log["delivery"].is_null()));
    asha.read(&bot.number, &id).unwrap();
    admin.wait_for_logs(&bot.id, "read", |logs| came(logs, &id, "READ")).await;

    // What is read while neither the control plane nor the worker is there is told once both are back.
    let second = bot.answers(&asha, "1").await;
    let id = asha.received(&bot.number)[1].id.clone();
    admin.wait_for_logs(&bot.id, "delivered", |logs| came(logs, &id, "DELIVERED")).await;
    assert_eq!(second.len(), 2);
    let pid = bot.pid(admin).await;
    plane.kill().await;
    tests::process::signal(pid, tests::process::Signal::KILL);
    tests::process::ended(pid).await;
    asha.read(&bot.number, &id).unwrap();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let path = format!("/admin/tenants/{}/logs", bot.id);
    admin
        .wait_for_document(&path, "read meanwhile", |logs| {
            logs.as_array().is_some_and(|logs| came(logs, &id, "READ"))
        })
        .await;
}

#[tokio::test]
async fn what_the_owner_writes_on_the_phone_stands_in_the_transcript_once() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, _device) = Bot::linked(admin, &whatsapp, 1).await;
    let asha = whatsapp.customer(ASHA, "Asha").unwrap();
    whatsapp.customer(JUMA, "Juma").unwrap();
    bot.answers(&asha, "Hello").await;
    let phone = whatsapp.phone(&bot.number).unwrap();
    // Whom the business does not know through its bot is the owner's own affair.
    phone.send_text(JUMA, "Tonight at eight?").unwrap();
    phone.send_text(ASHA, "It is me, the owner").unwrap();
    let logs = admin
        .wait_for_logs(&bot.id, "the owner's words", |logs| !of(logs, "It is me, the owner").is_empty())
        .await;
    let own = of(&logs, "It is me, the owner");
    assert_eq!((own.len(), &own[0]["direction"], &own[0]["writer"]), (1, &"OUT".into(), &"PHONE".into()));
    assert_eq!(own[0]["to_number"], ASHA);

    // Killed and started again, with what comes then behind it: still once, and never Juma's.
    let pid = bot.pid(admin).await;
    tests::process::signal(pid, tests::process::Signal::KILL);
    tests::process::ended(pid).await;
    phone.send_text(ASHA, "See you at ten").unwrap();
    let logs =
        admin.wait_for_logs(&bot.id, "more of it", |logs| !of(logs, "See you at ten").is_empty()).await;
    assert_eq!(of(&logs, "It is me, the owner").len(), 1, "{logs:?}");
    assert_eq!(of(&logs, "See you at ten").len(), 1, "{logs:?}");
    assert_eq!(of(&logs, "Tonight at eight?").len(), 0, "{logs:?}");
    let request = Request::get(format!("/admin/tenants/{}", bot.id));
    let request = request.header(header::HOST, "localhost").header(header::ACCEPT, "text/html");
    let answer = admin.send(request.body(Full::default()).unwrap()).await.unwrap();
    let page = answer.into_body().collect().await.unwrap().to_bytes();
    let page = String::from_utf8_lossy(&page);
    assert_eq!(page.matches("Owner&#39;s phone: </span>").count(), 2, "{page}");
}
