//! Another master key: everything is sealed by it, nothing is lost, and no phone links again, whatever interrupts the change.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use http::Method;
use secrecy::{ExposeSecret as _, SecretString};
use tests::{ControlPlane, Flavour, Linked, Place, sealed};
use virtual_whatsapp::LinkedDevice;

const FILES: [&str; 2] = ["journal.db", "session.db"];

/// What a place has that is sealed by the master key.
struct Scene {
    linked: Linked,
    device: LinkedDevice,
}

impl Scene {
    async fn begin(place: Place) -> Self {
        let linked = Linked::begin(place).await;
        let device = linked.device.clone();
        linked.stop_worker().await;
        Self { linked, device }
    }

    fn key_file(&self) -> PathBuf {
        self.linked.place.data().join("master.key")
    }

    fn change_file(&self) -> PathBuf {
        self.linked.place.data().join("master-key.change")
    }

    fn change(&self) -> tokio::process::Command {
        let mut command = self.linked.place.command(Flavour::Virtual);
        command.args(["master-key", "change"]);
        command
    }

    /// Files that open with a key.
    fn opening_with(&self, key: &str) -> usize {
        let key = seal::MasterKey::from_setting(&SecretString::from(key.trim())).unwrap();
        let key = vault::Key::new(key.tenant_key(&self.linked.bot.id).unwrap());
        let files = vault::Files::sealed(&key).unwrap();
        let opens = |name: &str| {
            let flags =
                rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let database =
                files.open(&self.linked.place.cell(&self.linked.bot.id).join(name), flags).unwrap();
            database.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0)).is_ok()
        };
        FILES.into_iter().filter(|name| opens(name)).count()
    }

    /// Whatever is sealed in the database, in whichever column of whichever table.
    fn sealed_in_database(&self) -> BTreeSet<String> {
        sealed_texts(&self.linked.place.data().join("flowhq.db"))
    }

    /// All goes on: by the device that there was, with one reply to each.
    async fn goes_on(&mut self, text: &str) {
        let linked = &mut self.linked;
        linked.plane = ControlPlane::start(&linked.place, Flavour::Virtual, &linked.whatsapp.url()).await;
        linked.admin().worker(&linked.bot.id, "start").await;
        linked.bot.is_active(linked.admin()).await;
        assert!(self.device.is_linked(), "no phone links again");
        let before = linked.asha.received_count(&linked.bot.number);
        linked.bot.answers(&linked.asha, text).await;
        assert_eq!(linked.asha.received_count(&linked.bot.number), before + 1, "one reply");
    }

    async fn stop(&mut self) {
        let worker = self.linked.bot.pid(self.linked.admin()).await;
        self.linked.admin().worker(&self.linked.bot.id, "stop").await;
        tests::process::ended(worker).await;
        self.end_plane().await;
    }

    async fn end_plane(&mut self) {
        assert!(self.linked.plane.end().await.success());
    }
}

fn sealed_texts(database: &Path) -> BTreeSet<String> {
    let database = rusqlite::Connection::open(database).unwrap();
    let names = |sql: &str| -> Vec<String> {
        let mut statement = database.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let mut found = BTreeSet::new();
    for table in names("SELECT name FROM sqlite_master WHERE type = 'table'") {
        for column in names(&format!("SELECT name FROM pragma_table_info('{table}')")) {
            let sealed = format!(
                "SELECT CAST(\"{column}\" AS TEXT) FROM \"{table}\" WHERE CAST(\"{column}\" AS TEXT) LIKE 'sealed.%'"
            );
            found.extend(names(&sealed));
        }
    }
    found
}

/// A second factor for the admin password.
async fn with_second_factor(scene: &Scene) {
    let key = seal::MasterKey::load_or_create(&scene.key_file()).unwrap();
    let secret = SecretString::from("JBSWY3DPEHPK3PXP");
    let sealed = key.sealer(accounts::PURPOSE).unwrap().seal(&secret, "admin").unwrap();
    let database = rusqlite::Connection::open(scene.linked.place.data().join("flowhq.db")).unwrap();
    let done = database.execute(
        "INSERT INTO admin_factors (id, totp_secret, recovery_json, version, updated_at) VALUES ('admin', ?1, '[]', 1, 1)",
        [sealed.expose_secret()],
    );
    assert_eq!(done.unwrap(), 1);
}

#[tokio::test]
async fn while_a_tenants_files_lie_on_a_host_nothing_is_changed() {
    let mut scene = Scene::begin(Place::new()).await;
    scene.end_plane().await;
    let key = fs::read(scene.key_file()).unwrap();
    let database = rusqlite::Connection::open(scene.linked.place.data().join("flowhq.db")).unwrap();
    let id = scene.linked.bot.id.to_string();
    let sql = "INSERT INTO places (tenant_id, id, host, step, version, created_at, updated_at) \
               VALUES (?1, ?1, 'host-1', 'STAYS', 1, 1, 1)";
    database.execute(sql, [&id]).unwrap();
    let done = scene.change().output().await.unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!done.status.success() && said.contains("--here") && said.contains("hosts"), "{said}");
    assert_eq!(fs::read(scene.key_file()).unwrap(), key);
    assert!(!scene.change_file().exists());
    database.execute("DELETE FROM places", []).unwrap();
    drop(database);
    assert!(scene.change().status().await.unwrap().success());
    scene.goes_on("Hello again").await;
}

