//! Migrations: forward only, all that are missing in one transaction, never edited once released (their checksums
//! are kept).

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use sha2::{Digest as _, Sha256};
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

use super::{Engine, tables::TABLES};
use crate::OpenError;

struct Migration {
    version: i64,
    name: &'static str,
    template: &'static str,
    /// PostgreSQL's own text, where the two engines differ in more than types.
    postgres: Option<&'static str>,
    /// The newest migration that a program must know, at least, which does not know this one and opens a database that has had
    /// it: its own number where such a program would do harm. One that only adds what a program without it need not know
    /// (columns that are null or have a default, tables, indexes) names an older one, so that an upgrade can be taken back.
    oldest_reader: i64,
}

impl Migration {
    const fn new(version: i64, name: &'static str, template: &'static str) -> Self {
        Self { version, name, template, postgres: None, oldest_reader: version }
    }
}

const MIGRATIONS: &[Migration] = &[
    Migration::new(1, "tables", include_str!("../../migrations/0001_tables.sql")),
    Migration::new(2, "heartbeat_strips", include_str!("../../migrations/0002_heartbeat_strips.sql")),
    Migration::new(3, "operators", include_str!("../../migrations/0003_operators.sql")),
    Migration::new(4, "alerts", include_str!("../../migrations/0004_alerts.sql")),
    Migration::new(5, "rate_limit", include_str!("../../migrations/0005_rate_limit.sql")),
    Migration::new(6, "sign_in", include_str!("../../migrations/0006_sign_in.sql")),
    Migration::new(8, "refused_log_rows", include_str!("../../migrations/0008_refused_log_rows.sql")),
    Migration::new(10, "log_order", include_str!("../../migrations/0010_log_order.sql")),
    Migration::new(11, "remove_deleted", include_str!("../../migrations/0011_remove_deleted.sql")),
    Migration {
        postgres: Some(include_str!("../../migrations/0012_words.postgres.sql")),
        ..Migration::new(12, "words", include_str!("../../migrations/0012_words.sqlite.sql"))
    },
    Migration::new(13, "number_claims", include_str!("../../migrations/0013_number_claims.sql")),
    Migration::new(14, "keys_of_tenants", include_str!("../../migrations/0014_keys_of_tenants.sql")),
    Migration::new(16, "contact_erasures", include_str!("../../migrations/0016_contact_erasures.sql")),
    Migration::new(17, "alert_results", include_str!("../../migrations/0017_alert_results.sql")),
    Migration::new(20, "business_profiles", include_str!("../../migrations/0020_business_profiles.sql")),
    Migration::new(21, "records", include_str!("../../migrations/0021_records.sql")),
    Migration::new(22, "hand_offs", include_str!("../../migrations/0022_hand_offs.sql")),
    Migration::new(23, "groups", include_str!("../../migrations/0023_groups.sql")),
    Migration {
        postgres: Some(include_str!("../../migrations/0024_names.postgres.sql")),
        ..Migration::new(24, "names", include_str!("../../migrations/0024_names.sqlite.sql"))
    },
    Migration::new(25, "people", include_str!("../../migrations/0025_people.sql")),
    Migration {
        postgres: Some(include_str!("../../migrations/0026_desk.postgres.sql")),
        ..Migration::new(26, "desk", include_str!("../../migrations/0026_desk.sqlite.sql"))
    },
    Migration {
        postgres: Some(include_str!("../../migrations/0027_trouble.postgres.sql")),
        ..Migration::new(27, "trouble", include_str!("../../migrations/0027_trouble.sqlite.sql"))
    },
    Migration::new(28, "tags_and_notes", include_str!("../../migrations/0028_tags_and_notes.sql")),
    Migration::new(29, "incidents", include_str!("../../migrations/0029_incidents.sql")),
    Migration {
        postgres: Some(include_str!("../../migrations/0030_deliveries.postgres.sql")),
        ..Migration::new(30, "deliveries", include_str!("../../migrations/0030_deliveries.sqlite.sql"))
    },
    Migration::new(31, "moves", include_str!("../../migrations/0031_moves.sql")),
    // Programs without it refuse whatever they do not know.
    Migration::new(
        OLDEST_READERS,
        "oldest_readers",
        include_str!("../../migrations/0032_oldest_readers.sql"),
    ),
    Migration {
        oldest_reader: OLDEST_READERS,
        ..Migration::new(33, "contact_index", include_str!("../../migrations/0033_contact_index.sql"))
    },
    // A program without it would start here what runs on a host.
    Migration::new(34, "hosts", include_str!("../../migrations/0034_hosts.sql")),
    // It changes no row.
    Migration {
        oldest_reader: 34,
        ..Migration::new(35, "newest_of_group", include_str!("../../migrations/0035_newest_of_group.sql"))
    },
];

