//! The reply engine in a worker: bookings that are kept, reminders, people who take a chat over, and what comes down.

use domain::{Clock as _, Direction, Language, RecordRow, Timestamp};
use link::message::{Answer, DocumentKind, Down, HandOffRow, NextNumbers, Question, Up, document_parts};
use replies::{Booking, BookingState, By, Conflict, Profile, Record};
use worker::channel::{Address, Inbound};

use crate::{
    control::{Control, rows},
    rig::Rig,
    server::{Acks, both, text},
};

pub(crate) const ASHA: &str = "255711111111";
const JUMA: &str = "255722222222";

pub(crate) fn rig() -> Rig {
    let mut rig = Rig::new();
    rig.settings.language = Language::En;
    rig.limits.contact_per_minute = 100;
    rig
}

/// Says something and waits for what is said to it.
pub(crate) async fn say(rig: &Rig, who: &str, words: &str) -> String {
    let sent = |state: &crate::server::State| {
        state
            .sends
            .iter()
            .filter(|sent| sent.to == both(who))
            .map(|sent| sent.text.clone())
            .collect::<Vec<_>>()
    };
    let before = sent(&rig.server.lock()).len();
    let id = format!("{who}-{before}-{}", words.len());
    rig.server.deliver(vec![text(&id, both(who), words)]).await.unwrap();
    rig.server.until(|state| sent(state).get(before).cloned()).await
}

/// Goes through a booking up to its confirmation.
pub(crate) async fn up_to_yes(rig: &Rig, who: &str) {
    for words in ["1", "visit", "tomorrow", "10:30", "Asha Juma"] {
        say(rig, who, words).await;
    }
}

/// Something typed on the phone in the chat with somebody.
fn typed(id: &str, to: Address, words: &str) -> Inbound {
    Inbound { from_me: true, to: Some(to), ..text(id, both("255700000001"), words) }
}

fn records(heard: &[Up]) -> Vec<RecordRow> {
    let rows = heard.iter().filter_map(|up| match up {
        Up::Records { rows, .. } => Some(rows.clone()),
        _ => None,
    });
    rows.flatten().collect()
}

fn waiting(heard: &[Up]) -> Option<Vec<HandOffRow>> {
    heard.iter().rev().find_map(|up| match up {
        Up::HandOffs { rows, .. } => Some(rows.clone()),
        _ => None,
    })
}

async fn answer(control: &mut Control, request: &str, question: Question) -> Result<Answer, String> {
    control.ask(request, question).await;
    control
        .until(|heard| {
            heard.iter().find_map(|up| match up {
                Up::Answer { request: to, result } if to == request => Some(result.clone()),
                _ => None,
            })
        })
        .await
}

async fn configure(rig: &mut Rig, control: &mut Control) {
    rig.settings.version += 1;
    control.say(Down::Configure { settings: rig.settings.clone(), limits: rig.limits }).await;
}

fn set(rig: &Rig, time: &str) {
    let time: Timestamp = time.parse().unwrap();
    rig.clock.advance(time.duration_since(rig.clock.now()));
}