#[tokio::test]
async fn a_change_of_the_master_key_that_is_killed_at_each_step_is_taken_up_again_and_loses_nothing() {
    let run = tempfile::tempdir().unwrap();
    let mut scene = Scene::begin(Place::new()).await;
    scene.end_plane().await;
    with_second_factor(&scene).await;
    let mut hits = 0;
    for point in crash::COMMAND_POINTS.iter().map(|point| point.name).filter(|name| name.starts_with("key_"))
    {
        for hit in 1.. {
            let (former, before) =
                (fs::read_to_string(scene.key_file()).unwrap(), scene.sealed_in_database());
            assert_eq!(before.len(), 2, "the second factor, and the key of notices");
            fs::write(run.path().join("command.plan"), format!("{point}:{hit}\n")).unwrap();
            let done = scene.change().env(crash::DIRECTORY, run.path()).output().await.unwrap();
            let killed = done.status.code().is_none();
            assert!(killed || done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            if killed {
                hits += 1;
                assert!(
                    point == "key_changed" || scene.change_file().exists(),
                    "{point} {hit}: nobody knows both keys"
                );
                // By turns the command and the next start finish it; and once more the first is killed there too.
                if hits % 2 == 0 {
                    let again = scene.change().output().await.unwrap();
                    assert!(
                        again.status.success(),
                        "{point} {hit}: {}",
                        String::from_utf8_lossy(&again.stderr)
                    );
                } else {
                    scene.goes_on(&format!("Hello {hits}")).await;
                    scene.stop().await;
                }
            }
            let key = fs::read_to_string(scene.key_file()).unwrap();
            assert!(!scene.change_file().exists() && key != former, "{point} {hit}: it is finished");
            assert_eq!((scene.opening_with(&key), scene.opening_with(&former)), (2, 0), "{point} {hit}");
            let after = scene.sealed_in_database();
            assert!(after.len() == 2 && after.is_disjoint(&before), "{point} {hit}: {after:?}");
            if !killed {
                break;
            }
        }
    }
    // Two files, each written and put in place, and the five steps around them.
    assert!(hits >= 9, "only {hits} places");
    scene.goes_on("And now").await;
    let events =
        scene.linked.admin().ok(Method::GET, "/admin/events?type=MASTER_KEY_CHANGED&limit=100", None).await;
    let events = events.as_array().unwrap().len();
    assert!(events >= hits, "each change is written down: {events}");
}

#[tokio::test]
async fn from_the_file_to_what_a_command_writes_and_back_with_words_for_whatever_is_wrong() {
    let mut scene = Scene::begin(Place::new()).await;
    let beneath = scene.change().output().await.unwrap();
    let said = String::from_utf8_lossy(&beneath.stderr).into_owned();
    assert!(said.contains("another flowhq serve"), "{said}");
    scene.end_plane().await;
    let former = fs::read_to_string(scene.key_file()).unwrap();
    let new = "c0ffee".repeat(10) + "abcd";
    let keys = scene.linked.place.beside("kms");
    fs::write(&keys, &new).unwrap();

    // The old key cannot be guessed from a setting, and a wrong one changes nothing.
    scene.linked.place.set("MASTER_KEY_COMMAND", format!("cat {}", keys.display()));
    let said = words_of(scene.change()).await;
    assert!(said.contains("--old FILE"), "{said}");
    let wrong = scene.linked.place.beside("wrong");
    fs::write(&wrong, "12".repeat(32)).unwrap();
    let mut command = scene.change();
    command.arg("--old").arg(&wrong);
    let said = words_of(command).await;
    assert!(said.contains("is not the key by which this database is sealed"), "{said}");
    assert_eq!(scene.opening_with(&former), 2);

    // Nor does anything start with a key that is not in force yet, or with none.
    for (command, words) in [
        (format!("cat {}", keys.display()), "flowhq master-key change --old FILE"),
        (format!("cat {}; exit 7", keys.display()), "exit status: 7"),
        (format!("cat {} {0} {0} | tr -d '\\n' >&2; echo no", keys.display()), "what it wrote is no key"),
        ("yes".to_owned(), "more than 1024 bytes"),
    ] {
        scene.linked.place.set("MASTER_KEY_COMMAND", &command);
        let mut serve = scene.linked.place.command(Flavour::Virtual);
        serve.arg("serve");
        let said = words_of(serve).await;
        assert!(said.contains(words) && !said.contains("c0ffee"), "{said}");
    }
    scene.linked.place.set("MASTER_KEY_COMMAND", format!("cat {}", keys.display()));
    let mut command = scene.change();
    command.arg("--old").arg(scene.key_file());
    let done = command.output().await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8_lossy(&done.stdout).contains("is of no use any more"));
    assert_eq!((scene.opening_with(&former), scene.opening_with(&new)), (0, 2));
    scene.goes_on("Under the other key").await;
    let log = fs::read_to_string(scene.linked.place.data().join("logs/control.log")).unwrap_or_default();
    assert!(!log.contains("c0ffee") && !log.contains(former.trim()), "no key is in the log");
    // A backup of such a place has no key in it.
    let made = scene.linked.admin().ok(Method::POST, "/admin/system/backups", None).await;
    assert_eq!(made["journals"], 1, "{made}");
    scene.stop().await;

    // And back to a file: a new one.
    fs::remove_file(scene.key_file()).unwrap();
    scene.linked.place.set("MASTER_KEY_COMMAND", "");
    let mut command = scene.change();
    command.arg("--old").arg(&keys);
    let done = command.output().await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(scene.opening_with(&fs::read_to_string(scene.key_file()).unwrap()), 2);
    assert!(!sealed::bytes(&scene.linked.place.cell(&scene.linked.bot.id).join(FILES[0])).is_empty());
    scene.goes_on("Under a file again").await;
}