/// The migration from which on the list of migrations says of each one who may open the database without knowing it.
const OLDEST_READERS: i64 = 32;

/// The schema version that this program needs.
pub(crate) const LATEST: i64 = MIGRATIONS[MIGRATIONS.len() - 1].version;

/// The table that remembers what was applied, and by which a database of ours is known.
const MIGRATIONS_TABLE: &str = "CREATE TABLE IF NOT EXISTS flowhq_migrations (version BIGINT NOT NULL PRIMARY KEY, \
     name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)";

impl Migration {
    /// Its text for one engine.
    fn text(&self, engine: Engine) -> String {
        let template = match engine {
            Engine::Postgres => self.postgres.unwrap_or(self.template),
            Engine::Sqlite => self.template,
        };
        let (id, int, strict) = match engine {
            Engine::Sqlite => ("TEXT", "INTEGER", "STRICT"),
            Engine::Postgres => ("TEXT COLLATE \"C\"", "BIGINT", ""),
        };
        // Comments go first: they explain the placeholders.
        let lines: Vec<&str> = template.lines().filter(|line| !line.starts_with("--")).collect();
        lines.join("\n").replace("{id}", id).replace("{int}", int).replace("{strict}", strict)
    }

    fn checksum(&self, engine: Engine) -> String {
        hex::encode(Sha256::digest(self.text(engine)))
    }
}

/// Looks at a database and refuses what is not ours or not for this program. Changes nothing.
/// Returns its schema version: the one up to which nothing is missing, 0 where it is empty.
pub(crate) async fn inspect(connection: &mut AnyConnection, engine: Engine) -> Result<i64, OpenError> {
    Ok(complete_up_to(&applied(connection, engine).await?))
}

fn complete_up_to(applied: &BTreeSet<i64>) -> i64 {
    let there = MIGRATIONS.iter().map(|migration| migration.version);
    there.take_while(|version| applied.contains(version)).last().unwrap_or_default()
}

/// The migrations that a database has had, which need not be those up to some number: branches of development meet.
async fn applied(connection: &mut AnyConnection, engine: Engine) -> Result<BTreeSet<i64>, OpenError> {
    let tables = tables(connection, engine).await.map_err(OpenError::Database)?;
    if !tables.iter().any(|name| name == "flowhq_migrations") {
        let ours = TABLES.iter().map(|table| table.name);
        let same: Vec<&str> = ours.filter(|ours| tables.iter().any(|name| name == ours)).collect();
        if same.is_empty() {
            return Ok(BTreeSet::new());
        }
        return Err(OpenError::Foreign { tables: same.join(", ") });
    }
    let rows = sqlx::query("SELECT version, checksum FROM flowhq_migrations ORDER BY version")
        .fetch_all(&mut *connection)
        .await
        .map_err(OpenError::Database)?;
    let mut listed = Vec::new();
    for row in rows {
        let version = row.try_get::<i64, _>(0).map_err(OpenError::Database)?;
        let checksum: String = row.try_get(1).map_err(OpenError::Database)?;
        listed.push((version, checksum));
    }
    let readers = oldest_readers(connection, &listed).await?;
    let mut applied = BTreeSet::new();
    for (version, checksum) in listed {
        match MIGRATIONS.iter().find(|migration| migration.version == version) {
            // A later program's, which says that this one may go on.
            None if readers.get(&version).is_some_and(|oldest| *oldest <= LATEST) => {}
            None => {
                let needed = readers.get(&version).copied().unwrap_or(version);
                return Err(OpenError::NewerSchema { found: version, needed, known: LATEST });
            }
            Some(known) if known.checksum(engine) != checksum => {
                return Err(OpenError::ChangedMigration { version });
            }
            Some(_) => drop(applied.insert(version)),
        };
    }
    Ok(applied)
}

