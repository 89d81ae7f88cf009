//! The tenant's conversation log.

use std::collections::BTreeSet;

use domain::{JournalId, Timestamp, limits::PAGE_MAX_ROWS};
use sqlx::any::AnyRow;

use super::{
    TenantScope,
    append::{Append, Appended},
};
use crate::{
    ChatLine, Cursor, LogFilter, MessageLog, NewLog, Page, PageRequest, StoreError,
    db::Args,
    page::pattern,
    rows,
    rows::Reader,
    sql::{customers, logs},
};

impl TenantScope {
    /// Writes a batch of log rows in its order, behind all that are there, and returns the journal's highest sequence
    /// number that is committed and synced. Rows that are here already are passed over, so the same batch may come any
    /// number of times. A row that the database refuses for good is left out, counted, and told in the program's log: the
    /// rows after it are none the worse for it.
    ///
    /// # Errors
    /// [`StoreError::LogGap`] where the batch does not join what is committed, [`StoreError::Invalid`] where its
    /// numbers do not grow by one, [`StoreError::NotFound`] where there is no such tenant. Nothing is written then.
    pub async fn append_logs(&self, journal: JournalId, batch: &[NewLog]) -> Result<u64, StoreError> {
        check_sequence(batch.iter().map(|row| row.sequence))?;
        let mut append = Append {
            tenant: self.tenant,
            journal,
            batch: batch.to_vec(),
            refused: BTreeSet::new(),
            one_by_one: false,
            now: self.store.now(),
        };
        loop {
            let acknowledged = match self.store.together(append.clone()).await? {
                Appended::UpTo(acknowledged) => acknowledged,
                // PostgreSQL takes nothing more in a transaction with an error in it: the next one goes without the row, which
                // has to be found first.
                Appended::Refused(None) => {
                    append.one_by_one = true;
                    continue;
                }
                Appended::Refused(Some(sequence)) => {
                    append.refused.insert(sequence);
                    continue;
                }
            };
            crash::point("logs_store_after_commit");
            return Ok(acknowledged);
        }
    }

