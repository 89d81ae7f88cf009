//! Rows of any table, read and written as they are.

use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Column as _, Row as _, TypeInfo as _, any::AnyRow, query::Query};

use super::{BATCH, MARK, Row};
use crate::{
    Store, StoreError,
    db::{Access, Args, Table, Tx},
};

const READ: Access = Access { tenant: None, write: false };
const WRITE: Access = Access { tenant: None, write: true };

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    Text(Option<String>),
    Int(Option<i64>),
}

impl Cell {
    fn bind(&self, args: Args) -> Args {
        match self {
            Self::Text(text) => args.opt_text(text.as_deref()),
            Self::Int(number) => args.opt_int(*number),
        }
    }
}

fn query(sql: String, args: Args) -> Query<'static, sqlx::Any, sqlx::any::AnyArguments> {
    // Safe: made from the names of tables and columns of our own schema.
    sqlx::query_with(AssertSqlSafe(sql), args.into_any())
}

/// Up to `rows` rows after a key, in the order of the keys, without the mark of the copy itself.
pub(super) async fn batch(
    store: &Store,
    table: &Table,
    after: Option<&[String]>,
    rows: usize,
) -> Result<Vec<Row>, StoreError> {
    let mut tx = store.begin(READ).await?;
    batch_in(&mut tx, table, after, rows).await
}

/// The same as one transaction sees it.
pub(super) async fn batch_in(
    tx: &mut Tx,
    table: &Table,
    after: Option<&[String]>,
    rows: usize,
) -> Result<Vec<Row>, StoreError> {
    let skip = if table.name == "settings" { format!(" AND key <> '{MARK}'") } else { String::new() };
    let sql = select(table, table.key, 1, &skip, rows);
    read(tx, sql, table.key, Args::default(), after).await
}

/// The same of those rows alone that fit `whose`, in which `$1` is a tenant's id, by [`key_within`].
pub(crate) async fn batch_of(
    tx: &mut Tx,
    table: &Table,
    whose: &str,
    tenant: domain::TenantId,
    after: Option<&[String]>,
    rows: usize,
) -> Result<Vec<Row>, StoreError> {
    let args = Args::default().text(&tenant.to_string());
    read(tx, select_of(table, whose, rows), &key_within(table), args, after).await
}

/// What tells rows of one tenant apart: an engine that compares its id too goes through all of the tenant's rows for each batch.
pub(crate) fn key_within(table: &Table) -> Vec<&'static str> {
    table.key.iter().copied().filter(|column| *column != "tenant_id").collect()
}

pub(crate) fn select_of(table: &Table, whose: &str, rows: usize) -> String {
    select(table, &key_within(table), 2, &format!(" AND {whose}"), rows)
}

/// `first` is the number of the first argument that the key has.
fn select(table: &Table, key: &[&str], first: usize, also: &str, rows: usize) -> String {
    let (columns, from) = (key.join(", "), places(first, key.len()));
    format!("SELECT * FROM {} WHERE ({columns}) > ({from}){also} ORDER BY {columns} LIMIT {rows}", table.name)
}

/// So many arguments, from this number on.
fn places(first: usize, count: usize) -> String {
    (first..first + count).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}

async fn read(
    tx: &mut Tx,
    sql: String,
    key: &[&str],
    mut args: Args,
    after: Option<&[String]>,
) -> Result<Vec<Row>, StoreError> {
    for index in 0..key.len() {
        args = args.text(after.and_then(|after| after.get(index)).map_or("", String::as_str));
    }
    let found = query(sql, args).fetch_all(tx.connection()).await?;
    found.iter().map(cells).collect()
}

/// The highest key of a table.
pub(super) async fn last_key(store: &Store, table: &Table) -> Result<Option<Vec<String>>, StoreError> {
    let order = table.key.iter().map(|column| format!("{column} DESC")).collect::<Vec<_>>().join(", ");
    let sql = format!("SELECT * FROM {} ORDER BY {order} LIMIT 1", table.name);
    let mut tx = store.begin(READ).await?;
    let found = query(sql, Args::default()).fetch_optional(tx.connection()).await?;
    found.map(|row| Ok(key_of(table.key, &cells(&row)?))).transpose()
}

/// Writes rows that are not there yet.
pub(super) async fn insert(store: &Store, table: &Table, rows: &[Row]) -> Result<(), StoreError> {
    let mut tx = store.begin(WRITE).await?;
    let there = format!(" ON CONFLICT ({}) DO NOTHING", table.key.join(", "));
    for row in rows {
        insert_in(&mut tx, table, row, &there).await?;
    }
    Ok(tx.commit().await?)
}

/// Writes one row; `or` says what is done where it is there. Names of columns are looked at by whoever had them from elsewhere.
pub(crate) async fn insert_in(tx: &mut Tx, table: &Table, row: &Row, or: &str) -> Result<(), sqlx::Error> {
    let columns = row.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    let sql = format!("INSERT INTO {} ({columns}) VALUES ({}){or}", table.name, places(1, row.len()));
    let args = row.iter().fold(Args::default(), |args, (_, cell)| cell.bind(args));
    query(sql, args).execute(tx.connection()).await.map(drop)
}

/// The key of a row, by these columns.
pub(crate) fn key_of(key: &[&str], row: &Row) -> Vec<String> {
    let column = |name: &&str| match row.iter().find(|(column, _)| column == name) {
        Some((_, Cell::Text(Some(text)))) => text.clone(),
        _ => String::new(),
    };
    key.iter().map(column).collect()
}

/// Our schema has texts and integers only.
fn cells(row: &AnyRow) -> Result<Row, StoreError> {
    let mut cells = Vec::with_capacity(row.len());
    for (index, column) in row.columns().iter().enumerate() {
        let value = match column.type_info().name() {
            "TEXT" => row.try_get(index).map(Cell::Text),
            _ => row.try_get(index).map(Cell::Int),
        };
        let name = column.name().to_owned();
        match value {
            Ok(value) => cells.push((name, value)),
            Err(error) => return Err(StoreError::Corrupt { column: name, reason: error.to_string() }),
        }
    }
    Ok(cells)
}

/// What a table holds, in one figure: the same for the same rows, in whatever order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Digest {
    pub(super) rows: u64,
    sum: [u8; 32],
}

impl Digest {
    pub(super) async fn of(store: &Store, table: &Table) -> Result<Self, StoreError> {
        let (mut digest, mut after) = (Self { rows: 0, sum: [0; 32] }, None);
        loop {
            let batch = batch(store, table, after.as_deref(), BATCH).await?;
            let Some(last) = batch.last() else { return Ok(digest) };
            after = Some(key_of(table.key, last));
            for row in batch {
                digest.add(row);
            }
        }
    }

    /// The engines may order columns differently, so they are put in the order of their names.
    fn add(&mut self, mut row: Row) {
        row.sort_by(|a, b| a.0.cmp(&b.0));
        let hash = Sha256::digest(format!("{row:?}"));
        for (sum, byte) in self.sum.iter_mut().zip(hash) {
            *sum ^= byte;
        }
        self.rows += 1;
    }

    /// The beginning of the checksum, for people.
    pub(super) fn short(&self) -> String {
        hex::encode(&self.sum[..8])
    }
}
