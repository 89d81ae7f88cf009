//! A worker that was taken over gets nothing but its own tenant's: tried from within a real one, once WhatsApp has connected.

use std::{
    net::TcpListener,
    os::unix::fs::{MetadataExt, PermissionsExt as _},
};

use confine::attempts::Target;
use http::Method;
use tests::{
    Bot, ControlPlane, Flavour, LIMIT, Place, process,
    sandbox::{self, Tried},
};
use virtual_whatsapp::{Options, VirtualWhatsApp};

/// What its directory may hold, in MB.
const DIRECTORY_MB: u64 = 40;

/// As one user, so that no file mode helps: what docs/sandbox.md says is what was seen here.
#[tokio::test]
async fn code_inside_a_worker_gets_nothing_that_is_not_its_tenants() {
    let (inside, by_the_plane) = taken_over(Place::new().with("WORKER_USERS", "off"), false).await;
    let document = sandbox::document(&inside, &by_the_plane);
    if std::env::var_os("FLOWHQ_GENERATE").is_some() {
        std::fs::write(sandbox::PATH, &document).unwrap();
    }
    let written = std::fs::read_to_string(sandbox::PATH).unwrap_or_default();
    assert!(written == document, "docs/sandbox.md is not what was seen: run `just generate`");
}

#[tokio::test]
async fn code_inside_a_worker_with_a_user_of_its_own_gets_nothing_either() {
    taken_over(Place::new(), true).await;
}