    /// The highest sequence number of a journal that is committed; 0 for a journal that was never heard of.
    pub async fn acknowledged(&self, journal: JournalId) -> Result<u64, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().id(journal);
        tx.row(&logs::ACKNOWLEDGED, args).await?.map_or(Ok(0), |row| Reader::new(&row).count())
    }

    /// Rows behind a place in the log, oldest first, as many as an answer holds; nothing where there are none yet.
    /// `after` is a [`MessageLog::seq`].
    pub async fn logs_after(&self, after: u64, limit: u32) -> Result<Vec<MessageLog>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().count(after).int(limit.into());
        let found = tx.rows(&logs::AFTER, args).await?;
        let found = found.iter().map(rows::log).collect::<Result<Vec<_>, _>>()?;
        Ok(found.into_iter().map_while(|(log, fits)| fits.then_some(log)).collect())
    }

    /// The place of the newest row, as [`MessageLog::seq`]; 0 for an empty log.
    pub async fn last_place(&self) -> Result<u64, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        Ok(u64::try_from(tx.number(&logs::LAST, args).await?).unwrap_or_default())
    }

    /// The newest line of each contact among the newest rows of the log, newest first.
    pub async fn chats(&self) -> Result<Vec<ChatLine>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().int(PAGE_MAX_ROWS.into());
        let found = tx.rows(&logs::CHATS, args).await?;
        let mut lines = found.iter().map(rows::line).collect::<Result<Vec<_>, _>>()?;
        let mut seen = BTreeSet::new();
        lines.retain(|line| seen.insert(line.contact.clone()));
        Ok(lines)
    }

    /// How many rows the log has of one contact.
    pub async fn count_of_contact(&self, contact: &str) -> Result<u64, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(contact);
        Ok(u64::try_from(tx.number(&logs::COUNT_OF_CONTACT, args).await?).unwrap_or_default())
    }

    /// How many messages customers have sent from one moment until before another.
    pub async fn count_messages(&self, from: Timestamp, until: Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().time(from).time(until);
        Ok(u64::try_from(tx.number(&logs::COUNT_BETWEEN, args).await?).unwrap_or_default())
    }

    /// A page of the log, newest first. Of texts it holds a mebibyte: where there are more, it ends earlier.
    pub async fn logs(&self, page: PageRequest) -> Result<Page<MessageLog>, StoreError> {
        self.log_page(page, None).await
    }

    /// A page of what was said with one contact, newest first. `contact` is as in [`MessageLog::contact`].
    pub async fn chat(&self, contact: &str, page: PageRequest) -> Result<Page<MessageLog>, StoreError> {
        self.log_page(page, Some(contact)).await
    }

    /// A page of the lines that a filter lets through, newest first.
    ///
    /// # Errors
    /// [`StoreError::TookTooLong`] where the database had to end it, [`StoreError::Searching`] where too many search at
    /// once, [`StoreError::Unavailable`] where the database does not answer.
    pub async fn search_logs(
        &self,
        filter: &LogFilter,
        page: PageRequest,
    ) -> Result<Page<MessageLog>, StoreError> {
        let LogFilter { contact, text, from, until } = filter;
        let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() && from.is_none() && until.is_none() {
            return self.log_page(page, contact.as_deref()).await;
        }
        let args = Args::within(Some(self.tenant))
            .int(page.place())
            .int(page.fetch())
            .int(from.map_or(i64::MIN, Timestamp::as_millisecond))
            .int(until.map_or(i64::MAX, Timestamp::as_millisecond))
            .opt_text(contact.as_deref())
            .opt_text(text.map(pattern).as_deref());
        cut(page, &self.store.seek(Some(self.tenant), &logs::SEARCH, args).await?)
    }

    /// Whether this contact has ever written to the tenant: a person may be answered, a stranger is not written to.
    pub async fn has_written(&self, contact: &str) -> Result<bool, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(contact);
        Ok(tx.number(&logs::HAS_WRITTEN, args).await? > 0)
    }

    /// Deletes up to `rows` log rows that are older than `before`, the oldest first, and tells how many. Call it again
    /// until it says 0: small batches hold nobody up.
    pub async fn prune_logs(&self, before: Timestamp, rows: u32) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().time(before).int(i64::from(rows));
        let deleted = tx.execute(&logs::PRUNE, args).await?;
        tx.commit().await?;
        Ok(deleted)
    }

    /// Deletes up to `rows` log rows of one contact and tells how many, and with the last of them what was noted of the
    /// contact. Call it again until it says 0.
    pub async fn erase_contact(&self, contact: &str, rows: u32) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().text(contact).int(i64::from(rows));
        let deleted = tx.execute(&logs::ERASE, args).await?;
        if deleted < u64::from(rows) {
            let args = tx.args().text(contact);
            tx.execute(&customers::ERASE, args).await?;
        }
        tx.commit().await?;
        if deleted < u64::from(rows) {
            self.store.forget_deleted().await?;
        }
        Ok(deleted)
    }

    async fn log_page(
        &self,
        page: PageRequest,
        contact: Option<&str>,
    ) -> Result<Page<MessageLog>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().int(page.place()).int(page.fetch());
        let found = match contact {
            None => tx.rows(&logs::PAGE, args).await?,
            Some(contact) => tx.rows(&logs::CHAT, args.text(contact)).await?,
        };
        cut(page, &found)
    }
}

/// Makes the page: it ends before its rows do where they are more than an answer holds, and never before its first row.
fn cut(page: PageRequest, found: &[AnyRow]) -> Result<Page<MessageLog>, StoreError> {
    let found = found.iter().map(rows::log).collect::<Result<Vec<_>, _>>()?;
    let rows = found.len();
    let items: Vec<_> = found.into_iter().map_while(|(log, fits)| fits.then_some(log)).collect();
    let more = items.len() < rows;
    let place = |log: &MessageLog| Cursor::at_place(log.seq, log.id);
    let next = items.last().filter(|_| more).map(place);
    let page = page.cut(items, place);
    Ok(Page { next: page.next.or(next), ..page })
}

/// A batch counts up by one and stays within what the database can hold.
fn check_sequence(sequence: impl Iterator<Item = u64>) -> Result<(), StoreError> {
    let invalid = |reason: &str| Err(StoreError::Invalid { field: "sequence", reason: reason.to_owned() });
    let mut before = None;
    for number in sequence {
        if number == 0 || i64::try_from(number).is_err() {
            return invalid("numbers begin at 1");
        }
        if before.is_some_and(|before| number != before + 1) {
            return invalid("numbers grow by one from row to row");
        }
        before = Some(number);
    }
    Ok(())
}
