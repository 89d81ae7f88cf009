//! Connections, transactions and migrations of both engines. The one place that knows which engine it is.

mod args;
mod migrate;
mod postgres;
mod refused;
mod seek;
mod sqlite;
mod tables;
mod target;
mod tx;

pub(crate) use args::Args;
pub(crate) use migrate::LATEST;
#[cfg(test)]
pub(crate) use migrate::{apply_between, known as known_migrations};
pub(crate) use sqlite::look_at;
pub(crate) use tables::{Rows, TABLES, Table};
pub use target::{Engine, Target};
pub(crate) use tx::Tx;

use std::{path::Path, sync::Arc};

use domain::{TenantId, Timestamp};
use sqlx::{Any, AnyPool, AssertSqlSafe, Executor, SqlSafeStr as _, Transaction};

use tokio_util::task::TaskTracker;

use self::{refused::Refused, seek::Seekers};
use crate::{
    OpenError, SchemaStatus, StoreError, planted, sql::leases, together::Together, touched::Touched,
};

/// Whose rows a transaction is for, and whether it changes any.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Access {
    /// The tenant, or `None` for the operator's work across tenants.
    pub(crate) tenant: Option<TenantId>,
    /// Whether it changes rows.
    pub(crate) write: bool,
}

/// How often it is tried to take deleted rows out of SQLite's journal; each waits for a tenth of a second at most.
const TRIES_TO_FORGET: u32 = 10;

