//! The default build, which ships: it refuses a WhatsApp that cannot prove itself, and runs sessions that are linked.

use std::time::Duration;

use tests::{Bot, ControlPlane, Flavour, LIMIT, Place, process};
use virtual_whatsapp::{EventKind, Options, VirtualWhatsApp};

#[tokio::test]
async fn it_takes_over_a_session_that_was_paired_by_the_virtual_build() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let paired = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let (bot, _device) = Bot::linked(paired.admin(), &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    bot.answers(&asha, "Hello").await;
    let pid = bot.pid(paired.admin()).await;
    paired.admin().worker(&bot.id, "stop").await;
    process::ended(pid).await;
    assert!(paired.stop().await.success());

    let shipped = ControlPlane::start(&place, Flavour::Default, &whatsapp.url()).await;
    let admin = shipped.admin();
    admin.worker(&bot.id, "start").await;
    bot.is_active(admin).await;
    let runs = std::fs::read_link(format!("/proc/{}/exe", bot.pid(admin).await)).unwrap();
    assert_eq!(runs, tests::binaries::binary(Flavour::Default).canonicalize().unwrap());
    let replies = bot.answers(&asha, "1").await;
    assert!(replies[1].starts_with("We're sorry to hear that."), "{replies:?}");
}

#[tokio::test]
async fn it_refuses_to_pair_with_the_virtual_whatsapp() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Default, &whatsapp.url()).await;
    let admin = plane.admin();
    let bot = Bot::create(admin, 1).await;
    let mut codes = admin.events(&format!("/admin/tenants/{}/qr/stream", bot.id)).await;
    admin.worker(&bot.id, "start").await;
    // The client hangs up in the middle of the handshake, when it has seen the certificate.
    let refused = |event: &EventKind| matches!(event, EventKind::HandshakeFailed { .. });
    whatsapp.events().wait_for(LIMIT, refused).await.unwrap();
    let code = admin.qr_of(&mut codes, Duration::from_millis(500)).await;
    assert_eq!(code, None, "no code is ever shown");
    assert_ne!(admin.tenant(&bot.id).await["status"], "QR_READY");
    let paired = |event: &EventKind| {
        matches!(
            event,
            EventKind::PairingStarted { .. } | EventKind::Linked { .. } | EventKind::LoggedIn { .. }
        )
    };
    assert!(
        !whatsapp.events().since(0).iter().any(|event| paired(&event.kind)),
        "nothing came after the handshake"
    );
}

#[tokio::test]
async fn a_virtual_build_talks_to_loopback_only() {
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, "ws://192.0.2.1:9/ws/chat").await;
    let bot = Bot::create(plane.admin(), 1).await;
    let path = format!("/admin/tenants/{}/worker/start", bot.id);
    let _ = plane.admin().call(http::Method::POST, &path, None).await;
    let says_why = |tenant: &serde_json::Value| {
        tenant["worker_process"]["last_error"]
            .as_str()
            .is_some_and(|error| error.contains("servers on this machine"))
    };
    plane.admin().wait_for(&bot.id, "the worker says that only loopback is allowed", says_why).await;
}
