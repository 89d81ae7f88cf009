//! What may be said on an open connection, and when.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

use domain::{
    BotSettings, Digits, Direction, JournalId, Language, Limits, LogId, PackId, RecordKind, TenantId,
    Timestamp,
};
use link::{
    ControlSide, DownReceiver, DownSender, Hello, Identity, LinkError, Reason, Refusal, TokenKey, UpReceiver,
    UpSender, Welcome, WorkerSide, accept, dial,
    message::{Answer, DeliveryRow, Down, LogRow, NextNumbers, Question, RecordRow, Up},
};
use tokio::io::{DuplexStream, duplex};

async fn connected() -> (WorkerSide<DuplexStream>, ControlSide<DuplexStream>) {
    let tenant = TenantId::generate();
    let own = Identity::new(tenant, 1, TokenKey::from_bytes([7; 32]).token(tenant, 1));
    let (a, b) = duplex(4 * 1024 * 1024);
    let (worker, control) = tokio::join!(accept(a, &own), dial(b, &own));
    (worker.unwrap(), control.unwrap())
}

type Ends =
    (UpSender<DuplexStream>, DownReceiver<DuplexStream>, DownSender<DuplexStream>, UpReceiver<DuplexStream>);

async fn greeted(journal: JournalId) -> Ends {
    let (worker, control) = connected().await;
    let hello = Hello { journal, last_sequence: 4, build: "1.0\n".to_owned(), wants_records: true };
    let (worker, control) = tokio::join!(worker.hello(hello), async {
        let (hello, greeted) = control.hello().await.unwrap();
        assert_eq!((hello.journal, hello.last_sequence, hello.build.as_str()), (journal, 4, "1.0"));
        greeted.welcome(welcome()).await.unwrap()
    });
    let (got, up, down) = worker.unwrap();
    assert_eq!(got, welcome());
    (up, down, control.0, control.1)
}

fn welcome() -> Welcome {
    let settings = BotSettings {
        version: 2,
        business_name: "Saluni ya Asha".to_owned(),
        pack: PackId::BOOKING,
        language: Language::Sw,
        timezone: "Africa/Dar_es_Salaam".to_owned(),
        currency: "TZS".to_owned(),
        hours: None,
        declared_number: None,
        confirmed_number: None,
        number_forms: Vec::new(),
        suspended: false,
        remove_deleted: false,
    };
    let limits = Limits {
        contact_per_minute: 10,
        tenant_per_minute: 60,
        chat_queue: 20,
        heartbeat_interval_ms: 30_000,
        quiet_ms: 0,
        clock_ahead_ms: 0,
        neighbours: 0,
        disk_short: false,
    };
    Welcome { settings, limits, acknowledged: 3, acknowledged_records: 2, records_follow: false }
}

fn row(sequence: u64, text: &str) -> LogRow {
    LogRow {
        sequence,
        id: LogId::generate(),
        direction: Direction::In,
        contact: "255712345678".to_owned(),
        text: text.to_owned(),
        wa_message_id: "3EB0".to_owned(),
        at: Timestamp::UNIX_EPOCH,
        silence: None,
        sent_at: None,
        about: None,
        removes: false,
        delivery: None,
        writer: None,
        opted_out: false,
    }
}

fn delivery(sequence: u64) -> DeliveryRow {
    let (delivery, reason) = (domain::Delivery::Failed, Some("SECRET".to_owned()));
    DeliveryRow { sequence, log: LogId::generate(), delivery, reason }
}

fn record(sequence: u64) -> RecordRow {
    RecordRow {
        sequence,
        contact: Some("SECRET".to_owned()),
        reference: "B-1001".to_owned(),
        kind: RecordKind::Booking,
        version: 1,
        open: true,
        changed_at: Timestamp::UNIX_EPOCH,
        body: "SECRET".to_owned(),
    }
}

fn number() -> Digits {
    Digits::new("255712345678").unwrap()
}

