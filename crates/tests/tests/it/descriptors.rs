//! A process that may open no further file: no connection, no database, no worker. It says so, and goes on by itself once it
//! may.

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use tests::{Admin, Bot, Linked, Place};
use virtual_whatsapp::{Fault, Lasts};

/// How many files a process may have open from now on. Those that it has stay.
fn may_open(pid: u32, files: Option<u64>) {
    // "Max open files            1024                 1048576              files"
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
    let hard: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    let limit = Rlimit { current: files.or(Some(hard)), maximum: Some(hard) };
    prlimit(i32::try_from(pid).ok().and_then(Pid::from_raw), Resource::Nofile, limit).unwrap();
}

#[tokio::test]
async fn a_bot_that_may_open_nothing_says_so_and_comes_back_by_itself() {
    // Limits are set by whoever runs as the same user.
    let linked = Linked::begin(Place::new().with("WORKER_USERS", "off")).await;
    let (admin, bot, asha, pid) = (linked.admin(), &linked.bot, &linked.asha, linked.pid);

    may_open(pid, Some(1));
    linked.whatsapp.faults().for_account(&bot.number, Fault::StreamError { code: 503 }, Lasts::ONCE);
    let says_so = |tenant: &serde_json::Value| {
        let why = tenant["worker_process"]["last_error"].as_str().unwrap_or_default();
        tenant["whatsapp_session"]["state"] == "DISCONNECTED" && !why.is_empty()
    };
    let tenant = admin.wait_for(&bot.id, "it says that it is away", says_so).await;
    assert_ne!(tenant["status"], "ERROR", "nothing is broken for good: {tenant}");
    asha.send_text(&bot.number, "menu").unwrap();

    may_open(pid, None);
    asha.wait_for_reply(&bot.number, 2, tests::LIMIT).await.unwrap();
    bot.is_active(admin).await;
    assert_eq!(bot.pid(admin).await, pid, "the same process");
    let logs = admin.wait_for_logs(&bot.id, "two in and two out", |logs| logs.len() >= 4).await;
    assert_eq!(logs.len(), 4);
}

#[tokio::test]
async fn while_the_control_plane_may_open_nothing_bots_answer_and_afterwards_all_is_on_record() {
    let linked = Linked::begin(Place::new()).await;
    let (plane, admin, bot, asha) = (&linked.plane, linked.admin(), &linked.bot, &linked.asha);
    let other = Bot::create(admin, 2).await;

    may_open(plane.pid(), Some(1));
    let (asked, ()) = tokio::join!(ask(admin.clone()), async {
        for text in ["1", "menu"] {
            bot.answers(asha, text).await;
        }
        may_open(plane.pid(), None);
    });
    assert!(asked, "who asked meanwhile is answered in the end, or turned away");
    let logs = admin.wait_for_logs(&bot.id, "everything on record", |logs| logs.len() >= 6).await;
    assert_eq!((logs.len(), bot.pid(admin).await), (6, linked.pid));
    // Workers can be started again.
    admin.worker(&other.id, "start").await;
    other.pid(admin).await;
}

/// Whether a request is answered, at once or when it is sent again.
async fn ask(admin: Admin) -> bool {
    let answered = async {
        loop {
            let answer = admin.try_call(http::Method::GET, "/livez", None).await;
            if answer.is_ok_and(|(status, _)| status.is_success()) {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(tests::LIMIT, answered).await.is_ok()
}
