//! What must hold before the control plane works with a PostgreSQL: otherwise it does not start, and says which SQL
//! mends it.

mod definitions;
mod ways_around;

use sqlx::{AnyConnection, Row as _, any::AnyRow};

pub(super) use self::ways_around::ways_around;
use super::policies::quoted;
use crate::{OpenError, db::TABLES};

/// The oldest server that has all that is used here.
const OLDEST: i64 = 150_000;

/// One row: is superuser, passes policies, may make roles, may make databases, may copy the whole server.
const ROLE: &str = "SELECT CAST(rolname AS TEXT), CAST(rolsuper AS INT), CAST(rolbypassrls AS INT), \
     CAST(rolcreaterole AS INT), CAST(rolcreatedb AS INT), CAST(rolreplication AS INT) FROM pg_catalog.pg_roles WHERE rolname = current_user";

/// Roles with more than ordinary rights (PostgreSQL's own among them, which read all data, run programs and the like), or
/// that own something here, which the role could become.
const MASTERS: &str = "SELECT DISTINCT CAST(r.rolname AS TEXT) FROM pg_catalog.pg_roles r \
     WHERE r.rolname <> current_user AND pg_has_role(current_user, r.oid, 'MEMBER') \
     AND (r.rolsuper OR r.rolbypassrls OR r.rolreplication \
     OR (r.rolname LIKE 'pg\\_%' AND r.rolname <> 'pg_database_owner') OR EXISTS (SELECT 1 FROM pg_catalog.pg_class c \
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
     WHERE n.nspname = current_schema() AND c.relowner = r.oid)) ORDER BY 1";

/// What the role itself owns in this database.
const OWNED: &str = "SELECT CAST(c.relname AS TEXT), 'TABLE' FROM pg_catalog.pg_class c \
     WHERE c.relowner = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user) \
     AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't' \
     UNION ALL SELECT CAST(n.nspname AS TEXT), 'SCHEMA' FROM pg_catalog.pg_namespace n \
     WHERE n.nspowner = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user) \
     UNION ALL SELECT CAST(d.datname AS TEXT), 'DATABASE' FROM pg_catalog.pg_database d \
     WHERE d.datname = current_database() \
     AND d.datdba = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user) ORDER BY 1";

const MAY_CREATE: &str = "SELECT CAST(has_schema_privilege(current_schema(), 'CREATE') AS INT), \
     CAST(current_schema() AS TEXT)";

/// Enabled, forced, and whether the role may do what would pass or undo them.
const TABLE_STATE: &str = "SELECT CAST(c.relrowsecurity AS INT), CAST(c.relforcerowsecurity AS INT), \
     CAST(has_table_privilege(c.oid, 'TRUNCATE') AS INT), CAST(has_table_privilege(c.oid, 'UPDATE') AS INT) \
     + CAST(has_table_privilege(c.oid, 'DELETE') AS INT) \
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
     WHERE n.nspname = current_schema() AND c.relname = $1";

fn unsafe_because(problem: String, mend: String) -> OpenError {
    OpenError::Unsafe { problem, mend }
}

/// The server is new enough.
pub(super) async fn server(connection: &mut AnyConnection) -> Result<(), OpenError> {
    let row = one(
        connection,
        "SELECT CAST(current_setting('server_version_num') AS BIGINT), current_setting('server_version')",
    )
    .await?;
    if get::<i64>(&row, 0)? < OLDEST {
        return Err(OpenError::OldServer { found: get(&row, 1)? });
    }
    Ok(())
}

/// The role is an ordinary one that owns nothing.
pub(super) async fn role(connection: &mut AnyConnection) -> Result<(), OpenError> {
    let row = one(connection, ROLE).await?;
    let name: String = get(&row, 0)?;
    let role = quoted(&name);
    for (column, what, word) in [
        (1, "is a superuser", "NOSUPERUSER"),
        (2, "passes row-level security", "NOBYPASSRLS"),
        (3, "may make roles", "NOCREATEROLE"),
        (4, "may make databases", "NOCREATEDB"),
        (5, "may copy every row by replication", "NOREPLICATION"),
    ] {
        if get::<i32>(&row, column)? != 0 {
            return Err(unsafe_because(
                format!("the role {role} {what}"),
                format!("ALTER ROLE {role} {word};"),
            ));
        }
    }
    if let Some(row) = all(connection, MASTERS).await?.first() {
        let master = quoted(&get::<String>(row, 0)?);
        return Err(unsafe_because(
            format!(
                "the role {role} may act as {master}, which passes row-level security, owns tables or reaches the server"
            ),
            format!("REVOKE {master} FROM {role};"),
        ));
    }
    if let Some(row) = all(connection, OWNED).await?.first() {
        let (owned, kind) = (quoted(&get::<String>(row, 0)?), get::<String>(row, 1)?);
        return Err(unsafe_because(
            format!("the role {role} owns the {} {owned}", kind.to_lowercase()),
            format!("ALTER {kind} {owned} OWNER TO \"flowhq_owner\";"),
        ));
    }
    let row = one(connection, MAY_CREATE).await?;
    if get::<i32>(&row, 0)? != 0 {
        let schema = quoted(&get::<String>(&row, 1)?);
        return Err(unsafe_because(
            format!("the role {role} may create tables in the schema {schema}"),
            format!("REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role};"),
        ));
    }
    Ok(())
}

/// Every table has its policies, enabled and forced, and the role has no right that passes them.
pub(super) async fn tables(connection: &mut AnyConnection) -> Result<(), OpenError> {
    let role = quoted(&get::<String>(&one(connection, "SELECT CAST(current_user AS TEXT)").await?, 0)?);
    for table in TABLES {
        let name = table.name;
        let rows = sqlx::query(TABLE_STATE).bind(name.to_owned()).fetch_all(&mut *connection).await;
        let rows = rows.map_err(OpenError::Database)?;
        let Some(row) = rows.first() else {
            return Err(unsafe_because(
                format!("the table {name} is missing"),
                "flowhq db migrate".to_owned(),
            ));
        };
        for (column, word) in [(0, "ENABLE"), (1, "FORCE")] {
            if get::<i32>(row, column)? == 0 {
                return Err(unsafe_because(
                    format!("row-level security of {name} is off ({word} is missing)"),
                    format!("ALTER TABLE {name} {word} ROW LEVEL SECURITY;"),
                ));
            }
        }
        definitions::check(connection, table).await?;
        let grows_only = !table.rights.contains("UPDATE");
        if get::<i32>(row, 2)? != 0 || (grows_only && get::<i32>(row, 3)? != 0) {
            let verbs = if grows_only { "TRUNCATE, UPDATE, DELETE" } else { "TRUNCATE" };
            return Err(unsafe_because(
                format!("the role {role} may truncate or rewrite {name}"),
                format!("REVOKE {verbs} ON {name} FROM PUBLIC, {role};"),
            ));
        }
    }
    Ok(())
}

async fn all(connection: &mut AnyConnection, sql: &'static str) -> Result<Vec<AnyRow>, OpenError> {
    sqlx::query(sql).fetch_all(connection).await.map_err(OpenError::Database)
}

async fn one(connection: &mut AnyConnection, sql: &'static str) -> Result<AnyRow, OpenError> {
    sqlx::query(sql).fetch_one(connection).await.map_err(OpenError::Database)
}

fn get<T>(row: &AnyRow, column: usize) -> Result<T, OpenError>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Any> + sqlx::Type<sqlx::Any>,
{
    row.try_get(column).map_err(OpenError::Database)
}
