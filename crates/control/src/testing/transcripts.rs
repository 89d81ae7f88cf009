//! Transcripts: marks as on a phone, who wrote, and a search that leads into the chat.

use domain::{Delivery, DeliveryRow, Direction, Id, Writer};
use serde_json::json;
use store::{Actor, NewLog};

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

#[tokio::test]
async fn each_message_of_ours_shows_how_far_it_has_come_and_who_wrote_it() {
    let app = TestApp::new().await;
    let id = app.tenant("Saluni ya Amina").await;
    let scope = app.store.tenant(id);
    let said = |n, delivery, writer, text| NewLog {
        delivery,
        writer: Some(writer),
        ..log(n, Direction::Out, CONTACT, text)
    };
    let rows = [
        log(1, Direction::In, CONTACT, "Habari"),
        said(2, Some(Delivery::Waiting), Writer::Bot, "Karibu"),
        said(3, Some(Delivery::Waiting), Writer::Timer, "Kesho saa nne"),
        said(4, Some(Delivery::Sent), Writer::Phone, "Ni mimi mwenyewe"),
        said(5, Some(Delivery::Waiting), Writer::Person, "Nakuja"),
        // Sent before anybody was told.
        log(6, Direction::Out, CONTACT, "Zamani"),
    ];
    scope.append_logs(Id::generate(), &rows).await.unwrap();
    let path = format!("/admin/tenants/{id}");
    let tick = |page: &str, n: usize| {
        let (_, line) = page.split_once(&format!("id=\"m-{}\"", rows[n - 1].id)).expect("the line");
        let (line, rest) = line.split_once("</p>").expect("its end");
        let beneath = rest.trim_start().strip_prefix("<p class=\"silence unsent\">");
        let beneath = beneath.and_then(|it| it.split_once("</p>")).map(|(it, _)| it.to_owned());
        let class = line.split_once("<span class=\"tick ").and_then(|(_, tick)| tick.split_once('"'));
        let says = line.split_once("aria-label=\"").and_then(|(_, says)| says.split_once('"'));
        if let Some((says, _)) = says {
            assert!(line.contains(&format!("title=\"{says}\"")) && line.contains("role=\"img\""), "{line}");
        }
        (class.map(|(class, _)| class.to_owned()), says.map(|(says, _)| says.to_owned()), beneath)
    };
    let shown = |class: &str, says: &str| (Some(class.to_owned()), Some(says.to_owned()), None);
    let page = app.page(&path).await.text;
    assert_eq!(tick(&page, 1), (None, None, None), "a customer's has none");
    assert_eq!(tick(&page, 2), shown("waiting", "Waiting to be sent"));
    assert_eq!(tick(&page, 4), shown("sent", "Sent"));
    assert_eq!(tick(&page, 6), (None, None, None));
    for (n, who) in [(2, "Bot"), (3, "Bot"), (4, "Owner&#39;s phone"), (5, "A person"), (6, "Bot")] {
        let line = page.split_once(&format!("id=\"m-{}\"", rows[n - 1].id)).expect("the line").1;
        let expected = format!("<span class=\"visually-hidden\">{who}: </span>");
        assert!(
            line.split_once("</p>").is_some_and(|(line, _)| line.contains(&expected)),
            "{n} by {who}: {line}"
        );
    }

    let come = |sequence, n: usize, delivery, reason: Option<&str>| DeliveryRow {
        sequence,
        log: rows[n - 1].id,
        delivery,
        reason: reason.map(ToOwned::to_owned),
    };
    let refused = Some("WhatsApp refused it with code 463");
    let batch = [
        come(1, 2, Delivery::Read, None),
        come(2, 3, Delivery::Delivered, None),
        come(3, 4, Delivery::Played, None),
        come(4, 5, Delivery::Failed, refused),
    ];
    scope.note_deliveries(&batch).await.unwrap();
    let part = app.page(&format!("{path}?part=chats&contact={CONTACT}")).await.text;
    assert_eq!(tick(&part, 2), shown("read", "Read"), "{part}");
    assert_eq!(tick(&part, 3), shown("delivered", "Delivered"));
    assert_eq!(tick(&part, 4), shown("read", "Listened to"));
    let why = "Not sent: WhatsApp refused it (code 463)";
    assert_eq!(tick(&part, 5), (Some("failed".into()), Some(why.into()), Some(why.into())));

    let logs = app.get(&format!("{path}/logs")).await.json();
    let of = |n: usize| {
        logs.as_array().unwrap().iter().find(|log| log["wa_message_id"] == format!("A{n}")).unwrap()
    };
    assert_eq!((&of(2)["delivery"], &of(2)["writer"]), (&json!("READ"), &json!("BOT")));
    assert_eq!((&of(4)["delivery"], &of(4)["writer"]), (&json!("PLAYED"), &json!("PHONE")));
    assert_eq!((&of(5)["delivery"], &of(5)["delivery_reason"]), (&json!("FAILED"), &json!(refused)));
    assert_eq!((&of(6)["delivery"], &of(1)["writer"]), (&json!(null), &json!(null)));
    let table = app.get(&format!("{path}/logs.csv")).await.text;
    let head = table.lines().next().unwrap_or_default();
    assert!(head.ends_with(",delivery,not sent because,written by"), "{head}");
    assert!(table.contains(",FAILED,WhatsApp refused it with code 463,PERSON"), "{table}");
    assert!(table.contains(",PLAYED,,PHONE"), "{table}");
}
