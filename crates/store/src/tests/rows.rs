//! Row-level security on PostgreSQL, table by table and verb by verb, with bare SQL as the runtime role: what holds
//! when a statement of ours has a bug.

use std::fmt::Write as _;

use domain::TenantId;
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _, Row as _};

use super::{
    postgres::run,
    support::{World, tenant_tables},
};

/// A verb and what it is tried with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Select,
    Insert,
    Update,
    Delete,
}

const VERBS: [Verb; 4] = [Verb::Select, Verb::Insert, Verb::Update, Verb::Delete];

/// What stands in the setting; only "own" opens anything.
fn settings(own: TenantId, foreign: TenantId) -> Vec<(&'static str, Option<String>)> {
    vec![
        ("unset", None),
        ("own", Some(own.to_string())),
        ("foreign", Some(foreign.to_string())),
        ("malformed", Some(String::new())),
        ("malformed", Some("' OR true --".to_owned())),
        ("malformed", Some("%".to_owned())),
        ("malformed", Some(format!("{own} "))),
        ("malformed", Some(own.to_string().to_uppercase())),
    ]
}

/// A tenant with rows everywhere, another one, and one that has its own row and no other.
struct Scene {
    world: World,
    own: TenantId,
    foreign: TenantId,
    empty: TenantId,
    connection: AnyConnection,
}

impl Scene {
    async fn new() -> Option<Self> {
        let world = World::postgres().await?;
        let (own, foreign, empty) =
            (world.tenant("Asha").await, world.tenant("Baraka").await, world.tenant("Neema").await);
        world.fill(own).await;
        world.fill(foreign).await;
        let addresses = world.addresses.as_ref().unwrap();
        for table in ["tenant_configs", "whatsapp_sessions", "worker_processes", "business_profiles"] {
            run(&addresses.superuser, &format!("DELETE FROM {table} WHERE tenant_id = '{empty}'"))
                .await
                .unwrap();
        }
        let connection = AnyConnection::connect(&addresses.runtime).await.unwrap();
        Some(Self { world, own, foreign, empty, connection })
    }

    /// Runs SQL as the runtime role in a transaction with these settings, rolls back, and tells the rows changed or
    /// found, or the error.
    async fn attempt(&mut self, settings: &[(&str, &str)], sql: &str) -> Result<u64, String> {
        let mut tx = self.connection.begin().await.unwrap();
        for (name, value) in settings {
            let set = sqlx::query("SELECT set_config($1, $2, true)")
                .bind((*name).to_owned())
                .bind((*value).to_owned());
            set.execute(&mut *tx).await.unwrap();
        }
        let done = if sql.starts_with("SELECT") {
            let found = tx.fetch_all(AssertSqlSafe(sql.to_owned())).await;
            found.map(|rows| rows.len() as u64)
        } else {
            tx.execute(AssertSqlSafe(sql.to_owned())).await.map(|done| done.rows_affected())
        };
        tx.rollback().await.unwrap();
        done.map_err(|error| error.to_string())
    }

    /// A row of the table as JSON, changed so that it can be added for [`Scene::empty`].
    async fn another_row(&mut self, table: &str, column: &str) -> String {
        let superuser = self.world.addresses.as_ref().unwrap().superuser.clone();
        let mut connection = AnyConnection::connect(&superuser).await.unwrap();
        let sql = format!(
            "SELECT CAST(to_jsonb(x) AS TEXT) FROM {table} x WHERE {column} = '{}' LIMIT 1",
            self.own
        );
        let row = connection.fetch_one(AssertSqlSafe(sql)).await.unwrap();
        let mut json: serde_json::Value = serde_json::from_str(&row.get::<String, _>(0)).unwrap();
        json["id"] = domain::RecordId::generate().to_string().into();
        json[column] = self.empty.to_string().into();
        json["process_name"] = "another".into();
        json["linked_number"] = serde_json::Value::Null;
        json["number_claim"] = serde_json::Value::Null;
        json.to_string()
    }
}

fn sql(verb: Verb, table: &str, column: &str, tenant: TenantId, row: &str) -> String {
    match verb {
        Verb::Select => format!("SELECT * FROM {table} WHERE {column} = '{tenant}'"),
        Verb::Insert => {
            format!("INSERT INTO {table} SELECT * FROM jsonb_populate_record(CAST(NULL AS {table}), '{row}')")
        }
        Verb::Update => format!("UPDATE {table} SET created_at = created_at + 1 WHERE {column} = '{tenant}'"),
        Verb::Delete => format!("DELETE FROM {table} WHERE {column} = '{tenant}'"),
    }
}