/// Who may open a database without knowing one of its migrations, by its version; of those before [`OLDEST_READERS`] nothing is
/// said.
async fn oldest_readers(
    connection: &mut AnyConnection,
    listed: &[(i64, String)],
) -> Result<BTreeMap<i64, i64>, OpenError> {
    if listed.iter().all(|(version, _)| *version != OLDEST_READERS) {
        return Ok(BTreeMap::new());
    }
    let rows =
        sqlx::query("SELECT version, oldest_reader FROM flowhq_migrations WHERE oldest_reader IS NOT NULL")
            .fetch_all(connection)
            .await
            .map_err(OpenError::Database)?;
    let pair = |row: &sqlx::any::AnyRow| Ok((row.try_get(0)?, row.try_get(1)?));
    rows.iter().map(pair).collect::<Result<_, sqlx::Error>>().map_err(OpenError::Database)
}

async fn tables(connection: &mut AnyConnection, engine: Engine) -> Result<Vec<String>, sqlx::Error> {
    let sql = match engine {
        Engine::Sqlite => "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')",
        Engine::Postgres => {
            "SELECT CAST(c.relname AS TEXT) FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        }
    };
    sqlx::query(sql).fetch_all(connection).await?.iter().map(|row| row.try_get(0)).collect()
}

/// Applies what is missing, in order. The caller has begun a transaction that keeps others out, and commits it.
/// Returns the version that was found.
pub(crate) async fn apply(
    connection: &mut AnyConnection,
    engine: Engine,
    now: Timestamp,
) -> Result<i64, OpenError> {
    let applied = applied(connection, engine).await?;
    for migration in MIGRATIONS.iter().filter(|migration| !applied.contains(&migration.version)) {
        apply_one(connection, engine, migration, now).await.map_err(OpenError::Database)?;
        tracing::info!(version = migration.version, name = migration.name, "migration applied");
    }
    Ok(complete_up_to(&applied))
}

async fn apply_one(
    connection: &mut AnyConnection,
    engine: Engine,
    migration: &Migration,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    // Safe: constants of this crate.
    let text = format!("{MIGRATIONS_TABLE};\n{}", migration.text(engine));
    sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut *connection).await?;
    sqlx::query(
        "INSERT INTO flowhq_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(migration.version)
    .bind(migration.name.to_owned())
    .bind(migration.checksum(engine))
    .bind(now.as_millisecond())
    .execute(&mut *connection)
    .await?;
    if migration.version >= OLDEST_READERS {
        sqlx::query("UPDATE flowhq_migrations SET oldest_reader = $2 WHERE version = $1")
            .bind(migration.version)
            .bind(migration.oldest_reader)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// What is known of each migration: its version, its name and its text's checksum on both engines.
#[cfg(test)]
pub(crate) fn known() -> Vec<(i64, String)> {
    let told = |migration: &Migration| {
        let [sqlite, postgres] = [Engine::Sqlite, Engine::Postgres].map(|engine| migration.checksum(engine));
        let Migration { version, name, oldest_reader, .. } = migration;
        (*version, format!("{version} {name} {oldest_reader} {sqlite} {postgres}"))
    };
    MIGRATIONS.iter().map(told).collect()
}

/// Brings a database from where one program would have left it to where a later one would.
#[cfg(test)]
pub(crate) async fn apply_between(
    connection: &mut AnyConnection,
    engine: Engine,
    (before, last): (i64, i64),
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let between =
        MIGRATIONS.iter().filter(|migration| before < migration.version && migration.version <= last);
    for migration in between {
        apply_one(connection, engine, migration, now).await?;
    }
    Ok(())
}
