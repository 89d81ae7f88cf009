//! A backup that is made under load, and what becomes of it on another machine.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    sync::atomic::{AtomicBool, Ordering},
};

use http::Method;
use link::cell::SESSION_DATABASE;
use serde_json::Value;
use tests::{
    Bot, ControlPlane, Flavour, LIMIT, Linked, Place, Postgres,
    place::{files, holds},
    process,
    watch::Watch,
};
use virtual_whatsapp::{Customer, EventKind, Options, Server, VirtualWhatsApp};

#[tokio::test]
async fn a_backup_under_load_is_put_back_elsewhere_with_all_rows_and_answers_nothing_twice() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let (first, second) = (Place::new(), Place::new());
    let plane = ControlPlane::start(&first, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (asked, _) = Bot::linked(admin, &whatsapp, 1).await;
    let (offered, _) = Bot::linked(admin, &whatsapp, 2).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    let juma = whatsapp.customer("255712000002", "Juma").unwrap();
    asked.answers(&asha, "Hello").await;
    offered.answers(&juma, "Hello").await;
    let old_session = session_of(&first.cell(&offered.id));

    let stop = Arc::new(AtomicBool::new(false));
    let load = [(&asked, "255713"), (&offered, "255714")].map(|(bot, begins)| {
        let number = |n: u32| whatsapp.customer(&format!("{begins}{n:06}"), "Customer").unwrap();
        tokio::spawn(write(bot.clone(), (0..300).map(number).collect(), Arc::clone(&stop)))
    });
    asked.answers(&whatsapp.customer("255712000003", "Neema").unwrap(), "Hello").await;
    let before = [admin.logs(&asked.id).await, admin.logs(&offered.id).await];
    let made = admin.ok(Method::POST, "/admin/system/backups", None).await;
    assert_eq!(
        (&made["journals"], &made["left_out"]),
        (&Value::from(2), &Value::from(Vec::<Value>::new())),
        "{made}"
    );
    stop.store(true, Ordering::Relaxed);
    let mut wrote = [Vec::new(), Vec::new()];
    for (wrote, load) in wrote.iter_mut().zip(load) {
        *wrote = load.await.unwrap();
        assert!(!wrote.is_empty(), "there was load");
    }
    let file = PathBuf::from(made["file"].as_str().unwrap());
    let marks = ["Hello", "Tenant 1", &asked.number];
    assert!(marks.iter().all(|mark| !holds(&file, mark)), "it is sealed");

    // The machine is gone, whatever its workers were about.
    plane.kill().await;
    first.end_all();

    let key = first.data().join("backup.key");
    restore(&second, &file, &key).await;
    for path in files(&second.data()) {
        assert!(!path.to_string_lossy().contains(SESSION_DATABASE), "{} was in the backup", path.display());
    }
    // Somebody means well and lays the keys beside it.
    for (name, bytes) in &old_session {
        fs::write(second.cell(&offered.id).join(name), bytes).unwrap();
    }
    let plane = ControlPlane::start(&second, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let logins = whatsapp.phone(&offered.number).unwrap().linked_devices()[0].status().logins;
    let in_error = |tenant: &Value| tenant["status"] == "ERROR";
    admin.wait_for(&asked.id, "it wants to be linked", in_error).await;
    let tenant = admin.wait_for(&offered.id, "the old session is refused", in_error).await;
    let why = tenant["worker_process"]["last_error"].as_str().unwrap_or_default().to_owned();
    assert!(why.contains("older copy"), "{why}");
    let device = &whatsapp.phone(&offered.number).unwrap().linked_devices()[0];
    assert_eq!(device.status().logins, logins, "the old keys were never seen by WhatsApp again");
    for (id, before) in [(&asked.id, &before[0]), (&offered.id, &before[1])] {
        let after = admin.logs(id).await;
        let lost: Vec<_> =
            before.iter().filter(|row| !after.iter().any(|one| one["id"] == row["id"])).collect();
        assert!(lost.is_empty(), "rows are missing: {lost:?}");
    }

    // The old keys go, both link again, and go on.
    for (name, _) in &old_session {
        fs::remove_file(second.cell(&offered.id).join(name)).unwrap();
    }
    for (bot, who, wrote) in [(&asked, &asha, &wrote[0]), (&offered, &juma, &wrote[1])] {
        link_again(bot, &plane, &whatsapp).await;
        bot.answers(who, "menu").await;
        assert_eq!(who.received_count(&bot.number), 2, "one reply to each");
        let twice = wrote.iter().filter(|customer| customer.received_count(&bot.number) != 1).count();
        assert_eq!(twice, 0, "of {} customers", wrote.len());
    }
    assert!(plane.stop().await.success());
}

/// Customers write one after another until told to stop, each one message that is answered; those who did.
async fn write(bot: Bot, customers: Vec<Customer>, stop: Arc<AtomicBool>) -> Vec<Customer> {
    let mut wrote = Vec::new();
    for customer in customers {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        bot.answers(&customer, "Hello").await;
        wrote.push(customer);
    }
    wrote
}

async fn link_again(bot: &Bot, plane: &ControlPlane, whatsapp: &Server) {
    let phone = whatsapp.phone(&bot.number).unwrap();
    for device in phone.linked_devices() {
        phone.unlink(device.id()).unwrap();
    }
    let before = whatsapp.events().last();
    bot.link(plane.admin(), whatsapp).await;
    // Those of the first device were uploaded long ago.
    let keys = |event: &EventKind| matches!(event, EventKind::PrekeysUploaded { number, .. } if *number == bot.number);
    whatsapp.events().wait_after(before, LIMIT, keys).await.unwrap();
}

/// The files of a session, as somebody would copy them.
fn session_of(cell: &Path) -> Vec<(String, Vec<u8>)> {
    let names = ["", "-wal"].map(|ending| format!("{SESSION_DATABASE}{ending}"));
    names.into_iter().filter_map(|name| fs::read(cell.join(&name)).ok().map(|bytes| (name, bytes))).collect()
}

async fn restore(place: &Place, file: &Path, key: &Path) {
    let run = |arguments: &[&str]| {
        let mut command = place.command(Flavour::Virtual);
        command.arg("restore").arg(file).arg("--key").arg(key).args(arguments);
        command
    };
    let done = run(&[]).output().await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(said.contains("linked again"), "{said}");
    // Now there is something that would be replaced: nobody said that it may be.
    let refused = run(&[]).output().await.unwrap();
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
    let done = run(&["--yes"]).output().await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8_lossy(&done.stdout).contains("before-restore-"), "what was there is kept");
}

