//! `kill -9` of a worker loses no message and answers none twice.

use std::{collections::HashSet, time::Duration};

use tests::{Bot, ControlPlane, Flavour, LIMIT, Place, process, process::Signal};
use virtual_whatsapp::{ChatEntry, Customer, Direction, EventKind, Options, Server, VirtualWhatsApp};

/// Waits until the bot has acknowledged a message: from then on WhatsApp will not hand it over again.
async fn acknowledged(whatsapp: &Server, id: &str) {
    let acked =
        |event: &EventKind| matches!(event, EventKind::Acked { id: acked, error: None, .. } if acked == id);
    let receipt = |event: &EventKind| matches!(event, EventKind::Receipt { id: of, .. } if of == id);
    whatsapp.events().wait_for(LIMIT, |event| acked(event) || receipt(event)).await.unwrap();
}

fn texts(customer: &Customer, bot: &Bot) -> Vec<String> {
    customer
        .received(&bot.number)
        .iter()
        .map(|entry| entry.body.text().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn killed_between_receiving_and_replying_it_replies_once() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    // A pace of one a minute holds the second reply back, so that the kill falls between the two for certain.
    let place = Place::new().with("TENANT_PACE_PER_MINUTE", "1");
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, _device) = Bot::linked(admin, &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    bot.answers(&asha, "Hello").await;

    let id = asha.send_text(&bot.number, "1").unwrap();
    acknowledged(&whatsapp, &id).await;
    let pid = bot.pid(admin).await;
    process::signal(pid, Signal::KILL);
    process::ended(pid).await;
    assert_eq!(texts(&asha, &bot).len(), 1, "the second reply was still held back");

    // The supervisor starts it again, and the reply comes by itself.
    let limit = LIMIT + Duration::from_secs(60);
    let replies = asha.wait_for_reply(&bot.number, 2, limit).await.unwrap();
    assert!(replies[1].body.text().unwrap().starts_with("We're sorry to hear that."), "{replies:?}");
    bot.is_active(admin).await;
    assert_ne!(bot.pid(admin).await, pid);

    let logs = admin.wait_for_logs(&bot.id, "two in and two out", |logs| logs.len() >= 4).await;
    assert_eq!(logs.len(), 4, "each message is on record once");
    assert_eq!(texts(&asha, &bot).len(), 2, "answered once");
}

#[tokio::test]
async fn killed_at_any_moment_it_answers_everything_once_and_in_order() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, _device) = Bot::linked(admin, &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    bot.answers(&asha, "Hello").await;

    // Three kills, since five deaths in ten minutes are a crash loop: at once, on acknowledgement, on the reply.
    for round in 0..3 {
        let pid = bot.pid(admin).await;
        let before = whatsapp.events().last();
        let ids = [(); 3].map(|()| asha.send_text(&bot.number, "menu").unwrap());
        match round {
            0 => {}
            1 => acknowledged(&whatsapp, &ids[0]).await,
            _ => {
                let replied = |event: &EventKind| matches!(event, EventKind::FromDevice { .. });
                whatsapp.events().wait_after(before, LIMIT, replied).await.unwrap();
            }
        }
        process::signal(pid, Signal::KILL);
        // What waited meanwhile is read together: there is an answer behind the last message, and not one for each.
        let answered = |all: &[ChatEntry]| {
            let last = |of: Direction| {
                all.iter().filter(|entry| entry.direction == of).map(|entry| entry.order).max()
            };
            last(Direction::In) > last(Direction::Out)
        };
        asha.wait_until(&bot.number, LIMIT, "an answer behind the last message", answered).await.unwrap();
        bot.is_active(admin).await;
        let written = 1 + 3 * (round + 1);
        let all_in = |logs: &[serde_json::Value]| {
            logs.iter().filter(|log| log["direction"] == "IN" && log["silence"].is_null()).count() >= written
        };
        admin.wait_for_logs(&bot.id, "every message in, with its answer", all_in).await;
    }

    // An answer of the last round may still be under way: what is on record and what has come are counted together.
    let whole = |logs: &[serde_json::Value]| logs.len() == 10 + texts(&asha, &bot).len();
    let logs = admin.wait_for_logs(&bot.id, "ten in and each answer out, each once", whole).await;
    let came = logs.len() - 10;
    let ids: HashSet<_> = logs.iter().map(|log| log["wa_message_id"].to_string()).collect();
    assert_eq!(ids.len(), logs.len(), "no message has a second id");
    assert!((4..=10).contains(&came), "{came} answers: at least one a round, and none for a message twice");
}
