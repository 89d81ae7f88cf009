//! Transcripts: marks as on a phone, who wrote, and a search that leads into the chat.

use domain::{Direction, Id};
use serde_json::json;
use store::Actor;

use super::{TestApp, pages::log};

const CONTACT: &str = "255754000222";

#[tokio::test]
async fn a_transcript_shows_marks_as_a_phone_does_and_nothing_that_a_customer_made_up() {
    let app = TestApp::new().await;
    let id = app.tenant("Saluni ya Amina").await;
    let said = [
        log(1, Direction::In, CONTACT, "*<script>alert(1)</script>* <b>x</b> &amp; _<i>y</i>_"),
        log(2, Direction::Out, CONTACT, "*Karibu* saluni"),
        log(3, Direction::Out, CONTACT, "Nakuja sasa"),
    ];
    app.store.tenant(id).append_logs(Id::generate(), &said).await.unwrap();
    let by = app.store.tenant(id).by(Actor::Admin);
    let payload = json!({ "wa_message_id": "A3" });
    by.record_event("admin", None, "MESSAGE_SENT", &payload).await.unwrap();
    let page = app.page(&format!("/admin/tenants/{id}")).await.text;
    for shown in [
        "<strong>&#60;script&#62;alert(1)&#60;/script&#62;</strong> &#60;b&#62;x&#60;/b&#62; &#38;amp;",
        "<em>&#60;i&#62;y&#60;/i&#62;</em>",
        "<strong>Karibu</strong> saluni",
        // Who wrote: the bot, and the operator by name.
        "Bot: </span>",
        &format!("{}: </span>", words::did::who("admin", None)),
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(!page.contains("<script>alert") && !page.contains("<b>x</b>"), "{page}");
}

#[tokio::test]
async fn what_a_search_finds_leads_into_its_chat_at_that_message() {
    let app = TestApp::new().await;
    let id = app.tenant("Saluni ya Amina").await;
    let text = |n: u64| match n {
        40 => "bei ya rasta 100% ni ngapi?".to_owned(),
        n => format!("ujumbe {n}"),
    };
    let contact = |n: u64| if n.is_multiple_of(2) { CONTACT } else { "255754000999" };
    let said: Vec<_> = (1..=200).map(|n| log(n, Direction::In, contact(n), &text(n))).collect();
    app.store.tenant(id).append_logs(Id::generate(), &said).await.unwrap();
    let path = format!("/admin/tenants/{id}");
    let hit = format!("{path}?contact={CONTACT}&#38;at=40#m-{}", said[39].id);
    let found = app.page(&format!("{path}?search=100%25")).await.text;
    assert!(found.contains(&format!("<a href=\"{hit}\">")), "{hit}: {found}");
    let chat = app.page(&format!("{path}?contact={CONTACT}&at=40")).await.text;
    assert!(
        chat.contains(&format!("<p class=\"bubble found\" id=\"m-{}\" aria-current=\"true\">", said[39].id))
    );
    // What was said before and after it, of this chat alone; and the ways on.
    for (n, shown) in [(38, true), (42, true), (70, true), (39, false), (72, false), (200, false)] {
        assert_eq!(chat.contains(&format!("id=\"m-{}\"", said[n - 1].id)), shown, "{n}");
    }
    assert!(chat.contains(&format!("&#38;at=70#m-{}", said[69].id)), "newer ones");
    assert!(chat.contains(words::messages::newest()) && !chat.contains("id=\"chat\" data-bottom"), "{chat}");
    let near = app.page(&format!("{path}?contact={CONTACT}&at=196")).await.text;
    assert!(!near.contains(words::messages::newer()), "nothing is newer than what is shown");
    let wrong = app.page(&format!("{path}?contact={CONTACT}&at=x")).await;
    assert_eq!(wrong.status, 422);
    // A search is bounded as before.
    let long = app.page(&format!("{path}?search={}", "x".repeat(1_000))).await;
    assert_eq!(long.status, 422);
}