/// Has a worker taken over by a customer's message, and then the control plane, and says how each attempt went: none had, all
/// had outside.
async fn taken_over(place: Place, own: bool) -> (Vec<Tried>, Vec<Tried>) {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = place.with("WORKER_DIRECTORY_MAX_MB", DIRECTORY_MB.to_string());
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (sibling, _) = Bot::linked(admin, &whatsapp, 1).await;
    let (taken, _) = Bot::linked(admin, &whatsapp, 2).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    taken.answers(&asha, "Hello").await;
    let pid = taken.pid(admin).await;

    let (database, metadata) =
        (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.169.169.254:0").unwrap());
    let links = place.data().join("links").join(&sibling.id);
    let socket = std::fs::read_dir(links).unwrap().flatten().map(|entry| entry.path());
    let socket = socket.into_iter().find(|path| path.extension().is_some_and(|kind| kind == "sock")).unwrap();
    let target = Target {
        own: place.cell(&taken.id),
        sibling: place.cell(&sibling.id),
        sibling_pid: i32::try_from(sibling.pid(admin).await).unwrap(),
        sibling_socket: socket,
        data: place.data(),
        serve_pid: i32::try_from(plane.pid()).unwrap(),
        port: database.local_addr().unwrap().port(),
        admin_port: plane.url().trim_end_matches('/').rsplit_once(':').unwrap().1.parse().unwrap(),
        metadata: metadata.local_addr().unwrap().to_string(),
        directory_bytes: DIRECTORY_MB * 1_000_000,
    };

    // The control: outside, the same user has it all.
    let file = place.beside("attempts");
    std::fs::write(&file, target.to_text()).unwrap();
    let control = place.command_of(env!("CARGO_BIN_EXE_escape-control")).arg(&file).output();
    let control = tokio::time::timeout(LIMIT, control).await.unwrap().unwrap();
    let outside = Tried::all_of(&String::from_utf8(control.stdout).unwrap());
    let is_root = rustix::process::geteuid().is_root();
    let not_had: Vec<_> = outside.iter().filter(|tried| !tried.was_had()).collect();
    assert!(not_had.is_empty() || !is_root, "refused outside too: {not_had:#?}");

    std::fs::copy(&file, target.own.join("attempts")).unwrap();
    // The message that takes it over; what it says is of no matter.
    taken.answers(&asha, "menu").await;
    let inside = Tried::all_of(&sandbox::told(&target.own).await);
    let had: Vec<_> = inside.iter().filter(|tried| tried.was_had()).collect();
    assert!(had.is_empty(), "had within a worker: {had:#?}");
    assert_eq!(inside.len(), outside.len(), "all of it was tried");
    // Another user than root has less outside: what it has not counts for nothing.
    assert!(outside.iter().filter(|tried| tried.was_had()).count() >= 40, "{outside:#?}");

    // It goes on answering, as the same process, and so does its sibling.
    taken.answers(&asha, "menu").await;
    sibling.answers(&asha, "Hello").await;
    assert_eq!(taken.pid(admin).await, pid);
    // As root each has a user of its own, unless that was turned off.
    let users = [&sibling, &taken].map(|bot| std::fs::metadata(place.cell(&bot.id)).unwrap().uid());
    let system = admin.ok(Method::GET, "/admin/system", None).await;
    let own_users = system["protection"]["users"].is_string();
    assert_eq!(users[0] != users[1], own_users, "{users:?} {system:#}");
    // A user of a tenant's own has to reach the executable: a clone below /root has none.
    let program = std::fs::canonicalize(tests::binaries::binary(Flavour::Virtual)).unwrap();
    let reached = program
        .ancestors()
        .all(|place| std::fs::metadata(place).is_ok_and(|about| about.permissions().mode() & 0o001 != 0));
    assert_eq!(own_users, is_root && own && reached, "{system:#}");
    // How far it is confined is said where people look.
    assert_eq!(system["protection"]["wanted"], "full");
    assert_eq!(
        (&system["protection"]["full"], &system["protection"]["off"]),
        (&2.into(), &0.into()),
        "{system:#}"
    );
    assert_eq!(system["protection"]["control_plane"], "full", "{system:#}");
    let by_the_plane = super::taken_plane::taken_over(&place, &plane).await;
    // It goes on, and starts what it started before.
    admin.worker(&sibling.id, "restart").await;
    sibling.is_active(admin).await;
    sibling.answers(&asha, "menu").await;
    (inside, by_the_plane)
}

#[tokio::test]
async fn a_confined_bot_connects_by_the_name_of_a_host() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let paired = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let (bot, _device) = Bot::linked(paired.admin(), &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    bot.answers(&asha, "Hello").await;
    let pid = bot.pid(paired.admin()).await;
    paired.admin().worker(&bot.id, "stop").await;
    process::ended(pid).await;
    assert!(paired.stop().await.success());

    // The virtual build takes no names; the default one looks it up as it does WhatsApp's.
    let by_name = whatsapp.url().replace("127.0.0.1", "localhost");
    assert!(by_name.contains("localhost"), "{by_name}");
    let shipped = ControlPlane::start(&place, Flavour::Default, &by_name).await;
    let admin = shipped.admin();
    admin.worker(&bot.id, "start").await;
    bot.is_active(admin).await;
    bot.answers(&asha, "1").await;
    let told = admin.ok(Method::GET, "/admin/system", None).await;
    assert_eq!(told["protection"]["full"], 1, "{told:#}");
}

/// What a caller of `admin.sock` is let in by, beside its user: outside this test's own processes nobody calls.
#[tokio::test]
async fn secrets_are_gone_from_the_control_planes_environment() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let environment = std::fs::read(format!("/proc/{}/environ", plane.pid()));
    // Another user than root may not even read it.
    let is_root = rustix::process::geteuid().is_root();
    assert_eq!(environment.is_ok(), is_root);
    let environment = String::from_utf8_lossy(&environment.unwrap_or_default()).into_owned();
    assert!(!environment.contains(tests::PASSWORD), "ADMIN_PASSWORD stands there");
    assert!(!is_root || environment.contains("DATA_DIR="), "the control: what is no secret stands there");
    // It still knows the password.
    let answered = tokio::time::timeout(LIMIT, plane.admin().ok(Method::GET, "/admin/system", None)).await;
    assert_eq!(answered.unwrap()["protection"]["wanted"], "full");
}
