//! Opening: what is refused is left untouched, what is taken is brought up to date once.

use std::{os::unix::fs::PermissionsExt as _, path::Path};

use sqlx::{AnyConnection, Connection as _, Executor as _, Row as _};

use super::{
    postgres,
    support::{clock, worlds},
};
use crate::{
    OpenError, SchemaStatus, Store, Target,
    db::{Access, LATEST},
};

/// An empty database of each engine, without a schema.
async fn bare() -> Vec<(Target, Option<tempfile::TempDir>)> {
    let dir = tempfile::tempdir().unwrap();
    let mut targets = vec![(Target::Sqlite(dir.path().join("flowhq.db")), Some(dir))];
    targets.extend(postgres::bare().await.map(|addresses| (addresses.target(), None)));
    targets
}

/// Runs SQL as the owner of the tables.
async fn run(target: &Target, sql: &str) {
    sqlx::any::install_default_drivers();
    let address = match target {
        Target::Sqlite(path) => format!("sqlite://{}?mode=rwc", path.display()),
        Target::Postgres { migrate_url, .. } => migrate_url.clone().unwrap(),
    };
    postgres::run(&address, sql).await.unwrap();
}

#[tokio::test]
async fn a_database_is_migrated_once_and_says_how_far_it_is() {
    for (target, _dir) in bare().await {
        let empty = SchemaStatus { found: 0, known: LATEST };
        assert_eq!(Store::status(&target).await.unwrap(), empty);
        assert_eq!(Store::migrate(&target, &*clock()).await.unwrap(), empty);
        let done = SchemaStatus { found: LATEST, known: LATEST };
        assert_eq!(Store::migrate(&target, &*clock()).await.unwrap(), done);
        assert_eq!(Store::status(&target).await.unwrap(), done);
        Store::open(&target, clock()).await.unwrap().ping().await.unwrap();
    }
}

/// A database of a branch that had a later migration and not an earlier one.
#[tokio::test]
async fn a_migration_that_is_missing_in_between_is_made_up_for() {
    for (target, _dir) in bare().await {
        Store::migrate(&target, &*clock()).await.unwrap();
        let without = "DROP TABLE heartbeat_strips; DELETE FROM flowhq_migrations WHERE version = 2;";
        run(&target, without).await;
        let behind = SchemaStatus { found: 1, known: LATEST };
        assert_eq!(Store::status(&target).await.unwrap(), behind);
        if let Target::Postgres { url, .. } = &target {
            let runtime = Target::Postgres { url: url.clone(), migrate_url: None };
            let error = Store::open(&runtime, clock()).await.unwrap_err();
            assert!(matches!(error, OpenError::OlderSchema { found: 1, needed: LATEST }), "{error}");
        }
        assert_eq!(Store::migrate(&target, &*clock()).await.unwrap(), behind);
        assert_eq!(Store::status(&target).await.unwrap().found, LATEST);
        let store = Store::open(&target, clock()).await.unwrap();
        assert!(store.operator().heartbeat_strips(&[]).await.unwrap().is_empty(), "the table is back");
    }
}

