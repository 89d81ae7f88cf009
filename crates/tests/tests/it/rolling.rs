//! Workers that are replaced one after another, and a control plane of another build in the place of the one before.
#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use tests::{Bot, ControlPlane, Flavour, Place};
use tokio_util::sync::CancellationToken;
use virtual_whatsapp::{Customer, Options, Server, VirtualWhatsApp};

/// How often a build takes the place of another; more by this variable.
const CYCLES: &str = "FLOWHQ_TEST_UPGRADE_CYCLES";

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
        assert_eq!(asha.received(&bot.number).len(), 2, "one reply each");
    }
    assert_eq!(admin.tenant(&never_started.id).await["status"], "NEW");
}

/// Writes to a bot until told to stop, each message once the one before was answered; how many there were.
async fn write(bot: Bot, customer: Customer, stop: CancellationToken) -> usize {
    let mut wrote = 0;
    while !stop.is_cancelled() {
        bot.answers(&customer, "menu").await;
        wrote += 1;
    }
    wrote
}

/// Has a customer write to each bot while something else goes on, and sees that each message was answered once.
async fn under_load<T>(
    whatsapp: &Server,
    bots: &[Bot],
    cycle: u32,
    goes_on: impl Future<Output = T>,
) -> (T, Vec<usize>) {
    let stop = CancellationToken::new();
    let mut writing = Vec::new();
    for (n, bot) in (0_u32..).zip(bots) {
        let customer = whatsapp.customer(&format!("25571{cycle:03}{n:04}"), "Customer").unwrap();
        let load = tokio::spawn(write(bot.clone(), customer.clone(), stop.clone()));
        writing.push((bot, customer, load));
    }
    let done = goes_on.await;
    stop.cancel();
    let mut all = Vec::new();
    for (bot, customer, load) in writing {
        let wrote = load.await.unwrap();
        assert_eq!(customer.received(&bot.number).len(), wrote, "one reply each, none lost and none doubled");
        all.push(wrote);
    }
    (done, all)
}

/// The two flavours are two builds: each takes over what the other has left, with the same database, journals and sessions.
#[tokio::test]
async fn a_build_takes_the_place_of_another_again_and_again_while_customers_write() {
    let cycles = std::env::var(CYCLES).map_or(5, |cycles| cycles.parse().unwrap());
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let mut plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let (mut bots, mut devices) = (Vec::new(), Vec::new());
    for n in 1..=3 {
        let (bot, device) = Bot::linked(plane.admin(), &whatsapp, n).await;
        bots.push(bot);
        devices.push(device);
    }
    let mut wrote = vec![0; bots.len()];
    for cycle in 0..cycles {
        let flavour = if cycle % 2 == 0 { Flavour::Default } else { Flavour::Virtual };
        let before = plane;
        let upgraded = async {
            assert!(before.stop().await.success());
            let plane = ControlPlane::start(&place, flavour, &whatsapp.url()).await;
            let mut command = place.command(flavour);
            let done = command.args(["restart", "--all", "--rolling"]).output().await.unwrap();
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            assert_eq!(String::from_utf8_lossy(&done.stdout).trim(), "3 workers restarted");
            plane
        };
        let (now, answered) = under_load(&whatsapp, &bots, cycle, upgraded).await;
        plane = now;
        for (all, more) in wrote.iter_mut().zip(answered) {
            *all += more;
        }
        for bot in &bots {
            bot.is_active(plane.admin()).await;
        }
    }
    let least = usize::try_from(cycles).unwrap();
    assert!(wrote.iter().all(|wrote| *wrote >= least), "there was load: {wrote:?}");
    assert!(devices.iter().all(virtual_whatsapp::LinkedDevice::is_linked), "no phone was linked again");
    for (bot, wrote) in bots.iter().zip(wrote) {
        // A page has the newest 500.
        let newest = (2 * wrote).min(500);
        let logs =
            plane.admin().wait_for_logs(&bot.id, "all are on record", |logs| logs.len() >= newest).await;
        let incoming = logs.iter().filter(|row| row["direction"] == "IN").count();
        assert!(
            logs.len() == newest && incoming == newest / 2,
            "{} rows, {incoming} of customers",
            logs.len()
        );
    }
}