/// What a command that fails says.
async fn words_of(mut command: tokio::process::Command) -> String {
    let done = command.output().await.unwrap();
    assert!(!done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    String::from_utf8_lossy(&done.stderr).into_owned()
}

#[tokio::test]
async fn a_backup_from_before_a_change_is_put_back_with_the_key_of_its_time() {
    let mut scene = Scene::begin(Place::new()).await;
    let made = scene.linked.admin().ok(Method::POST, "/admin/system/backups", None).await;
    let former = fs::read_to_string(scene.key_file()).unwrap();
    scene.end_plane().await;
    let done = scene.change().output().await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    // A change that was never finished is no concern of what is put back.
    fs::write(scene.change_file(), "whatever\n").unwrap();
    let mut command = scene.linked.place.command(Flavour::Virtual);
    let restored =
        command.arg("restore").arg(made["file"].as_str().unwrap()).arg("--yes").output().await.unwrap();
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    assert_eq!(fs::read_to_string(scene.key_file()).unwrap(), former);
    let linked = &mut scene.linked;
    linked.plane = ControlPlane::start(&linked.place, Flavour::Virtual, &linked.whatsapp.url()).await;
    let rows = linked.admin().wait_for_logs(&linked.bot.id, "what was said", |rows| rows.len() >= 2).await;
    assert_eq!(rows.len(), 2, "what was said is there, once");
}