/// Where the lease's lock is kept.
pub(crate) enum LockPlace<'a> {
    /// Beside this file.
    File(&'a Path),
    /// In the server with this address.
    Server(&'a str),
}

/// Open pools. SQLite has one writing connection, since a second would only wait for the first.
pub(crate) struct Db {
    target: Target,
    engine: Engine,
    writer: AnyPool,
    reader: AnyPool,
    /// Transactions that begin and reads that may take long, whether or not their caller still waits.
    begun: TaskTracker,
    seekers: Seekers,
    /// Whether the disk fails or changes are refused.
    refused: Arc<Refused>,
    /// Changes that wait for SQLite's one writer.
    together: Together,
    /// Tenants that may stand in another group than somebody has seen.
    touched: Arc<Touched>,
}

impl Db {
    /// Opens a database, brought up to date where this program may do that.
    pub(crate) async fn open(target: &Target, now: Timestamp) -> Result<Self, OpenError> {
        sqlx::any::install_default_drivers();
        match target {
            Target::Sqlite(path) => {
                let pools = sqlite::open(path, now).await?;
                Ok(Self {
                    target: target.clone(),
                    engine: Engine::Sqlite,
                    writer: pools.writer,
                    reader: pools.reader,
                    begun: TaskTracker::new(),
                    seekers: Seekers::on_sqlite(pools.seekers),
                    refused: Arc::default(),
                    together: Together::default(),
                    touched: Arc::default(),
                })
            }
            Target::Postgres { url, migrate_url } => {
                if let Some(migrate_url) = migrate_url {
                    postgres::migrate(url, migrate_url, now).await?;
                }
                let pool = postgres::open(url).await?;
                Ok(Self {
                    target: target.clone(),
                    engine: Engine::Postgres,
                    writer: pool.clone(),
                    reader: pool,
                    begun: TaskTracker::new(),
                    seekers: Seekers::on_postgres(),
                    refused: Arc::default(),
                    together: Together::default(),
                    touched: Arc::default(),
                })
            }
        }
    }

    /// Brings a database up to date.
    pub(crate) async fn migrate(target: &Target, now: Timestamp) -> Result<SchemaStatus, OpenError> {
        sqlx::any::install_default_drivers();
        match target {
            Target::Sqlite(path) => {
                let found = if path.exists() { sqlite::version(path).await? } else { 0 };
                let pools = sqlite::open(path, now).await?;
                pools.seekers.close().await;
                pools.reader.close().await;
                pools.writer.close().await;
                Ok(SchemaStatus { found, known: LATEST })
            }
            Target::Postgres { url, migrate_url } => {
                let migrate_url = migrate_url.as_deref().ok_or(OpenError::NoMigrateUrl)?;
                Ok(SchemaStatus { found: postgres::migrate(url, migrate_url, now).await?, known: LATEST })
            }
        }
    }

    /// Looks at a database and changes nothing.
    pub(crate) async fn status(target: &Target) -> Result<SchemaStatus, OpenError> {
        sqlx::any::install_default_drivers();
        let found = match target {
            Target::Sqlite(path) if path.exists() => sqlite::version(path).await?,
            Target::Sqlite(_) => 0,
            Target::Postgres { url, .. } => postgres::version(url).await?,
        };
        Ok(SchemaStatus { found, known: LATEST })
    }

    pub(crate) fn engine(&self) -> Engine {
        self.engine
    }

    pub(crate) fn touched(&self) -> &Touched {
        &self.touched
    }

    pub(crate) fn lock_place(&self) -> LockPlace<'_> {
        match &self.target {
            Target::Sqlite(path) => LockPlace::File(path),
            Target::Postgres { url, .. } => LockPlace::Server(url),
        }
    }

    /// Begins a transaction in a task of its own: a caller that gives up in the middle of a `BEGIN` would leave
    /// sqlx a connection in a transaction that it does not know of, with another tenant's setting on it.
    pub(crate) async fn begin(&self, access: Access) -> Result<Tx, sqlx::Error> {
        self.begin_in(access, 0).await
    }

    /// The same for the control plane that has taken the lease with this epoch: where another one has it by now, a PostgreSQL
    /// refuses what is to be written, see [`is_overtaken`](crate::error::is_overtaken). On SQLite the lock of the file keeps others out.
    pub(crate) async fn begin_in(&self, access: Access, epoch: i64) -> Result<Tx, sqlx::Error> {
        let pool = if access.write { self.writer.clone() } else { self.reader.clone() };
        let statement = match (self.engine, access.write) {
            // A writer that begins as a reader can fail with "busy" in its middle.
            (Engine::Sqlite, true) => "BEGIN IMMEDIATE".into_sql_str(),
            (Engine::Sqlite, false) => "BEGIN".into_sql_str(),
            (Engine::Postgres, _) => {
                AssertSqlSafe(postgres::begin(planted::access(access), epoch)).into_sql_str()
            }
        };
        let begun = self.begun.spawn(async move { pool.begin_with(statement).await }).await;
        let begun: Result<Transaction<'static, Any>, _> = begun.map_err(|_| sqlx::Error::WorkerCrashed)?;
        if let Err(error) = &begun {
            self.refused.note(error);
        }
        let (refused, touched) = (Arc::clone(&self.refused), Arc::clone(&self.touched));
        Ok(Tx::new(begun?, self.engine, access, refused, touched))
    }

    /// A transaction that sees all rows as they are when it first reads.
    pub(crate) async fn begin_snapshot(&self) -> Result<Tx, sqlx::Error> {
        let mut tx = self.begin(Access { tenant: None, write: false }).await?;
        // SQLite knows no other. Before the first statement that reads, which a setting is not.
        if self.engine == Engine::Postgres {
            tx.connection().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").await?;
        }
        Ok(tx)
    }

    /// Writes all of a SQLite database to another file.
    pub(crate) async fn vacuum_into(&self, path: &Path) -> Result<(), OpenError> {
        match &self.target {
            Target::Sqlite(file) => sqlite::vacuum_into(file, path).await,
            Target::Postgres { .. } => Err(OpenError::Address("PostgreSQL is no file".to_owned())),
        }
    }

    /// The readers' connections, for tests that look past the store.
    #[cfg(test)]
    pub(crate) fn pool(&self) -> &AnyPool {
        &self.reader
    }

    /// Takes what was deleted out of the files, as far as this engine lets us: PostgreSQL's vacuum is its operator's.
    pub(crate) async fn forget_deleted(&self) -> Result<(), sqlx::Error> {
        if self.engine == Engine::Postgres {
            return Ok(());
        }
        for _ in 0..TRIES_TO_FORGET {
            if sqlite::truncate_journal(&self.writer).await? {
                return Ok(());
            }
        }
        // Every hour it is tried again, whether something was deleted or not.
        tracing::debug!("a reader keeps deleted rows in the database's journal for a while");
        Ok(())
    }

    /// Asks for an answer; and, where the last change was refused, for another one.
    pub(crate) async fn ping(&self, now: Timestamp) -> Result<(), StoreError> {
        self.reader.execute("SELECT 1").await.inspect_err(|error| self.refused.note(error))?;
        if self.refused.why().is_none() {
            return Ok(());
        }
        let mut tx = self.begin(Access { tenant: None, write: true }).await?;
        tx.execute(&leases::TOUCH, Args::default().time(now)).await?;
        tx.commit().await?;
        self.refused.why().map_or(Ok(()), |why| Err(StoreError::Unwritable(why)))
    }

    pub(crate) fn together(&self) -> &Together {
        &self.together
    }

    /// Tasks that are waited for before all is closed.
    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.begun
    }

    pub(crate) fn seekers(&self) -> &Seekers {
        &self.seekers
    }

    pub(crate) async fn close(&self) {
        self.seekers.close().await;
        self.reader.close().await;
        self.writer.close().await;
        self.begun.close();
        self.begun.wait().await;
    }
}
