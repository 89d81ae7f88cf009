//! The whole of Flow HQ on PostgreSQL, and a move from SQLite to it.

use serde_json::Value;
use tests::{Bot, ControlPlane, Flavour, Place, Postgres, process};
use virtual_whatsapp::{Options, VirtualWhatsApp};

#[tokio::test]
async fn a_tenant_is_created_linked_answers_and_is_taken_over_after_a_kill() {
    let Some(postgres) = Postgres::start() else { return };
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = postgres.place(Place::new(), true);
    let first = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let (bot, device) = Bot::linked(first.admin(), &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    bot.answers(&asha, "Hello").await;
    first.admin().wait_for_logs(&bot.id, "one in and one out", |logs| logs.len() == 2).await;
    assert!(!place.data().join("flowhq.db").exists(), "nothing is kept in SQLite");

    let second = place.command(Flavour::Virtual).arg("serve").env("DATA_DIR", place.beside("other")).output();
    let second = second.await.unwrap();
    let said = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(1));
    let holder = format!("process {}", first.pid());
    assert!(said.contains("another control plane runs this database") && said.contains(&holder), "{said}");

    let pid = bot.pid(first.admin()).await;
    let logins = device.status().logins;
    first.kill().await;
    assert!(process::lives(pid), "the worker outlives its control plane");
    bot.answers(&asha, "1").await;

    // The role that serves needs the owner's no more.
    let place = postgres.place(place, false);
    let second = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = second.admin();
    let tenant = bot.is_active(admin).await;
    assert_eq!(tenant["worker_process"]["pid"], pid, "the same process");
    bot.answers(&asha, "thanks").await;
    let logs = admin.wait_for_logs(&bot.id, "three in and three out", |logs| logs.len() >= 6).await;
    assert_eq!(logs.len(), 6, "what was said while nobody listened is on record too, once");
    assert_eq!(device.status().logins, logins, "the worker never lost its connection to WhatsApp");
    assert_eq!(postgres.sql("flowhq", "SELECT count(*) FROM message_logs"), "6");
    admin.worker(&bot.id, "stop").await;
    process::ended(pid).await;
}

#[tokio::test]
async fn a_data_directory_moves_from_sqlite_to_postgresql_with_its_bots_running() {
    let Some(postgres) = Postgres::start() else { return };
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let first = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let (bot, _device) = Bot::linked(first.admin(), &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    bot.answers(&asha, "Hello").await;
    first.admin().wait_for_logs(&bot.id, "one in and one out", |logs| logs.len() == 2).await;
    let file = format!("sqlite:{}", place.data().join("flowhq.db").display());
    let place = postgres.place(place, true);

    let busy = db(&place, &["copy", "--from", &file]).await;
    assert!(busy.1.contains("another control plane runs this database"), "{busy:?}");
    first.stop().await;
    let (status, said) = db(&place, &["status"]).await;
    // The refused copy has made the tables already.
    assert!(status == Some(0) && said.contains("PostgreSQL: schema version"), "{said}");
    let (status, said) = db(&place, &["migrate"]).await;
    assert!(status == Some(0) && said.contains("nothing to do"), "{said}");
    let (status, said) = db(&place, &["copy", "--from", &file, "--json"]).await;
    assert_eq!(status, Some(0), "{said}");
    let report: Value = serde_json::from_str(&said).unwrap();
    let rows = |table: &str| {
        let tables = report["tables"].as_array().unwrap();
        tables.iter().find(|row| row["table"] == table).unwrap()["rows"].clone()
    };
    assert_eq!((rows("tenants"), rows("message_logs")), (1.into(), 2.into()));
    let again = db(&place, &["copy", "--from", &file]).await;
    assert!(again.0 == Some(1) && again.1.contains("not empty"), "{again:?}");

    let second = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    bot.is_active(second.admin()).await;
    bot.answers(&asha, "1").await;
    second.admin().wait_for_logs(&bot.id, "two in and two out", |logs| logs.len() == 4).await;
    assert_eq!(postgres.sql("flowhq", "SELECT count(*) FROM message_logs"), "4");
}

#[tokio::test]
async fn a_password_in_an_argument_and_a_copy_onto_itself_are_refused() {
    let place = Place::new();
    let (status, said) = db(&place, &["copy", "--from", "postgres://flowhq:hunter2@localhost/flowhq"]).await;
    assert!(status == Some(2) && said.contains("PGPASSWORD") && !said.contains("hunter2"), "{said}");
    let file = format!("sqlite:{}", place.data().join("flowhq.db").display());
    assert_eq!(db(&place, &["copy", "--from", &file]).await.0, Some(2));
    assert_eq!(db(&place, &["copy", "--from", "sqlite:/nowhere.db"]).await.0, Some(2));
    assert_eq!(db(&place, &["copy"]).await.0, Some(2));
}

/// Runs `flowhq db …`: its exit code, and what it said.
async fn db(place: &Place, arguments: &[&str]) -> (Option<i32>, String) {
    let output = place.command(Flavour::Virtual).arg("db").args(arguments).output().await.unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}
