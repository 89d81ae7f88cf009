//! No field of what a worker says is without a bound: also one that is added after the table of bounds was written. And each
//! message with all of its fields is kept as this version writes it, for the versions to come.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use domain::{
    Confinement, Delivery, DeliveryRow, Digits, Direction, HandOffRow, JournalId, RecordKind, RecordRow,
    SessionState, Timestamp, Writer,
};
use serde_json::Value;

use super::{
    Answer, ContactMessage, ContactPart, DocumentKind, Down, Heartbeat, LogRow, NextNumbers, ProblemCode,
    Question, SessionReport, SoldSince, Up,
};

/// Longer than anything may be.
const LONG: usize = 300_000;
/// The texts of customers; everything else is short.
const TEXTS: [&str; 4] = ["text", "conversation", "body", "records"];

fn journal() -> JournalId {
    "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap()
}

fn number() -> Digits {
    Digits::new("255712345678").unwrap()
}

fn record() -> RecordRow {
    RecordRow {
        sequence: 1,
        contact: Some("7".to_owned()),
        reference: "B-1001".to_owned(),
        kind: RecordKind::Booking,
        version: 1,
        open: true,
        changed_at: Timestamp::UNIX_EPOCH,
        body: "{}".to_owned(),
    }
}

/// One of each message with all of its fields, which are named here so that a new one has to be added.
fn samples() -> Vec<Up> {
    let (at, some) = (Timestamp::UNIX_EPOCH, || Some("7".to_owned()));
    let row = LogRow {
        sequence: 1,
        id: "01890a5d-ac96-774b-bcce-b302099a8058".parse().unwrap(),
        direction: Direction::In,
        contact: "255712345678".to_owned(),
        text: "habari".to_owned(),
        wa_message_id: "3EB0".to_owned(),
        at,
        silence: some(),
        sent_at: Some(at),
        about: some(),
        removes: false,
        delivery: Some(Delivery::Sent),
        writer: Some(Writer::Phone),
        opted_out: false,
    };
    let message = ContactMessage {
        direction: Direction::In,
        wa_message_id: "3EB0".to_owned(),
        text: some(),
        state: some(),
        at,
    };
    let part = ContactPart {
        number: some(),
        lid: some(),
        push_name: some(),
        wrote_at: Some(at),
        conversation: some(),
        messages: vec![message],
        more: false,
        records: vec!["{}".to_owned()],
    };
    let beat = Heartbeat {
        at,
        session: SessionState::Connected,
        memory_bytes: Some(1),
        cpu_ms: 1,
        uptime_ms: 1,
        queued: 1,
        unsent: 1,
        unlogged: 1,
        last_message_at: Some(at),
        settings_version: Some(1),
        unreadable: 1,
        clock_behind_ms: Some(1),
        profile_version: Some(1),
        pack_hash: some(),
        hand_offs: 1,
        unsent_records: 1,
        confinement: Some(Confinement::Full),
    };
    let record = record();
    let hand_off =
        HandOffRow { contact: "255712345678".to_owned(), reason: "asked".to_owned(), since: at, until: at };
    let answer = |result| Up::Answer { request: "r".to_owned(), result };
    let reason = || "why".to_owned();
    vec![
        Up::Hello { journal: journal(), last_sequence: 1, build: "1.0".to_owned(), wants_records: true },
        Up::Heartbeat(beat),
        Up::Qr { code: "2@a".to_owned(), expires_in_ms: 1 },
        Up::PairingCode { code: "ABCD1234".to_owned(), expires_in_ms: 1, number: number() },
        Up::Session(SessionReport::Connected { number: number(), lid: some() }),
        Up::Session(SessionReport::Held { number: number() }),
        Up::Session(SessionReport::Disconnected { reason: reason(), unreachable: true }),
        Up::Session(SessionReport::Refused { reason: reason() }),
        Up::Session(SessionReport::TemporarilyBanned { until: Some(at), reason: reason() }),
        Up::Session(SessionReport::QrRoundExpired),
        Up::Session(SessionReport::LoggedOut),
        Up::Logs { journal: journal(), rows: vec![row] },
        answer(Ok(Answer::PairingCode { code: "ABCD1234".to_owned(), expires_in_ms: 1 })),
        answer(Ok(Answer::SendText { wa_message_id: "3EB0".to_owned() })),
        answer(Ok(Answer::ReadContact { part: Some(part) })),
        answer(Ok(Answer::EraseContact { messages: 1 })),
        Up::Records { journal: journal(), rows: vec![record.clone()] },
        Up::Deliveries {
            journal: journal(),
            rows: vec![DeliveryRow {
                sequence: 1,
                log: "01890a5d-ac96-774b-bcce-b302099a8058".parse().unwrap(),
                delivery: Delivery::Failed,
                reason: some(),
            }],
        },
        Up::HandOffs { rows: vec![hand_off], total: 1 },
        answer(Ok(Answer::ChangeRecord { taken: Ok(record) })),
        answer(Ok(Answer::ChangeRecord { taken: Err("{}".to_owned()) })),
        answer(Ok(Answer::HandBack)),
        answer(Ok(Answer::TakeOver)),
        answer(Ok(Answer::CopyJournal { bytes: u64::MAX })),
        answer(Ok(Answer::LogOut)),
        answer(Err(reason())),
        Up::Problem { code: ProblemCode::Other, detail: reason() },
    ]
}

