//! The tenant's bookings, orders, tickets and blocked hours, as its worker's journal has decided them. Nothing here decides:
//! what people change goes to the journal, and comes back as a row.

use std::collections::BTreeSet;

use domain::{JournalId, RecordId, RecordKind, TenantId, Timestamp, limits::PAGE_MAX_ROWS};

use super::{TENANT, TenantScope};
use crate::{
    Cursor, NewRecord, Page, PageRequest, RecordFilter, RecordNumbers, StoreError, StoredRecord,
    db::{Args, Tx},
    error::class,
    page::pattern,
    planted,
    rows::{self, Reader},
    sql::{logs, records},
    together::Change,
};

impl TenantScope {
    /// Writes a batch of records in its order and returns the highest sequence number of the journal's records that is
    /// committed and synced. The same batch may come any number of times. A row that the database refuses for good is left
    /// out, counted as a log's is, and told in the program's log.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] where its numbers do not grow, [`StoreError::NotFound`] where there is no such tenant.
    /// Nothing is written then.
    pub async fn append_records(&self, journal: JournalId, batch: &[NewRecord]) -> Result<u64, StoreError> {
        let in_order = batch.windows(2).all(|pair| pair[0].sequence < pair[1].sequence);
        if !in_order || batch.iter().any(|row| row.sequence == 0 || i64::try_from(row.sequence).is_err()) {
            let reason = "numbers begin at 1 and grow from row to row".to_owned();
            return Err(StoreError::Invalid { field: "sequence", reason });
        }
        let mut put = Put {
            tenant: self.tenant,
            journal,
            batch: batch.to_vec(),
            refused: BTreeSet::new(),
            now: self.store.now(),
        };
        loop {
            match self.store.together(put.clone()).await? {
                Written::UpTo { acknowledged, forgotten } => {
                    crash::point("records_store_after_commit");
                    if forgotten {
                        self.store.forget_deleted().await?;
                    }
                    return Ok(acknowledged);
                }
                // As with the log's rows.
                Written::Refused(sequence) => put.refused.insert(sequence),
            };
        }
    }

    /// Writes one record that the journal has answered with, before it comes up with the others. An older version than the
    /// one that is there changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant.
    pub async fn put_record(&self, row: &NewRecord) -> Result<(), StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        let args = put(tx.args(), row, now);
        tx.execute(&records::PUT, args).await?;
        let args = tx.args();
        tx.execute(&records::FORGET_CLOSED, args).await?;
        Ok(tx.commit().await?)
    }

    /// The highest sequence number of a journal's records that is committed; 0 for a journal that was never heard of.
    pub async fn acknowledged_records(&self, journal: JournalId) -> Result<u64, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().id(journal);
        Ok(u64::try_from(tx.number(&records::ACKNOWLEDGED, args).await?).unwrap_or_default())
    }

    /// A page of the records that a filter lets through. It ends earlier where they are more than an answer holds.
    ///
    /// # Errors
    /// As [`TenantScope::search_logs`], where it searches.
    pub async fn records(
        &self,
        filter: &RecordFilter,
        page: PageRequest,
    ) -> Result<Page<StoredRecord>, StoreError> {
        let (statement, (at, id)) = match (filter.soonest_first, page.before) {
            (true, None) => (&records::SOONEST_FIRST, (i64::MIN, String::new())),
            (true, Some(_)) => (&records::SOONEST_FIRST, page.bounds()),
            (false, _) => (&records::LAST_FIRST, page.bounds()),
        };
        let text = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let args = Args::within(Some(self.tenant))
            .label(filter.kind)
            .int(at)
            .text(&id)
            .int(page.fetch())
            .opt_text(filter.state.as_deref())
            .opt_int(filter.open.map(i64::from))
            .int(filter.from.map_or(i64::MIN, Timestamp::as_millisecond))
            .int(filter.until.map_or(i64::MAX, Timestamp::as_millisecond))
            .opt_text(text.map(pattern).as_deref());
        let found = match text {
            Some(_) => self.store.seek(Some(self.tenant), statement, args).await?,
            None => self.read().await?.rows(statement, args).await?,
        };
        let items = found.iter().map(rows::record).collect::<Result<_, _>>()?;
        Ok(page.cut_within(items, StoredRecord::bytes, |record| Cursor::new(record.stands_at, record.id)))
    }

    /// The record with this reference.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none.
    pub async fn record(&self, reference: &str) -> Result<StoredRecord, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(reference);
        let row = tx.row(&records::GET, args).await?.ok_or(StoreError::NotFound("record"))?;
        rows::record(&row)
    }

    /// Records that are open, in the order of their references, behind one of them: what a journal that was made anew has
    /// to know before it takes a booking.
    pub async fn open_records(&self, after: &str, limit: u32) -> Result<Vec<StoredRecord>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(after).int(limit.min(PAGE_MAX_ROWS).into());
        tx.rows(&records::STILL_OPEN, args).await?.iter().map(rows::record).collect()
    }

    /// The highest number of each kind: a journal that was made anew goes on from there.
    pub async fn record_numbers(&self) -> Result<RecordNumbers, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        let mut numbers = RecordNumbers::default();
        for row in tx.rows(&records::NUMBERS, args).await? {
            let row = &mut Reader::new(&row);
            let (kind, number) = (row.label()?, u32::try_from(row.count()?).unwrap_or(u32::MAX));
            match kind {
                RecordKind::Booking => numbers.booking = number,
                RecordKind::Order => numbers.order = number,
                RecordKind::Ticket => numbers.ticket = number,
                RecordKind::Block => numbers.block = number,
            }
        }
        Ok(numbers)
    }

    /// A page of one contact's records, the last first.
    pub async fn records_of(
        &self,
        contact: &str,
        page: PageRequest,
    ) -> Result<Page<StoredRecord>, StoreError> {
        let mut tx = self.read().await?;
        let (at, id) = page.bounds();
        let args = tx.args().text(contact).int(at).text(&id).int(page.fetch());
        let found = tx.rows(&records::OF_CONTACT, args).await?;
        let items = found.iter().map(rows::record).collect::<Result<_, _>>()?;
        Ok(page.cut_within(items, StoredRecord::bytes, |record| Cursor::new(record.stands_at, record.id)))
    }

    /// How many records there are of one contact.
    pub async fn count_records_of(&self, contact: &str) -> Result<u64, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(contact);
        Ok(u64::try_from(tx.number(&records::COUNT_OF_CONTACT, args).await?).unwrap_or_default())
    }

    /// Deletes up to `rows` records that were closed before `before`, and tells how many. Call it again until it says 0.
    pub async fn prune_records(&self, before: Timestamp, rows: u32) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().time(before).int(i64::from(rows));
        let deleted = tx.execute(&records::PRUNE, args).await?;
        tx.commit().await?;
        Ok(deleted)
    }

    /// Deletes up to `rows` closed records of one contact and tells how many; call it again until it says 0. What is open
    /// stays until it is closed, and goes then.
    pub async fn erase_records(&self, contact: &str, rows: u32) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().text(contact);
        tx.execute(&records::MARK, args).await?;
        let args = tx.args().text(contact).int(i64::from(rows));
        let deleted = tx.execute(&records::ERASE, args).await?;
        tx.commit().await?;
        if deleted < u64::from(rows) {
            self.store.forget_deleted().await?;
        }
        Ok(deleted)
    }
}