#[tokio::test]
async fn several_starts_at_once_are_safe() {
    for (target, _dir) in bare().await {
        let mut starts = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let target = target.clone();
            starts.spawn(async move { Store::open(&target, clock()).await });
        }
        for store in starts.join_all().await {
            store.unwrap().ping().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    for (target, _dir) in bare().await {
        Store::migrate(&target, &*clock()).await.unwrap();
        run(&target, "INSERT INTO flowhq_migrations VALUES (999, 'later', 'x', 0, NULL)").await;
        for refused in [
            Store::open(&target, clock()).await.map(drop),
            Store::status(&target).await.map(drop),
            Store::migrate(&target, &*clock()).await.map(drop),
        ] {
            let error = refused.unwrap_err();
            assert!(
                matches!(error, OpenError::NewerSchema { found: 999, needed: 999, known: LATEST }),
                "{error}"
            );
        }
    }
}

/// What a later program leaves, as far as this one can know it: columns and a table more, with the oldest reader of each.
#[tokio::test]
async fn a_later_programs_database_is_gone_on_with_where_it_says_so_and_refused_in_words_where_not() {
    for (target, _dir) in bare().await {
        Store::migrate(&target, &*clock()).await.unwrap();
        let added = format!(
            "ALTER TABLE tenants ADD COLUMN later TEXT; \
             INSERT INTO flowhq_migrations (version, name, checksum, applied_at, oldest_reader) \
             VALUES (998, 'later', 'x', 0, {LATEST})"
        );
        run(&target, &added).await;
        let store = Store::open(&target, clock()).await.unwrap();
        store.ping().await.unwrap();
        assert_eq!(Store::status(&target).await.unwrap(), SchemaStatus { found: LATEST, known: LATEST });
        // Migrating changes nothing of it, and the later program finds its own.
        Store::migrate(&target, &*clock()).await.unwrap();
        run(&target, "UPDATE tenants SET later = 'x'").await;
        store.close().await;

        let needs_more = format!(
            "INSERT INTO flowhq_migrations (version, name, checksum, applied_at, oldest_reader) \
             VALUES (999, 'later still', 'x', 0, {})",
            LATEST + 1
        );
        run(&target, &needs_more).await;
        let error = Store::open(&target, clock()).await.unwrap_err();
        let needed = LATEST + 1;
        assert!(
            matches!(error, OpenError::NewerSchema { found: 999, needed: n, known: LATEST } if n == needed),
            "{error}"
        );
        let words = error.to_string();
        assert!(words.contains(&needed.to_string()) && words.contains("use the newer program"), "{words}");
    }
}

#[tokio::test]
async fn an_edited_migration_is_refused() {
    for (target, _dir) in bare().await {
        Store::migrate(&target, &*clock()).await.unwrap();
        run(&target, "UPDATE flowhq_migrations SET checksum = 'edited' WHERE version = 1").await;
        let error = Store::open(&target, clock()).await.unwrap_err();
        assert!(matches!(error, OpenError::ChangedMigration { version: 1 }), "{error}");
    }
}

#[tokio::test]
async fn tables_of_somebody_else_are_refused_and_untouched() {
    for (target, _dir) in bare().await {
        run(&target, "CREATE TABLE users (email TEXT); INSERT INTO users VALUES ('a@example.com'); CREATE TABLE other (x TEXT);").await;
        let before = bytes(&target);
        for refused in [
            Store::open(&target, clock()).await.map(drop),
            Store::migrate(&target, &*clock()).await.map(drop),
        ] {
            let error = refused.unwrap_err();
            assert!(matches!(&error, OpenError::Foreign { tables } if tables == "users"), "{error}");
        }
        assert_eq!(bytes(&target), before);
        // Everything is still as it was made: nothing more, nothing less.
        run(&target, "INSERT INTO users VALUES ('b@example.com'); DROP TABLE users; DROP TABLE other;").await;
        assert_eq!(Store::status(&target).await.unwrap().found, 0);
    }
}

fn bytes(target: &Target) -> Option<Vec<u8>> {
    match target {
        Target::Sqlite(path) => Some(std::fs::read(path).unwrap()),
        Target::Postgres { .. } => None,
    }
}

#[tokio::test]
async fn a_schema_that_is_behind_is_not_worked_with() {
    let Some(addresses) = postgres::bare().await else { return };
    let target = Target::Postgres { url: addresses.runtime, migrate_url: None };
    let error = Store::open(&target, clock()).await.unwrap_err();
    assert!(matches!(error, OpenError::OlderSchema { found: 0, needed: LATEST }), "{error}");
    let error = Store::migrate(&target, &*clock()).await.unwrap_err();
    assert!(matches!(error, OpenError::NoMigrateUrl), "{error}");
}

#[tokio::test]
async fn a_file_is_ours_alone_synced_in_full_and_checks_its_references() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("flowhq.db");
    std::fs::write(&path, "").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let store = Store::open(&Target::Sqlite(path.clone()), clock()).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for suffix in ["", "-wal", "-shm"] {
        assert_eq!(mode(Path::new(&format!("{}{suffix}", path.display()))), 0o600, "{suffix}");
    }
    let mut tx = store.begin(Access { tenant: None, write: true }).await.unwrap();
    for (pragma, expected) in
        [("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000), ("trusted_schema", 0)]
    {
        let sql = sqlx::AssertSqlSafe(format!("PRAGMA {pragma}"));
        let row = tx.connection().fetch_one(sqlx::raw_sql(sql)).await.unwrap();
        assert_eq!(row.get::<i64, _>(0), expected, "{pragma}");
    }
    let row = tx.connection().fetch_one("PRAGMA journal_mode").await.unwrap();
    assert_eq!(row.get::<String, _>(0), "wal");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_untouched() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("flowhq.db");
    std::fs::write(&path, "this is no database, and never was one".repeat(40)).unwrap();
    let before = std::fs::read(&path).unwrap();
    let error = Store::open(&Target::Sqlite(path.clone()), clock()).await.unwrap_err();
    assert!(error.to_string().contains("not a database"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let missing = dir.path().join("no/such/folder/flowhq.db");
    let error = Store::open(&Target::Sqlite(missing), clock()).await.unwrap_err();
    assert!(matches!(error, OpenError::File { .. }), "{error}");
}

#[tokio::test]
async fn an_address_is_read_and_never_shown() {
    assert_eq!("sqlite:/a b/c.db".parse::<Target>().unwrap(), Target::Sqlite("/a b/c.db".into()));
    assert_eq!("sqlite://c.db".parse::<Target>().unwrap(), Target::Sqlite("c.db".into()));
    let target: Target = "postgres://flowhq:hunter2@localhost/flowhq".parse().unwrap();
    assert!(
        !format!("{:?}", target.with_migrate_url(Some("postgres://o:hunter2@h/d".into())))
            .contains("hunter2")
    );
    for wrong in ["", "sqlite:", "sqlite::memory:", "mysql://u:hunter2@localhost/x", "/var/lib/flowhq.db"] {
        let error = wrong.parse::<Target>().unwrap_err().to_string();
        assert!(error.starts_with("DATABASE_URL: ") && !error.contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn what_is_written_is_there_after_closing_and_opening() {
    for mut world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let before = world.dump(tenant).await;
        world.store.close().await;
        world.store = world.reopened().await;
        assert_eq!(world.dump(tenant).await, before);
    }
}

#[tokio::test]
async fn a_value_that_cannot_be_read_is_named() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let mut tx = world.store.begin(Access { tenant: None, write: true }).await.unwrap();
        tx.connection().execute("UPDATE tenant_configs SET template_type = 'dancing'").await.unwrap();
        tx.commit().await.unwrap();
        let error = world.store.tenant(tenant).get().await.unwrap_err().to_string();
        assert!(
            error.contains("template_type") && error.contains("dancing") && error.contains("RESTAURANT"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn connecting_to_nothing_is_an_error_that_says_so() {
    let target = Target::Postgres { url: "postgres://flowhq@127.0.0.1:1/flowhq".into(), migrate_url: None };
    let error = Store::open(&target, clock()).await.unwrap_err();
    assert!(matches!(error, OpenError::Database(_)), "{error}");
    assert!(AnyConnection::connect("postgres://flowhq@127.0.0.1:1/flowhq").await.is_err());
}
