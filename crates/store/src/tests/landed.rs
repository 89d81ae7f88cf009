//! Databases as every version that ever landed has left them: opened by today's code, what was in them is there. The list of
//! migrations with their checksums stays for ever, and a migration without its line, or another text under its number, fails
//! here.

use domain::Clock as _;
use sqlx::Connection as _;

use super::{postgres, support::clock};
use crate::{
    Store, Target,
    db::{Engine, LATEST, apply_between, known_migrations},
};

const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/fixtures/migrations.txt");
/// Rows that the first version could write.
const ROWS: &str = include_str!("fixtures/rows-1.sql");
/// A whole database of schema 29, the last that named no oldest reader.
const WHOLE: &str = include_str!("fixtures/database-29.sql");

const TENANT: &str = "01890a5d-ac96-774b-bcce-b302099a8000";

#[test]
fn each_migration_that_landed_is_listed_and_none_was_edited() {
    let now: String = known_migrations().into_iter().map(|(_, line)| line + "\n").collect();
    let listed = std::fs::read_to_string(LIST).unwrap_or_default();
    if std::env::var_os("FLOWHQ_GENERATE").is_some() && now.starts_with(&listed) {
        std::fs::write(LIST, now).unwrap();
        return;
    }
    assert!(
        now == listed,
        "a migration was added (FLOWHQ_GENERATE=1 adds its line), or one that landed was edited (never): {now}"
    );
}

async fn goes_on(target: &Target, what: &str) {
    let store = Store::open(target, clock()).await.unwrap_or_else(|error| panic!("{what}: {error}"));
    let tenant = TENANT.parse().unwrap();
    let scope = store.tenant(tenant);
    let found = scope.get().await.unwrap().tenant;
    assert_eq!(found.name, "Salon Zuri", "{what}");
    let said = scope.logs_after(0, 10).await.unwrap();
    let texts: Vec<_> = said.iter().map(|row| row.message_text.as_str()).collect();
    assert_eq!(texts, ["Habari", "Karibu Salon Zuri"], "{what}");
    store.close().await;
    assert_eq!(Store::status(target).await.unwrap().found, LATEST, "{what}");
}

#[tokio::test]
async fn a_database_of_each_version_that_landed_is_opened_with_all_that_was_in_it() {
    sqlx::any::install_default_drivers();
    for (version, _) in known_migrations() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("flowhq.db");
        let address = format!("sqlite://{}?mode=rwc", path.display());
        let mut connection = sqlx::AnyConnection::connect(&address).await.unwrap();
        // The rows came with the first version, and went through each migration up to this one.
        apply_between(&mut connection, Engine::Sqlite, (0, 1), clock().now()).await.unwrap();
        sqlx::raw_sql(ROWS).execute(&mut connection).await.unwrap();
        apply_between(&mut connection, Engine::Sqlite, (1, version), clock().now()).await.unwrap();
        connection.close().await.unwrap();
        goes_on(&Target::Sqlite(path), &format!("schema {version}")).await;
    }
}

#[tokio::test]
async fn a_recorded_database_is_opened_with_all_that_was_in_it() {
    sqlx::any::install_default_drivers();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("flowhq.db");
    postgres::run(&format!("sqlite://{}?mode=rwc", path.display()), WHOLE).await.unwrap();
    goes_on(&Target::Sqlite(path), "the recorded database").await;
}
