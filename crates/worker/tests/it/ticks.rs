//! How far messages of ours come, and what the owner writes on the phone: both reach the control plane, once, whatever ends in
//! between.

use domain::{Delivery, DeliveryRow, Direction, LogRow, Writer};
use link::message::{Down, Question, Up};
use worker::channel::{Address, ChannelEvent, Content, Inbound};

use crate::{
    control::{Control, rows},
    rig::Rig,
    server::{Acks, both, text},
};

const ASHA: &str = "255711111111";
const JUMA: &str = "255722222222";

/// Something typed on the phone in the chat with somebody.
fn typed(id: &str, to: Address, words: &str) -> Inbound {
    Inbound { from_me: true, to: Some(to), ..text(id, both("255700000001"), words) }
}

fn told(heard: &[Up]) -> Vec<DeliveryRow> {
    let rows = heard.iter().filter_map(|up| match up {
        Up::Deliveries { rows, .. } => Some(rows.clone()),
        _ => None,
    });
    rows.flatten().collect()
}

/// The row of the log of a message of ours, once it has come.
async fn logged(control: &mut Control, wa_id: &str) -> LogRow {
    control.until(|heard| rows(heard).into_iter().find(|row| row.wa_message_id == wa_id)).await
}

/// Waits until it is told that a message has come so far.
async fn until(control: &mut Control, row: &LogRow, delivery: Delivery) -> DeliveryRow {
    let fits = |told: &DeliveryRow| told.log == row.id && told.delivery == delivery;
    control.until(|heard| told(heard).into_iter().find(fits)).await
}

async fn receipt(rig: &Rig, id: &str, how: Delivery) {
    rig.server.say(ChannelEvent::Receipt { ids: vec![id.to_owned(), "nobody's".to_owned()], how }).await;
}

fn count(rig: &Rig, sql: &str) -> i64 {
    rig.journal().query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_reply_is_sent_delivered_and_read_and_never_goes_back() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    let sent = rig.server.until_sent(1).await.remove(0);
    let row = logged(&mut control, &sent.id).await;
    assert_eq!((row.delivery, row.writer), (Some(Delivery::Waiting), Some(Writer::Bot)));
    until(&mut control, &row, Delivery::Sent).await;
    receipt(&rig, &sent.id, Delivery::Read).await;
    let read = until(&mut control, &row, Delivery::Read).await;
    // The one that comes too late, and the same again, say nothing new.
    receipt(&rig, &sent.id, Delivery::Delivered).await;
    receipt(&rig, &sent.id, Delivery::Read).await;
    receipt(&rig, &sent.id, Delivery::Played).await;
    let played = until(&mut control, &row, Delivery::Played).await;
    assert_eq!(played.sequence, read.sequence + 1);
    let ranks: Vec<_> = told(&control.heard()).iter().map(|row| row.delivery.rank()).collect();
    assert!(ranks.is_sorted(), "{ranks:?}");
    rig.stop(running, control).await;
    assert_eq!(count(&rig, "SELECT count(*) FROM deliveries WHERE sequence IS NOT NULL"), 0, "all told");
}

#[tokio::test]
async fn a_refused_reply_says_why_and_one_that_arrived_all_the_same_has_arrived() {
    let mut rig = Rig::new();
    rig.server.set(|state| state.acks = Acks::Refused(463));
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    let sent = rig.server.until_sent(1).await.remove(0);
    let row = logged(&mut control, &sent.id).await;
    let failed = until(&mut control, &row, Delivery::Failed).await;
    assert_eq!(failed.reason, Some(domain::delivery::refused(463)));
    receipt(&rig, &sent.id, Delivery::Delivered).await;
    assert_eq!(until(&mut control, &row, Delivery::Delivered).await.reason, None);
    rig.stop(running, control).await;
}

