//! Workers that are replaced one after another, and a control plane of another build in the place of the one before.

use tests::{Bot, ControlPlane, Flavour, Place, assure::upgrade};
use virtual_whatsapp::{Options, VirtualWhatsApp};

#[tokio::test]
async fn all_workers_are_replaced_one_after_another_and_no_phone_links_again() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let mut bots = Vec::new();
    for n in 1..=3 {
        bots.push(Bot::linked(admin, &whatsapp, n).await);
    }
    let never_started = Bot::create(admin, 9).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    let before: Vec<u32> = {
        let mut pids = Vec::new();
        for (bot, _) in &bots {
            bot.answers(&asha, "Hello").await;
            pids.push(bot.pid(admin).await);
        }
        pids
    };
    let mut command = place.command(Flavour::Virtual);
    let done = command.args(["restart", "--all", "--rolling"]).output().await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(String::from_utf8_lossy(&done.stdout).trim(), "3 workers restarted");
    for ((bot, device), before) in bots.iter().zip(before) {
        bot.is_active(admin).await;
        assert_ne!(bot.pid(admin).await, before, "another process");
        assert!(device.is_linked(), "the same device");
        bot.answers(&asha, "and again").await;
        assert_eq!(asha.received_count(&bot.number), 2, "one reply each");
    }
    assert_eq!(admin.tenant(&never_started.id).await["status"], "NEW");
}

/// The two flavours are two builds: each takes over what the other has left, with the same database, journals and sessions.
#[tokio::test]
async fn a_build_takes_the_place_of_another_again_and_again_while_customers_write() {
    let found = Box::pin(upgrade::run(upgrade::flavours(), 5, 1)).await;
    assert_eq!(found.missed(), Vec::<String>::new(), "{found:?}");
    assert_eq!(found.cycles, 5);
}
