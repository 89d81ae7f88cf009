//! A tenant goes from one installation to another with its linked device: it runs in one place, or in none, and never in two.

use std::{fs, path::PathBuf, process::Output};

use http::{Method, StatusCode};
use serde_json::json;
use tests::{
    Admin, Bot, ControlPlane, Flavour, LIMIT, Place,
    place::{files, holds},
    process,
};
use virtual_whatsapp::{Customer, LinkedDevice, Options, Server, VirtualWhatsApp};

/// Two installations, of which the first has a linked bot that has answered once.
struct Scene {
    whatsapp: Server,
    source: Place,
    target: Place,
    from: Option<ControlPlane>,
    to: Option<ControlPlane>,
    bot: Bot,
    device: LinkedDevice,
    asha: Customer,
    run: tempfile::TempDir,
    logins: u64,
}

impl Scene {
    async fn begin() -> Self {
        let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
        let run = tempfile::tempdir().unwrap();
        let (source, target) = (Place::new(), Place::new());
        let from = ControlPlane::start(&source, Flavour::Virtual, &whatsapp.url()).await;
        let to = ControlPlane::start(&target, Flavour::Virtual, &whatsapp.url()).await;
        let (bot, device) = Bot::linked(from.admin(), &whatsapp, 1).await;
        let asha = whatsapp.customer("255712000001", "Asha").unwrap();
        bot.answers(&asha, "Hello").await;
        from.admin().wait_for_logs(&bot.id, "one in and one out", |logs| logs.len() == 2).await;
        let logins = device.status().logins;
        Self { whatsapp, source, target, from: Some(from), to: Some(to), bot, device, asha, run, logins }
    }

    fn from(&self) -> &Admin {
        self.from.as_ref().unwrap().admin()
    }

    fn to(&self) -> &Admin {
        self.to.as_ref().unwrap().admin()
    }

    /// A move key of the target's, in a file.
    async fn move_key(&self) -> PathBuf {
        let file = self.target.beside("move_key");
        let done = self
            .target
            .command(Flavour::Virtual)
            .args(["tenant", "move-key", "--to"])
            .arg(&file)
            .output()
            .await;
        succeeded(&done.unwrap());
        file
    }

    async fn move_out(&self, move_key: &PathBuf) -> (PathBuf, Output) {
        let to = self.source.beside("amina.move");
        let mut command = self.source.command(Flavour::Virtual);
        command
            .args(["tenant", "move-out", &self.bot.id, "--yes", "--key"])
            .arg(move_key)
            .arg("--to")
            .arg(&to);
        (to, command.output().await.unwrap())
    }

    async fn move_in(&self, file: &PathBuf) -> Output {
        self.target.command(Flavour::Virtual).args(["tenant", "move-in"]).arg(file).output().await.unwrap()
    }

    /// It answers at the target by the device that it had, and what was written meanwhile once.
    async fn has_arrived(&self, waiting: usize) {
        self.bot.is_active(self.to()).await;
        assert!(self.device.is_linked(), "no phone links again");
        let phone = self.whatsapp.phone(&self.bot.number).unwrap();
        assert_eq!(phone.linked_devices().len(), 1, "it is the same device");
        let answered = 1 + waiting;
        self.asha.wait_for_reply(&self.bot.number, answered, LIMIT).await.unwrap();
        self.bot.answers(&self.asha, "And now").await;
        assert_eq!(
            self.asha.received_count(&self.bot.number),
            answered + 1,
            "each message was answered once"
        );
        // A reply leaves before its message is on record in the database.
        let texts = |logs: &[serde_json::Value]| logs.iter().filter(|row| row["direction"] == "IN").count();
        let all = "what was said there and here is in its log";
        let logs = self.to().wait_for_logs(&self.bot.id, all, |logs| texts(logs) >= 2 + waiting).await;
        assert_eq!(texts(&logs), 2 + waiting, "{all}, once: {logs:?}");
    }

