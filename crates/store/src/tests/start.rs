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

/// A policy of the right name that says something else, for another verb, or for somebody else.
#[tokio::test]
async fn a_policy_that_says_something_else_is_refused() {
    for (index, changed) in [
        "ALTER POLICY tenant_rows ON message_logs USING (true)",
        "ALTER POLICY tenant_rows ON message_logs WITH CHECK (true)",
        "ALTER POLICY operator_rows ON settings \
         USING ((SELECT nullif(current_setting('flowhq.operator', true) <> 'on', false) AS is_operator) IS NOT NULL)",
        "ALTER POLICY tenant_rows ON tenants TO flowhq_owner",
        "DROP POLICY tenant_rows ON leases; CREATE POLICY tenant_rows ON leases USING (true) WITH CHECK (true)",
        "DROP POLICY tenant_rows ON journals; CREATE POLICY tenant_rows ON journals AS RESTRICTIVE \
         USING (tenant_id = (SELECT nullif(current_setting('flowhq.tenant', true), '') AS of_tenant))",
        "DROP POLICY operator_rows ON users",
    ]
    .into_iter()
    .enumerate()
    {
        broken_and_mended(&format!("start says {index}"), changed, "polic").await;
    }
}

#[tokio::test]
async fn a_role_that_reaches_beyond_the_tables_is_refused() {
    broken_and_mended("start databases", "ALTER ROLE {role} CREATEDB", "may make databases").await;
    broken_and_mended("start copies", "ALTER ROLE {role} REPLICATION", "replication").await;
    for right in ["pg_read_all_data", "pg_execute_server_program", "pg_read_server_files"] {
        broken_and_mended(&format!("start {right}"), &format!("GRANT {right} TO {{role}}"), "may act as")
            .await;
    }
}

#[tokio::test]
async fn functions_and_views_with_their_owners_rights_are_refused() {
    let function = "CREATE FUNCTION leak() RETURNS BIGINT LANGUAGE sql SECURITY DEFINER \
                    AS 'SELECT COUNT(*) FROM tenants'";
    broken_and_mended("start function", function, "leak()").await;
    let view = "CREATE VIEW leak AS SELECT * FROM message_logs; GRANT SELECT ON leak TO {role}";
    broken_and_mended("start view", view, "may read leak").await;
    let twice = "CREATE VIEW inner_leak AS SELECT * FROM tenants; CREATE VIEW leak AS SELECT * FROM inner_leak; \
                 GRANT SELECT ON leak TO {role}";
    broken_and_mended("start views", twice, "may read leak").await;
    // One that reads with the reader's own rights is no way around.
    let Some((addresses, target)) = database("start invoker").await else { return };
    let harmless = "CREATE VIEW harmless WITH (security_invoker = true) AS SELECT * FROM tenants; \
                    GRANT SELECT ON harmless TO PUBLIC";
    run(&addresses.superuser, harmless).await.unwrap();
    Store::open(&target, clock()).await.unwrap();
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
