//! Records: idempotent batches, lists by day and state, and what stays until it is closed.

use domain::{JournalId, RecordKind};
use jiff::SignedDuration;

use crate::{
    NewRecord, PageRequest, RecordFilter, RecordNumbers, StoreError, TenantChange, TenantScope,
    tests::support::{World, record_row, worlds},
};

const CONTACT: &str = "255712000001";

fn rows(sequences: std::ops::RangeInclusive<u64>) -> Vec<NewRecord> {
    sequences.map(record_row).collect()
}

fn all() -> PageRequest {
    PageRequest { limit: 500, before: None }
}

async fn scope(world: &World) -> TenantScope {
    world.store.tenant(world.tenant("Asha").await)
}

async fn references(scope: &TenantScope, filter: &RecordFilter) -> Vec<String> {
    let page = scope.records(filter, all()).await.unwrap();
    page.items.into_iter().map(|record| record.reference).collect()
}

#[tokio::test]
async fn a_batch_of_records_that_comes_twice_is_one_batch() {
    for world in worlds().await {
        let (scope, journal) = (scope(&world).await, JournalId::generate());
        assert_eq!(scope.append_records(journal, &rows(1..=3)).await.unwrap(), 3);
        assert_eq!(scope.append_records(journal, &rows(1..=3)).await.unwrap(), 3);
        assert_eq!(scope.append_records(journal, &rows(2..=5)).await.unwrap(), 5);
        assert_eq!(scope.acknowledged_records(journal).await.unwrap(), 5);
        assert_eq!(scope.acknowledged(journal).await.unwrap(), 0, "the log has a sequence of its own");
        assert_eq!(scope.append_records(journal, &[]).await.unwrap(), 5);
        assert_eq!(references(&scope, &RecordFilter::of(RecordKind::Booking)).await.len(), 5);
        let gaps = [record_row(7), record_row(9)];
        assert_eq!(scope.append_records(journal, &gaps).await.unwrap(), 9, "one was changed again meanwhile");
        for wrong in [
            [record_row(11), record_row(10)],
            [record_row(10), record_row(10)],
            [record_row(0), record_row(10)],
        ] {
            let unruly = scope.append_records(journal, &wrong).await;
            assert!(matches!(unruly, Err(StoreError::Invalid { field: "sequence", .. })), "{unruly:?}");
        }
        scope.put_record(&NewRecord { version: 2, open: false, ..record_row(9) }).await.unwrap();
        scope.put_record(&record_row(9)).await.unwrap();
        assert_eq!(scope.record("B-1009").await.unwrap().version, 2);
        assert_eq!(scope.acknowledged_records(journal).await.unwrap(), 9);
    }
}

#[tokio::test]
async fn a_later_version_takes_the_place_of_an_earlier_one_and_never_the_other_way() {
    for world in worlds().await {
        let (scope, journal) = (scope(&world).await, JournalId::generate());
        let second = NewRecord {
            sequence: 2,
            version: 2,
            open: false,
            state: "cancelled".to_owned(),
            body: "{\"name\":\"Neema\"}".to_owned(),
            ..record_row(1)
        };
        scope.append_records(journal, &[record_row(1), second]).await.unwrap();
        // A journal that was put back from a backup tells the first one again.
        scope.append_records(JournalId::generate(), &[record_row(1)]).await.unwrap();
        let record = scope.record("B-1001").await.unwrap();
        assert_eq!((record.version, record.open, record.state.as_str()), (2, false, "cancelled"));
        assert_eq!(record.body["name"], "Neema");
        assert!(matches!(scope.record("B-9").await, Err(StoreError::NotFound("record"))));
        assert!(!format!("{record:?}").contains("Neema"), "nothing of a customer is shown in a log");
    }
}

