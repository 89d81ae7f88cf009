//! What a worker's journal decides of bookings, orders and tickets comes up; the tenant's business profile, and the open
//! records for a journal that was made anew, go down.

use domain::{JournalId, RecordKind, RecordRow, Timestamp};
use link::{
    DownSender,
    message::{DocumentKind, Down, NextNumbers, SoldSince, document_parts},
};
use replies::{Amount, Numbers, Profile, Record};
use store::{PageRequest, RecordFilter, StoreError, StoredRecord};
use tokio::time::Instant;

use super::{Downlink, refused};
use crate::{ChangeKind, Stream, error::Cut, records, service::lock};

/// Open records that are read at once.
const PAGE: u32 = 200;
/// Bytes of records in one frame, as JSON within JSON: far below what a frame may have.
const PART_BYTES: usize = 384 * 1024;

impl Downlink {
    /// Writes a batch of records and acknowledges it.
    pub(super) async fn records(
        &mut self,
        journal: JournalId,
        rows: &[RecordRow],
        down: &mut DownSender<Box<dyn Stream>>,
    ) -> Result<(), Cut> {
        crash::point("records_received");
        let due = lock(&self.share).records(&self.shared.options.shares, rows, Instant::now());
        // The link is read on meanwhile, so that a heartbeat still counts.
        tokio::time::sleep_until(due).await;
        let batch: Vec<_> = rows.iter().map(records::row).collect();
        let batch = &batch;
        let appended = self.stored(|scope| async move { scope.append_records(journal, batch).await }).await;
        let sequence = match appended {
            Ok(sequence) => sequence,
            Err(error @ StoreError::Invalid { .. }) => return Err(refused(error.to_string())),
            Err(error) => return Err(error.into()),
        };
        crash::point("records_stored");
        // Only now: the store has committed and synced them.
        self.say(down, Down::AcknowledgeRecords { journal, sequence }).await?;
        crash::point("records_confirmed");
        self.shared.changed(self.tenant, ChangeKind::Records);
        Ok(())
    }

    /// Tells the worker the tenant's business profile, unless it was told this version on this connection.
    pub(super) async fn tell_profile(&mut self, down: &mut DownSender<Box<dyn Stream>>) -> Result<(), Cut> {
        let profile = self.stored(|scope| async move { scope.profile().await }).await?;
        if profile.version == 0 || self.profile_told == Some(profile.version) {
            return Ok(());
        }
        let version = profile.version.to_string();
        for part in document_parts(DocumentKind::Profile, &version, Some(&profile.document)) {
            self.say(down, part).await?;
        }
        self.profile_told = Some(profile.version);
        Ok(())
    }

    /// Tells a journal that was made anew, or put back from a backup, all that is open, and from which numbers on it goes.
    pub(super) async fn tell_records(
        &mut self,
        journal: JournalId,
        down: &mut DownSender<Box<dyn Stream>>,
    ) -> Result<(), Cut> {
        let numbers = self.stored(|scope| async move { scope.record_numbers().await }).await?;
        let first = Numbers::default();
        let next = NextNumbers {
            booking: numbers.booking.saturating_add(1).max(first.booking),
            order: numbers.order.saturating_add(1).max(first.order),
            ticket: numbers.ticket.saturating_add(1).max(first.ticket),
            block: numbers.block.saturating_add(1).max(first.block),
        };
        let parts = in_parts(self.open_records().await?);
        let count = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        let mut sold = self.sold().await?;
        for (part, rows) in (0..).zip(parts) {
            // With the first one: as many products as a profile may have fit beside what a part holds.
            let sold = std::mem::take(&mut sold);
            self.say(down, Down::OpenRecords { journal, part, parts: count, next, rows, sold }).await?;
        }
        crash::point("records_told");
        Ok(())
    }