pub(crate) fn count(rig: &Rig, sql: &str) -> i64 {
    rig.journal().query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_booking_over_several_turns_is_kept_told_and_logged() {
    let mut rig = rig();
    let (running, mut control) = rig.start_welcomed().await;
    up_to_yes(&rig, ASHA).await;
    let done = say(&rig, ASHA, "yes").await;
    assert!(done.contains("B-1001"), "{done}");
    let row = control.until(|heard| records(heard).first().cloned()).await;
    assert_eq!((row.reference.as_str(), row.version, row.open), ("B-1001", 1, true));
    assert_eq!(row.contact.as_deref(), Some(ASHA));
    let Record::Booking(booking) = serde_json::from_str(&row.body).unwrap() else { panic!("no booking") };
    assert_eq!(booking.at, "2026-03-02T07:30:00Z".parse().unwrap());
    let logged = control.until(|heard| Some(rows(heard)).filter(|rows| rows.len() == 12)).await;
    assert_eq!(logged.iter().filter(|row| row.direction == Direction::Out).count(), 6);

    // It is changed, and one row says how it now is.
    for words in ["my booking", "change", "Thursday at 10"] {
        say(&rig, ASHA, words).await;
    }
    say(&rig, ASHA, "yes").await;
    let row = control.until(|heard| records(heard).into_iter().find(|row| row.version == 2)).await;
    assert_eq!(row.reference, "B-1001");
    rig.stop(running, control).await;
    assert_eq!(count(&rig, "SELECT count(*) FROM records"), 1);
    assert_eq!(count(&rig, "SELECT count(*) FROM cells"), 6, "half an hour");
}

#[tokio::test]
async fn of_two_chats_that_take_the_last_slot_at_once_one_is_offered_another() {
    let mut rig = rig();
    let (running, control) = rig.start_welcomed().await;
    for who in [ASHA, JUMA] {
        up_to_yes(&rig, who).await;
    }
    let before = rig.server.lock().sends.len();
    rig.server
        .deliver(vec![text("A-yes", both(ASHA), "yes"), text("J-yes", both(JUMA), "yes")])
        .await
        .unwrap();
    let sends = rig.server.until_sent(before + 2).await;
    let booked = sends[before..].iter().filter(|sent| sent.text.contains("B-1001")).count();
    assert_eq!(booked, 1, "{sends:?}");
    rig.stop(running, control).await;
    assert_eq!(count(&rig, "SELECT count(*) FROM records"), 1);
    assert!(rig.outcomes().iter().all(|(_, outcome)| outcome.as_deref() == Some("replied")));
}

#[tokio::test]
async fn a_reminder_is_sent_once_across_a_crash() {
    let mut rig = rig();
    let (running, mut control) = rig.start_welcomed().await;
    up_to_yes(&rig, ASHA).await;
    say(&rig, ASHA, "yes").await;
    let before = rig.server.lock().sends.len();
    rig.server.set(|state| state.acks = Acks::Withheld);
    // Two hours before it, and an hour early: nothing yet.
    set(&rig, "2026-03-02T05:30:00Z");
    configure(&mut rig, &mut control).await;
    let reminder = rig.server.until_sent(before + 1).await.remove(before);
    assert!(reminder.text.contains("B-1001") || reminder.text.contains("10:30"), "{}", reminder.text);
    rig.crash(running).await;
    drop(control);
    rig.server.set(|state| state.acks = Acks::AtOnce);
    let (running, mut control) = rig.start_welcomed().await;
    let again = rig.server.until_sent(before + 2).await.remove(before + 1);
    assert_eq!(again, reminder, "the same message under the same id");
    // The clock jumps back and forth: it has been said.
    for time in ["2026-03-02T04:00:00Z", "2026-03-02T05:45:00Z"] {
        set(&rig, time);
        configure(&mut rig, &mut control).await;
    }
    say(&rig, ASHA, "my booking").await;
    rig.stop(running, control).await;
    let reminders = rig.server.lock().sends.iter().filter(|sent| sent.text == reminder.text).count();
    assert_eq!(reminders, 2, "one message, sent twice");
    assert_eq!(count(&rig, "SELECT count(*) FROM outbox WHERE cause IS NULL"), 1);
    assert_eq!(count(&rig, "SELECT count(*) FROM due WHERE done IS NULL AND at < 1772430000000"), 0);
}

#[tokio::test]
async fn stop_silences_the_bot_until_start() {
    let mut rig = rig();
    let (running, mut control) = rig.start_welcomed().await;
    say(&rig, ASHA, "Hello").await;
    let stopped = say(&rig, ASHA, "STOP").await;
    assert!(stopped.contains("START"), "{stopped}");
    for (n, words) in ["Hello", "1", "thanks"].iter().enumerate() {
        rig.server.deliver(vec![text(&format!("S{n}"), both(ASHA), words)]).await.unwrap();
    }
    control
        .until(|heard| {
            let silent = rows(heard).iter().filter(|row| row.silence.as_deref() == Some("opted_out")).count();
            (silent == 3).then_some(())
        })
        .await;
    let back = say(&rig, ASHA, "anza").await;
    assert!(!back.is_empty());
    say(&rig, ASHA, "1").await;
    rig.stop(running, control).await;
}

#[tokio::test]
async fn an_owner_who_types_has_the_chat_until_it_is_handed_back() {
    let mut rig = rig();
    let (running, mut control) = rig.start_welcomed().await;
    say(&rig, ASHA, "Hello").await;
    rig.server.deliver(vec![typed("O1", both(ASHA), "Karibu Asha, nakusikiliza")]).await.unwrap();
    let row = control.until(|heard| waiting(heard)?.first().cloned()).await;
    assert_eq!((row.contact.as_str(), row.reason.as_str()), (ASHA, "owner_wrote"));
    rig.server.deliver(vec![text("A2", both(ASHA), "1")]).await.unwrap();
    control
        .until(|heard| {
            rows(heard).iter().any(|row| row.silence.as_deref() == Some("with_person")).then_some(())
        })
        .await;
    let back = Question::HandBack { contact: ASHA.to_owned() };
    assert_eq!(answer(&mut control, "back", back).await, Ok(Answer::HandBack));
    control.until(|heard| waiting(heard).filter(Vec::is_empty)).await;
    say(&rig, ASHA, "1").await;
    let over = Question::TakeOver { contact: ASHA.to_owned() };
    assert_eq!(answer(&mut control, "over", over).await, Ok(Answer::TakeOver));
    control.until(|heard| waiting(heard).filter(|rows| rows.len() == 1)).await;
    let nobody = Question::HandBack { contact: "255799999999".to_owned() };
    assert!(answer(&mut control, "nobody", nobody).await.is_err());
    rig.stop(running, control).await;
    assert!(rows_of(&rig, "SELECT text FROM logs").iter().all(|text| !text.contains("nakusikiliza")));
}

fn rows_of(rig: &Rig, sql: &str) -> Vec<String> {
    let journal = rig.journal();
    let mut statement = journal.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn who_is_to_be_left_alone_is_neither_answered_nor_logged_nor_read_and_so_is_everybody_once_it_is_off()
{
    let mut rig = rig();
    let (running, mut control) = rig.start_welcomed().await;
    let mut profile = Profile::for_pack("BOOKING");
    profile.manners.left_alone = vec![JUMA.to_owned()];
    for part in document_parts(DocumentKind::Profile, "7", Some(&serde_json::to_string(&profile).unwrap())) {
        control.say(part).await;
    }
    control
        .until(|heard| {
            heard
                .iter()
                .any(|up| matches!(up, Up::Heartbeat(beat) if beat.profile_version == Some(7)))
                .then_some(())
        })
        .await;
    rig.server.deliver(vec![text("J1", both(JUMA), "Hello")]).await.unwrap();
    say(&rig, ASHA, "Hello").await;
    // The owner's switch, in a chat with themselves.
    rig.server.deliver(vec![typed("O1", both("255700000001"), "bot off")]).await.unwrap();
    rig.server.deliver(vec![text("A2", both(ASHA), "1")]).await.unwrap();
    rig.server.deliver(vec![typed("O2", both("255700000001"), "bot on")]).await.unwrap();
    say(&rig, ASHA, "menu").await;
    rig.stop(running, control).await;
    let outcomes: Vec<_> = rig.outcomes().into_iter().filter(|(id, _)| id == "J1" || id == "A2").collect();
    assert_eq!(
        outcomes,
        [
            ("J1".to_owned(), Some("left_alone".to_owned())),
            ("A2".to_owned(), Some("switched_off".to_owned()))
        ]
    );
    assert!(rig.server.lock().read.iter().all(|id| id != "J1" && id != "A2"));
    assert!(rig.server.lock().sends.iter().all(|sent| sent.to == both(ASHA)));
}

#[tokio::test]
async fn a_suspended_tenants_bot_says_so_once_to_each() {
    let mut rig = rig();
    rig.settings.suspended = true;
    let (running, mut control) = rig.start_welcomed().await;
    for who in [ASHA, JUMA] {
        let away = say(&rig, who, "Hello").await;
        assert!(away.contains("not answering"), "{away}");
    }
    rig.server.deliver(vec![text("A2", both(ASHA), "Hello?")]).await.unwrap();
    control
        .until(|heard| {
            rows(heard).iter().any(|row| row.silence.as_deref() == Some("suspended")).then_some(())
        })
        .await;
    rig.settings.suspended = false;
    configure(&mut rig, &mut control).await;
    let question = Question::SendText { contact: "255799999999".to_owned(), text: "x".to_owned() };
    assert!(answer(&mut control, "in order", question).await.is_err());
    let menu = say(&rig, ASHA, "menu").await;
    assert!(menu.contains("*1*"), "{menu}");
    rig.stop(running, control).await;
}

fn walk_in(at: &str) -> Booking {
    Booking {
        reference: String::new(),
        version: 0,
        service: String::new(),
        service_name: "Walk-in".to_owned(),
        at: at.parse().unwrap(),
        minutes: 30,
        lane: "1".to_owned(),
        with: None,
        name: "Rehema".to_owned(),
        phone: None,
        price: None,
        note: None,
        state: BookingState::Booked,
        by: By::Person,
        made_at: "2026-03-01T08:00:00Z".parse().unwrap(),
        changed_at: "2026-03-01T08:00:00Z".parse().unwrap(),
    }
}

fn change(record: &Record, expects: Option<u32>) -> Question {
    Question::ChangeRecord { contact: None, expects, record: serde_json::to_string(record).unwrap() }
}

#[tokio::test]
async fn a_persons_change_is_taken_or_refused_with_its_reason() {
    let mut rig = rig();
    let (running, mut control) = rig.start_welcomed().await;
    let record = Record::Booking(walk_in("2026-03-02T07:30:00Z"));
    let Ok(Answer::ChangeRecord { taken: Ok(row) }) =
        answer(&mut control, "new", change(&record, None)).await
    else {
        panic!("refused")
    };
    assert_eq!((row.reference.as_str(), row.version, &row.contact), ("B-1001", 1, &None));
    control.until(|heard| records(heard).first().cloned()).await;
    let conflict = |answer| {
        let Ok(Answer::ChangeRecord { taken: Err(conflict) }) = answer else { panic!("taken") };
        serde_json::from_str::<Conflict>(&conflict).unwrap()
    };
    let twice = conflict(answer(&mut control, "twice", change(&record, None)).await);
    assert!(matches!(twice, Conflict::SlotTaken { .. }), "{twice:?}");
    let kept: Record = serde_json::from_str(&row.body).unwrap();
    let stale = conflict(answer(&mut control, "stale", change(&kept, Some(9))).await);
    assert!(matches!(stale, Conflict::Changed { .. }), "{stale:?}");
    let Record::Booking(mut booking) = kept else { panic!("no booking") };
    booking.state = BookingState::Came;
    let came = answer(&mut control, "came", change(&Record::Booking(booking), Some(1))).await;
    assert!(
        matches!(&came, Ok(Answer::ChangeRecord { taken: Ok(row) }) if row.version == 2 && !row.open),
        "{came:?}"
    );
    rig.stop(running, control).await;
    assert_eq!(count(&rig, "SELECT count(*) FROM cells"), 0, "its time is free");
}

#[tokio::test]
async fn a_new_journal_books_nothing_before_it_knows_the_open_records() {
    let mut rig = rig();
    rig.records_follow = true;
    let (running, mut control) = rig.start_welcomed().await;
    assert!(control.hello.wants_records);
    let mut kept = walk_in("2026-03-02T07:30:00Z");
    (kept.reference, kept.version) = ("B-1041".to_owned(), 3);
    let row = RecordRow {
        sequence: 1,
        contact: Some(ASHA.to_owned()),
        reference: "B-1041".to_owned(),
        kind: domain::RecordKind::Booking,
        version: 3,
        open: true,
        changed_at: kept.changed_at,
        body: serde_json::to_string(&Record::Booking(kept)).unwrap(),
    };
    rig.server.deliver(vec![text("A0", both(ASHA), "my booking")]).await.unwrap();
    let refused =
        answer(&mut control, "early", change(&Record::Booking(walk_in("2026-03-03T07:30:00Z")), None));
    assert!(refused.await.is_err());
    assert!(rig.server.lock().sends.is_empty(), "it waits");
    let journal = control.hello.journal;
    let next = NextNumbers { booking: 1100, ..NextNumbers::default() };
    control
        .say(Down::OpenRecords { journal, part: 0, parts: 1, next, rows: vec![row], sold: Vec::new() })
        .await;
    let mine = rig.server.until_sent(1).await.remove(0);
    assert!(mine.text.contains("B-1041"), "{}", mine.text);
    let taken =
        answer(&mut control, "late", change(&Record::Booking(walk_in("2026-03-02T07:30:00Z")), None)).await;
    assert!(matches!(taken, Ok(Answer::ChangeRecord { taken: Err(_) })), "{taken:?}");
    let new =
        answer(&mut control, "new", change(&Record::Booking(walk_in("2026-03-03T07:30:00Z")), None)).await;
    assert!(
        matches!(&new, Ok(Answer::ChangeRecord { taken: Ok(row) }) if row.reference == "B-1100"),
        "{new:?}"
    );
    rig.stop(running, control).await;
    rig.records_follow = false;
    let (running, control) = rig.start_welcomed().await;
    assert!(!control.hello.wants_records, "it knows them");
    rig.stop(running, control).await;
}

#[tokio::test]
async fn a_pack_comes_down_and_nobody_is_answered_before_and_one_that_is_gone_hands_to_a_person() {
    let mut rig = rig();
    rig.settings.pack = "BAKERY".parse().unwrap();
    let (running, mut control) = rig.start_welcomed().await;
    let files = replies::new_pack("BAKERY");
    let texts: std::collections::BTreeMap<_, _> = files
        .iter()
        .map(|(path, bytes)| (path.clone(), String::from_utf8_lossy(bytes).into_owned()))
        .collect();
    let hash = replies::Pack::compile(&files).unwrap().version().hash.clone();
    let beats = |heard: &[Up], wanted: Option<&str>| {
        heard
            .iter()
            .any(|up| matches!(up, Up::Heartbeat(beat) if beat.pack_hash.as_deref() == wanted))
            .then_some(())
    };
    control.until(|heard| beats(heard, None)).await;
    rig.server.deliver(vec![text("A0", both(ASHA), "Hello")]).await.unwrap();
    assert!(rig.server.lock().sends.is_empty(), "taken in, and kept until the pack is there");
    for part in document_parts(DocumentKind::Pack, &hash, Some(&serde_json::to_string(&texts).unwrap())) {
        control.say(part).await;
    }
    control.until(|heard| beats(heard, Some(&hash))).await;
    let greeted = rig.server.until(|state| state.sends.first().map(|sent| sent.text.clone())).await;
    assert!(greeted.contains("Salon Zuri"), "{greeted}");
    rig.crash(running).await;
    let (running, mut control) = rig.start_welcomed().await;
    control.until(|heard| beats(heard, Some(&hash))).await;
    for part in document_parts(DocumentKind::Pack, "", None) {
        control.say(part).await;
    }
    control.until(|heard| beats(heard, None)).await;
    say(&rig, ASHA, "Hello").await;
    let row = control.until(|heard| waiting(heard)?.first().cloned()).await;
    assert_eq!(row.reason, "no_pack");
    rig.stop(running, control).await;
}

#[tokio::test]
async fn what_is_closed_goes_with_a_contact_that_is_forgotten_and_what_is_open_stays() {
    let mut rig = rig();
    let (running, mut control) = rig.start_welcomed().await;
    up_to_yes(&rig, ASHA).await;
    say(&rig, ASHA, "yes").await;
    let row = control.until(|heard| records(heard).first().cloned()).await;
    let Ok(Answer::ReadContact { part: Some(part) }) =
        answer(&mut control, "read", Question::ReadContact { contact: ASHA.to_owned(), skip: 0 }).await
    else {
        panic!("not read")
    };
    assert_eq!(part.records, std::slice::from_ref(&row.body));
    control.until(|heard| Some(rows(heard)).filter(|rows| rows.len() == 12)).await;
    let erase = || Question::EraseContact { contact: ASHA.to_owned() };
    let mut tries = 0;
    while answer(&mut control, &format!("open {tries}"), erase()).await.is_err() {
        tries += 1;
    }
    let Record::Booking(mut booking) = serde_json::from_str(&row.body).unwrap() else { panic!("no booking") };
    booking.state = BookingState::Cancelled;
    let closed = answer(&mut control, "close", change(&Record::Booking(booking), Some(1))).await;
    assert!(matches!(&closed, Ok(Answer::ChangeRecord { taken: Ok(row) }) if !row.open), "{closed:?}");
    control.until(|heard| records(heard).into_iter().find(|row| row.version == 2)).await;
    let mut tries = 0;
    while answer(&mut control, &format!("closed {tries}"), erase()).await.is_err() {
        tries += 1;
    }
    rig.stop(running, control).await;
    assert_eq!(count(&rig, "SELECT count(*) FROM records"), 0);
    assert_eq!(count(&rig, "SELECT count(*) FROM contacts"), 0);
    assert_eq!(count(&rig, "SELECT count(*) FROM due"), 0);
}

#[tokio::test]
async fn who_says_stop_wants_no_messages_from_that_one_on() {
    let mut rig = rig();
    let (running, mut control) = rig.start_welcomed().await;
    for words in ["Hello", "STOP"] {
        say(&rig, ASHA, words).await;
    }
    let of = |words: &'static str| move |heard: &[Up]| rows(heard).into_iter().find(|row| row.text == words);
    assert!(control.until(of("STOP")).await.opted_out);
    assert!(!control.until(of("Hello")).await.opted_out);
    say(&rig, ASHA, "START").await;
    assert!(!control.until(of("START")).await.opted_out);
    rig.stop(running, control).await;
}
