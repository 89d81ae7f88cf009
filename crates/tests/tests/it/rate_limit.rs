//! A tenant's own rate limit, changed while its worker runs.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{Admin, Bot, ControlPlane, Flavour, LIMIT, Place};
use virtual_whatsapp::{Customer, Options, VirtualWhatsApp};

/// Changes the limit and returns once the worker knows it: it hears of it before a text that is sent after it.
async fn limit(admin: &Admin, bot: &Bot, customer: &Customer, limit: Value) {
    let path = format!("/admin/tenants/{}", bot.id);
    let change = json!({ "config": { "rate_limit_per_minute": limit } });
    let changed = admin.ok(Method::PATCH, &path, Some(&change)).await;
    assert_eq!(changed["config"]["rate_limit_per_minute"], limit);
    let before = customer.received_count(&bot.number);
    let text = json!({ "contact": customer.number(), "text": "From a person" });
    admin.ok(Method::POST, &format!("{path}/messages"), Some(&text)).await;
    customer.wait_for_reply(&bot.number, before + 1, LIMIT).await.unwrap();
}

#[tokio::test]
async fn a_changed_rate_limit_is_obeyed_at_once_and_can_be_given_up() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, _device) = Bot::linked(admin, &whatsapp, 1).await;
    let pid = bot.pid(admin).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    bot.answers(&asha, "Hello").await;

    limit(admin, &bot, &asha, json!(1)).await;
    let warned = bot.answers(&asha, "Hello").await;
    asha.send_text(&bot.number, "Hello").unwrap();
    let silent = |logs: &[Value]| logs.iter().any(|log| log["silence"] == "rate_limited");
    admin.wait_for_logs(&bot.id, "a message that is passed over", silent).await;
    assert_eq!(asha.received_count(&bot.number), warned.len(), "one warning and no more");

    limit(admin, &bot, &asha, Value::Null).await;
    bot.answers(&asha, "Hello").await;
    assert_eq!(bot.pid(admin).await, pid, "the same worker throughout");

    let path = format!("/admin/tenants/{}", bot.id);
    for wrong in [json!(0), json!(10_001)] {
        let change = json!({ "config": { "rate_limit_per_minute": wrong } });
        let (status, problem) = admin.call(Method::PATCH, &path, Some(&change)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(problem["field"], "config.rate_limit_per_minute", "{problem}");
    }
}
