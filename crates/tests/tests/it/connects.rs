//! The Nth connection fails, once or until somebody mends it: a worker's to WhatsApp, and the control plane's to a worker and to
//! its database. Nothing is lost, it is said in words, and all comes back by itself.

use std::path::Path;

use http::Method;
use tests::{
    Bot, ControlPlane, Flavour, LIMIT, Linked, Place, Postgres,
    assure::database::{ready, until_ready},
    watch::Watch,
};
use virtual_whatsapp::{Fault, Lasts, Options, VirtualWhatsApp};

/// How a connection fails.
const HOWS: [&str; 3] = ["refused", "timeout", "emfile"];
/// More connections than a conversation takes: by then a run has no hit.
const MOST: u32 = 12;

/// Which connection fails.
#[derive(Debug, Clone, Copy)]
struct Failing {
    process: &'static str,
    to: &'static str,
    how: &'static str,
    nth: u32,
    lasting: bool,
}

/// How many have failed.
fn failed(run: &Path, process: &str) -> usize {
    std::fs::read_to_string(run.join(format!("{process}.unconnected"))).unwrap_or_default().lines().count()
}

/// A conversation, a connection to WhatsApp that is lost, a new control plane, and the conversation goes on. How many connections
/// have failed.
async fn converse(failing: Failing, place: Place) -> usize {
    let run = place.beside("run");
    std::fs::create_dir(&run).unwrap();
    let Failing { process, to, how, nth, lasting } = failing;
    let place = place.with("FLOWHQ_CRASH_DIR", &run);
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let first = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let (bot, device) = Bot::linked(first.admin(), &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    bot.answers(&asha, "Hello").await;
    // From here on.
    let lasts = if lasting { "lasting" } else { "once" };
    std::fs::write(run.join(format!("{process}.connects")), format!("{to} {how} {nth} {lasts}")).unwrap();
    whatsapp.faults().for_account(&bot.number, Fault::StreamError { code: 503 }, Lasts::ONCE);
    asha.send_text(&bot.number, "menu").unwrap();
    first.kill().await;
    let second = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = second.admin();
    if lasting {
        says_so(admin, &bot, to, &run, process).await;
        std::fs::write(run.join(crash::LIFTED_CONNECTS), "").unwrap();
    }
    asha.wait_for_reply(&bot.number, 2, LIMIT).await.unwrap();
    bot.is_active(admin).await;
    bot.answers(&asha, "thanks").await;
    let logs = admin.wait_for_logs(&bot.id, "three in and three out", |logs| logs.len() >= 6).await;
    assert_eq!(logs.len(), 6, "{failing:?}: each once");
    assert_eq!(asha.received_count(&bot.number), 3, "{failing:?}: one reply each");
    assert!(device.is_linked(), "{failing:?}");
    failed(&run, process)
}

/// Waits until it is told in words that a connection fails.
async fn says_so(admin: &tests::Admin, bot: &Bot, to: &str, run: &Path, process: &str) {
    let watch = Watch::of(&[run]).unwrap();
    let fails = async {
        while failed(run, process) == 0 {
            watch.changed().await;
        }
    };
    tokio::time::timeout(LIMIT, fails).await.unwrap();
    if to == "whatsapp" {
        let said = |tenant: &serde_json::Value| {
            let why = tenant["worker_process"]["last_error"].as_str().unwrap_or_default();
            tenant["whatsapp_session"]["state"] == "DISCONNECTED" && !why.is_empty()
        };
        admin.wait_for(&bot.id, "it says why it is away", said).await;
    }
    admin.ok(Method::GET, "/livez", None).await;
}

/// Goes on with the next connection until one run has no hit.
async fn each(process: &'static str, to: &'static str, stage: impl Fn() -> (Place, Option<Postgres>)) {
    for (index, how) in HOWS.into_iter().enumerate() {
        // What differs by the kind of failure is the first; the others are gone through with one kind.
        let most = if index == 0 { MOST } else { 1 };
        for nth in 1..=most {
            let failing = Failing { process, to, how, nth, lasting: false };
            // The server, where there is one, lives as long as the run.
            let (place, _server) = stage();
            if converse(failing, place).await == 0 {
                assert!(nth > 1, "{failing:?}: nothing was hit");
                break;
            }
            assert!(nth < most || index > 0, "{failing:?}: a run without a hit was not reached");
        }
    }
}

fn plain() -> (Place, Option<Postgres>) {
    (Place::new(), None)
}

/// From the first on, until it is mended.
async fn all(process: &'static str, to: &'static str) {
    let failing = Failing { process, to, how: "refused", nth: 1, lasting: true };
    assert!(converse(failing, Place::new()).await > 0, "{failing:?}: nothing was hit");
}

#[tokio::test]
async fn each_connection_of_a_worker_to_whatsapp_fails_and_nothing_is_lost() {
    each("worker", "whatsapp", plain).await;
    all("worker", "whatsapp").await;
}

#[tokio::test]
async fn each_connection_of_the_control_plane_to_a_worker_fails_and_nothing_is_lost() {
    each("control", "worker", plain).await;
    all("control", "worker").await;
}

/// All connections to the database break, and from the Nth new one on each fails until it is mended, for N = 1, 2, 3 … until a run
/// has no hit: with the first nothing is left, with a later one some work.
#[tokio::test]
async fn from_each_connection_to_the_database_on_all_fail_until_it_is_mended_and_nothing_is_lost() {
    for nth in 1..=MOST {
        let Some(postgres) = Postgres::start() else { return };
        let failing = Failing { process: "control", to: "database", how: "refused", nth, lasting: true };
        let hits = break_all(failing, &postgres).await;
        if hits == 0 {
            assert!(nth > 1, "nothing was hit");
            return;
        }
    }
    panic!("a run without a hit was not reached");
}

/// Requests at once, which want connections of their own.
const AT_ONCE: usize = 2;

/// A conversation while they fail. How many connections have failed.
async fn break_all(failing: Failing, postgres: &Postgres) -> usize {
    let place = postgres.place(Place::new(), true);
    let run = place.beside("run");
    std::fs::create_dir(&run).unwrap();
    let Failing { process, to, how, nth, .. } = failing;
    let linked = Linked::begin(place.with("FLOWHQ_CRASH_DIR", &run)).await;
    let (admin, bot, asha) = (linked.admin(), &linked.bot, &linked.asha);
    std::fs::write(run.join(format!("{process}.connects")), format!("{to} {how} {nth} lasting")).unwrap();
    postgres
        .sql("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'flowhq'");
    bot.answers(asha, "menu").await;
    let asking = std::iter::repeat_with(|| admin.call(Method::GET, "/admin/tenants", None)).take(AT_ONCE);
    for (status, said) in futures_util::future::join_all(asking).await {
        let in_words = status == 503 && said["detail"].as_str().is_some_and(|said| said.contains("database"));
        assert!(status.is_success() || in_words, "{failing:?}: {status} {said}");
    }
    bot.answers(asha, "thanks").await;
    if nth == 1 {
        assert_eq!(ready(admin).await, 503, "{failing:?}: readiness says so");
    }
    let hits = failed(&run, process);
    std::fs::write(run.join(crash::LIFTED_CONNECTS), "").unwrap();
    until_ready(admin).await;
    let logs = admin.wait_for_logs(&bot.id, "three in and three out", |logs| logs.len() >= 6).await;
    assert_eq!(logs.len(), 6, "{failing:?}: each once");
    assert_eq!(asha.received_count(&bot.number), 3, "{failing:?}: one reply each");
    bot.is_active(admin).await;
    assert_eq!(bot.pid(admin).await, linked.pid, "{failing:?}: the worker was left alone");
    hits
}

/// What a database does that stays away, `outage` and `just assure` try.
#[tokio::test]
async fn each_connection_of_the_control_plane_to_its_database_fails_and_nothing_is_lost() {
    if Postgres::start().is_none() {
        return;
    }
    let stage = || {
        let server = Postgres::start().unwrap();
        (server.place(Place::new(), true), Some(server))
    };
    each("control", "database", stage).await;
}