/// What [`records::PUT`] is told.
fn put(args: Args, row: &NewRecord, now: Timestamp) -> Args {
    args.id(RecordId::generate())
        .text(&row.reference)
        .count(row.number.into())
        .label(row.kind)
        .opt_text(row.contact.as_deref())
        .count(row.version.into())
        .flag(row.open)
        .text(&row.state)
        .time(row.stands_at)
        .text(&row.found_by)
        .text(&row.body)
        .time(row.changed_at)
        .time(now)
}

/// A batch of records.
#[derive(Clone)]
struct Put {
    tenant: TenantId,
    journal: JournalId,
    batch: Vec<NewRecord>,
    /// Numbers of rows that the database refuses for good.
    refused: BTreeSet<u64>,
    now: Timestamp,
}

/// What came of it.
enum Written {
    /// All are written, and the journal's records are acknowledged up to this one; whether closed ones were forgotten.
    UpTo { acknowledged: u64, forgotten: bool },
    /// None is: the database refuses this row.
    Refused(u64),
}

impl Change for Put {
    type Done = Written;

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    async fn carry_out(&self, tx: &mut Tx) -> Result<Written, StoreError> {
        let Self { journal, refused, now, .. } = self;
        let args = tx.args().id(*journal).time(*now);
        let row = tx.row(&records::OPEN_JOURNAL, args).await?.ok_or(TENANT)?;
        let acknowledged = Reader::new(&row).count()?;
        let Some(last) = self.batch.last() else {
            return Ok(Written::UpTo { acknowledged, forgotten: false });
        };
        let new = |row: &&NewRecord| row.sequence > acknowledged && !refused.contains(&row.sequence);
        for row in self.batch.iter().filter(new).filter(|_| !planted::loses_records()) {
            let args = put(tx.args(), row, *now);
            match tx.execute(&records::PUT, args).await.map_err(StoreError::from) {
                Ok(_) => {}
                Err(StoreError::Broken(error)) if class::is_of_the_row(&error) => {
                    tracing::error!(tenant = %self.tenant, sequence = row.sequence, %error, "the database refuses a record; the stream goes on without it");
                    return Ok(Written::Refused(row.sequence));
                }
                Err(error) => return Err(error),
            }
        }
        let args = tx.args();
        let forgotten = tx.execute(&records::FORGET_CLOSED, args).await? > 0;
        let lost = refused.range(acknowledged + 1..).count();
        if lost > 0 {
            let args = tx.args().int(i64::try_from(lost).unwrap_or(i64::MAX)).time(*now);
            tx.execute(&logs::REFUSED, args).await?;
        }
        let acknowledged = acknowledged.max(last.sequence);
        let args = tx.args().id(*journal).count(acknowledged).time(*now);
        tx.execute(&records::ACKNOWLEDGE, args).await?;
        crash::point("records_store_before_commit");
        Ok(Written::UpTo { acknowledged, forgotten })
    }

    fn stays(done: &Written) -> bool {
        matches!(done, Written::UpTo { .. })
    }
}
