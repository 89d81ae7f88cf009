//! Bots on several hosts as processes, and a second control plane that stands by.
#![allow(clippy::panic, reason = "a panic here is a failed test")]

use std::{
    os::unix::fs::PermissionsExt as _,
    process::Stdio,
    time::{Duration, Instant},
};

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{Admin, Bot, ControlPlane, Flavour, LIMIT, Place, Postgres, process, process::Signal};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Child,
};
use virtual_whatsapp::{Options, VirtualWhatsApp};

/// `flowhq host` as a process, with a data directory of its own.
struct Host {
    place: Place,
    child: Child,
    address: String,
}

impl Host {
    /// Starts one whose key is of this control plane's.
    async fn start(name: &str, plane: &Place) -> Self {
        Self::start_with(name, plane, |place| place).await
    }

    /// The same with settings of its own.
    async fn start_with(name: &str, plane: &Place, set: impl FnOnce(Place) -> Place) -> Self {
        let printed =
            plane.command(Flavour::Virtual).args(["host", "--print-key", name]).output().await.unwrap();
        assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
        let place = set(Place::new().with("HOST_NAME", name).with("HOST_LISTEN", "127.0.0.1:0"));
        std::fs::create_dir_all(place.data()).unwrap();
        let key = place.data().join("host.key");
        std::fs::write(&key, printed.stdout).unwrap();
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
        let (child, address) = Self::run(&place).await;
        Self { place, child, address }
    }

    async fn run(place: &Place) -> (Child, String) {
        let errors = std::fs::File::create(place.beside("host.log")).unwrap();
        let mut command = place.command(Flavour::Virtual);
        let mut child = command.arg("host").stdout(Stdio::piped()).stderr(errors).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = tokio::time::timeout(LIMIT, lines.next_line()).await.unwrap().unwrap();
        let said = said.unwrap_or_else(|| {
            panic!("no host: {}", std::fs::read_to_string(place.beside("host.log")).unwrap_or_default())
        });
        let address = said.split_once("listens on ").unwrap().1.split(',').next().unwrap().to_owned();
        (child, address)
    }
}

async fn place_of(admin: &Admin, bot: &Bot) -> Value {
    admin.ok(Method::GET, &format!("/admin/tenants/{}/place", bot.id), None).await
}

/// Waits until a host is so, and answers it.
async fn until_host(admin: &Admin, name: &str, wanted: &str, is: impl Fn(&Value) -> bool) -> Value {
    let of =
        |hosts: &Value| hosts.as_array().unwrap().iter().find(|host| host["name"] == name).unwrap().clone();
    of(&admin.wait_for_document("/admin/hosts", wanted, |hosts| is(&of(hosts))).await)
}

