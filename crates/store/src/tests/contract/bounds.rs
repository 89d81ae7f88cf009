//! However long the rows of a log are, what is read of them at once is bounded in bytes; and all of them can be read.

use std::collections::BTreeSet;

use domain::{JournalId, limits::PAGE_MAX_BYTES};

use crate::{
    Cursor, Engine, LogFilter, MessageLog, NewLog, Page, PageRequest, TenantScope,
    tests::support::{World, journal_row, worlds},
};

/// What one row may add to a page that has not reached its bytes yet.
const ROW_MAX_BYTES: usize = 4 * 65_536;

fn bytes(rows: &[MessageLog]) -> usize {
    rows.iter().map(|row| row.message_text.len() + row.contact.len() + row.wa_message_id.len()).sum()
}

async fn filled(world: &World, rows: u64, text_bytes: usize) -> TenantScope {
    let scope = world.store.tenant(world.tenant("Asha").await);
    let (journal, text) = (JournalId::generate(), "x".repeat(text_bytes));
    for first in (1..=rows).step_by(50) {
        let batch: Vec<_> =
            (first..=rows.min(first + 49)).map(|n| NewLog { text: text.clone(), ..journal_row(n) }).collect();
        scope.append_logs(journal, &batch).await.unwrap();
    }
    scope
}

/// All pages; how many rows they have together, and how many bytes the largest holds.
async fn read<F: Future<Output = Page<MessageLog>>>(
    page: impl Fn(PageRequest) -> F,
) -> (usize, usize, usize) {
    let (mut seen, mut largest, mut pages) = (BTreeSet::new(), 0, 0);
    let mut before: Option<Cursor> = None;
    loop {
        let found = page(PageRequest { limit: 500, before }).await;
        assert!(!found.items.is_empty(), "an empty page before the end");
        largest = largest.max(bytes(&found.items));
        pages += 1;
        for row in &found.items {
            assert!(seen.insert(row.seq), "a row that comes twice");
        }
        before = found.next;
        if before.is_none() {
            return (seen.len(), largest, pages);
        }
    }
}

#[tokio::test]
async fn legal_rows_of_the_longest_text_make_pages_of_a_mebibyte() {
    for world in worlds().await {
        let scope = &filled(&world, 500, 64 * 1024).await;
        let filter = &LogFilter { text: Some("xx".into()), ..LogFilter::default() };
        let (rows, largest, pages) = read(|page| async move { scope.logs(page).await.unwrap() }).await;
        assert_eq!((rows, pages), (500, 32), "16 rows of 64 KiB are a mebibyte");
        assert!(largest <= PAGE_MAX_BYTES + ROW_MAX_BYTES, "{largest}");
        let (rows, largest, _) =
            read(|page| async move { scope.search_logs(filter, page).await.unwrap() }).await;
        assert!(rows == 500 && largest <= PAGE_MAX_BYTES + ROW_MAX_BYTES, "{rows} {largest}");
        let (rows, largest, _) =
            read(|page| async move { scope.chat("255712000001", page).await.unwrap() }).await;
        assert!(rows == 500 && largest <= PAGE_MAX_BYTES + ROW_MAX_BYTES, "{rows} {largest}");

        let lines = scope.chats().await.unwrap();
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].text, "x".repeat(60), "no more of a text than a list shows");
        let newer = scope.logs_after(0, 500).await.unwrap();
        assert!(newer[0].seq == 1 && bytes(&newer) <= PAGE_MAX_BYTES + ROW_MAX_BYTES);
        assert_eq!(scope.logs_after(scope.last_place().await.unwrap(), 500).await.unwrap(), []);
    }
}

