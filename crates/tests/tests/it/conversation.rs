//! One tenant from its creation to an answered customer, and the record of it.

use http::Method;
use serde_json::json;
use tests::{Bot, ControlPlane, Flavour, Place};
use virtual_whatsapp::{Options, VirtualWhatsApp};

#[tokio::test]
async fn a_tenant_is_created_linked_and_answers_its_customers() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, device) = Bot::linked(admin, &whatsapp, 1).await;
    assert!(device.is_linked() && device.is_connected());

    // Two customers at once, several messages each: everybody is answered once for each, in order.
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    let juma = whatsapp.customer("255712000002", "Juma").unwrap();
    let talk = async |customer: &virtual_whatsapp::Customer| {
        let mut replies = Vec::new();
        for text in ["Hello", "1", "1", "The printer is broken"] {
            replies = bot.answers(customer, text).await;
        }
        replies
    };
    let (to_asha, to_juma) = tokio::join!(talk(&asha), talk(&juma));
    assert_eq!(to_asha[..3], to_juma[..3]);
    // Each has a ticket of their own.
    let ticket = |replies: &[String]| {
        ["T-1001", "T-1002"]
            .into_iter()
            .find(|number| replies.last().is_some_and(|last| last.contains(number)))
    };
    let tickets = [ticket(&to_asha), ticket(&to_juma)];
    assert!(tickets[0].is_some() && tickets[1].is_some() && tickets[0] != tickets[1], "{tickets:?}");
    assert_eq!(to_asha.len(), 4);
    assert!(to_asha[0].starts_with("Hello, this is customer care at Shop 1."), "{}", to_asha[0]);

    let logs = admin.wait_for_logs(&bot.id, "16 messages on record", |logs| logs.len() >= 16).await;
    assert_eq!(logs.len(), 16, "four in and four out for each of two customers");
    assert_eq!(logs.iter().filter(|log| log["direction"] == "IN").count(), 8);
    assert!(
        logs.iter().any(
            |log| log["message_text"] == "The printer is broken" && log["from_number"] == "255712000001"
        )
    );

    // Stopping pauses the tenant and ends its process; what is written meanwhile is answered after the next start.
    let pid = bot.pid(admin).await;
    admin.worker(&bot.id, "stop").await;
    tests::process::ended(pid).await;
    let tenant = admin.wait_for(&bot.id, "the tenant is PAUSED", |tenant| tenant["status"] == "PAUSED").await;
    assert_eq!(tenant["worker_process"]["status"], "STOPPED");
    asha.send_text(&bot.number, "menu").unwrap();
    let start = format!("/admin/tenants/{}/worker/start", bot.id);
    let (status, _) = admin.call(Method::POST, &start, None).await;
    assert!(status.is_success());
    bot.is_active(admin).await;
    asha.wait_for_reply(&bot.number, 5, tests::LIMIT).await.unwrap();

    let (status, problem) = admin.call(Method::POST, &start, None).await;
    assert_eq!(status, 409, "{problem}");
    assert!(problem.to_string().contains("run"), "it says that the worker runs: {problem}");

    // Deleting leaves no process and no directory.
    let pid = bot.pid(admin).await;
    let (status, problem) = admin.call(Method::DELETE, &format!("/admin/tenants/{}", bot.id), None).await;
    assert!(status.is_success(), "{problem}");
    tests::process::ended(pid).await;
    assert!(!place.cell(&bot.id).exists());
    assert_eq!(admin.call(Method::GET, &format!("/admin/tenants/{}", bot.id), None).await.0, 404);
}

#[tokio::test]
async fn a_messages_key_belongs_to_its_text_and_its_contact() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, _device) = Bot::linked(admin, &whatsapp, 1).await;
    for (number, name) in [("255712000001", "Asha"), ("255712000002", "Juma")] {
        let customer = whatsapp.customer(number, name).unwrap();
        bot.answers(&customer, "Hello").await;
    }
    admin.wait_for_logs(&bot.id, "on record", |logs| logs.len() == 4).await;
    let path = format!("/admin/tenants/{}/messages", bot.id);
    let say = async |contact: &str, text: &str| {
        let body = json!({ "contact": contact, "text": text, "key": "k1" });
        admin.call(Method::POST, &path, Some(&body)).await
    };
    let (status, first) = say("255712000001", "See you at ten").await;
    assert_eq!(status, 201, "{first}");
    assert_eq!(say("255712000001", "See you at ten").await, (status, first), "the same again is one message");
    for (contact, text) in [("255712000001", "See you at eleven"), ("255712000002", "See you at ten")] {
        let (status, refused) = say(contact, text).await;
        assert_eq!((status.as_u16(), refused["field"].as_str()), (422, Some("key")), "{refused}");
    }
}