#[tokio::test]
async fn what_was_learnt_and_not_acknowledged_goes_up_after_a_crash_behind_its_row() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    control.acknowledge_nothing();
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    let sent = rig.server.until_sent(1).await.remove(0);
    let row = logged(&mut control, &sent.id).await;
    rig.server.until(|state| state.read.contains(&"A1".to_owned()).then_some(())).await;
    receipt(&rig, &sent.id, Delivery::Read).await;
    // A reply to somebody else is behind the receipt: it has been taken in.
    rig.server.deliver(vec![text("J1", both(JUMA), "Habari")]).await.unwrap();
    rig.server.until(|state| state.read.contains(&"J1".to_owned()).then_some(())).await;
    rig.crash(running).await;
    drop(control);
    let waits = format!(
        "SELECT count(*) FROM deliveries JOIN logs ON id = log_id WHERE deliveries.sequence IS NOT NULL AND id = '{}'",
        row.id
    );
    assert_eq!(count(&rig, &waits), 1, "learnt, of a message whose row nobody has");

    let (running, mut control) = rig.start_welcomed().await;
    let read = until(&mut control, &row, Delivery::Read).await;
    let of_row: Vec<_> = told(&control.heard()).into_iter().filter(|told| told.log == row.id).collect();
    assert_eq!(of_row, [read], "once, as it now is");
    rig.crash(running).await;
    drop(control);

    // What was acknowledged does not go up again.
    let (running, mut control) = rig.start_welcomed().await;
    // The reply to the other one may go out again, under its id: whether the crash came before its mark is not said.
    let known: Vec<_> = rig.server.until_sent(2).await.into_iter().map(|sent| sent.id).collect();
    rig.server.deliver(vec![text("A2", both(ASHA), "1")]).await.unwrap();
    let sent =
        rig.server.until(|state| state.sends.iter().find(|sent| !known.contains(&sent.id)).cloned()).await;
    let next = logged(&mut control, &sent.id).await;
    until(&mut control, &next, Delivery::Sent).await;
    assert!(told(&control.heard()).iter().all(|told| told.log != row.id));
    rig.stop(running, control).await;
}

#[tokio::test]
async fn what_the_owner_writes_on_the_phone_is_told_once_as_the_phones() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until_sent(1).await;
    let theirs = typed("O1", both(ASHA), "Karibu, ni mimi");
    rig.server.deliver(vec![theirs.clone()]).await.unwrap();
    let row = logged(&mut control, "O1").await;
    assert_eq!(
        (row.direction, row.contact.as_str(), row.text.as_str()),
        (Direction::Out, ASHA, "Karibu, ni mimi")
    );
    assert_eq!((row.writer, row.delivery), (Some(Writer::Phone), Some(Delivery::Sent)));
    receipt(&rig, "O1", Delivery::Read).await;
    until(&mut control, &row, Delivery::Read).await;
    // It comes again, as after a lost acknowledgement; also to the next worker.
    rig.server.deliver(vec![theirs.clone()]).await.unwrap();
    rig.crash(running).await;
    drop(control);
    let (running, mut control) = rig.start_welcomed().await;
    let caption = Content::Media { kind: "image", caption: Some("bei".to_owned()) };
    let picture = Inbound { content: caption, ..typed("O2", both(ASHA), "") };
    rig.server.deliver(vec![theirs, picture]).await.unwrap();
    assert_eq!(logged(&mut control, "O2").await.text, "[image] bei");
    assert!(rows(&control.heard()).iter().all(|row| row.wa_message_id != "O1"));
    // What this device has sent itself is the bot's, whoever brings it.
    let own = rig.server.lock().sends[0].clone();
    rig.server
        .deliver(vec![typed(&own.id, both(ASHA), &own.text), typed("O3", both(ASHA), "x")])
        .await
        .unwrap();
    logged(&mut control, "O3").await;
    assert!(rows(&control.heard()).iter().all(|row| row.wa_message_id != own.id));
    rig.stop(running, control).await;
    let own = "SELECT count(*) FROM deliveries WHERE wa_id IN ('O1', 'O2', 'O3')";
    assert_eq!(count(&rig, own), 3);
}

#[tokio::test]
async fn a_receipt_that_overtakes_what_the_owner_wrote_is_not_lost() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    let sent = rig.server.until_sent(1).await.remove(0);
    let reply = logged(&mut control, &sent.id).await;
    receipt(&rig, "O1", Delivery::Read).await;
    receipt(&rig, "O1", Delivery::Delivered).await;
    receipt(&rig, &sent.id, Delivery::Read).await;
    // It is behind those.
    until(&mut control, &reply, Delivery::Read).await;
    rig.server.deliver(vec![typed("O1", both(ASHA), "Karibu, ni mimi")]).await.unwrap();
    let row = logged(&mut control, "O1").await;
    assert_eq!(row.delivery, Some(Delivery::Sent));
    until(&mut control, &row, Delivery::Read).await;
    rig.stop(running, control).await;
}

