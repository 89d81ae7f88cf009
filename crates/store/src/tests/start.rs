//! The start refuses a PostgreSQL that would not keep tenants apart, and the SQL that it shows mends it.

use super::{
    postgres::{Addresses, admin, bare, run},
    support::clock,
};
use crate::{OpenError, Store, Target};

/// A migrated database whose runtime role is this test's alone, with a name that needs quoting.
async fn database(role: &str) -> Option<(Addresses, Target)> {
    let mut addresses = bare().await?;
    admin(&format!("CREATE ROLE \"{role}\" LOGIN")).await;
    addresses.runtime =
        addresses.runtime.replace("user=flowhq", &format!("user={}", role.replace(' ', "%20")));
    Store::migrate(&addresses.target(), &*clock()).await.unwrap();
    let target = Target::Postgres { url: addresses.runtime.clone(), migrate_url: None };
    Store::open(&target, clock()).await.unwrap();
    Some((addresses, target))
}

/// Breaks something, sees the start refuse it for that reason, mends it with the SQL that was shown, and starts.
async fn broken_and_mended(role: &str, break_it: &str, reason: &str) {
    let Some((addresses, target)) = database(role).await else { return };
    run(&addresses.superuser, &break_it.replace("{role}", &format!("\"{role}\""))).await.unwrap();
    let error = Store::open(&target, clock()).await.unwrap_err();
    let OpenError::Unsafe { problem, mend } = &error else { panic!("{error}") };
    assert!(problem.contains(reason), "{error}");
    run(&addresses.superuser, mend).await.unwrap();
    Store::open(&target, clock()).await.unwrap();
}

#[tokio::test]
async fn a_superuser_is_refused() {
    broken_and_mended("start super", "ALTER ROLE {role} SUPERUSER", "is a superuser").await;
}

#[tokio::test]
async fn a_role_that_passes_policies_is_refused() {
    broken_and_mended("start bypass", "ALTER ROLE {role} BYPASSRLS", "passes row-level security").await;
}

#[tokio::test]
async fn a_role_that_makes_roles_is_refused() {
    broken_and_mended("start maker", "ALTER ROLE {role} CREATEROLE", "may make roles").await;
}

#[tokio::test]
async fn a_role_that_may_become_the_owner_is_refused() {
    broken_and_mended("start member", "GRANT flowhq_owner TO {role}", "may act as").await;
}

#[tokio::test]
async fn a_role_that_owns_a_table_is_refused() {
    broken_and_mended("start owner", "ALTER TABLE settings OWNER TO {role}", "owns the table").await;
}

#[tokio::test]
async fn a_role_that_may_create_tables_is_refused() {
    broken_and_mended("start create", "GRANT CREATE ON SCHEMA public TO {role}", "may create tables").await;
}

#[tokio::test]
async fn a_role_that_may_rewrite_the_audit_log_is_refused() {
    broken_and_mended(
        "start audit",
        "GRANT DELETE ON portal_event_logs TO {role}",
        "rewrite portal_event_logs",
    )
    .await;
}

#[tokio::test]
async fn a_role_that_may_truncate_is_refused() {
    broken_and_mended("start truncate", "GRANT TRUNCATE ON message_logs TO {role}", "truncate").await;
}

#[tokio::test]
async fn row_level_security_that_is_off_or_not_forced_is_refused() {
    broken_and_mended("start off", "ALTER TABLE message_logs DISABLE ROW LEVEL SECURITY", "ENABLE").await;
    broken_and_mended("start unforced", "ALTER TABLE tenants NO FORCE ROW LEVEL SECURITY", "FORCE").await;
}

#[tokio::test]
async fn a_policy_too_many_is_refused() {
    broken_and_mended(
        "start policy",
        "CREATE POLICY zz_open ON message_logs USING (true)",
        "policies of message_logs",
    )
    .await;
}

#[tokio::test]
async fn the_owner_cannot_serve_and_the_server_cannot_migrate() {
    let Some((addresses, _)) = database("start both").await else { return };
    let owner = Target::Postgres { url: addresses.owner.clone(), migrate_url: None };
    let error = Store::open(&owner, clock()).await.unwrap_err();
    assert!(matches!(error, OpenError::Unsafe { .. }), "{error}");
    let same = Target::Postgres { url: addresses.owner.clone(), migrate_url: Some(addresses.owner) };
    let error = Store::open(&same, clock()).await.unwrap_err();
    assert!(matches!(error, OpenError::NoMigrateUrl), "{error}");
}
