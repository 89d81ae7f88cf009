//! A control plane that ends, however it does, leaves its workers running; the next one takes them over.

use tests::{Bot, ControlPlane, Flavour, Place, process};
use virtual_whatsapp::{Options, VirtualWhatsApp};

#[tokio::test]
async fn killed_and_started_again_it_finds_its_worker_running_and_linked() {
    survives(true).await;
}

#[tokio::test]
async fn ended_in_good_order_and_started_again_it_finds_its_worker_running_and_linked() {
    survives(false).await;
}

async fn survives(by_kill: bool) {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let first = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let (bot, device) = Bot::linked(first.admin(), &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    bot.answers(&asha, "Hello").await;
    let pid = bot.pid(first.admin()).await;
    let generation = first.admin().tenant(&bot.id).await["worker_process"]["generation"].clone();
    let logins = device.status().logins;

    if by_kill {
        first.kill().await;
    } else {
        let status = first.stop().await;
        assert!(status.success(), "{status}");
    }
    assert!(process::lives(pid), "the worker outlives its control plane");
    bot.answers(&asha, "1").await;

    let second = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = second.admin();
    let tenant = bot.is_active(admin).await;
    assert_eq!(tenant["worker_process"]["pid"], pid, "the same process");
    assert_eq!(tenant["worker_process"]["generation"], generation, "the same generation");
    bot.answers(&asha, "thanks").await;
    let logs = admin.wait_for_logs(&bot.id, "three in and three out", |logs| logs.len() >= 6).await;
    assert_eq!(logs.len(), 6, "what was said while nobody listened is on record too, once");
    assert_eq!(device.status().logins, logins, "the worker never lost its connection to WhatsApp");

    // It is under the new one's command.
    admin.worker(&bot.id, "stop").await;
    process::ended(pid).await;
}