    /// Whoever asks the source to start it is told in words why not.
    async fn never_starts_at_the_source(&self) {
        let rests = |tenant: &serde_json::Value| tenant["worker_process"]["pid"].is_null();
        self.from().wait_for(&self.bot.id, "nothing of it runs", rests).await;
        for verb in ["start", "restart", "force-restart"] {
            let path = format!("/admin/tenants/{}/worker/{verb}", self.bot.id);
            let (status, said) = self.from().call(Method::POST, &path, None).await;
            assert_eq!(status, StatusCode::CONFLICT, "{verb}: {said}");
            assert!(
                said["detail"].as_str().unwrap().contains("moved to another installation"),
                "{verb}: {said}"
            );
        }
        let tenant = self.from().tenant(&self.bot.id).await;
        assert!(tenant["moved_at"].is_string(), "{tenant}");
        let worker = &tenant["worker_process"];
        assert!(worker["last_error"].as_str().unwrap().contains("moved to another installation"), "{worker}");
        assert_eq!((&worker["desired_state"], &worker["pid"]), (&json!("STOPPED"), &json!(null)), "{worker}");
        assert!(!self.source.cell(&self.bot.id).join("running").exists());
    }
}

fn succeeded(done: &Output) {
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn refused(done: &Output) -> String {
    assert!(!done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    String::from_utf8_lossy(&done.stderr).into_owned()
}

#[tokio::test]
async fn a_tenant_goes_to_another_installation_with_its_device_and_what_is_written_meanwhile_is_answered_once()
 {
    let scene = Scene::begin().await;
    let admin = scene.from();
    admin
        .ok(
            Method::PUT,
            &format!("/admin/tenants/{}/notes", scene.bot.id),
            Some(&json!({"note": "pays late", "tags": ["vip"]})),
        )
        .await;
    let worker = scene.bot.pid(admin).await;
    let move_key = scene.move_key().await;
    let (file, done) = scene.move_out(&move_key).await;
    succeeded(&done);
    process::ended(worker).await;
    let key = fs::read_to_string(&move_key).unwrap().trim().rsplit('.').next().unwrap().to_owned();
    for mark in ["Hello", "Shop 1", "pays late", &scene.bot.number, "SQLite format", &key] {
        assert!(!holds(&file, mark), "{mark} is in clear on its way");
    }
    scene.never_starts_at_the_source().await;
    // While it is on its way.
    scene.asha.send_text(&scene.bot.number, "Are you there?").unwrap();
    // Nor can another move key take it from here a second time.
    let other = scene.source.beside("other");
    let given = scene
        .target
        .command(Flavour::Virtual)
        .args(["tenant", "move-key", "--to"])
        .arg(&other)
        .output()
        .await;
    succeeded(&given.unwrap());
    assert!(refused(&scene.move_out(&other).await.1).contains("another move key"));
    // The same again is the same file again.
    succeeded(&scene.move_out(&move_key).await.1);

    succeeded(&scene.move_in(&file).await);
    scene.has_arrived(1).await;
    let notes = scene.to().ok(Method::GET, &format!("/admin/tenants/{}/notes", scene.bot.id), None).await;
    assert_eq!((&notes["note"], &notes["tags"]), (&json!("pays late"), &json!(["vip"])));
    // Taken in once more it is the same tenant, and it stays in one place when all starts anew.
    succeeded(&scene.move_in(&file).await);
    assert_eq!(scene.to().ok(Method::GET, "/admin/tenants", None).await.as_array().unwrap().len(), 1);
    let mut scene = scene;
    assert!(scene.from.take().unwrap().stop().await.success());
    scene.from = Some(ControlPlane::start(&scene.source, Flavour::Virtual, &scene.whatsapp.url()).await);
    scene.never_starts_at_the_source().await;
    for folder in [scene.source.data().join("moves"), scene.target.data().join("moves")] {
        assert_eq!(files(&folder), Vec::<PathBuf>::new(), "nothing is left of the way");
    }
    let events = scene.from().ok(Method::GET, "/admin/events?type=TENANT_MOVED_OUT", None).await;
    assert_eq!(events.as_array().unwrap().len(), 1, "{events}");
}

#[tokio::test]
async fn what_is_killed_on_the_way_ends_in_one_place_and_goes_on_when_it_is_asked_again() {
    for point in ["move_fenced", "move_copied", "move_written", "move_laid", "move_arrived"] {
        let mut scene = Scene::begin().await;
        let at_source = !matches!(point, "move_laid" | "move_arrived");
        fs::write(scene.run.path().join("control.plan"), format!("{point}:1\n-\n-\n")).unwrap();
        let place = if at_source { &mut scene.source } else { &mut scene.target };
        place.set(crash::DIRECTORY, scene.run.path());
        let plane = if at_source { &mut scene.from } else { &mut scene.to };
        assert!(plane.take().unwrap().stop().await.success());
        let started = ControlPlane::start(place, Flavour::Virtual, &scene.whatsapp.url()).await;
        *plane = Some(started);
        scene.bot.is_active(scene.from()).await;
        let move_key = scene.move_key().await;
        scene.asha.send_text(&scene.bot.number, "Are you there?").unwrap();
        let (mut file, done) = scene.move_out(&move_key).await;
        let done = if at_source {
            done
        } else {
            succeeded(&done);
            scene.move_in(&file).await
        };
        refused(&done);
        let trace = fs::read_to_string(scene.run.path().join("control.trace")).unwrap();
        assert!(trace.contains("killed"), "{point}: {trace}");

        // Whichever was killed is started again.
        let (place, plane) =
            if at_source { (&scene.source, &mut scene.from) } else { (&scene.target, &mut scene.to) };
        drop(plane.take());
        *plane = Some(ControlPlane::start(place, Flavour::Virtual, &scene.whatsapp.url()).await);
        scene.never_starts_at_the_source().await;
        if at_source {
            let (again, done) = scene.move_out(&move_key).await;
            succeeded(&done);
            file = again;
        }
        succeeded(&scene.move_in(&file).await);
        scene.never_starts_at_the_source().await;
        // What was written before the fence may have been answered there: once in all the same.
        scene.bot.is_active(scene.to()).await;
        scene.asha.wait_for_reply(&scene.bot.number, 2, LIMIT).await.unwrap();
        scene.bot.answers(&scene.asha, "And now").await;
        assert_eq!(scene.asha.received_count(&scene.bot.number), 3, "{point}: each was answered once");
        assert!(scene.device.is_linked() && scene.device.status().logins >= scene.logins, "{point}");
    }
}

#[tokio::test]
async fn what_fits_not_into_the_other_installation_changes_nothing_there() {
    let scene = Scene::begin().await;
    let move_key = scene.move_key().await;
    // A number that somebody there has declared.
    scene.to().create_tenant("Juma", &scene.bot.number, json!({})).await;
    let (file, done) = scene.move_out(&move_key).await;
    succeeded(&done);
    let said = refused(&scene.move_in(&file).await);
    assert!(said.contains("declared this number"), "{said}");
    assert!(!scene.target.cell(&scene.bot.id).exists(), "nothing is left of it");
    // A file that is cut short, or of another installation.
    let bytes = fs::read(&file).unwrap();
    let short = scene.target.beside("short.move");
    fs::write(&short, &bytes[..bytes.len() - 1]).unwrap();
    assert!(refused(&scene.move_in(&short).await).contains("cannot be taken in"));
    let own =
        scene.source.command(Flavour::Virtual).args(["tenant", "move-in"]).arg(&file).output().await.unwrap();
    assert!(refused(&own).contains("no such move key"));
    // Once the number is free there, the same file comes in.
    let others = scene.to().ok(Method::GET, "/admin/tenants", None).await;
    let other = others[0]["id"].as_str().unwrap().to_owned();
    scene.to().ok(Method::DELETE, &format!("/admin/tenants/{other}"), None).await;
    succeeded(&scene.move_in(&file).await);
    scene.has_arrived(0).await;
}
