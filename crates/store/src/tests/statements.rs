//! Every statement is understood by the engines, and names its tenant.

use std::collections::HashSet;

use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};

use super::support::worlds;
use crate::{
    db::{Access, Engine},
    sql::{self, Reach},
};

#[tokio::test]
async fn every_statement_prepares() {
    for world in worlds().await {
        let mut tx = world.store.begin(Access { tenant: None, write: true }).await.unwrap();
        for statement in sql::all() {
            let text = statement.text(world.store.engine()).into_owned();
            let prepared = tx.connection().prepare(AssertSqlSafe(text.clone()).into_sql_str()).await;
            assert!(prepared.is_ok(), "{}: {text}: {}", statement.name, prepared.err().unwrap());
        }
    }
}

#[test]
fn statements_have_names_of_their_own() {
    let names: HashSet<_> = sql::all().iter().map(|statement| statement.name).collect();
    assert_eq!(names.len(), sql::all().len());
}

#[test]
fn every_statement_is_in_the_list() {
    let files = [
        include_str!("../sql/accounts.rs"),
        include_str!("../sql/factors.rs"),
        include_str!("../sql/alerts.rs"),
        include_str!("../sql/customers.rs"),
        include_str!("../sql/erasures.rs"),
        include_str!("../sql/events.rs"),
        include_str!("../sql/hosts.rs"),
        include_str!("../sql/leases.rs"),
        include_str!("../sql/lifecycle.rs"),
        include_str!("../sql/logs.rs"),
        include_str!("../sql/members.rs"),
        include_str!("../sql/moves.rs"),
        include_str!("../sql/notes.rs"),
        include_str!("../sql/notices.rs"),
        include_str!("../sql/people.rs"),
        include_str!("../sql/places.rs"),
        include_str!("../sql/profiles.rs"),
        include_str!("../sql/records.rs"),
        include_str!("../sql/settings.rs"),
        include_str!("../sql/setup.rs"),
        include_str!("../sql/standings.rs"),
        include_str!("../sql/strips.rs"),
        include_str!("../sql/tenants.rs"),
        include_str!("../sql/workers.rs"),
    ];
    let defined: usize = files.iter().map(|file| file.matches(": Statement =").count()).sum();
    assert_eq!(defined, sql::all().len(), "a statement is missing from its module's ALL");
}

#[test]
fn statements_of_a_tenant_name_it() {
    for statement in sql::all().into_iter().filter(|statement| statement.reach == Reach::Tenant) {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let text = statement.text(engine);
            let names = if text.starts_with("INSERT") {
                (text.contains("(tenant_id,") || text.contains("INTO tenants (id,"))
                    && text.contains("VALUES ($1,")
            } else {
                text.contains("tenant_id = $1")
                    || text.contains("tenants WHERE id = $1")
                    || text.contains("WHERE t.id = $1")
                    || text.starts_with("UPDATE tenants ") && text.contains("WHERE id = $1")
            };
            assert!(names, "{}: {text}", statement.name);
        }
    }
}

/// What these change says nothing of the group in which a tenant stands, or only how long ago something was.
const MOVES_NOBODY: &[&str] = &[
    "lifecycle.lock",
    "lifecycle.link",
    "lifecycle.unlink",
    "lifecycle.release_claims",
    "workers.set_desired",
    "workers.begin_generation",
    "workers.heartbeat",
    "workers.seen",
    "workers.clear_error",
    "logs.refused",
    "logs.take_places",
    "moves.fence",
    "moves.stop",
    "moves.arrived",
    "moves.wanted",
];

#[test]
fn what_may_move_a_tenant_says_so() {
    let rows = ["tenants", "whatsapp_sessions", "worker_processes"];
    let writes = |text: &str| {
        rows.iter().any(|table| {
            ["UPDATE ", "INSERT INTO ", "DELETE FROM "]
                .iter()
                .any(|verb| text.contains(&format!("{verb}{table} ")))
        })
    };
    let silent: Vec<_> = sql::all()
        .into_iter()
        .filter(|statement| !statement.moves && writes(&statement.text(Engine::Sqlite)))
        .map(|statement| statement.name)
        .collect();
    assert_eq!(silent, MOVES_NOBODY);
}