#[tokio::test]
async fn bots_run_on_hosts_move_between_them_and_answer_each_message_once() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let mut place = Place::new();
    // Small ones: a tenant is more than five hundredths of what they take.
    let small = |place: Place| place.with("HOST_CAPACITY", "10");
    let one = Host::start_with("host-1", &place, small).await;
    let two = Host::start_with("host-2", &place, small).await;
    place.set("HOSTS", format!("host-1={},host-2={}", one.address, two.address));
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    let (first, device) = Bot::linked(admin, &whatsapp, 1).await;
    let (second, _) = Bot::linked(admin, &whatsapp, 2).await;
    assert_eq!(first.answers(&asha, "Hello").await.len(), 1);
    assert_eq!(second.answers(&asha, "Hello").await.len(), 1);
    // One each: most room was on the other.
    let (on, other) = (place_of(admin, &first).await, place_of(admin, &second).await);
    assert_ne!(on["host"], other["host"], "{on} {other}");
    assert!(on["host"].is_string() && other["host"].is_string());

    // By hand, to where the other is: what comes meanwhile is answered there, once.
    let path = format!("/admin/tenants/{}/place", first.id);
    let body = json!({ "host": other["host"] });
    let moved = async { admin.ok(Method::POST, &path, Some(&body)).await };
    let (moved, replies) = tokio::join!(moved, first.answers(&asha, "Hello again"));
    assert_eq!((&moved["host"], moved["step"].as_str()), (&other["host"], Some("STAYS")), "{moved}");
    first.is_active(admin).await;
    assert_eq!(replies.len(), 2);
    assert_eq!(first.answers(&asha, "And now").await.len(), 3, "none is lost and none doubled");
    assert_eq!(device.status().logins, 2, "the same device, which has signed in once more");
    let from = if on["host"] == "host-1" { &one } else { &two };
    assert!(!from.place.cell(&first.id).exists(), "nothing of it is left there");

    // A host that is emptied.
    let name = other["host"].as_str().unwrap();
    admin.ok(Method::POST, &format!("/admin/hosts/{name}/drain"), None).await;
    until_host(admin, name, "it is empty", |host| host["tenants"] == 0).await;
    for (bot, replies) in [(&first, 4), (&second, 2)] {
        bot.is_active(admin).await;
        assert_eq!(place_of(admin, bot).await["host"], on["host"]);
        assert_eq!(bot.answers(&asha, "Still there").await.len(), replies);
    }
    // Bad input.
    for (body, status) in [
        (json!({ "host": "host-9" }), StatusCode::NOT_FOUND),
        (json!({ "host": on["host"] }), StatusCode::CONFLICT),
        (json!({ "host": name }), StatusCode::CONFLICT),
        (json!({}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "host": 1 }), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let (got, said) = admin.call(Method::POST, &path, Some(&body)).await;
        assert_eq!(got, status, "{body}: {said}");
    }
    // The one that was emptied is filled again, by a person's word alone.
    admin.ok(Method::POST, &format!("/admin/hosts/{name}/undrain"), None).await;
    until_host(admin, name, "it takes tenants", |host| host["state"] == "READY").await;
    let told = admin.ok(Method::GET, "/admin/hosts/even", None).await;
    assert_eq!(told, json!({ "moves": 1, "left": null }));
    let mut even = place.command(Flavour::Virtual);
    let even = even.args(["host", "even", "--yes"]).output().await.unwrap();
    assert!(even.status.success(), "{}", String::from_utf8_lossy(&even.stderr));
    until_host(admin, name, "it has one of them", |host| host["tenants"] == 1).await;
    for (bot, replies) in [(&first, 5), (&second, 3)] {
        bot.is_active(admin).await;
        assert_eq!(bot.answers(&asha, "And where now").await.len(), replies);
    }
    let told = admin.ok(Method::GET, "/admin/hosts/even", None).await;
    assert_eq!(told["moves"], 0, "{told}");
    plane.stop().await;
}

#[tokio::test]
async fn a_host_that_hangs_is_away_its_bot_answers_and_it_comes_back_by_itself() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let mut place = Place::new();
    let host = Host::start("host-1", &place).await;
    place.set("HOSTS", format!("host-1={}", host.address));
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    let (bot, _) = Bot::linked(admin, &whatsapp, 1).await;
    bot.answers(&asha, "Hello").await;
    let pid = bot.pid(admin).await;
    process::signal(host.child.id().unwrap(), Signal::STOP);
    let away = until_host(admin, "host-1", "it is away", |host| host["state"] == "AWAY").await;
    assert!(away["why"].is_string(), "{away}");
    assert_eq!(bot.answers(&asha, "Are you there?").await.len(), 2, "its bot needs nobody");
    let waits = place_of(admin, &bot).await["waits"].as_str().unwrap().to_owned();
    assert!(waits.contains("host-1 does not answer since"), "{waits}");
    process::signal(host.child.id().unwrap(), Signal::CONT);
    until_host(admin, "host-1", "it is back", |host| host["state"] == "READY").await;
    bot.is_active(admin).await;
    assert_eq!(bot.pid(admin).await, pid, "the same worker");
    admin.wait_for_logs(&bot.id, "all is on record", |logs| logs.len() >= 4).await;
    plane.stop().await;
}

