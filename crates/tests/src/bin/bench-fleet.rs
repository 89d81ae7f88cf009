//! A fleet of real workers on the virtual WhatsApp: time from start to QR code, own memory, time from a customer's
//! message to the reply. Run by `scripts/bench-fleet`, with release builds of both flavours; it says of each binary
//! what that binary says of itself.
#![expect(clippy::print_stdout, reason = "a tool that prints its figures")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a benchmark that fails says so and ends")]

use std::{
    process::Command,
    time::{Duration, Instant},
};

use tests::{Bot, ControlPlane, Flavour, LIMIT, Place, binaries::binary, process};
use virtual_whatsapp::{Options, Server, VirtualWhatsApp};

/// A little longer than after which a worker gives up what it has kept.
const SILENCE: Duration = Duration::from_secs(70);
/// Messages that each bot answers for the measurement.
const MESSAGES: usize = 20;

#[tokio::main]
async fn main() {
    let workers: u16 = std::env::args().nth(1).map_or(30, |text| text.parse().expect("a number of workers"));
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let harness = if cfg!(debug_assertions) { "NOT OPTIMISED" } else { "optimised" };
    println!("{cores} cores, load average {}; harness and WhatsApp server {harness}", load.trim());
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new().with("LOG_LEVEL", "info").with("HEARTBEAT_INTERVAL_MS", "30000");

    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let (bots, to_qr) = link(&plane, &whatsapp, workers).await;
    println!("{workers} workers, paired now, {}", described(Flavour::Virtual));
    show("  start to QR code", to_qr, |time| format!("{:.0} ms", time.as_secs_f64() * 1e3));
    measure(&plane, &whatsapp, &bots).await;
    for bot in &bots {
        let pid = bot.pid(plane.admin()).await;
        plane.admin().worker(&bot.id, "stop").await;
        process::ended(pid).await;
    }
    plane.stop().await;

    let plane = ControlPlane::start(&place, Flavour::Default, &whatsapp.url()).await;
    let mut to_active = Vec::new();
    for bot in &bots {
        let began = Instant::now();
        plane.admin().worker(&bot.id, "start").await;
        bot.is_active(plane.admin()).await;
        to_active.push(began.elapsed());
    }
    println!("{workers} workers, sessions taken over, {}", described(Flavour::Default));
    show("  start to connected", to_active, |time| format!("{:.0} ms", time.as_secs_f64() * 1e3));
    measure(&plane, &whatsapp, &bots).await;
}

/// What a flavour's binary says of itself, and its size.
fn described(flavour: Flavour) -> String {
    let path = binary(flavour);
    let said = Command::new(path).arg("--version").output().expect("flowhq can be started").stdout;
    let size = std::fs::metadata(path).expect("it was just started").len() as f64 / 1e6;
    let said = String::from_utf8_lossy(&said);
    format!("{size:.1} MB binary that calls itself \"{}\":", said.trim().replace('\n', " "))
}

/// Creates, starts and links one bot after the other; the time from each start to its code.
async fn link(plane: &ControlPlane, whatsapp: &Server, workers: u16) -> (Vec<Bot>, Vec<Duration>) {
    let admin = plane.admin();
    let mut bots = Vec::new();
    let mut times = Vec::new();
    for n in 1..=workers {
        let bot = Bot::create(admin, n).await;
        let mut codes = admin.events(&format!("/admin/tenants/{}/qr/stream", bot.id)).await;
        let began = Instant::now();
        admin.worker(&bot.id, "start").await;
        let code = admin.qr_of(&mut codes, LIMIT).await.expect("a QR code");
        times.push(began.elapsed());
        whatsapp.phone(&bot.number).unwrap().scan(&code).await.unwrap();
        bot.is_active(admin).await;
        bot.has_keys(whatsapp).await;
        bots.push(bot);
    }
    (bots, times)
}

async fn measure(plane: &ControlPlane, whatsapp: &Server, bots: &[Bot]) {
    let mut replies = Vec::new();
    for bot in bots {
        let customer = whatsapp.customer("255712000001", "Asha").unwrap();
        // The first message to a device makes a Signal session; what counts is the rest.
        bot.answers(&customer, "Hello").await;
        for _ in 0..MESSAGES {
            let before = customer.received_count(&bot.number);
            let began = Instant::now();
            customer.send_text(&bot.number, "menu").unwrap();
            customer.wait_for_reply(&bot.number, before + 1, LIMIT).await.unwrap();
            replies.push(began.elapsed());
        }
    }
    show("  message in to reply out", replies, |time| format!("{:.2} ms", time.as_secs_f64() * 1e3));

    memory(plane, bots, "").await;
    // What is faster while customers write, workers give up once they are silent.
    tokio::time::sleep(SILENCE).await;
    memory(plane, bots, " after a minute of silence").await;
}

/// Of all workers, and of the control plane.
async fn memory(plane: &ControlPlane, bots: &[Bot], when: &str) {
    let (mut shared, mut own) = (Vec::new(), Vec::new());
    for bot in bots {
        let pid = bot.pid(plane.admin()).await;
        shared.push(process::pss(pid));
        own.push(process::private_dirty(pid));
    }
    let unit = |bytes| format!("{:.2} MB", bytes as f64 / 1e6);
    show(&format!("  memory (PSS) of a worker{when}"), shared, unit);
    show(&format!("  of this its own alone{when}"), own, unit);
    let plane = process::pss(plane.pid()) as f64 / 1e6;
    println!("  memory (PSS) of the control plane{when}: {plane:.1} MB");
}

/// Median, 99th percentile and largest of some figures.
fn show<T: Ord + Copy>(what: &str, mut figures: Vec<T>, unit: impl Fn(T) -> String) {
    figures.sort_unstable();
    let at = |part: f64| figures[((figures.len() - 1) as f64 * part).round() as usize];
    println!("{what}: median {}, p99 {}, most {}", unit(at(0.5)), unit(at(0.99)), unit(at(1.0)));
}
