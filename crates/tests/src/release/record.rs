//! Has a release live for a while and keeps what it leaves: bots that have answered, messages that wait in a journal, in the
//! worker's log and at WhatsApp, one that was stopped, and what worker and control plane have said to each other.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use http::Method;
use serde_json::json;
use virtual_whatsapp::{Customer, LinkedDevice, Options, Server, VirtualWhatsApp};

use super::{ABOUT, DATA, Left, Release, WHATSAPP, frames};
use crate::{Bot, ControlPlane, Flavour, LIMIT, Place, process, process::Signal, settled::settled};

/// How long customers must have been quiet before they are answered: long enough to end a worker that has taken in what they
/// wrote. After a number it is a quarter of that.
const QUIET_MS: &str = "20000";

/// Of which release.
#[derive(Debug, Clone)]
pub struct Of {
    /// The commit that it was built from.
    pub commit: String,
    /// The day of that commit.
    pub date: String,
}

/// A bot, its device, and who writes to it.
struct Cast {
    bot: Bot,
    device: LinkedDevice,
    customer: Customer,
}

/// Runs the release that the tests are told to run (`FLOWHQ_VIRTUAL_BIN`) and writes `into`, which is made.
///
/// # Errors
/// Where that folder cannot be written.
///
/// # Panics
/// Where the release does not do what it is to be recorded at.
pub async fn record(of: Of, into: &Path) -> io::Result<()> {
    fs::create_dir_all(into)?;
    let options = Options { state_file: Some(into.join(WHATSAPP)), ..Options::default() };
    let whatsapp = VirtualWhatsApp::start(options).await.expect("the virtual WhatsApp starts");
    let mut place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let mut cast = Vec::new();
    for (n, name) in [(1, "Asha"), (2, "Juma"), (3, "Neema")] {
        let (bot, device) = Bot::linked(plane.admin(), &whatsapp, n).await;
        let customer = whatsapp.customer(&format!("25571200000{n}"), name).expect("a customer");
        bot.answers(&customer, "Hello").await;
        plane.admin().wait_for_logs(&bot.id, "one in and one out", |logs| logs.len() == 2).await;
        cast.push(Cast { bot, device, customer });
    }
    let [active, waiting, stopped] = &cast[..] else { unreachable!("three were made") };
    let pid = stopped.bot.pid(plane.admin()).await;
    plane.admin().worker(&stopped.bot.id, "stop").await;
    process::ended(pid).await;
    assert!(plane.stop().await.success());

    place.set("REPLY_QUIET_MS", QUIET_MS);
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    for one in [active, waiting] {
        let before = one.bot.pid(plane.admin()).await;
        plane.admin().worker(&one.bot.id, "restart").await;
        process::ended(before).await;
        one.bot.is_active(plane.admin()).await;
    }
    // What they say is recorded from the first word on: without a control plane there is a row of the log to tell.
    let worker = active.bot.pid(plane.admin()).await;
    assert!(plane.stop().await.success());
    let listening = frames::Listening::to(worker, place.beside("link.trace")).await;
    active.bot.answers(&active.customer, "1").await;
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let logs = admin.wait_for_logs(&active.bot.id, "two in and two out", |logs| logs.len() == 4).await;
    let text = json!({ "contact": logs[0]["to_number"], "text": "Karibu tena" });
    let path = format!("/admin/tenants/{}/messages", active.bot.id);
    admin.ok(Method::POST, &path, Some(&text)).await;
    admin.wait_for_logs(&active.bot.id, "what a person wrote too", |logs| logs.len() == 5).await;
    active.customer.wait_for_reply(&active.bot.number, 3, LIMIT).await.expect("it comes to the phone");
    let said = listening.end().await;
    let has = |frames: &[String], kind: &str| frames.iter().any(|frame| frame.contains(kind));
    assert!(
        has(&said.up, "send_text") && has(&said.down, "welcome"),
        "all that was said was heard: {said:?}"
    );
    frames::keep(&said, &into.join("frames"))?;
    let waiting_pid = waiting.bot.pid(plane.admin()).await;
    assert!(plane.stop().await.success());

    // A row that was told to nobody, and messages that are taken in and not answered.
    active.bot.answers(&active.customer, "2").await;
    let second = whatsapp.customer("255712000004", "Baraka").expect("a customer");
    for (customer, text) in [(&waiting.customer, "menu please"), (&second, "hi there"), (&second, "anybody")]
    {
        customer.send_text(&waiting.bot.number, text).expect("it leaves the customer's phone");
    }
    settled(&whatsapp, &waiting.device, LIMIT).await.expect("all of it is taken in and acknowledged");
    // One dies as in a power cut, the other ends in order.
    process::signal(waiting_pid, Signal::KILL);
    process::signal(worker, Signal::TERM);
    process::ended(waiting_pid).await;
    process::ended(worker).await;
    assert_eq!(second.received_count(&waiting.bot.number), 0, "it was answered before it could be ended");
    for one in &cast {
        one.customer.send_text(&one.bot.number, "are you there").expect("it leaves the customer's phone");
    }

    let taken = [(0, 1), (1, 1), (0, 1)];
    let mut bots: Vec<_> = cast.iter().zip(taken).map(|(one, left)| left_of(one, left)).collect();
    bots[1].customers.push(super::Customer {
        number: second.number().to_owned(),
        answered: 0,
        taken: 2,
        kept: 0,
    });
    bots[2].stopped = true;
    keep(&place, &whatsapp, into, &Release { commit: of.commit, date: of.date, bots }).await
}

fn left_of(Cast { bot, device, customer }: &Cast, (taken, kept): (usize, usize)) -> Left {
    let answered = customer.received_count(&bot.number);
    let customers = vec![super::Customer { number: customer.number().to_owned(), answered, taken, kept }];
    Left {
        tenant: bot.id.clone(),
        number: bot.number.clone(),
        device: device.id(),
        stopped: false,
        customers,
    }
}

async fn keep(place: &Place, whatsapp: &Server, into: &Path, release: &Release) -> io::Result<()> {
    whatsapp.shutdown().await;
    assert!(place.processes().is_empty(), "nothing runs there any more");
    for file in crate::place::files(&place.data()) {
        let name = file.strip_prefix(place.data()).unwrap_or(&file);
        if is_kept(&file) {
            let to: PathBuf = into.join(DATA).join(name);
            fs::create_dir_all(to.parent().unwrap_or(into))?;
            fs::copy(&file, to)?;
        }
    }
    let text = serde_json::to_string_pretty(release).map_err(io::Error::other)?;
    fs::write(into.join(ABOUT), text + "\n")
}

/// Sockets and pipes are made anew, what a process maps is of its own time, and logs are nobody's state.
fn is_kept(file: &Path) -> bool {
    let passes = |ending: &str| file.extension().is_some_and(|extension| extension == ending);
    file.is_file() && !["log", "db-shm"].into_iter().any(passes)
}
