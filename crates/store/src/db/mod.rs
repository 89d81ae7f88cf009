//! Connections, transactions and migrations of both engines. The one place that knows which engine it is.

mod args;
mod migrate;
mod sqlite;
mod target;
mod tx;

pub(crate) use args::Args;
pub use target::{Engine, Target};
pub(crate) use tx::Tx;

use domain::{TenantId, Timestamp};
use sqlx::{AnyPool, Executor};

use crate::OpenError;

/// Whose rows a transaction is for, and whether it changes any.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Access {
    pub(crate) tenant: Option<TenantId>,
    pub(crate) write: bool,
}

/// Open pools. SQLite has one writing connection, since a second would only wait for the first.
pub(crate) struct Db {
    engine: Engine,
    writer: AnyPool,
    reader: AnyPool,
}

impl Db {
    pub(crate) async fn open(target: &Target, now: Timestamp) -> Result<Self, OpenError> {
        sqlx::any::install_default_drivers();
        let (engine, writer, reader) = match target {
            Target::Sqlite(path) => {
                let pools = sqlite::open(path, now).await?;
                (Engine::Sqlite, pools.writer, pools.reader)
            }
            Target::Postgres(_) => {
                return Err(OpenError::Address("this build cannot open PostgreSQL yet".to_owned()));
            }
        };
        Ok(Self { engine, writer, reader })
    }

    pub(crate) fn engine(&self) -> Engine {
        self.engine
    }

    pub(crate) async fn begin(&self, access: Access) -> Result<Tx, sqlx::Error> {
        let inner = match (self.engine, access.write) {
            // A writer that begins as a reader can fail with "busy" in its middle.
            (Engine::Sqlite, true) => self.writer.begin_with("BEGIN IMMEDIATE").await?,
            (_, true) => self.writer.begin().await?,
            (_, false) => self.reader.begin().await?,
        };
        Ok(Tx::new(inner, self.engine, access.tenant))
    }

    pub(crate) async fn ping(&self) -> Result<(), sqlx::Error> {
        self.reader.execute("SELECT 1").await.map(drop)
    }

    pub(crate) async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}