/// Where texts and lists stand in a document.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at.to_owned()),
        Value::Array(items) => {
            found.push(at.to_owned());
            items.iter().enumerate().for_each(|(n, item)| places(item, &format!("{at}/{n}"), found));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| places(field, &format!("{at}/{name}"), found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn every_text_and_every_list_of_every_message_has_a_bound() {
    let mut tried = 0;
    for sample in samples() {
        let name = sample.name();
        let whole = serde_json::to_value(&sample).unwrap();
        let mut found = Vec::new();
        places(&whole, "", &mut found);
        for place in found {
            let mut long = whole.clone();
            let part = long.pointer_mut(&place).unwrap();
            *part = match part.take() {
                Value::Array(items) => Value::Array(vec![items[0].clone(); 1_000]),
                _ => Value::String("7".repeat(LONG)),
            };
            tried += 1;
            // What is no message any more, or is refused, is bounded.
            let Ok(message) = serde_json::from_value::<Up>(long) else { continue };
            let Ok(bounded) = message.bounded() else { continue };
            let kept = serde_json::to_value(&bounded).unwrap();
            let kept = kept.pointer(&place).and_then(Value::as_str).map_or(LONG, str::len);
            let named = |part: &&str| !part.bytes().all(|b| b.is_ascii_digit());
            let field = place.rsplit('/').find(named).unwrap_or_default();
            let most = if TEXTS.contains(&field) { 4 * 65_536 } else { 1_024 };
            assert!(kept <= most, "{name}: {place} of {kept} bytes goes through the door");
        }
    }
    assert!(tried > 50, "{tried}");
}

/// One of each message of the control plane's.
fn told() -> Vec<Down> {
    let configure = include_str!("../../tests/fixtures/version-3-configure.jsonl").lines().next().unwrap();
    let Ok(Down::Configure { settings, limits }) = serde_json::from_str(configure) else { unreachable!() };
    let contact = || "255712345678".to_owned();
    let ask = |question| Down::Ask { request: "r".to_owned(), question };
    let sold = SoldSince { code: "soap".to_owned(), counted: 1, sold: 1 };
    vec![
        Down::Welcome {
            settings: settings.clone(),
            limits,
            acknowledged: 1,
            acknowledged_records: 1,
            records_follow: true,
        },
        Down::Configure { settings, limits },
        Down::Acknowledge { journal: journal(), sequence: 1 },
        Down::AcknowledgeRecords { journal: journal(), sequence: 1 },
        Down::AcknowledgeDeliveries { journal: journal(), sequence: 1 },
        Down::Document {
            what: DocumentKind::Profile,
            name: "7".to_owned(),
            part: 0,
            parts: 1,
            text: "{}".to_owned(),
        },
        Down::OpenRecords {
            journal: journal(),
            part: 0,
            parts: 1,
            next: NextNumbers { booking: 1_001, order: 1_001, ticket: 1_001, block: 1_001 },
            rows: vec![record()],
            sold: vec![sold],
        },
        ask(Question::PairingCode { number: number() }),
        ask(Question::SendText { contact: contact(), text: "habari".to_owned() }),
        ask(Question::ReadContact { contact: contact(), skip: 1 }),
        ask(Question::EraseContact { contact: contact() }),
        ask(Question::ChangeRecord { contact: Some(contact()), expects: Some(1), record: "{}".to_owned() }),
        ask(Question::HandBack { contact: contact() }),
        ask(Question::TakeOver { contact: contact() }),
        ask(Question::CopyJournal),
        ask(Question::LogOut),
        Down::QrWanted { for_ms: 1 },
        Down::Connect,
        Down::Stop,
    ]
}

/// Which message it is, and of a question which: whoever adds one comes by here, and adds a sample.
const fn kind_of(down: &Down) -> usize {
    match down {
        Down::Welcome { .. } => 0,
        Down::Configure { .. } => 1,
        Down::Acknowledge { .. } => 2,
        Down::AcknowledgeRecords { .. } => 3,
        Down::Document { .. } => 4,
        Down::OpenRecords { .. } => 5,
        Down::QrWanted { .. } => 6,
        Down::Connect => 7,
        Down::Stop => 8,
        Down::Ask { question, .. } => match question {
            Question::PairingCode { .. } => 9,
            Question::SendText { .. } => 10,
            Question::ReadContact { .. } => 11,
            Question::EraseContact { .. } => 12,
            Question::ChangeRecord { .. } => 13,
            Question::HandBack { .. } => 14,
            Question::TakeOver { .. } => 15,
            Question::CopyJournal => 16,
            Question::LogOut => 17,
        },
        Down::AcknowledgeDeliveries { .. } => 18,
    }
}

/// As lines, each as it goes over the wire.
fn written<T: serde::Serialize>(messages: &[T]) -> String {
    messages.iter().map(|message| serde_json::to_string(message).unwrap() + "\n").collect()
}

#[test]
fn each_message_is_kept_as_this_version_writes_it() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    let version = crate::Versions::OURS.max;
    let mut kinds: Vec<_> = told().iter().map(kind_of).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, Vec::from_iter(0..=18), "one of each");
    for (name, now) in [("up", written(&samples())), ("down", written(&told()))] {
        let path = format!("{folder}/version-{version}-{name}.jsonl");
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        // What is kept is read for ever, whatever is written now.
        for line in kept.lines() {
            match name {
                "up" => drop(serde_json::from_str::<Up>(line).unwrap()),
                _ => drop(serde_json::from_str::<Down>(line).unwrap()),
            }
        }
        if std::env::var_os("FLOWHQ_GENERATE").is_some() {
            std::fs::write(&path, &now).unwrap();
            continue;
        }
        assert!(
            kept == now,
            "{path} is not what is written now. Until this version of the link is released: `just generate`. Afterwards a \
             change is a new version, with files of its own"
        );
    }
}