fn ask(question: Question) -> Down {
    Down::Ask { request: "r".to_owned(), question }
}

fn pairing_code(code: &str) -> Up {
    Up::PairingCode { code: code.to_owned(), expires_in_ms: 1, number: number() }
}

#[tokio::test]
async fn messages_go_both_ways_unchanged() {
    let journal = JournalId::generate();
    let (mut up, mut down, mut control_up, mut control_down) = greeted(journal).await;
    let logs = Up::Logs { journal, rows: vec![row(5, "habari \u{1F600}"), row(6, "\u{1}\"\\")] };
    up.send(logs.clone()).await.unwrap();
    assert!(control_down.recv().await.unwrap() == logs);
    let records = Up::Records { journal, rows: vec![record(5), record(9)] };
    up.send(records.clone()).await.unwrap();
    assert!(control_down.recv().await.unwrap() == records);
    let acknowledge = Down::Acknowledge { journal, sequence: 6 };
    control_up.send(acknowledge.clone()).await.unwrap();
    assert_eq!(down.recv().await.unwrap(), acknowledge);
    let answer = |result| Up::Answer { request: "r".to_owned(), result };
    let refused = answer(Err("linked \u{1F600}".to_owned()));
    for said in [pairing_code("ABCD1234"), refused, answer(Ok(Answer::EraseContact { messages: 7 }))] {
        up.send(said.clone()).await.unwrap();
        assert!(control_down.recv().await.unwrap() == said);
    }
    for wanted in [ask(Question::PairingCode { number: number() }), ask(Question::LogOut), Down::Connect] {
        control_up.send(wanted.clone()).await.unwrap();
        assert_eq!(down.recv().await.unwrap(), wanted);
    }
    drop((up, down));
    assert!(matches!(control_down.recv().await, Err(LinkError::Closed)));
}

#[tokio::test]
async fn the_longest_text_fits_a_frame_and_a_frame_has_an_end() {
    let journal = JournalId::generate();
    let (mut up, _down, _control_up, mut control_down) = greeted(journal).await;
    let text = "\u{1}".repeat(domain::limits::MESSAGE_MAX_BYTES);
    let logs = Up::Logs { journal, rows: vec![row(1, &text)] };
    up.send(logs.clone()).await.unwrap();
    assert!(control_down.recv().await.unwrap() == logs);

    let rows = (1..=4).map(|n| row(n, &text)).collect();
    assert!(matches!(up.send(Up::Logs { journal, rows }).await, Err(LinkError::TooLarge { .. })));
    up.send(logs.clone()).await.unwrap();
    assert!(control_down.recv().await.unwrap() == logs, "a message that was too large leaves nothing behind");
}