#[tokio::test]
async fn nothing_is_put_back_from_a_file_that_is_not_whole_or_beneath_a_control_plane() {
    let (place, other) = (Place::new(), Place::new());
    let plane = ControlPlane::start(&place, Flavour::Virtual, "ws://127.0.0.1:9").await;
    plane.admin().create_tenant("Asha", "255754000001", serde_json::json!({})).await;
    let copies = place.beside("copies");
    fs::create_dir(&copies).unwrap();
    let mut command = place.command(Flavour::Virtual);
    let made =
        command.arg("backup").arg("--to").arg(&copies).args(["--command", "cat > ../$BACKUP_NAME.given"]);
    let made = made.current_dir(&copies).output().await.unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let copy = files(&copies).pop().unwrap();
    let given = place.beside(&format!("{}.given", copy.file_name().unwrap().to_string_lossy()));
    assert_eq!(fs::read(&copy).unwrap(), fs::read(given).unwrap(), "folder and command got the same");

    let key = place.data().join("backup.key");
    let run = |place: &Place, file: &Path| {
        let mut command = place.command(Flavour::Virtual);
        command.arg("restore").arg(file).arg("--yes").arg("--key").arg(&key);
        command
    };
    let beneath = run(&place, &copy).output().await.unwrap();
    assert!(String::from_utf8_lossy(&beneath.stderr).contains("another flowhq serve"), "it runs");
    let short = other.beside("short.backup");
    let bytes = fs::read(&copy).unwrap();
    fs::write(&short, &bytes[..bytes.len() - 1]).unwrap();
    let refused = run(&other, &short).output().await.unwrap();
    assert!(!refused.status.success());
    assert!(!other.data().join("flowhq.db").exists() && !other.data().join("restoring").exists());
    let done = run(&other, &copy).output().await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let pid = plane.pid();
    assert!(plane.stop().await.success());
    process::ended(pid).await;
}