    /// What orders have taken of each product since it was counted. Of those that are done a new journal knows nothing else.
    async fn sold(&self) -> Result<Vec<SoldSince>, StoreError> {
        let stored = self.stored(|scope| async move { scope.profile().await }).await?;
        let mut sold = Sold::of(&stored.document);
        let Some(first) = sold.since() else { return Ok(Vec::new()) };
        let filter = &RecordFilter { from: Some(first), ..RecordFilter::of(RecordKind::Order) };
        let mut page = PageRequest { limit: PAGE, before: None };
        loop {
            let orders = self.stored(|scope| async move { scope.records(filter, page).await }).await?;
            orders.items.into_iter().for_each(|order| sold.take(order.body));
            match orders.next {
                Some(next) => page.before = Some(next),
                None => return Ok(sold.told()),
            }
        }
    }

    async fn open_records(&self) -> Result<Vec<RecordRow>, StoreError> {
        let (mut rows, mut after) = (Vec::new(), String::new());
        loop {
            let from = after.as_str();
            let page = self.stored(|scope| async move { scope.open_records(from, PAGE).await }).await?;
            let Some(last) = page.last() else { return Ok(rows) };
            after = last.reference.clone();
            rows.extend(page.into_iter().map(row));
        }
    }
}

/// What is sold of the products that were counted at a known time.
#[derive(Default)]
struct Sold(Vec<Counted>);

struct Counted {
    code: String,
    counted: i64,
    at: Timestamp,
    sold: Amount,
}

impl Sold {
    /// Nothing yet of the products of a profile; none where it cannot be read.
    fn of(document: &str) -> Self {
        let profile = serde_json::from_str::<Profile>(document).unwrap_or_default();
        let counted = profile.catalogue.into_iter().filter(|product| product.stock.is_some());
        let counted = counted.filter_map(|product| {
            let (code, counted) = (product.code, product.stock_counted);
            Some(Counted { code, counted, at: product.stock_counted_at?, sold: Amount::NONE })
        });
        Self(counted.collect())
    }

    /// When the first of them was counted.
    fn since(&self) -> Option<Timestamp> {
        self.0.iter().map(|product| product.at).min()
    }

    /// Takes an order's goods off what was counted before it was made.
    fn take(&mut self, order: serde_json::Value) {
        // What another build wrote is passed over, as its journal does.
        let Ok(Record::Order(order)) = serde_json::from_value(order) else { return };
        for product in self.0.iter_mut().filter(|product| order.made_at >= product.at) {
            product.sold = product.sold.plus(order.takes(&product.code));
        }
    }

    fn told(self) -> Vec<SoldSince> {
        let told =
            |Counted { code, counted, sold, .. }| SoldSince { code, counted, sold: sold.as_hundredths() };
        self.0.into_iter().map(told).collect()
    }
}

/// Cuts rows into frames; one at least, so that who waits for them hears that there are none.
fn in_parts(rows: Vec<RecordRow>) -> Vec<Vec<RecordRow>> {
    let mut parts = vec![Vec::new()];
    let mut bytes = 0;
    for row in rows {
        // Each quote of the record's JSON is escaped once more in the frame's.
        let weight = row.body.len() * 2 + 512;
        if bytes + weight > PART_BYTES && bytes > 0 {
            parts.push(Vec::new());
            bytes = 0;
        }
        bytes += weight;
        if let Some(part) = parts.last_mut() {
            part.push(row);
        }
    }
    parts
}

fn row(record: StoredRecord) -> RecordRow {
    RecordRow {
        sequence: 0,
        contact: record.contact,
        reference: record.reference,
        kind: record.kind,
        version: u32::try_from(record.version).unwrap_or(u32::MAX),
        open: record.open,
        changed_at: record.changed_at,
        body: record.body.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(bytes: usize) -> RecordRow {
        RecordRow {
            sequence: 0,
            contact: None,
            reference: "B-1001".to_owned(),
            kind: RecordKind::Booking,
            version: 1,
            open: true,
            changed_at: Timestamp::UNIX_EPOCH,
            body: "\"".repeat(bytes),
        }
    }

    #[test]
    fn open_records_are_cut_into_frames_and_none_are_told_too() {
        assert_eq!(in_parts(Vec::new()), vec![Vec::new()]);
        let parts = in_parts(vec![record(32 * 1024); 50]);
        assert_eq!(parts.iter().map(Vec::len).sum::<usize>(), 50);
        for part in parts {
            assert!(serde_json::to_vec(&part).unwrap().len() < link::frame::FRAME_MAX_BYTES);
        }
    }
}
