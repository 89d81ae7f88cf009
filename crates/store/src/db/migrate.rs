//! Migrations: forward only, each in a transaction of its own, never edited once released (their checksums are kept).

use domain::Timestamp;
use sha2::{Digest as _, Sha256};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Connection as _, Row as _};

use super::Engine;
use crate::OpenError;

struct Migration {
    version: i64,
    name: &'static str,
    template: &'static str,
}

const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, name: "tables", template: include_str!("../../migrations/0001_tables.sql") }];

/// The schema version that this program needs.
pub(crate) const LATEST: i64 = 1;

const TABLES: &[&str] = &[
    "tenants",
    "tenant_configs",
    "whatsapp_sessions",
    "worker_processes",
    "message_logs",
    "journals",
    "users",
    "memberships",
    "setup_requests",
    "portal_event_logs",
    "settings",
];

/// What a database is, before anything is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its schema version, 0 where it is empty.
    pub(crate) version: i64,
}

impl Migration {
    /// Its text for one engine. The templates differ in nothing but types.
    fn text(&self, engine: Engine) -> String {
        let (id, int, strict) = match engine {
            Engine::Sqlite => ("TEXT", "INTEGER", "STRICT"),
            Engine::Postgres => ("TEXT COLLATE \"C\"", "BIGINT", ""),
        };
        // Comments go first: they explain the placeholders.
        let lines: Vec<&str> = self.template.lines().filter(|line| !line.starts_with("--")).collect();
        lines.join("\n").replace("{id}", id).replace("{int}", int).replace("{strict}", strict)
    }

    fn checksum(&self, engine: Engine) -> String {
        hex::encode(Sha256::digest(self.text(engine)))
    }
}

/// Looks at a database and refuses what is not ours or not for this program. Changes nothing.
pub(crate) async fn inspect(pool: &AnyPool, engine: Engine) -> Result<Found, OpenError> {
    let mut connection = pool.acquire().await.map_err(OpenError::Database)?;
    look(&mut connection, engine).await
}

async fn look(connection: &mut AnyConnection, engine: Engine) -> Result<Found, OpenError> {
    let tables = tables(connection, engine).await.map_err(OpenError::Database)?;
    if !tables.iter().any(|name| name == "flowhq_migrations") {
        let same: Vec<&str> =
            TABLES.iter().copied().filter(|ours| tables.iter().any(|name| name == ours)).collect();
        return if same.is_empty() {
            Ok(Found { version: 0 })
        } else {
            Err(OpenError::Foreign { tables: same.join(", ") })
        };
    }
    let applied = sqlx::query("SELECT version, checksum FROM flowhq_migrations ORDER BY version")
        .fetch_all(&mut *connection)
        .await
        .map_err(OpenError::Database)?;
    let mut version = 0;
    for row in applied {
        version = row.try_get::<i64, _>(0).map_err(OpenError::Database)?;
        let checksum: String = row.try_get(1).map_err(OpenError::Database)?;
        match MIGRATIONS.iter().find(|migration| migration.version == version) {
            None => return Err(OpenError::NewerSchema { found: version, known: LATEST }),
            Some(known) if known.checksum(engine) != checksum => {
                return Err(OpenError::ChangedMigration { version });
            }
            Some(_) => {}
        }
    }
    Ok(Found { version })
}

async fn tables(connection: &mut AnyConnection, engine: Engine) -> Result<Vec<String>, sqlx::Error> {
    let sql = match engine {
        Engine::Sqlite => "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')",
        Engine::Postgres => {
            "SELECT CAST(c.relname AS TEXT) FROM pg_catalog.pg_class c \
             WHERE c.relnamespace = CAST(CAST(current_schema() AS TEXT) AS regnamespace) \
             AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        }
    };
    sqlx::query(sql).fetch_all(connection).await?.iter().map(|row| row.try_get(0)).collect()
}

/// Applies what is missing, in order.
pub(crate) async fn apply(pool: &AnyPool, engine: Engine, now: Timestamp) -> Result<Found, OpenError> {
    let mut connection = pool.acquire().await.map_err(OpenError::Database)?;
    let found = look(&mut connection, engine).await?;
    for migration in MIGRATIONS.iter().filter(|migration| migration.version > found.version) {
        apply_one(&mut connection, engine, migration, now).await.map_err(OpenError::Database)?;
        tracing::info!(version = migration.version, name = migration.name, "migration applied");
    }
    Ok(Found { version: LATEST })
}

async fn apply_one(
    connection: &mut AnyConnection,
    engine: Engine,
    migration: &Migration,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let mut tx = connection.begin().await?;
    // Safe: constants of this crate.
    let text = format!(
        "CREATE TABLE IF NOT EXISTS flowhq_migrations (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, \
         checksum TEXT NOT NULL, applied_at BIGINT NOT NULL);\n{}",
        migration.text(engine)
    );
    sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut *tx).await?;
    sqlx::query(
        "INSERT INTO flowhq_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(migration.version)
    .bind(migration.name.to_owned())
    .bind(migration.checksum(engine))
    .bind(now.as_millisecond())
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
