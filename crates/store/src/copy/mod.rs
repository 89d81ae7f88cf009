//! Copies one database into another, in either direction between the engines: in batches, resumable, verified.
//!
//! Its SQL is made from the list of tables, whose names are constants; values are bound.

mod rows;
mod snapshot;

use std::ops::ControlFlow;

use crate::{
    LeaseError, Store, StoreError,
    db::{TABLES, Table},
};

use rows::Digest;
#[cfg(test)]
pub(crate) use rows::select_of;
pub(crate) use rows::{Cell, batch_of, insert_in, key_of, key_within};

/// Rows of one batch.
const BATCH: usize = 500;
/// The setting of the destination that says that a copy was begun and not finished.
const MARK: &str = "copy.unfinished";

/// Why a copy was not made.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// Somebody works with one of the two, or a database does not answer.
    #[error(transparent)]
    Lease(#[from] LeaseError),
    /// A database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The destination has rows that no copy of ours has put there.
    #[error("the destination is not empty ({table} has rows); give an empty database")]
    NotEmpty {
        /// A table with rows.
        table: &'static str,
    },
    /// What was begun was a copy of another database.
    #[error("the destination holds an unfinished copy of another database; give an empty one")]
    OtherSource,
    /// After the copy the two differ.
    #[error(
        "{table} differs after the copy: {source_rows} rows there, {copied_rows} rows here; empty the destination and copy again"
    )]
    Differs {
        /// Which table.
        table: &'static str,
        /// Rows in the source.
        source_rows: u64,
        /// Rows in the destination.
        copied_rows: u64,
    },
    /// A file with a copy of the database cannot be made, or is not whole.
    #[error("no copy of the database can be made: {0}")]
    Snapshot(String),
    /// It was asked to stop; the next copy goes on from here.
    #[error("stopped; the same command goes on from here")]
    Stopped,
}

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyProgress {
    /// The table that is being copied.
    pub table: &'static str,
    /// Rows of it that this run has copied.
    pub rows: u64,
}

/// What was copied, by table, all verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyReport {
    /// Table, rows, and the first 16 hexadecimal digits of the checksum that both sides share.
    pub tables: Vec<(&'static str, u64, String)>,
}

/// Copies everything from one database into an empty one, or goes on with a copy that was interrupted, and compares
/// the two row by row at the end. Both leases are taken: no control plane may run on either. `progress` hears of
/// each batch and may stop the copy.
///
/// # Errors
/// See [`CopyError`]. What was copied so far stays, for the next run to go on from.
pub async fn copy(
    from: &Store,
    to: &Store,
    progress: impl FnMut(CopyProgress) -> ControlFlow<()>,
) -> Result<CopyReport, CopyError> {
    copy_by(BATCH, from, to, progress).await
}

/// The same with so many rows in a batch.
pub(crate) async fn copy_by(
    rows_max: usize,
    from: &Store,
    to: &Store,
    mut progress: impl FnMut(CopyProgress) -> ControlFlow<()>,
) -> Result<CopyReport, CopyError> {
    let _source = from.lease("flowhq db copy").await?;
    let _destination = to.lease("flowhq db copy").await?;
    begin(from, to).await?;
    for table in copied() {
        copy_table(rows_max, from, to, table, &mut progress).await?;
    }
    let mut tables = Vec::new();
    for table in copied() {
        let (there, here) = (Digest::of(from, table).await?, Digest::of(to, table).await?);
        if there != here {
            let (source_rows, copied_rows) = (there.rows, here.rows);
            return Err(CopyError::Differs { table: table.name, source_rows, copied_rows });
        }
        tables.push((table.name, here.rows, here.short()));
    }
    to.operator().delete_setting(MARK).await?;
    Ok(CopyReport { tables })
}

/// Leases are of the moment and stay where they are.
fn copied() -> impl Iterator<Item = &'static Table> {
    TABLES.iter().filter(|table| table.name != "leases")
}

/// Marks the destination, or finds it marked by an earlier run.
async fn begin(from: &Store, to: &Store) -> Result<(), CopyError> {
    let source = identity(from).await?;
    if let Some(mark) = to.operator().setting(MARK).await? {
        return if mark == source { Ok(()) } else { Err(CopyError::OtherSource) };
    }
    for table in copied() {
        if !rows::batch(to, table, None, 1).await?.is_empty() {
            return Err(CopyError::NotEmpty { table: table.name });
        }
    }
    to.operator().set_setting(MARK, &source).await?;
    Ok(())
}

/// A name for a database that stays the same: an id that it is given here where it has none.
async fn identity(store: &Store) -> Result<String, StoreError> {
    let fresh = domain::RecordId::generate().to_string();
    store.operator().init_setting("database.id", &fresh).await
}

async fn copy_table(
    rows_max: usize,
    from: &Store,
    to: &Store,
    table: &'static Table,
    progress: &mut impl FnMut(CopyProgress) -> ControlFlow<()>,
) -> Result<(), CopyError> {
    // Rows were copied in the order of their keys, so that the last one here tells where to go on. Settings are few,
    // and the mark is among them: they are copied anew.
    let mut after = if table.name == "settings" { None } else { rows::last_key(to, table).await? };
    let mut done = 0;
    loop {
        let batch = rows::batch(from, table, after.as_deref(), rows_max).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = Some(key_of(table.key, last));
        rows::insert(to, table, &batch).await?;
        done += batch.len() as u64;
        if progress(CopyProgress { table: table.name, rows: done }).is_break() {
            return Err(CopyError::Stopped);
        }
    }
}

/// One row, column by column.
pub(crate) type Row = Vec<(String, Cell)>;