#[tokio::test]
async fn the_owners_other_chats_and_notes_are_nobodys_concern() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until_sent(1).await;
    // Juma has never written to the business, and the owner's own chat is no customer's.
    let words = "MarkerPrivate";
    rig.server
        .deliver(vec![
            typed("O1", both(JUMA), words),
            typed("O2", both("255700000001"), words),
            typed("O3", both(ASHA), "Karibu"),
        ])
        .await
        .unwrap();
    logged(&mut control, "O3").await;
    rig.stop(running, control).await;
    let logged = "SELECT count(*) FROM deliveries WHERE wa_id IN ('O1', 'O2')";
    assert_eq!(count(&rig, logged), 0);
}

#[tokio::test]
async fn what_the_owner_takes_back_goes_where_the_tenant_wants_it_and_is_forgotten_with_the_contact() {
    let mut rig = Rig::new();
    rig.settings.remove_deleted = true;
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until_sent(1).await;
    let back = |id: &str, of: &str| {
        let content = Content::Deleted { of: Some(of.to_owned()) };
        Inbound { content, ..typed(id, both(ASHA), "") }
    };
    rig.server.deliver(vec![typed("O1", both(ASHA), "MarkerSaid")]).await.unwrap();
    let bots = rig.server.lock().sends[0].id.clone();
    rig.server.deliver(vec![back("D1", "O1"), back("D2", &bots)]).await.unwrap();
    let (own, of_bot) = (logged(&mut control, "D1").await, logged(&mut control, "D2").await);
    assert_eq!(
        (own.about.as_deref(), own.removes, own.silence.as_deref()),
        (Some("O1"), true, Some("deleted"))
    );
    assert_eq!((of_bot.about, of_bot.removes), (Some(bots), false), "its writer is the bot");
    rig.stop(running, control).await;
    assert_eq!(count(&rig, "SELECT count(*) FROM inbox WHERE text LIKE '%Marker%'"), 0);
    assert_eq!(count(&rig, "SELECT count(*) FROM deliveries"), 4);

    let (running, mut control) = rig.start_welcomed().await;
    control.ask("erase", Question::EraseContact { contact: ASHA.to_owned() }).await;
    let answered =
        |up: &Up| matches!(up, Up::Answer { request, .. } if request == "erase").then(|| up.clone());
    let answer = control.until(|heard| heard.iter().find_map(answered)).await;
    assert!(matches!(answer, Up::Answer { result: Ok(_), .. }), "{answer:?}");
    // Who was forgotten is nobody's customer: what is written to them later is not told.
    rig.server.deliver(vec![typed("O9", both(ASHA), "MarkerLater")]).await.unwrap();
    rig.stop(running, control).await;
    assert_eq!(count(&rig, "SELECT count(*) FROM deliveries"), 0);
    assert_eq!(count(&rig, "SELECT count(*) FROM logs"), 0);
}

#[tokio::test]
async fn what_other_devices_of_a_held_number_write_is_not_this_tenants() {
    let mut rig = Rig::new();
    rig.settings.declared_number = Some(domain::Digits::new("255799999999").unwrap());
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    // Such as the bot of the tenant whose number it is.
    rig.server.deliver(vec![typed("O1", both(ASHA), "Welcome to another shop")]).await.unwrap();
    rig.settings.confirmed_number = Some(domain::Digits::new("255700000001").unwrap());
    rig.settings.version = 2;
    control.say(Down::Configure { settings: rig.settings.clone(), limits: rig.limits }).await;
    // What is said over the link is heard in order.
    control.ask("heard", Question::ReadContact { contact: ASHA.to_owned(), skip: 0 }).await;
    control.until(|heard| heard.iter().any(|up| matches!(up, Up::Answer { .. })).then_some(())).await;
    rig.server.deliver(vec![typed("O2", both(ASHA), "Karibu")]).await.unwrap();
    logged(&mut control, "O2").await;
    assert!(rows(&control.heard()).iter().all(|row| row.wa_message_id != "O1"));
    rig.stop(running, control).await;
    assert_eq!(count(&rig, "SELECT count(*) FROM inbox WHERE wa_id = 'O1'"), 0);
}
