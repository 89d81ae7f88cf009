//! PostgreSQL: a pool whose role owns nothing, and settings that end with their transaction.

mod checks;
mod policies;

use std::time::Duration;

use domain::Timestamp;
use sqlx::{
    AnyConnection, AnyPool, AssertSqlSafe, Connection as _, Executor as _, Row as _, any::AnyPoolOptions,
};

use super::{Access, Engine, LATEST, migrate as migrations};
use crate::{OpenError, planted};

/// Connections at most: the control plane's work is short, and more would only queue in the server.
const CONNECTIONS: u32 = 16;
const WAIT: Duration = Duration::from_secs(5);

/// Nothing of ours takes this long; what does is stuck, and must not hold its locks. A worker forgets what was
/// acknowledged, so that a commit has to be on disk.
const SESSION: &str = "SET statement_timeout = '30s'; SET lock_timeout = '10s'; \
     SET idle_in_transaction_session_timeout = '60s'; \
     SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// One number for "somebody migrates this database".
const MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(7163948211270413131)";

/// Whether a transaction's setting has outlived it.
const LEFT_OVER: &str = "SELECT COALESCE(current_setting('flowhq.tenant', true), '') \
     || COALESCE(current_setting('flowhq.operator', true), '')";

/// The beginning of a transaction for one tenant or for operators: one round trip. Both settings are always written,
/// so that nothing of an earlier transaction could count. An id is 36 hexadecimal digits and hyphens by its type.
///
/// Whoever has taken the lease with an `epoch` other than 0 writes only while it is the newest: a control plane that was cut off
/// and comes back must not. The question is part of the same round trip, and a division by zero is the one way to fail in plain
/// SQL.
pub(super) fn begin(access: Access, epoch: i64) -> String {
    let (tenant, operator) = match access.tenant {
        Some(tenant) => (tenant.to_string(), ""),
        None => (String::new(), "on"),
    };
    let kind = if access.write { "READ WRITE" } else { "READ ONLY" };
    let begin = format!(
        "BEGIN {kind}; SET LOCAL flowhq.tenant = '{tenant}'; SET LOCAL flowhq.operator = '{operator}'"
    );
    if access.write && epoch != 0 {
        format!("{begin}; SELECT 1 / COUNT(*) FROM leases WHERE name = 'control' AND epoch = {epoch}")
    } else {
        begin
    }
}

/// A pool, after the role, the schema and the policies have been found in order.
pub(super) async fn open(url: &str) -> Result<AnyPool, OpenError> {
    let pool = pool(url, CONNECTIONS).await?;
    let mut connection = pool.acquire().await.map_err(OpenError::Database)?;
    let found = migrations::inspect(&mut connection, Engine::Postgres).await?;
    if found < LATEST {
        return Err(OpenError::OlderSchema { found, needed: LATEST });
    }
    checks::server(&mut connection).await?;
    checks::role(&mut connection).await?;
    checks::tables(&mut connection).await?;
    checks::ways_around(&mut connection).await?;
    drop(connection);
    Ok(pool)
}

/// Looks at the schema and changes nothing.
pub(super) async fn version(url: &str) -> Result<i64, OpenError> {
    let mut connection = AnyConnection::connect(url).await.map_err(OpenError::Database)?;
    let found = migrations::inspect(&mut connection, Engine::Postgres).await;
    // The answer is known; how the connection ends is of no matter.
    let _: Result<(), _> = connection.close().await;
    found
}

/// Brings the schema up to date as its owner, and gives the runtime role its rights.
pub(super) async fn migrate(url: &str, migrate_url: &str, now: Timestamp) -> Result<i64, OpenError> {
    let mut serving = AnyConnection::connect(url).await.map_err(OpenError::Database)?;
    let runtime = role_of(&mut serving).await.map_err(OpenError::Database)?;
    let mut connection = AnyConnection::connect(migrate_url).await.map_err(OpenError::Database)?;
    checks::server(&mut connection).await?;
    let owner = role_of(&mut connection).await.map_err(OpenError::Database)?;
    if owner == runtime {
        return Err(OpenError::NoMigrateUrl);
    }
    // Before anything is migrated, or a table that this role owns would only say that it cannot be altered.
    checks::role(&mut serving).await?;
    let _: Result<(), _> = serving.close().await;
    let mut tx = connection.begin().await.map_err(OpenError::Database)?;
    tx.execute(sqlx::raw_sql(MIGRATION_LOCK)).await.map_err(OpenError::Database)?;
    // The owner's own changes to rows pass the policies that an earlier migration has forced on it.
    sqlx::query("SELECT set_config('flowhq.operator', 'on', true)")
        .execute(&mut *tx)
        .await
        .map_err(OpenError::Database)?;
    let found = migrations::apply(&mut tx, Engine::Postgres, now).await?;
    let rights = planted::policies(policies::script(&runtime));
    tx.execute(sqlx::raw_sql(AssertSqlSafe(rights))).await.map_err(OpenError::Database)?;
    tx.commit().await.map_err(OpenError::Database)?;
    let _: Result<(), _> = connection.close().await;
    Ok(found)
}

async fn role_of(connection: &mut AnyConnection) -> Result<String, sqlx::Error> {
    sqlx::query("SELECT CAST(current_user AS TEXT)").fetch_one(connection).await?.try_get(0)
}

async fn pool(url: &str, connections: u32) -> Result<AnyPool, OpenError> {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(WAIT)
        .after_connect(|connection, _| {
            Box::pin(async move {
                crash::connects(crash::Peer::Database).map_err(sqlx::Error::Io)?;
                connection.execute(sqlx::raw_sql(SESSION)).await.map(drop)
            })
        })
        .after_release(|connection, _| {
            Box::pin(async move {
                let left: String = sqlx::query(LEFT_OVER).fetch_one(connection).await?.try_get(0)?;
                if !left.is_empty() {
                    tracing::error!("a connection came back with a tenant's setting on it and was closed");
                }
                Ok(left.is_empty())
            })
        })
        .connect(url)
        .await
        .map_err(OpenError::Database)
}
