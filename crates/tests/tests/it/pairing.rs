//! Linking by a code that is typed on the phone, from the request to the answer to a customer.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{
    Bot, ControlPlane, Flavour, LIMIT, Place,
    place::{files, holds},
};
use virtual_whatsapp::{Options, VirtualWhatsApp};

/// The code that the tenant's phone is to take, and how it was answered.
async fn ask(admin: &tests::Admin, bot: &Bot) -> (String, Value) {
    let path = format!("/admin/tenants/{}/pairing-code", bot.id);
    let answer = admin.ok(Method::POST, &path, None).await;
    (answer["code"].as_str().unwrap().to_owned(), answer)
}

#[tokio::test]
async fn a_phone_links_by_a_typed_code_and_nobody_else_learns_it() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let bot = Bot::create(admin, 1).await;
    let path = format!("/admin/tenants/{}/pairing-code", bot.id);
    let (status, refused) = admin.call(Method::POST, &path, None).await;
    assert_eq!(
        (status, &refused["type"]),
        (StatusCode::CONFLICT, &json!("urn:flowhq:problem:worker-stopped"))
    );

    admin.worker(&bot.id, "start").await;
    admin.qr(&bot.id).await;
    let (code, answer) = ask(admin, &bot).await;
    assert_eq!((&answer["number"], &answer["state"]), (&json!(bot.number), &json!("QR_READY")));
    assert!(code.len() == 8 && answer["expires_at"].is_string(), "{answer}");
    let qr = admin.ok(Method::GET, &format!("/admin/tenants/{}/qr", bot.id), None).await;
    assert_eq!(qr["qr"], Value::Null, "the code to scan is void");
    assert_eq!(ask(admin, &bot).await.0, code, "asked twice, it is the same");
    // The worker outlives its control plane, and so does the code, which no file holds.
    plane.kill().await;
    for file in files(&place.data()) {
        assert!(!holds(&file, &code), "{}", file.display());
    }
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    admin.wait_for(&bot.id, "the worker is adopted", |tenant| tenant["status"] == "QR_READY").await;
    let mut news = admin.events("/admin/stream").await;
    loop {
        let shown = admin.ok(Method::GET, &path, None).await;
        if shown["code"] == json!(code) {
            break;
        }
        tokio::time::timeout(LIMIT, news.next()).await.expect("word of the code").expect("an open stream");
    }

    let phone = whatsapp.phone(&bot.number).unwrap();
    phone.enter_code(&code).await.expect("the phone takes the code");
    bot.is_active(admin).await;
    bot.has_keys(&whatsapp).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    assert!(!bot.answers(&asha, "Hello").await.is_empty());

    assert_eq!(admin.ok(Method::GET, &path, None).await["code"], Value::Null, "a code that was used is gone");
    let (status, linked) = admin.call(Method::POST, &path, None).await;
    assert_eq!(status, StatusCode::CONFLICT, "{linked}");
    let events = admin.ok(Method::GET, "/admin/events", None).await.to_string();
    assert!(events.contains("PAIRING_CODE_REQUESTED") && !events.contains(&code), "{events}");
}

#[tokio::test]
async fn a_stop_voids_the_code_and_a_code_of_another_number_links_nothing() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, other) = (Bot::create(admin, 1).await, Bot::create(admin, 2).await);
    admin.worker(&bot.id, "start").await;
    let (code, _) = ask(admin, &bot).await;
    let stranger = whatsapp.phone(&other.number).unwrap();
    assert!(stranger.enter_code(&code).await.is_err(), "a code is for one number");

    admin.worker(&bot.id, "stop").await;
    let path = format!("/admin/tenants/{}/pairing-code", bot.id);
    assert_eq!(admin.ok(Method::GET, &path, None).await["code"], Value::Null);
    let phone = whatsapp.phone(&bot.number).unwrap();
    assert!(phone.enter_code(&code).await.is_err(), "the code is void");

    // Another number, another code; and the way to QR codes stays open.
    admin.worker(&bot.id, "start").await;
    let (first, _) = ask(admin, &bot).await;
    let number = json!({ "phone_number": "+255754099999" });
    admin.ok(Method::PATCH, &format!("/admin/tenants/{}", bot.id), Some(&number)).await;
    let (second, answer) = ask(admin, &bot).await;
    assert_eq!(answer["number"], "255754099999");
    assert_ne!(first, second);
    admin.worker(&bot.id, "restart").await;
    assert!(!admin.qr(&bot.id).await.is_empty());
}

#[tokio::test]
async fn the_command_line_links_by_a_typed_code() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let bot = Bot::create(plane.admin(), 1).await;
    plane.admin().worker(&bot.id, "start").await;
    let mut command = place.command(Flavour::Virtual);
    let mut command = command
        .args(["qr", "--code", "--json", &bot.id])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines =
        tokio::io::AsyncBufReadExt::lines(tokio::io::BufReader::new(command.stdout.take().unwrap()));
    let line: Value = serde_json::from_str(&lines.next_line().await.unwrap().expect("a line")).unwrap();
    whatsapp.phone(&bot.number).unwrap().enter_code(line["code"].as_str().unwrap()).await.unwrap();
    let line: Value = serde_json::from_str(&lines.next_line().await.unwrap().expect("a line")).unwrap();
    assert_eq!((&line["status"], &line["state"]), (&json!("ACTIVE"), &json!("CONNECTED")));
    assert!(tokio::time::timeout(LIMIT, command.wait()).await.expect("it ends").unwrap().success());
}
