//! Reads that may take long: searches, filtered lists and figures over all rows. They have connections of their own, so
//! that lists, readiness and starts never wait for them; and they are ended within the database when their time is over,
//! when whoever asked has gone, or with the store.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{AnyPool, AssertSqlSafe, Row as _, SqlitePool, any::AnyRow};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{Access, Args, Db, Engine, Tx};
use crate::{StoreError, error::is_interrupted, sql::Statement};

/// How long a read may take, the wait for its place included.
const TIME: Duration = Duration::from_secs(10);
/// At once on SQLite, each on a connection of its own: more only share the same processors.
pub(super) const ON_SQLITE: u32 = 2;
/// At once on PostgreSQL, out of the pool's connections.
const ON_POSTGRES: u32 = 4;
/// Between two words to PostgreSQL that a statement is to end.
const BETWEEN: Duration = Duration::from_millis(100);
/// Steps of SQLite's machine between two looks at the time: about one row, whose text may take a tenth of a second.
const STEPS: i32 = 20;

/// The places for such reads.
pub(crate) struct Seekers {
    /// SQLite's connections; PostgreSQL's are those of the pool.
    pool: Option<SqlitePool>,
    places: Arc<Semaphore>,
    closing: CancellationToken,
    milliseconds: AtomicU64,
    /// How many the database has ended before they were done.
    ended: Arc<AtomicU64>,
}

impl Seekers {
    pub(super) fn on_sqlite(pool: SqlitePool) -> Self {
        Self::new(Some(pool), ON_SQLITE)
    }

    pub(super) fn on_postgres() -> Self {
        Self::new(None, ON_POSTGRES)
    }

    fn new(pool: Option<SqlitePool>, places: u32) -> Self {
        Self {
            pool,
            places: Arc::new(Semaphore::new(places as usize)),
            closing: CancellationToken::new(),
            milliseconds: AtomicU64::new(u64::try_from(TIME.as_millis()).unwrap_or(u64::MAX)),
            ended: Arc::default(),
        }
    }

    fn all(&self) -> u32 {
        if self.pool.is_some() { ON_SQLITE } else { ON_POSTGRES }
    }

    /// Ends all that run; nothing is begun any more.
    pub(crate) fn end(&self) {
        self.closing.cancel();
    }

    pub(super) async fn close(&self) {
        self.end();
        // Each is ended over a connection of the pool, which must be there until then.
        drop(self.places.acquire_many(self.all()).await);
        self.places.close();
        if let Some(pool) = &self.pool {
            pool.close().await;
        }
    }

    /// How many searches the database has ended before they were done.
    #[cfg(test)]
    pub(crate) fn ended(&self) -> u64 {
        self.ended.load(Ordering::Relaxed)
    }

    /// Another time than [`TIME`].
    #[cfg(test)]
    pub(crate) fn set_time(&self, time: Duration) {
        self.milliseconds.store(u64::try_from(time.as_millis()).unwrap(), Ordering::Relaxed);
    }

    /// Whether none runs.
    #[cfg(test)]
    pub(crate) fn is_at_rest(&self) -> bool {
        self.places.available_permits() == self.all() as usize
    }

    /// Waits until none runs.
    #[cfg(test)]
    pub(crate) async fn at_rest(&self) {
        drop(self.places.acquire_many(self.all()).await.unwrap());
    }
}

impl Db {
    /// All rows that a statement gives which may take long.
    ///
    /// # Errors
    /// [`StoreError::TookTooLong`] where it was ended, [`StoreError::Searching`] where it found no place in time.
    pub(crate) async fn seek(
        &self,
        access: Access,
        statement: &'static Statement,
        args: Args,
    ) -> Result<Vec<AnyRow>, StoreError> {
        super::tx::check(statement, access.tenant)?;
        let seekers = &self.seekers;
        let until = Instant::now() + Duration::from_millis(seekers.milliseconds.load(Ordering::Relaxed));
        let ends = seekers.closing.child_token();
        // Dropped with this future: nobody waits for the rows any more.
        let _gone = ends.clone().drop_guard();
        let place = tokio::select! {
            place = Arc::clone(&seekers.places).acquire_owned() => place.map_err(|_| StoreError::Searching)?,
            () = tokio::time::sleep_until(until.into()) => return Err(StoreError::Searching),
            () = ends.cancelled() => return Err(StoreError::TookTooLong),
        };
        // In a task of its own, which has the connection until the database has ended the statement: whoever has it next
        // must not be hit by an interruption that comes late.
        let ended = Arc::clone(&seekers.ended);
        let found = match &seekers.pool {
            Some(pool) => {
                let (pool, text) = (pool.clone(), statement.text(Engine::Sqlite).into_owned());
                self.begun.spawn(async move {
                    let _place = place;
                    noted(on_sqlite(&pool, text, args, ends, until).await, &ended)
                })
            }
            None => {
                let (tx, pool) = (self.begin(access).await?, self.reader.clone());
                self.begun.spawn(async move {
                    let _place = place;
                    noted(on_postgres(tx, &pool, statement, args, ends, until).await, &ended)
                })
            }
        };
        match found.await.map_err(|_| sqlx::Error::WorkerCrashed)? {
            Err(error) if is_interrupted(&error) => Err(StoreError::TookTooLong),
            found => Ok(found?),
        }
    }
}

/// Counts what was ended, though nobody may wait for the word of it.
fn noted(found: Result<Vec<AnyRow>, sqlx::Error>, ended: &AtomicU64) -> Result<Vec<AnyRow>, sqlx::Error> {
    if found.as_ref().is_err_and(is_interrupted) {
        ended.fetch_add(1, Ordering::Relaxed);
    }
    found
}

async fn on_sqlite(
    pool: &SqlitePool,
    text: String,
    args: Args,
    ends: CancellationToken,
    until: Instant,
) -> Result<Vec<AnyRow>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let goes_on = move || !ends.is_cancelled() && Instant::now() < until;
    connection.lock_handle().await?.set_progress_handler(STEPS, goes_on);
    // Safe: the parts of statements are constants of this crate.
    let query = sqlx::query_with(AssertSqlSafe(text), args.into_sqlite());
    let found = query.fetch_all(&mut *connection).await;
    connection.lock_handle().await?.remove_progress_handler();
    found?.iter().map(AnyRow::try_from).collect()
}

async fn on_postgres(
    mut tx: Tx,
    pool: &AnyPool,
    statement: &'static Statement,
    args: Args,
    ends: CancellationToken,
    until: Instant,
) -> Result<Vec<AnyRow>, sqlx::Error> {
    let left = until.saturating_duration_since(Instant::now()).as_millis().max(1);
    // Safe: a number.
    let limit = AssertSqlSafe(format!("SET LOCAL statement_timeout = {left}"));
    sqlx::raw_sql(limit).execute(tx.connection()).await?;
    let process: i32 = sqlx::query("SELECT pg_backend_pid()").fetch_one(tx.connection()).await?.try_get(0)?;
    let mut query = std::pin::pin!(tx.rows(statement, args));
    tokio::select! {
        biased;
        found = &mut query => return found,
        () = ends.cancelled() => {}
    }
    loop {
        // Again until it has ended: the server may not have begun it when it is told to end it. Where this fails, the time
        // limit ends the statement.
        let cancelled = sqlx::query("SELECT pg_cancel_backend($1)").bind(process).execute(pool).await;
        if let Err(error) = cancelled {
            tracing::debug!(%error, "a search could not be ended before its time");
        }
        if let Ok(found) = tokio::time::timeout(BETWEEN, &mut query).await {
            return found;
        }
    }
}
