//! What `flowhq serve` refuses of a PostgreSQL that would not keep tenants apart, with the SQL that mends it: the
//! tests run what the message says.

use tests::{Flavour, LIMIT, Place, Postgres, planted::UNSAFE};

/// What `flowhq serve` says where it does not start.
async fn refusal(place: &Place) -> String {
    let output = place.command(Flavour::Virtual).arg("serve").output();
    let output = tokio::time::timeout(LIMIT, output).await.unwrap().unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn what_would_not_keep_tenants_apart_is_refused_with_the_sql_that_mends_it() {
    let Some(postgres) = Postgres::start() else { return };
    let migrates = postgres.place(Place::new(), true);
    let migrate = async || {
        let output = migrates.command(Flavour::Virtual).args(["db", "migrate"]).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let place = postgres.place(Place::new(), false);
    let said = refusal(&place).await;
    assert!(said.contains("flowhq db migrate") && said.contains("DATABASE_MIGRATE_URL"), "{said}");
    migrate().await;

    for (done, expected) in UNSAFE {
        postgres.sql("flowhq", done);
        let said = refusal(&place).await;
        assert!(said.contains(expected), "{done}: {said}");
        let (_, mend) = said.trim().split_once("As an administrator of the database, run: ").unwrap();
        postgres.sql("flowhq", mend);
        // Rights that went with a table's owner come back by a migration.
        migrate().await;
        let fine = migrates.command(Flavour::Virtual).args(["db", "status"]).output().await.unwrap();
        assert!(fine.status.success());
    }

    // With all mended, the next thing that is wrong is named: nothing of the above is left.
    postgres.sql("flowhq", "INSERT INTO flowhq_migrations VALUES (999, 'later', 'x', 0)");
    let said = refusal(&place).await;
    assert!(said.contains("schema version 999") && said.contains("use the newer program"), "{said}");
}

#[tokio::test]
async fn a_database_of_somebody_else_is_refused_and_untouched() {
    let Some(postgres) = Postgres::start() else { return };
    postgres.sql("flowhq", "CREATE TABLE users (email TEXT); INSERT INTO users VALUES ('a@example.com');");
    let said = refusal(&postgres.place(Place::new(), true)).await;
    assert!(
        said.contains("tables of the same names (users)") && said.contains("a database of its own"),
        "{said}"
    );
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(postgres.sql("flowhq", tables), "1");
    assert_eq!(postgres.sql("flowhq", "SELECT email FROM users"), "a@example.com");
}

#[tokio::test]
async fn one_role_for_both_is_refused() {
    let Some(postgres) = Postgres::start() else { return };
    let mut place = postgres.place(Place::new(), true);
    place.set("DATABASE_MIGRATE_URL", postgres.address("flowhq", "flowhq"));
    let said = refusal(&place).await;
    assert!(
        said.contains("DATABASE_MIGRATE_URL") && said.contains("another than that of DATABASE_URL"),
        "{said}"
    );
}