#[tokio::test]
async fn a_hosts_full_disk_and_not_the_control_planes_holds_up_its_bots_and_people_see_which() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let mut place = Place::new();
    let with_disk = |at: Place, free: &str| {
        let run = at.beside("run");
        std::fs::create_dir_all(&run).unwrap();
        std::fs::write(run.join(crash::FREE), free).unwrap();
        at.with(crash::DIRECTORY, run)
    };
    let host = Host::start_with("host-1", &place, |at| with_disk(at, "3000000000")).await;
    let disk = host.place.beside("run").join(crash::FREE);
    place.set("HOSTS", format!("host-1={}", host.address));
    // The control plane's own disk is full all along.
    let place = with_disk(place, "15000000");
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    let (bot, device) = Bot::linked(admin, &whatsapp, 1).await;
    assert_eq!(bot.answers(&asha, "Hello").await.len(), 1, "its bot is not on that disk");
    let fits = |host: &Value| host["disk_low"] == false && host["disk_short"] == false;
    until_host(admin, "host-1", "there is room", fits).await;

    std::fs::write(&disk, "15000000").unwrap();
    let says_so = |tenant: &Value| {
        let why = tenant["worker_process"]["last_error"].as_str().unwrap_or_default();
        tenant["whatsapp_session"]["state"] == "DISCONNECTED" && why.contains("disk is almost full")
    };
    admin.wait_for(&bot.id, "it says why it is not connected", says_so).await;
    let told = until_host(admin, "host-1", "it is full", |host| host["disk_short"] == true).await;
    assert_eq!((&told["disk_low"], &told["disk_free_bytes"]), (&json!(true), &json!(15_000_000)), "{told}");
    let list = place.command(Flavour::Virtual).args(["host", "list"]).output().await.unwrap();
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    assert!(list.contains("15 MB FULL"), "{list}");
    asha.send_text(&bot.number, "menu").unwrap();
    assert!(device.status().queue > 0, "WhatsApp keeps it");

    std::fs::write(&disk, "3000000000").unwrap();
    asha.wait_for_reply(&bot.number, 2, LIMIT).await.unwrap();
    bot.is_active(admin).await;
    plane.stop().await;
}

#[tokio::test]
async fn a_control_plane_that_stands_by_takes_over_and_bots_notice_nothing() {
    let Some(postgres) = Postgres::start() else { return };
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let key = "11".repeat(32);
    let ours = || postgres.place(Place::new().with("MASTER_KEY", key.clone()), true);
    let (mut a, mut b) = (ours(), ours());
    let host = Host::start("host-1", &a).await;
    std::fs::create_dir_all(b.data()).unwrap();
    std::fs::copy(a.data().join("link.key"), b.data().join("link.key")).unwrap();
    for place in [&mut a, &mut b] {
        place.set("HOSTS", format!("host-1={}", host.address));
    }
    let url = whatsapp.url();
    let first = ControlPlane::stand_by(&a, Flavour::Virtual, &url).await;
    let (bot, device) = Bot::linked(first.admin(), &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    bot.answers(&asha, "Hello").await;
    let pid = bot.pid(first.admin()).await;
    let logins = device.status().logins;

    // It dies.
    let mut waits = Box::pin(ControlPlane::stand_by(&b, Flavour::Virtual, &url));
    let early = tokio::time::timeout(Duration::from_secs(3), &mut waits).await;
    assert!(early.is_err(), "two at once");
    first.kill().await;
    let died = Instant::now();
    let second = waits.await;
    println!("taken over {} ms after the first was killed", died.elapsed().as_millis());
    bot.is_active(second.admin()).await;
    assert_eq!(bot.pid(second.admin()).await, pid);
    bot.answers(&asha, "Once more").await;

    // It hangs, as one that is cut off.
    let mut waits = Box::pin(ControlPlane::stand_by(&a, Flavour::Virtual, &url));
    let early = tokio::time::timeout(Duration::from_secs(3), &mut waits).await;
    assert!(early.is_err(), "two at once");
    process::signal(second.pid(), Signal::STOP);
    let hung = Instant::now();
    let third = waits.await;
    println!("taken over {} ms after the second hung", hung.elapsed().as_millis());
    bot.is_active(third.admin()).await;
    process::signal(second.pid(), Signal::CONT);
    process::ended(second.pid()).await;
    bot.is_active(third.admin()).await;
    assert_eq!(bot.answers(&asha, "And again").await.len(), 3);
    assert_eq!(
        (bot.pid(third.admin()).await, device.status().logins),
        (pid, logins),
        "it has noticed nothing"
    );
    third.admin().wait_for_logs(&bot.id, "all is on record", |logs| logs.len() >= 6).await;
    third.stop().await;
}

#[tokio::test]
async fn standing_by_at_a_file_is_refused_with_words() {
    let place = Place::new();
    let tried = place.command(Flavour::Virtual).args(["serve", "--standby"]).output().await.unwrap();
    let said = String::from_utf8_lossy(&tried.stderr).into_owned();
    assert!(!tried.status.success() && said.contains("PostgreSQL"), "{said}");
}
