//! Directories and phones in the wrong hands.

use std::os::unix::fs::DirBuilderExt;

use http::Method;
use tests::{Bot, ControlPlane, Flavour, LIMIT, Place, process, process::Signal};
use virtual_whatsapp::{Options, VirtualWhatsApp};

#[tokio::test]
async fn swapped_directories_are_refused_and_work_again_in_their_places() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (one, _) = Bot::linked(admin, &whatsapp, 1).await;
    let (two, _) = Bot::linked(admin, &whatsapp, 2).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    let swap = || {
        let aside = place.beside("aside");
        std::fs::rename(place.cell(&one.id), &aside).unwrap();
        std::fs::rename(place.cell(&two.id), place.cell(&one.id)).unwrap();
        std::fs::rename(&aside, place.cell(&two.id)).unwrap();
    };

    // Under running workers: each goes on with the files that it has open, and answers in its own name.
    swap();
    assert!(one.answers(&asha, "Hello").await[0].contains("Shop 1."));
    assert!(two.answers(&asha, "Hello").await[0].contains("Shop 2."));

    // The next worker of each finds another's journal, or another worker that still lives there, and touches nothing.
    for bot in [&one, &two] {
        process::signal(bot.pid(admin).await, Signal::KILL);
    }
    for bot in [&one, &two] {
        let refused = admin.wait_for(&bot.id, "the worker is given up", |tenant| {
            let error = tenant["worker_process"]["last_error"].as_str().unwrap_or_default();
            tenant["status"] == "ERROR" && error.contains("another")
        });
        refused.await;
    }
    asha.send_text(&one.number, "1").unwrap();
    asha.send_text(&two.number, "1").unwrap();

    // Back in their places, nothing is lost.
    swap();
    for bot in [&one, &two] {
        let path = format!("/admin/tenants/{}/worker/force-restart", bot.id);
        let (status, said) = admin.call(Method::POST, &path, None).await;
        assert!(status.is_success(), "{said}");
        bot.is_active(admin).await;
        asha.wait_for_reply(&bot.number, 2, LIMIT).await.unwrap();
    }
}

#[tokio::test]
async fn a_phone_that_is_linked_elsewhere_is_held_and_the_first_goes_on() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (one, first) = Bot::linked(admin, &whatsapp, 1).await;
    let two = Bot::create(admin, 2).await;
    admin.worker(&two.id, "start").await;
    let code = admin.qr(&two.id).await;
    // The wrong phone scans it: the first tenant's.
    whatsapp.phone(&one.number).unwrap().scan(&code).await.unwrap();
    // It is not the declared number, and so claims nothing until an operator confirms it, which is refused.
    let held = admin.wait_for(&two.id, "the number is held", |tenant| tenant["held_number"] == one.number);
    let held = held.await;
    assert!(!held.to_string().contains(&one.id), "whose it is is not told: {held}");
    assert_eq!(held["whatsapp_session"]["linked_number"], serde_json::Value::Null);
    let path = format!("/admin/tenants/{}/confirm-number", two.id);
    let confirm = serde_json::json!({ "number": one.number });

    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    let replies = one.answers(&asha, "Hello").await;
    assert!(replies.len() == 1 && replies[0].contains("Shop 1."), "{replies:?}");
    assert!(first.is_linked(), "the first one's device is left alone");
    let said = admin.logs(&two.id).await;
    assert!(said.iter().all(|log| log["direction"] == "IN"), "the second one answers nobody: {said:?}");
    let (status, refused) = admin.call(Method::POST, &path, Some(&confirm)).await;
    assert_eq!(status, http::StatusCode::CONFLICT, "{refused}");
}

#[tokio::test]
async fn a_session_copied_to_another_tenant_is_refused_before_it_connects_and_the_first_goes_on() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (one, device) = Bot::linked(admin, &whatsapp, 1).await;
    let pid = one.pid(admin).await;
    admin.worker(&one.id, "stop").await;
    process::ended(pid).await;
    // The session alone, without the journal that would tell whose it is.
    let two = Bot::create(admin, 2).await;
    std::fs::DirBuilder::new().mode(0o700).create(place.cell(&two.id)).unwrap();
    for entry in std::fs::read_dir(place.cell(&one.id)).unwrap() {
        let name = entry.unwrap().file_name();
        if name.to_string_lossy().starts_with("session.db") {
            std::fs::copy(place.cell(&one.id).join(&name), place.cell(&two.id).join(&name)).unwrap();
        }
    }
    let copy = std::fs::read(place.cell(&two.id).join("session.db")).unwrap();
    admin.worker(&one.id, "start").await;
    one.is_active(admin).await;
    let logins = device.status().logins;

    admin.worker(&two.id, "start").await;
    let refused = admin.wait_for(&two.id, "the copy is refused", |tenant| {
        let error = tenant["worker_process"]["last_error"].as_str().unwrap_or_default();
        tenant["status"] == "ERROR" && error.contains("another tenant's")
    });
    let refused = refused.await;
    assert_eq!(refused["whatsapp_session"]["linked_number"], serde_json::Value::Null);
    assert_eq!(std::fs::read(place.cell(&two.id).join("session.db")).unwrap(), copy, "it is left untouched");
    assert_eq!(device.status().logins, logins, "the copy has never connected");
    assert!(device.is_linked(), "the first one's device is left alone");
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    assert!(one.answers(&asha, "Hello").await[0].contains("Shop 1."));
}