#[tokio::test]
async fn what_comes_out_of_turn_is_refused() {
    let (journal, other) = (JournalId::generate(), JournalId::generate());
    for wrong in [
        Up::Hello { journal, last_sequence: 0, build: String::new(), wants_records: false },
        Up::Logs { journal: other, rows: vec![row(1, "")] },
        Up::Logs { journal, rows: vec![] },
        Up::Logs { journal, rows: vec![row(0, "")] },
        Up::Logs { journal, rows: vec![row(1, ""), row(3, "")] },
        Up::Logs { journal, rows: vec![row(2, ""), row(1, "")] },
        Up::Logs { journal, rows: vec![row(u64::MAX, ""), row(0, "")] },
        Up::Records { journal: other, rows: vec![record(1)] },
        Up::Records { journal, rows: vec![] },
        Up::Records { journal, rows: vec![record(0)] },
        Up::Records { journal, rows: vec![record(2), record(2)] },
        Up::Deliveries { journal: other, rows: vec![delivery(1)] },
        Up::Deliveries { journal, rows: vec![] },
        Up::Deliveries { journal, rows: vec![delivery(0)] },
        Up::Deliveries { journal, rows: vec![delivery(3), delivery(2)] },
    ] {
        let (mut up, mut down, control_up, mut control_down) = greeted(journal).await;
        up.send(wrong).await.unwrap();
        let error = control_down.recv().await.unwrap_err();
        let refusal = error.refusal().unwrap().clone();
        assert_eq!(refusal.reason, Reason::State);
        control_up.refuse(refusal.clone()).await.unwrap();
        let told = down.recv().await.unwrap_err();
        assert!(matches!(told, LinkError::RefusedByPeer(told) if told == refusal));
    }
    for wrong in [
        Down::Welcome {
            settings: welcome().settings,
            limits: welcome().limits,
            acknowledged: 0,
            acknowledged_records: 0,
            records_follow: false,
        },
        Down::AcknowledgeRecords { journal: other, sequence: 1 },
        Down::AcknowledgeDeliveries { journal: other, sequence: 1 },
        Down::OpenRecords {
            journal: other,
            part: 0,
            parts: 1,
            next: NextNumbers::default(),
            rows: Vec::new(),
            sold: Vec::new(),
        },
        Down::Acknowledge { journal: other, sequence: 1 },
    ] {
        let (_up, mut down, mut control_up, _control_down) = greeted(journal).await;
        control_up.send(wrong).await.unwrap();
        assert_eq!(down.recv().await.unwrap_err().refusal().unwrap().reason, Reason::State);
    }
}

#[tokio::test]
async fn a_refusal_cannot_write_into_our_log() {
    let (_up, mut down, control_up, _control_down) = greeted(JournalId::generate()).await;
    let detail = format!("a\nb\u{1b}[2J{}", "x".repeat(10_000));
    control_up.refuse(Refusal { reason: Reason::Other, detail }).await.unwrap();
    let Err(LinkError::RefusedByPeer(refusal)) = down.recv().await else { panic!("not refused") };
    assert!(refusal.detail.len() <= 200 && !refusal.detail.contains(['\n', '\u{1b}']), "{}", refusal.detail);
}

#[test]
fn debug_shows_no_secret_and_no_text() {
    let journal = JournalId::generate();
    let shown = [
        format!("{:?}", Up::Qr { code: "SECRET".to_owned(), expires_in_ms: 1 }),
        format!("{:?}", pairing_code("SECRET")),
        format!("{:?}", Up::Logs { journal, rows: vec![row(1, "SECRET")] }),
        format!("{:?}", ask(Question::SendText { contact: "SECRET".to_owned(), text: "SECRET".to_owned() })),
        format!("{:?}", ask(Question::PairingCode { number: number() })),
        format!("{:?}", Up::Records { journal, rows: vec![record(1)] }),
        format!("{:?}", Up::Deliveries { journal, rows: vec![delivery(1)] }),
        format!(
            "{:?}",
            ask(Question::ChangeRecord { contact: None, expects: None, record: "SECRET".to_owned() })
        ),
        format!(
            "{:?}",
            Up::Answer {
                request: "r".to_owned(),
                result: Ok(Answer::PairingCode { code: "SECRET".to_owned(), expires_in_ms: 1 })
            }
        ),
    ];
    for text in shown {
        assert!(!text.contains("SECRET") && !text.contains("255712345678"), "{text}");
    }
}

/// What is too long is named, and the other side is told.
#[tokio::test]
async fn a_contact_that_no_index_takes_ends_the_connection_with_its_reason() {
    let journal = JournalId::generate();
    let (mut up, _down, _control_up, mut control_down) = greeted(journal).await;
    let long = LogRow { contact: "7".repeat(2_800), ..row(5, "habari") };
    up.send(Up::Logs { journal, rows: vec![long] }).await.unwrap();
    let error = control_down.recv().await.unwrap_err();
    let refusal = error.refusal().unwrap();
    assert_eq!(refusal.reason, Reason::TooLarge);
    assert_eq!(refusal.detail, "the contact of a log row of 2800, where 64 is the most");
}