#[tokio::test]
async fn rows_from_before_the_bounds_are_cut_where_they_are_read() {
    for world in worlds().await {
        // The whole of what was seen on one engine; on the other some of it, since it takes longer.
        let all = if world.store.engine() == Engine::Sqlite { 510 } else { 60 };
        let scope = filled(&world, all, 1_000_000).await;
        let mut last = scope.logs(PageRequest { limit: 500, before: None }).await.unwrap();
        let first = bytes(&last.items);
        assert!(first <= PAGE_MAX_BYTES + ROW_MAX_BYTES, "{first}");
        assert!(last.items.iter().all(|row| row.message_text.chars().count() == 65_536));
        let (mut rows, mut pages) = (last.items.len(), 1);
        while let Some(next) = last.next {
            last = scope.logs(PageRequest { limit: 500, before: Some(next) }).await.unwrap();
            assert!(!last.items.is_empty());
            (rows, pages) = (rows + last.items.len(), pages + 1);
        }
        eprintln!("{all} rows of 1 MB: {first} bytes of text in the first page of {pages}");
        assert_eq!(rows as u64, all);
        assert_eq!(scope.chats().await.unwrap()[0].text.len(), 60);
        let long =
            NewLog { wa_message_id: "w".repeat(100_000), about: Some("a".repeat(100_000)), ..journal_row(1) };
        let long = NewLog { silence: Some("s".repeat(100_000)), ..long };
        scope.append_logs(JournalId::generate(), &[long]).await.unwrap();
        let row = scope.logs(PageRequest { limit: 1, before: None }).await.unwrap().items.remove(0);
        let lengths = (row.wa_message_id.len(), row.about.unwrap().len(), row.silence.unwrap().len());
        assert_eq!(lengths, (128, 128, 64));
    }
}

#[tokio::test]
async fn a_page_of_the_audit_log_is_bounded_in_bytes_and_goes_on() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        for n in 0..200 {
            let payload = serde_json::json!({ "n": n, "text": "x".repeat(16_000) });
            scope.record_event("admin", None, "X", &payload).await.unwrap();
        }
        let huge = serde_json::json!({ "text": "x".repeat(1_000_000) });
        scope.record_event("admin", None, "HUGE", &huge).await.unwrap();
        let (mut before, mut events, mut pages) = (None, 0, 0);
        loop {
            let page = scope.events(PageRequest { limit: 500, before }).await.unwrap();
            assert!(!page.items.is_empty());
            let bytes: usize = page.items.iter().map(|event| event.payload.to_string().len()).sum();
            assert!(bytes <= PAGE_MAX_BYTES + 16_384, "{bytes}");
            events += page.items.len();
            pages += 1;
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert!(events >= 201 && pages == 4, "{events} lines on {pages} pages");
        let newest = scope.events(PageRequest { limit: 1, before: None }).await.unwrap();
        assert!(newest.items[0].event_type != "HUGE" || newest.items[0].payload["too_long"] == true);
    }
}

/// PostgreSQL's index takes about 2,700 bytes, and a contact beyond that stopped a tenant's log for ever. The door lets
/// 64 bytes through; what is longer all the same is left out and counted, and the log goes on.
#[tokio::test]
async fn a_contact_of_any_length_stops_no_log() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let longest: String = "\u{10ffff}".repeat(16);
        let (journal, huge) = (JournalId::generate(), noise(100_000));
        let rows = [longest.as_str(), huge.as_str(), "255712000001"];
        let rows: Vec<_> = (1..)
            .zip(rows)
            .map(|(n, contact)| NewLog { contact: contact.to_owned(), ..journal_row(n) })
            .collect();
        assert_eq!(scope.append_logs(journal, &rows).await.unwrap(), 3);
        assert_eq!(scope.chat(&longest, PageRequest::default()).await.unwrap().items.len(), 1);
        let kept = scope.logs(PageRequest::default()).await.unwrap().items;
        assert!(kept.iter().any(|row| row.contact == "255712000001"), "what came behind it is there");
        assert!(kept.iter().all(|row| row.contact.chars().count() <= 128));
        let refused = scope.get().await.unwrap().worker.refused_log_rows;
        assert_eq!(refused, if world.store.engine() == Engine::Postgres { 1 } else { 0 });
    }
}

/// Bytes that cannot be compressed into an index.
fn noise(bytes: usize) -> String {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'!' + u8::try_from(state % 90).unwrap())
    };
    (0..bytes).map(|_| next()).collect()
}