#[tokio::test]
async fn one_that_is_made_by_itself_is_given_to_the_command_and_what_goes_wrong_is_told_until_it_is_mended() {
    let mut place = Place::new().with("BACKUP_EVERY_HOURS", "24");
    let took = place.beside("took");
    place.set("BACKUP_COMMAND", format!("cat > {0}.new && mv {0}.new {0}", took.display()));
    let plane = ControlPlane::start(&place, Flavour::Virtual, "ws://127.0.0.1:9").await;
    let well = system(&plane, |system| system["backups"].is_string()).await;
    there(&took).await;
    let made = files(&place.data().join("backups")).pop().unwrap();
    assert_eq!(fs::read(&made).unwrap(), fs::read(&took).unwrap());
    assert!(well["backup_trouble"].is_null(), "{well}");
    assert!(plane.stop().await.success());

    // A command that fails, and a folder that cannot be written: each is told in words, by doctor too.
    fs::remove_dir_all(place.data().join("backups")).unwrap();
    place.set("BACKUP_COMMAND", "cat > /dev/null; exit 9");
    let plane = ControlPlane::start(&place, Flavour::Virtual, "ws://127.0.0.1:9").await;
    let told = |part: &'static str| {
        move |system: &Value| system["backup_trouble"].as_str().is_some_and(|said| said.contains(part))
    };
    system(&plane, told("exit status: 9")).await;
    let doctor = place.command(Flavour::Virtual).args(["doctor", "--json"]).output().await.unwrap();
    let doctor: Value = serde_json::from_slice(&doctor.stdout).unwrap();
    let finding =
        doctor.as_array().unwrap().iter().find(|finding| finding["name"] == "backups").unwrap().clone();
    assert!(
        finding["ok"] == false && finding["detail"].as_str().unwrap().contains("BACKUP_COMMAND"),
        "{finding}"
    );
    let folder = place.data().join("backups");
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "no folder").unwrap();
    let (status, _) = plane.admin().call(Method::POST, "/admin/system/backups", None).await;
    assert!(!status.is_success());
    system(&plane, told("was not made")).await;
    fs::remove_file(&folder).unwrap();
    plane.admin().ok(Method::POST, "/admin/system/backups", None).await;
    system(&plane, |system| !told("was not made")(system)).await;
    assert!(plane.stop().await.success());

    // A command that hangs holds up no end, and ends with it.
    fs::remove_dir_all(&folder).unwrap();
    let pid = place.beside("pid");
    place.set("BACKUP_COMMAND", format!("echo $$ > {0}.new; mv {0}.new {0}; sleep 1000", pid.display()));
    let plane = ControlPlane::start(&place, Flavour::Virtual, "ws://127.0.0.1:9").await;
    there(&pid).await;
    assert!(plane.stop().await.success());
    process::ended(fs::read_to_string(&pid).unwrap().trim().parse().unwrap()).await;
}

#[tokio::test]
async fn a_backup_that_lacks_a_journal_is_told_of_until_one_lacks_none() {
    let linked = Linked::begin(Place::new()).await;
    linked.stop_worker().await;
    // Nothing is followed out of a cell, so this journal is none.
    let journal = linked.place.cell(&linked.bot.id).join(link::cell::JOURNAL_DATABASE);
    let aside = linked.place.beside("journal");
    fs::rename(&journal, &aside).unwrap();
    std::os::unix::fs::symlink(&aside, &journal).unwrap();
    let back_up = || linked.admin().ok(Method::POST, "/admin/system/backups", None);
    let made = back_up().await;
    assert_eq!(
        (&made["journals"], made["left_out"].as_array().unwrap().len()),
        (&Value::from(0), 1),
        "{made}"
    );
    let told = linked.admin().ok(Method::GET, "/admin/system", None).await;
    let trouble = told["backup_trouble"].as_str().unwrap_or_default();
    assert!(trouble.contains("lacks") && trouble.contains(&linked.bot.id), "{told}");
    let doctor = linked.place.command(Flavour::Virtual).args(["doctor", "--json"]).output().await.unwrap();
    let doctor: Value = serde_json::from_slice(&doctor.stdout).unwrap();
    let finding = doctor.as_array().unwrap().iter().find(|finding| finding["name"] == "backups").unwrap();
    assert!(finding["ok"] == false && finding["detail"].as_str().unwrap().contains("lacks"), "{finding}");

    fs::remove_file(&journal).unwrap();
    fs::rename(&aside, &journal).unwrap();
    let made = back_up().await;
    assert_eq!((&made["journals"], &made["left_out"]), (&Value::from(1), &Value::from(Vec::<Value>::new())));
    let told = linked.admin().ok(Method::GET, "/admin/system", None).await;
    assert!(told["backup_trouble"].is_null(), "{told}");
}