/// 16 cells a table at least: each verb with the setting unset, own, foreign and malformed.
#[tokio::test]
async fn no_row_is_seen_or_written_under_anything_but_its_own_tenants_setting() {
    let Some(mut scene) = Scene::new().await else { return };
    let (own, foreign, empty) = (scene.own, scene.foreign, scene.empty);
    let mut cells = 0;
    let mut leaks = String::new();
    for (table, column) in tenant_tables() {
        let mut row = scene.another_row(table, column).await;
        let mut inserted_for = empty;
        if table == "tenants" {
            // A tenant's own row can only be a new one.
            inserted_for = TenantId::generate();
            row = row.replace(&empty.to_string(), &inserted_for.to_string());
        }
        if matches!(table, "setup_requests" | "memberships" | "notification_choices" | "push_subscriptions") {
            // The reference to a membership must be whole, so that only the policy can refuse the row.
            let members = scene.world.store.operator();
            let email = format!("{table}@example.com");
            let new = super::support::member(&email, domain::Role::Owner);
            let other = scene.world.tenant(table).await;
            let member = members.add_member(Some(other), &new).await.unwrap();
            let mut json: serde_json::Value = serde_json::from_str(&row).unwrap();
            json["user_id"] = member.user.id.to_string().into();
            if table != "memberships" {
                inserted_for = other;
                json["tenant_id"] = other.to_string().into();
            }
            row = json.to_string();
        }
        for verb in VERBS {
            let target = if verb == Verb::Insert { inserted_for } else { own };
            for (label, value) in settings(target, foreign) {
                cells += 1;
                let set: Vec<(&str, &str)> =
                    value.as_deref().map(|value| ("flowhq.tenant", value)).into_iter().collect();
                let outcome = scene.attempt(&set, &sql(verb, table, column, target, &row)).await;
                let grows_only = table == "portal_event_logs" && matches!(verb, Verb::Update | Verb::Delete);
                let fits = match (&outcome, label) {
                    (Err(error), _) if grows_only => error.contains("permission denied"),
                    (Ok(rows), "own") => *rows > 0,
                    (Ok(rows), _) => *rows == 0 && verb != Verb::Insert,
                    (Err(error), _) => {
                        label != "own" && verb == Verb::Insert && error.contains("row-level security")
                    }
                };
                if !fits {
                    let _ = writeln!(leaks, "{table} {verb:?} {label} {value:?}: {outcome:?}");
                }
            }
            // The control beside each denial: the operator's setting opens the very same.
            let outcome =
                scene.attempt(&[("flowhq.operator", "on")], &sql(verb, table, column, target, &row)).await;
            let grows_only = table == "portal_event_logs" && matches!(verb, Verb::Update | Verb::Delete);
            if outcome.as_ref().is_ok_and(|rows| *rows > 0) == grows_only {
                let _ = writeln!(leaks, "{table} {verb:?} operator: {outcome:?}");
            }
        }
    }
    assert!(leaks.is_empty(), "{leaks}");
    assert!(cells >= 16 * tenant_tables().count(), "{cells}");
    super::isolation::counted("rows", cells);
}

#[tokio::test]
async fn a_row_cannot_be_handed_to_another_tenant() {
    let Some(mut scene) = Scene::new().await else { return };
    let (own, foreign) = (scene.own.to_string(), scene.foreign);
    for (table, column) in tenant_tables() {
        let sql = format!("UPDATE {table} SET {column} = '{foreign}' WHERE {column} = '{own}'");
        let moved = scene.attempt(&[("flowhq.tenant", &own)], &sql).await;
        assert!(moved.is_err(), "{table}: {moved:?}");
    }
}

#[tokio::test]
async fn only_the_exact_word_makes_an_operator() {
    let Some(mut scene) = Scene::new().await else { return };
    for word in ["", "ON", "on ", "true", "1", "yes", "'on'", "off"] {
        for table in ["tenants", "users", "settings", "message_logs"] {
            let seen = scene.attempt(&[("flowhq.operator", word)], &format!("SELECT * FROM {table}")).await;
            assert_eq!(seen, Ok(0), "{table} {word:?}");
        }
    }
}

#[tokio::test]
async fn a_tenant_reads_its_people_and_changes_none_and_sees_no_setting() {
    let Some(mut scene) = Scene::new().await else { return };
    let own = scene.own.to_string();
    scene.world.store.operator().set_setting("admin_password", "hash").await.unwrap();
    let as_own = [("flowhq.tenant", own.as_str())];
    assert_eq!(scene.attempt(&as_own, "SELECT * FROM users").await, Ok(1));
    assert_eq!(scene.attempt(&as_own, "UPDATE users SET name = 'x'").await, Ok(0));
    assert_eq!(scene.attempt(&as_own, "DELETE FROM users").await, Ok(0));
    let insert = "INSERT INTO users VALUES ('x', 'x', 'x@example.com', NULL, 0, 0)";
    assert!(scene.attempt(&as_own, insert).await.unwrap_err().contains("row-level security"));
    assert_eq!(scene.attempt(&as_own, "SELECT * FROM settings").await, Ok(0));
    assert_eq!(scene.attempt(&as_own, "DELETE FROM settings").await, Ok(0));
    assert_eq!(scene.attempt(&as_own, "UPDATE leases SET epoch = 9").await, Ok(0));
    for forbidden in [
        "TRUNCATE message_logs",
        "DROP TABLE settings",
        "CREATE TABLE x (y TEXT)",
        "ALTER TABLE tenants NO FORCE ROW LEVEL SECURITY",
        "INSERT INTO flowhq_migrations VALUES (9, 'x', 'x', 0)",
        "DROP POLICY tenant_rows ON tenants",
        "SET ROLE flowhq_owner",
    ] {
        let refused = scene.attempt(&as_own, forbidden).await;
        assert!(refused.is_err(), "{forbidden}");
    }
}
