//! What PostgreSQL's catalogue must say, so that the policies cannot be passed by.

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Row as _};

use super::{
    postgres::{Addresses, database},
    support::tenant_tables,
};
use crate::db::TABLES;

/// Unique indexes that do not begin with the tenant, each with its reason: their errors reveal that a value is taken.
const GLOBAL: &[(&str, &str)] = &[
    ("flowhq_migrations_pkey", "belongs to no tenant"),
    ("leases_pkey", "belongs to no tenant"),
    ("hosts_pkey", "belongs to no tenant"),
    ("settings_pkey", "belongs to no tenant"),
    ("operator_accounts_pkey", "belongs to no tenant"),
    ("admin_factors_pkey", "belongs to no tenant"),
    ("code_tries_pkey", "belongs to no tenant"),
    ("alert_causes_pkey", "belongs to no tenant"),
    ("alert_deliveries_pkey", "belongs to no tenant"),
    ("alert_results_pkey", "belongs to no tenant"),
    ("web_sessions_pkey", "belongs to no tenant"),
    ("idempotency_keys_pkey", "belongs to no tenant"),
    ("person_accounts_pkey", "belongs to no tenant"),
    ("identities_pkey", "belongs to no tenant"),
    ("identities_of_provider", "one name with a provider is one person's; belongs to no tenant"),
    ("portal_sessions_pkey", "a hash of a random token, made by the store's caller"),
    ("portal_links_pkey", "a hash of a random token, made by the store's caller"),
    ("users_pkey", "a random id, made by the store"),
    ("users_email_key", "one person, one sign-in; only operators' transactions write users"),
    ("memberships_pkey", "a random id, made by the store; only operators' transactions add memberships"),
    ("memberships_of_operators", "only rows without a tenant"),
    ("portal_event_logs_pkey", "a random id, made by the store"),
    ("tenants_number_claim", "a declared number is one tenant's; only operators' transactions look it up"),
    ("worker_processes_process_name_key", "derived from the tenant's own id"),
    ("whatsapp_sessions_linked_number_key", "a number that another tenant has linked must be refused"),
    ("whatsapp_sessions_linked_lid_key", "the same for its LID"),
];

async fn column(addresses: &Addresses, sql: &str) -> Vec<String> {
    let mut connection = AnyConnection::connect(&addresses.superuser).await.unwrap();
    let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>(0)).collect()
}

#[tokio::test]
async fn every_table_with_a_tenant_is_known_and_forced() {
    let Some(addresses) = database().await else { return };
    let sql = "SELECT CAST(c.relname AS TEXT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'f', 'm', 'v') ORDER BY 1";
    let mut known: Vec<&str> = TABLES.iter().map(|table| table.name).chain(["flowhq_migrations"]).collect();
    known.sort_unstable();
    assert_eq!(column(&addresses, sql).await, known, "a table, or a view, that the list does not know");
    let unforced = "SELECT CAST(relname AS TEXT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                    WHERE n.nspname = 'public' AND relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity)";
    assert_eq!(column(&addresses, unforced).await, ["flowhq_migrations"]);
    let named = "SELECT CAST(table_name AS TEXT) FROM information_schema.columns \
                 WHERE table_schema = 'public' AND column_name = 'tenant_id' ORDER BY 1";
    let mut scoped: Vec<&str> =
        tenant_tables().filter(|(_, column)| *column == "tenant_id").map(|(name, _)| name).collect();
    scoped.sort_unstable();
    assert_eq!(column(&addresses, named).await, scoped);
}

#[tokio::test]
async fn nothing_runs_with_its_owners_rights() {
    let Some(addresses) = database().await else { return };
    let functions = "SELECT CAST(p.proname AS TEXT) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
                     WHERE n.nspname = 'public'";
    assert_eq!(column(&addresses, functions).await, Vec::<String>::new());
    let triggers = "SELECT CAST(tgname AS TEXT) FROM pg_trigger WHERE NOT tgisinternal";
    assert_eq!(column(&addresses, triggers).await, Vec::<String>::new());
    let owned = "SELECT CAST(c.relname AS TEXT) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = 'flowhq'";
    assert_eq!(column(&addresses, owned).await, Vec::<String>::new());
    let strong = "SELECT CAST(rolname AS TEXT) FROM pg_roles WHERE rolname = 'flowhq' \
                  AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)";
    assert_eq!(column(&addresses, strong).await, Vec::<String>::new());
    let to_everybody = "SELECT DISTINCT CAST(table_name AS TEXT) FROM information_schema.role_table_grants \
                        WHERE table_schema = 'public' AND grantee = 'PUBLIC'";
    assert_eq!(column(&addresses, to_everybody).await, Vec::<String>::new());
}

#[tokio::test]
async fn unique_indexes_begin_with_the_tenant_or_have_a_reason() {
    let Some(addresses) = database().await else { return };
    let sql = "SELECT CAST(i.relname AS TEXT) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid \
               JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace \
               JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0] \
               WHERE n.nspname = 'public' AND x.indisunique AND a.attname <> 'tenant_id' \
               AND NOT (t.relname = 'tenants' AND a.attname = 'id') ORDER BY 1";
    let mut reasoned: Vec<&str> = GLOBAL.iter().map(|(name, _)| *name).collect();
    reasoned.sort_unstable();
    assert_eq!(column(&addresses, sql).await, reasoned);
    assert!(GLOBAL.iter().all(|(_, reason)| !reason.is_empty()));
}

/// A reference between two tables of tenants takes the tenant along, so that it cannot point across.
#[tokio::test]
async fn references_between_tenants_tables_carry_the_tenant() {
    let Some(addresses) = database().await else { return };
    let sql = "SELECT CAST(k.conname AS TEXT) FROM pg_constraint k \
               JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid \
               WHERE k.contype = 'f' AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'tenant_id') \
               AND f.relname <> 'users' AND NOT EXISTS (SELECT 1 FROM generate_subscripts(k.conkey, 1) s \
               JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[s] \
               JOIN pg_attribute b ON b.attrelid = f.oid AND b.attnum = k.confkey[s] \
               WHERE a.attname = 'tenant_id' AND b.attname = CASE WHEN f.relname = 'tenants' THEN 'id' ELSE 'tenant_id' END)";
    assert_eq!(column(&addresses, sql).await, Vec::<String>::new());
}