/// Waits until the control plane says so of itself: how its backups do is no event that it tells.
async fn system(plane: &ControlPlane, fits: impl Fn(&Value) -> bool) -> Value {
    let comes = async {
        loop {
            let system = plane.admin().ok(Method::GET, "/admin/system", None).await;
            if fits(&system) {
                return system;
            }
        }
    };
    tokio::time::timeout(LIMIT, comes).await.unwrap()
}

/// Waits until there is a file.
async fn there(file: &Path) {
    let watch = Watch::of(&[file.parent().unwrap()]).unwrap();
    let comes = async {
        while !file.exists() {
            watch.changed().await;
        }
    };
    tokio::time::timeout(LIMIT, comes).await.unwrap();
}

#[tokio::test]
async fn a_backup_of_sqlite_is_put_back_into_postgresql_and_one_of_postgresql_into_sqlite() {
    let Some(postgres) = Postgres::start() else { return };
    let mut linked = Linked::begin(Place::new()).await;
    let made = linked.admin().ok(Method::POST, "/admin/system/backups", None).await;
    let file = PathBuf::from(made["file"].as_str().unwrap());
    linked.stop_worker().await;
    assert!(linked.plane.end().await.success());
    let key = linked.place.data().join("backup.key");
    let before = sorted(&linked.place.data().join("flowhq.db"));

    let second = postgres.place(Place::new(), true);
    let put_back = |place: &Place, file: &Path, key: &Path| {
        let mut command = place.command(Flavour::Virtual);
        command.arg("restore").arg(file).arg("--key").arg(key).arg("--yes");
        command
    };
    let done = put_back(&second, &file, &key).output().await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(!second.data().join("flowhq.db").exists(), "nothing is kept in SQLite");
    assert_eq!(
        postgres.sql("flowhq", "SELECT id FROM message_logs ORDER BY id").lines().collect::<Vec<_>>(),
        before
    );
    // Into one that is not empty nothing is put.
    let again = put_back(&second, &file, &key).output().await.unwrap();
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(!again.status.success() && said.contains("not empty"), "{said}");

    let plane = ControlPlane::start(&second, Flavour::Virtual, &linked.whatsapp.url()).await;
    plane
        .admin()
        .wait_for(&linked.bot.id, "it wants to be linked", |tenant| tenant["status"] == "ERROR")
        .await;
    link_again(&linked.bot, &plane, &linked.whatsapp).await;
    linked.bot.answers(&linked.asha, "menu").await;
    let made = plane.admin().ok(Method::POST, "/admin/system/backups", None).await;
    assert_eq!(made["journals"], 1, "{made}");
    assert!(plane.stop().await.success());
    second.end_all();
    let third = Place::new();
    let mut done =
        put_back(&third, Path::new(made["file"].as_str().unwrap()), &second.data().join("backup.key"));
    let done = done.output().await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(sorted(&third.data().join("flowhq.db")).len() >= before.len(), "all rows came back");
}

/// The ids of all rows of the log.
fn sorted(database: &Path) -> Vec<String> {
    let database = rusqlite::Connection::open(database).unwrap();
    let mut statement = database.prepare("SELECT id FROM message_logs ORDER BY id").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}
