//! The worker's own log: on the tenant's page, as a document and as a text, harmless in all three.

use http::StatusCode;
use supervisor::LogTail;

use super::TestApp;

/// What a worker that lies might say, with what it must never show again.
const SAID: &str = "2026-01-10T11:58:00.000001Z DEBUG worker::intake: messages taken in chats=1\n\
    2026-01-10T11:58:01Z  INFO worker::outbox: sent number=255712345678 text=\"Marker of a customer\"\n\
    2026-01-10T11:58:02Z  WARN whatsapp_rust: <script>alert(1)</script> \u{1b}[2J token=Marker\n\
    2026-01-10T11:58:03Z ERROR worker::link: key 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n\
    memory allocation of 12 bytes failed\n\
    2026-01-10T11:58:04Z  INFO half a li";

fn tail(text: &str) -> LogTail {
    LogTail { text: text.as_bytes().to_vec(), end: text.len() as u64, ..LogTail::default() }
}

#[tokio::test]
async fn a_workers_log_is_read_by_level_and_says_nothing_that_it_should_not() {
    let app = TestApp::new().await;
    let id = app.tenant("Saluni ya Amina").await;
    app.runtime.logs(id, tail(SAID));
    let path = format!("/admin/tenants/{id}/worker/log");
    for (level, lines) in [("error", 2), ("warn", 3), ("info", 4), ("debug", 5)] {
        let found = app.get(&format!("{path}?level={level}")).await.json();
        assert_eq!(found["lines"].as_array().unwrap().len(), lines, "{level}: {found}");
        assert_eq!(found["state"], "there");
    }
    let found = app.get(&path).await.json();
    assert_eq!(found["lines"][0]["text"], "worker::outbox: sent number=*********678 text=[hidden]");
    assert_eq!(found["lines"][0]["level"], "info");
    assert_eq!(found["lines"][3]["text"], "memory allocation of 12 bytes failed");
    let half = "2026-01-10T11:58:04Z  INFO half a li".len();
    assert_eq!(found["next"], SAID.len() - half, "half a line is read once it is whole");
    let last = app.get(&format!("{path}?lines=1")).await.json();
    assert_eq!((last["lines"].as_array().unwrap().len(), &last["more"]), (1, &true.into()));

    let text = app.get(&format!("{path}.txt?level=debug")).await;
    assert_eq!(text.headers["content-type"], "text/plain; charset=utf-8");
    let named = text.headers["content-disposition"].to_str().unwrap();
    assert_eq!(named, "attachment; filename=\"saluni-ya-amina-worker-log-2026-01-10.txt\"");
    assert_eq!(text.text.lines().count(), 5, "{}", text.text);
    let page = app.page(&format!("/admin/tenants/{id}?level=debug")).await;
    assert!(page.text.contains("memory allocation of 12 bytes failed"), "{}", page.text);
    assert!(!page.text.contains("<script>alert"), "{}", page.text);
    for shown in [&found.to_string(), &text.text, &page.text] {
        for hidden in ["Marker", "255712345678", "9f86d081", "\u{1b}"] {
            assert!(!shown.contains(hidden), "{hidden}: {shown}");
        }
    }
}

#[tokio::test]
async fn a_log_that_is_not_there_or_is_being_cut_is_told_in_words() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let path = format!("/admin/tenants/{id}/worker/log");
    let none = app.get(&path).await.json();
    assert_eq!((&none["state"], &none["next"]), (&"none".into(), &0.into()));
    assert_eq!(app.get(&format!("{path}.txt")).await.text, "");
    let page = app.page(&format!("/admin/tenants/{id}")).await.text;
    assert!(page.contains(words::worker_log::none_text()), "{page}");

    app.runtime.logs(id, LogTail { rotating: true, ..tail("2026-01-10T11:58:00Z  INFO x: y\n") });
    assert_eq!(app.get(&path).await.json()["state"], "rotating");
    let card = app.page(&format!("/admin/tenants/{id}?part=log&level=error")).await.text;
    assert!(card.contains(words::worker_log::rotating()), "{card}");
    assert!(card.contains(words::worker_log::nothing()), "no such line: {card}");
}

#[tokio::test]
async fn what_is_asked_of_it_is_bounded_and_named() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    app.runtime.logs(id, tail(&"2026-01-10T11:58:00Z  INFO x: y\n".repeat(3_000)));
    let path = format!("/admin/tenants/{id}/worker/log");
    for (query, field) in [("level=loud", "level"), ("lines=0", "lines"), ("lines=2001", "lines")] {
        let refused = app.get(&format!("{path}?{query}")).await;
        assert_eq!(refused.problem().2.as_deref(), Some(field), "{query}");
    }
    assert_eq!(app.get(&format!("{path}?lines=2000")).await.json()["lines"].as_array().unwrap().len(), 2000);
    let page = app.page(&format!("/admin/tenants/{id}")).await.text;
    assert_eq!(page.matches("<time datetime=\"2026-01-10T11:58:00Z\">").count(), 100);
    let refused = app.page(&format!("/admin/tenants/{id}?level=loud")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Its files go with the tenant, and the log with them.
    app.delete(&format!("/admin/tenants/{id}")).await;
    assert_eq!(app.get(&path).await.problem().1, "tenant-not-found");
}