#[tokio::test]
async fn a_list_is_by_kind_state_day_and_text_and_goes_on_in_pages() {
    for world in worlds().await {
        let (scope, journal) = (scope(&world).await, JournalId::generate());
        let mut batch = rows(1..=9);
        batch[1].state = "came".to_owned();
        batch[1].open = false;
        batch[2].found_by = "B-1003 Neema 100% braids".to_owned();
        batch[8].kind = RecordKind::Order;
        scope.append_records(journal, &batch).await.unwrap();
        let of = RecordFilter::of(RecordKind::Booking);
        assert_eq!(references(&scope, &of).await.first().unwrap(), "B-1008");
        let soonest = RecordFilter { soonest_first: true, ..of.clone() };
        assert_eq!(references(&scope, &soonest).await.first().unwrap(), "B-1001");
        let came = RecordFilter { state: Some("came".to_owned()), ..of.clone() };
        assert_eq!(references(&scope, &came).await, ["B-1002"]);
        let open = RecordFilter { open: Some(true), ..of.clone() };
        assert_eq!(references(&scope, &open).await.len(), 7);
        let day = RecordFilter {
            from: Some(record_row(4).stands_at),
            until: Some(record_row(6).stands_at),
            ..soonest.clone()
        };
        assert_eq!(references(&scope, &day).await, ["B-1004", "B-1005"], "the end is not in it");
        for (text, found) in [("neema", 1), ("b-100", 8), ("100%", 1), ("%", 1), ("nobody", 0)] {
            let filter = RecordFilter { text: Some(text.to_owned()), ..of.clone() };
            assert_eq!(references(&scope, &filter).await.len(), found, "{text}");
        }
        assert_eq!(references(&scope, &RecordFilter::of(RecordKind::Order)).await, ["B-1009"]);
        for filter in [of, soonest] {
            let (mut seen, mut before) = (Vec::new(), None);
            loop {
                let page = scope.records(&filter, PageRequest { limit: 3, before }).await.unwrap();
                seen.extend(page.items.into_iter().map(|record| record.reference));
                before = page.next;
                if before.is_none() {
                    break;
                }
            }
            assert_eq!(seen, references(&scope, &filter).await, "in pages it is the same");
        }
        let numbers = RecordNumbers { booking: 1008, order: 1009, ..RecordNumbers::default() };
        assert_eq!(scope.record_numbers().await.unwrap(), numbers);
        let open: Vec<_> = scope.open_records("B-1005", 2).await.unwrap();
        assert_eq!(
            open.iter().map(|record| record.reference.as_str()).collect::<Vec<_>>(),
            ["B-1006", "B-1007"]
        );
    }
}

#[tokio::test]
async fn a_long_record_makes_no_long_answer() {
    for world in worlds().await {
        let (scope, journal) = (scope(&world).await, JournalId::generate());
        let long =
            |n| NewRecord { body: format!("{{\"note\":\"{}\"}}", "x".repeat(60_000)), ..record_row(n) };
        let mut batch: Vec<_> = (1..=40).map(long).collect();
        batch[0].body = format!("{{\"note\":\"{}\"}}", "x".repeat(100_000));
        scope.append_records(journal, &batch).await.unwrap();
        let page = scope.records(&RecordFilter::of(RecordKind::Booking), all()).await.unwrap();
        assert!(page.next.is_some() && page.items.len() < 25, "{}", page.items.len());
        assert_eq!(scope.record("B-1001").await.unwrap().body, serde_json::json!({}));
    }
}

#[tokio::test]
async fn what_is_open_stays_whatever_is_pruned_or_erased_and_goes_when_it_is_closed() {
    for world in worlds().await {
        let (scope, journal) = (scope(&world).await, JournalId::generate());
        let closed = |n| NewRecord { open: false, ..record_row(n) };
        scope.append_records(journal, &[record_row(1), closed(2), closed(3), closed(4)]).await.unwrap();
        let five = TenantChange { retention_days: Some(Some(5)), ..TenantChange::default() };
        scope.update(five).await.unwrap();
        world.clock.advance(SignedDuration::from_hours(24 * 5 + 4));
        assert_eq!(world.store.operator().carry_out_retention_by(1).await.unwrap(), 2, "2 and 3 are older");
        assert_eq!(scope.count_records_of(CONTACT).await.unwrap(), 2);
        assert_eq!(scope.erase_records(CONTACT, 100).await.unwrap(), 1);
        let left = scope.records_of(CONTACT, all()).await.unwrap().items;
        assert!(left.len() == 1 && left[0].open && left[0].forget, "{left:?}");
        let done = NewRecord { sequence: 5, version: 2, open: false, ..record_row(1) };
        scope.append_records(journal, &[done]).await.unwrap();
        assert_eq!(scope.count_records_of(CONTACT).await.unwrap(), 0, "it was to be forgotten");
    }
}

/// As with a log's rows: PostgreSQL's index takes no reference of any length.
#[tokio::test]
async fn a_record_that_the_database_refuses_stops_no_stream() {
    for world in worlds().await {
        let (scope, journal) = (scope(&world).await, JournalId::generate());
        let poison = world.poison().await;
        let bad = NewRecord { reference: poison.clone(), contact: Some(poison), ..record_row(2) };
        assert_eq!(scope.append_records(journal, &[record_row(1), bad, record_row(3)]).await.unwrap(), 3);
        let refused = scope.get().await.unwrap().worker.refused_log_rows;
        let kept = references(&scope, &RecordFilter::of(RecordKind::Booking)).await.len() as u64;
        assert_eq!(kept + refused, 3);
        assert!(world.addresses.is_none() || refused == 1);
    }
}
