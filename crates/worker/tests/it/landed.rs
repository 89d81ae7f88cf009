//! Journals of every schema that ever landed, as their workers left them: opened by today's code, their chats go on. They stay
//! for ever, and a schema without one fails here.

use std::{collections::BTreeSet, path::Path};

use rusqlite::Connection;

use crate::{
    engine::{ASHA, count, rig, say, up_to_yes},
    rig::Rig,
};

/// The newest schema of which a journal is kept. One that is added leaves its own here, made of the SQL of before.
const NEWEST: i64 = 6;

fn kept(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

fn names() -> BTreeSet<String> {
    let folder = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")).unwrap();
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with("journal-")).collect()
}

/// Lays a kept journal into the cell, as one that its worker has left.
fn lay(rig: &mut Rig, name: &str) {
    let sql = kept(name).replace("TENANT", &rig.tenant.to_string());
    rig.journal().execute_batch(&sql).unwrap();
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(rig.journal_path(), permissions).unwrap();
    rig.generation = 1;
}

#[tokio::test]
async fn a_journal_of_every_schema_that_landed_is_opened_and_its_chat_goes_on() {
    let all = names();
    assert!(all.len() >= 7, "{all:?}");
    for name in all {
        let mut rig = rig();
        lay(&mut rig, &name);
        let (running, mut control) = rig.start_welcomed().await;
        assert!(!control.hello.wants_records, "{name}: there were none");
        assert_eq!(control.until_logged(2).await.len(), 2, "{name}");
        up_to_yes(&rig, ASHA).await;
        let done = say(&rig, ASHA, "yes").await;
        assert!(done.contains("B-1001"), "{name}: {done}");
        rig.stop(running, control).await;
        assert_eq!(count(&rig, "SELECT schema FROM meta"), NEWEST, "{name}");
        assert_eq!(count(&rig, "SELECT count(*) FROM contacts"), 1, "{name}");
    }
}

/// What a database consists of, each part by its own words.
fn parts(database: &Connection) -> Vec<String> {
    let mut told =
        database.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
    let rows = told.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[tokio::test]
async fn a_schema_that_is_new_leaves_a_journal_and_one_that_landed_is_never_edited() {
    let all = names();
    for schema in 1..=NEWEST {
        assert!(all.contains(&format!("journal-{schema}.sql")), "no journal of schema {schema} is kept");
    }
    let mut rig = rig();
    let (running, control) = rig.start_welcomed().await;
    rig.stop(running, control).await;
    assert_eq!(
        count(&rig, "SELECT schema FROM meta"),
        NEWEST,
        "a schema was added: keep a journal of it in tests/fixtures, made of its own SQL"
    );
    let newest = Connection::open_in_memory().unwrap();
    newest.execute_batch(&kept(&format!("journal-{NEWEST}.sql"))).unwrap();
    assert_eq!(
        parts(&rig.journal()),
        parts(&newest),
        "the SQL of a schema that landed was edited: add another"
    );
}
