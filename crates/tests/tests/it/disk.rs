//! The disk on which bots live runs full, and a bit of a journal is another than was written.

use tests::{Bot, Linked, Place};
use virtual_whatsapp::Direction;

#[tokio::test]
async fn while_the_disk_is_almost_full_nothing_is_taken_and_afterwards_all_is_answered() {
    let place = Place::new();
    let run = place.beside("run");
    std::fs::create_dir_all(&run).unwrap();
    let linked = Linked::begin(place.with(crash::DIRECTORY, &run)).await;
    let (admin, bot, asha, pid) = (linked.admin(), &linked.bot, &linked.asha, linked.pid);

    std::fs::write(run.join(crash::FREE), "15000000").unwrap();
    let says_so = |tenant: &serde_json::Value| {
        let why = tenant["worker_process"]["last_error"].as_str().unwrap_or_default();
        tenant["whatsapp_session"]["state"] == "DISCONNECTED" && why.contains("disk is almost full")
    };
    admin.wait_for(&bot.id, "it says why it is not connected", says_so).await;
    asha.send_text(&bot.number, "menu").unwrap();
    assert!(linked.device.status().queue > 0, "WhatsApp keeps it");

    // A little more is no room yet: it would be full again at once.
    std::fs::write(run.join(crash::FREE), "20000000").unwrap();
    // A worker that begins now does not connect either.
    admin.worker(&bot.id, "restart").await;
    admin.wait_for(&bot.id, "the next worker says so too", says_so).await;
    assert_eq!(asha.received_count(&bot.number), 1);

    std::fs::write(run.join(crash::FREE), "30000000").unwrap();
    asha.wait_for_reply(&bot.number, 2, tests::LIMIT).await.unwrap();
    let tenant = bot.is_active(admin).await;
    assert_eq!(tenant["worker_process"]["last_error"], serde_json::Value::Null, "{tenant}");
    assert_ne!(bot.pid(admin).await, pid, "it was restarted by a person, once");
    let logs = admin.wait_for_logs(&bot.id, "two in and two out", |logs| logs.len() >= 4).await;
    assert_eq!(logs.len(), 4);
    let written =
        asha.transcript(&bot.number).iter().filter(|entry| entry.direction == Direction::In).count();
    assert_eq!(written, 2);
}

#[tokio::test]
async fn a_bit_that_was_flipped_in_a_journal_stops_that_tenant_with_words_and_nobody_else() {
    let linked = Linked::begin(Place::new()).await;
    let (admin, bot, asha) = (linked.admin(), &linked.bot, &linked.asha);
    let (other, _device) = Bot::linked(admin, &linked.whatsapp, 2).await;
    other.answers(asha, "Hello").await;
    let others = other.pid(admin).await;
    linked.stop_worker().await;

    // Of the kind of the root page of the schema: whatever reads the file comes by here.
    let journal = linked.place.cell(&bot.id).join(link::cell::JOURNAL_DATABASE);
    let mut bytes = std::fs::read(&journal).unwrap();
    bytes[100] ^= 0x40;
    std::fs::write(&journal, &bytes).unwrap();
    let path = format!("/admin/tenants/{}/worker/start", bot.id);
    let (refused, problem) = admin.call(http::Method::POST, &path, None).await;
    assert!(refused.is_server_error(), "{problem}");
    assert!(problem["detail"].as_str().unwrap_or_default().contains("journal"), "{problem}");
    let tenant =
        admin.wait_for(&bot.id, "the tenant is in ERROR", |tenant| tenant["status"] == "ERROR").await;
    let error = tenant["worker_process"]["last_error"].as_str().unwrap_or_default();
    assert!(error.contains("journal"), "it names the journal: {error}");
    assert_eq!(std::fs::read(&journal).unwrap(), bytes, "it was left as it is");
    let seen = asha.received_count(&other.number);
    other.answers(asha, "menu").await;
    assert_eq!((asha.received_count(&other.number), other.pid(admin).await), (seen + 1, others));
}
