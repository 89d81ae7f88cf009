//! What a message, an idle worker and a page take, counted, does not grow unseen.

use http::{Request, header};
use http_body_util::{BodyExt as _, Full};
use tests::{
    Bot, LIMIT, Linked, Place,
    bench::{calls, counts, meter},
};

/// Messages that are counted over.
const MESSAGES: u32 = 40;
/// Bytes of a page of memory.
const PAGE: u64 = 4096;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_an_idle_worker_and_a_page_take_no_more_than_they_did() {
    // Nothing but messages is to be counted: no heartbeat, no lines of a log at level debug.
    let place = Place::new().with("LOG_LEVEL", "info").with("HEARTBEAT_INTERVAL_MS", "60000");
    let linked = Linked::begin(place).await;
    for _ in 0..5 {
        linked.bot.answers(&linked.asha, "menu").await;
    }
    let pid = [linked.pid];
    let table = linked.place.beside("calls");
    let before = meter::written(&pid).1;
    let talk = async {
        for _ in 0..MESSAGES {
            linked.bot.answers(&linked.asha, "menu").await;
        }
        // The last message's way is at its end once the control plane has it on record.
        let rows = 2 * (1 + 5 + MESSAGES as usize);
        linked.admin().wait_for_logs(&linked.bot.id, "all of it", |logs| logs.len() >= rows).await;
        Ok(())
    };
    let (calls, ()) = calls::during(&pid, &table, talk).await.unwrap();
    let written = meter::written(&pid).1 - before;
    let each = |count: u64| f64::from(u32::try_from(count).unwrap()) / f64::from(MESSAGES);

    // One that was linked, and started again: what it has for itself before anybody writes.
    let (idle, device) = Bot::linked(linked.admin(), &linked.whatsapp, 2).await;
    let linking = idle.pid(linked.admin()).await;
    linked.admin().worker(&idle.id, "stop").await;
    tests::process::ended(linking).await;
    let seen = linked.whatsapp.events().last();
    linked.admin().worker(&idle.id, "start").await;
    idle.is_active(linked.admin()).await;
    let caught_up = |event: &virtual_whatsapp::EventKind| matches!(event, virtual_whatsapp::EventKind::CaughtUp { number, .. } if *number == idle.number);
    linked.whatsapp.events().wait_after(seen, LIMIT, caught_up).await.unwrap();
    assert!(device.status().connected);
    let pages = meter::memory(&[idle.pid(linked.admin()).await]).private / PAGE;

    let counted = [
        ("calls of the kernel a message, but those that wait", each(counts::calls_without_chance(&calls))),
        ("syncs a message", each(calls.syncs())),
        ("bytes written a message", each(written)),
        ("private pages of an idle worker", f64::from(u32::try_from(pages).unwrap())),
        ("reads of the database for the tenants page", reads(&linked, "/admin/tenants").await),
        (
            "reads of the database for a tenant's log",
            reads(&linked, &format!("/admin/tenants/{}/logs", linked.bot.id)).await,
        ),
    ];
    if renews() {
        counts::renew(&counted).unwrap();
    }
    let wrong = counts::beyond(&counts::bounds(), &counted);
    assert_eq!(
        wrong,
        Vec::<String>::new(),
        "if it is meant, FLOWHQ_GENERATE=1 scripts/test a_message_an_idle_worker, and commit counts.json; all: {counted:?} {:?}",
        calls.0
    );
}

/// How often a page has the control plane read its database: each read takes a lock of SQLite and gives it back, by one call
/// of `fcntl` each (<https://www.sqlite.org/walformat.html>, "WAL Read Locks").
async fn reads(linked: &Linked, path: &str) -> f64 {
    const ROUNDS: u32 = 20;
    let table = linked.place.beside("calls");
    let visits = async {
        for _ in 0..ROUNDS {
            let request =
                Request::get(path).header(header::HOST, "localhost").header(header::ACCEPT, "text/html");
            let answer = linked.admin().send(request.body(Full::default()).unwrap()).await.unwrap();
            assert_eq!(answer.status(), 200, "{path}");
            answer.into_body().collect().await.unwrap();
        }
        Ok(())
    };
    let (calls, ()) = calls::during(&[linked.plane.pid()], &table, visits).await.unwrap();
    let locks = u32::try_from(calls.0.get("fcntl").copied().unwrap_or_default()).unwrap();
    f64::from(locks) / 2.0 / f64::from(ROUNDS)
}

#[expect(clippy::disallowed_methods, reason = "tests are told by variables what they may write")]
fn renews() -> bool {
    std::env::var("FLOWHQ_GENERATE").is_ok_and(|value| value == "1")
}
