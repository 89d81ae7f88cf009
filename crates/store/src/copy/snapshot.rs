//! A copy of the database as it is at one instant, as a SQLite file, while a control plane works with it.

use std::{path::Path, sync::Arc};

use super::{BATCH, copied, rows};
use crate::{CopyError, Engine, Store, StoreError, Target};

impl Store {
    /// Writes all of this database to a SQLite file, which must not be there yet, as it is at one instant; nobody waits for
    /// it. The file is looked at from its first page to its last.
    ///
    /// # Errors
    /// Where the database does not answer, or the file cannot be written or is not whole.
    pub async fn snapshot(&self, path: &Path) -> Result<(), CopyError> {
        if path.exists() {
            return Err(CopyError::Snapshot(format!("{} is there already", path.display())));
        }
        let unusable = |error: crate::OpenError| CopyError::Snapshot(error.to_string());
        match self.engine() {
            Engine::Sqlite => self.db().vacuum_into(path).await.map_err(unusable)?,
            Engine::Postgres => {
                let target = Target::Sqlite(path.to_owned());
                let file = Self::open(&target, Arc::clone(self.clock())).await.map_err(unusable)?;
                let filled = self.fill(&file).await;
                file.close().await;
                filled?;
            }
        }
        crate::db::look_at(path).await.map_err(unusable)
    }

    /// All rows of all tables as one transaction sees them.
    async fn fill(&self, file: &Self) -> Result<(), StoreError> {
        let mut tx = self.db().begin_snapshot().await?;
        for table in copied() {
            let mut after = None;
            loop {
                let batch = rows::batch_in(&mut tx, table, after.as_deref(), BATCH).await?;
                let Some(last) = batch.last() else { break };
                after = Some(rows::key_of(table.key, last));
                rows::insert(file, table, &batch).await?;
            }
        }
        Ok(())
    }
}
