//! The end of a control plane that is at work.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{Direction, JournalId, LogId, SystemClock, limits::SEARCH_MAX_CHARS};
use http::Method;
use serde_json::json;
use store::{NewLog, Store, Target};
use tests::{
    Bot, ControlPlane, Flavour, LIMIT, Place,
    process::{self, Signal},
};
use virtual_whatsapp::{Options, VirtualWhatsApp};

/// A search may go on for ten seconds (`store`), and whatever else was begun for thirty. An end that cuts the search short
/// takes a fraction of the former.
const WITHIN: Duration = Duration::from_secs(6);

/// Fills a tenant's log with rows through which such a search goes for minutes.
async fn fill(database: &Path, tenant: &str) {
    let store = Store::open(&Target::Sqlite(database.to_owned()), Arc::new(SystemClock)).await.unwrap();
    let scope = store.tenant(tenant.parse().unwrap());
    let (journal, text) = (JournalId::generate(), "a".repeat(65_536));
    let row = |sequence: u64| NewLog {
        id: LogId::generate(),
        sequence,
        direction: Direction::In,
        contact: "255712000001".to_owned(),
        text: text.clone(),
        wa_message_id: format!("3EB0{sequence}"),
        silence: None,
        at: "2026-01-10T12:00:00Z".parse().unwrap(),
        sent_at: None,
        about: None,
        removes: false,
        delivery: None,
        writer: None,
        opted_out: false,
    };
    for first in (1..=500).step_by(50) {
        let batch: Vec<_> = (first..first + 50).map(row).collect();
        scope.append_logs(journal, &batch).await.unwrap();
    }
    store.close().await;
}

/// The processor time that a process has used.
fn processor_time(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    // "pid (name) state …": the 14th and 15th field are its own time in ticks, of which there are 100 a second.
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let ticks: u64 =
        fields.split_whitespace().skip(11).take(2).map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

#[tokio::test]
async fn a_search_under_way_ends_with_the_control_plane_that_is_told_to_end() {
    let place = Place::new();
    let whatsapp = "ws://127.0.0.1:9";
    let plane = ControlPlane::start(&place, Flavour::Virtual, whatsapp).await;
    let id = plane.admin().create_tenant("Asha", "255754000001", json!({})).await;
    assert!(plane.stop().await.success());
    fill(&place.data().join("flowhq.db"), &id).await;

    let plane = ControlPlane::start(&place, Flavour::Virtual, whatsapp).await;
    let path = format!("/admin/tenants/{id}/logs.csv?search={}b", "a".repeat(SEARCH_MAX_CHARS - 1));
    let before = processor_time(plane.pid());
    let admin = plane.admin().clone();
    let search = tokio::spawn(async move { admin.try_call(Method::GET, &path, None).await });
    let works = async {
        while processor_time(plane.pid()) < before + Duration::from_millis(500) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LIMIT, works).await.expect("the search is at work");
    assert!(!search.is_finished(), "it takes long");
    assert_eq!(plane.admin().call(Method::GET, "/readyz", None).await.0, 200, "all else goes on");
    let told = Instant::now();
    assert!(plane.stop().await.success());
    let took = told.elapsed();
    assert!(took < WITHIN, "the end waited for the search: {took:?}");
    // Whoever asked is told, or hears that the answer broke off, and has nothing that could be taken for the whole.
    if let Ok((status, answer)) = tokio::time::timeout(LIMIT, search).await.unwrap().unwrap() {
        assert_eq!(status, 503, "{answer}");
    }
}

/// A worker that hears nothing holds an end up that takes it along; whoever is in a hurry says so a second time.
#[tokio::test]
async fn a_second_signal_ends_it_at_once_and_both_signals_are_alike() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new().with("STOP_WORKERS", "on");
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let (bot, _device) = Bot::linked(plane.admin(), &whatsapp, 1).await;
    let worker = bot.pid(plane.admin()).await;
    process::signal(worker, Signal::STOP);
    let serve = plane.pid();
    process::signal(serve, Signal::INT);
    let refuses = async {
        while plane.admin().try_call(Method::GET, "/readyz", None).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LIMIT, refuses).await.expect("Ctrl-C ends it, too");
    assert!(process::lives(serve), "it waits for the worker");
    let told = Instant::now();
    let status = plane.stop().await;
    assert!(!status.success(), "it says that it did not wait");
    assert!(told.elapsed() < WITHIN, "it took {:?}", told.elapsed());
    process::signal(worker, Signal::CONT);

    // The next one finds it, and without haste takes it along.
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    bot.is_active(plane.admin()).await;
    let worker = bot.pid(plane.admin()).await;
    assert!(plane.stop().await.success());
    process::ended(worker).await;
}
