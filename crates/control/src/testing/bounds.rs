//! However much a worker has handed in, an answer is bounded in bytes, goes on where it ended, and leaves nothing out.

use domain::{Direction, Id, LogId, TenantId, limits::PAGE_MAX_BYTES};
use store::NewLog;

use super::{
    TestApp,
    watching::{next, open},
};

fn row(sequence: u64, text: &str) -> NewLog {
    NewLog {
        sequence,
        id: LogId::generate(),
        direction: Direction::In,
        contact: "255754000222".to_owned(),
        text: text.to_owned(),
        wa_message_id: format!("A{sequence}"),
        at: "2026-01-10T12:00:00Z".parse().unwrap(),
        silence: None,
        sent_at: None,
        about: None,
        removes: false,
        delivery: None,
        writer: None,
        opted_out: false,
    }
}

/// A tenant with so many rows of a text.
async fn filled(app: &TestApp, rows: u64, text: &str) -> TenantId {
    let (id, journal) = (app.tenant("Amina").await, Id::generate());
    for first in (1..=rows).step_by(50) {
        let batch: Vec<_> = (first..=rows.min(first + 49)).map(|n| row(n, text)).collect();
        app.store.tenant(id).append_logs(journal, &batch).await.unwrap();
    }
    id
}

/// 500 legal rows of 64 KiB cost 128 MB a page, and 500 of 1 MB gigabytes.
#[tokio::test]
async fn the_longest_rows_make_short_answers_that_go_on() {
    let app = TestApp::new().await;
    let id = filled(&app, 500, &"x".repeat(64 * 1024)).await;
    let tenant = format!("/admin/tenants/{id}");
    let page = app.page(&tenant).await.text.len();
    let document = app.get(&tenant).await.text.len();
    assert!(page < 2 * PAGE_MAX_BYTES && document < 2 * PAGE_MAX_BYTES, "{page} {document}");

    let (mut path, mut rows, mut pages) = (format!("{tenant}/logs?limit=500"), 0, 0);
    loop {
        let answer = app.get(&path).await;
        let found = answer.json().as_array().unwrap().len();
        assert!(found > 0 && answer.text.len() < 2 * PAGE_MAX_BYTES, "{found} {}", answer.text.len());
        (rows, pages) = (rows + found, pages + 1);
        let Some(link) = answer.headers.get("link") else { break };
        path = link.to_str().unwrap().split(['<', '>']).nth(1).unwrap().to_owned();
    }
    assert_eq!(rows, 500);
    eprintln!("500 rows of 64 KiB: page {page}, document {document} bytes, the log in {pages} pages");

    let table = app.get(&format!("{tenant}/logs.csv")).await.text;
    assert_eq!(table.lines().count(), 501, "an export is whole all the same");
    let contact = app.get(&format!("{tenant}/contacts/255754000222")).await;
    let document = contact.json();
    assert_eq!(document["log"].as_array().unwrap().len(), 500);
    assert_eq!((&document["contact"], &document["journal"]), (&"255754000222".into(), &().into()));
    assert_eq!(contact.headers["content-type"], "application/json");
    let event = app.store.tenant(id).events(Default::default()).await.unwrap().items.remove(0);
    assert_eq!((event.event_type.as_str(), &event.payload["log_rows"]), ("CONTACT_EXPORTED", &500.into()));
}

#[tokio::test]
async fn a_search_that_is_too_long_is_refused_by_its_name() {
    let app = TestApp::new().await;
    let id = filled(&app, 1, "habari").await;
    let (long, longest) = ("a".repeat(201), "a".repeat(200));
    for path in [
        format!("/admin/tenants/{id}/logs.csv?search="),
        "/admin/tenants?search=".to_owned(),
        format!("/admin/tenants/{id}?part=chats&search="),
    ] {
        let refused = app.page(&format!("{path}{long}")).await;
        assert_eq!(refused.status, 422, "{path}: {}", refused.text);
        assert!(refused.text.contains("200"), "{path}: {}", refused.text);
        assert_eq!(app.get(&format!("{path}{longest}")).await.status, 200, "{path}");
    }
    let refused = app.get(&format!("/admin/tenants?search={long}")).await;
    assert_eq!(refused.problem().2.as_deref(), Some("search"));
}

/// A viewer read 500 rows again for each batch, and skipped what was older than those.
#[tokio::test]
async fn a_viewer_of_a_live_log_is_sent_every_row_however_many_come_at_once() {
    let app = TestApp::new().await;
    let id = filled(&app, 3, "before").await;
    let mut events = open(&app, &format!("/admin/tenants/{id}/logs/stream?last=1")).await;
    let journal = Id::generate();
    for first in [1, 501] {
        let batch: Vec<_> = (first..first + 500).map(|n| row(n, &format!("n{n}."))).collect();
        app.store.tenant(id).append_logs(journal, &batch).await.unwrap();
    }
    assert!(next(&mut events).await.contains("\"A3\""));
    for n in 1..=1_000 {
        let event = next(&mut events).await;
        assert!(event.contains(&format!("\"n{n}.\"")), "{n}: {event}");
    }
}
