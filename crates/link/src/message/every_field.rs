//! No field of what a worker says is without a bound: also one that is added after the table of bounds was written.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use domain::{
    Confinement, Delivery, DeliveryRow, Digits, Direction, HandOffRow, JournalId, LogId, RecordKind,
    RecordRow, SessionState, Timestamp, Writer,
};
use serde_json::Value;

use super::{Answer, ContactMessage, ContactPart, Heartbeat, LogRow, ProblemCode, SessionReport, Up};

/// Longer than anything may be.
const LONG: usize = 300_000;
/// The texts of customers; everything else is short.
const TEXTS: [&str; 4] = ["text", "conversation", "body", "records"];

fn number() -> Digits {
    Digits::new("255712345678").unwrap()
}

/// One of each message with all of its fields, which are named here so that a new one has to be added.
fn samples() -> Vec<Up> {
    let (at, some) = (Timestamp::UNIX_EPOCH, || Some("7".to_owned()));
    let row = LogRow {
        sequence: 1,
        id: LogId::generate(),
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
    let record = RecordRow {
        sequence: 1,
        contact: some(),
        reference: "B-1001".to_owned(),
        kind: RecordKind::Booking,
        version: 1,
        open: true,
        changed_at: at,
        body: "{}".to_owned(),
    };
    let hand_off =
        HandOffRow { contact: "255712345678".to_owned(), reason: "asked".to_owned(), since: at, until: at };
    let answer = |result| Up::Answer { request: "r".to_owned(), result };
    let reason = || "why".to_owned();
    vec![
        Up::Hello {
            journal: JournalId::generate(),
            last_sequence: 1,
            build: "1.0".to_owned(),
            wants_records: true,
        },
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
        Up::Logs { journal: JournalId::generate(), rows: vec![row] },
        answer(Ok(Answer::PairingCode { code: "ABCD1234".to_owned(), expires_in_ms: 1 })),
        answer(Ok(Answer::SendText { wa_message_id: "3EB0".to_owned() })),
        answer(Ok(Answer::ReadContact { part: Some(part) })),
        answer(Ok(Answer::EraseContact { messages: 1 })),
        Up::Records { journal: JournalId::generate(), rows: vec![record.clone()] },
        Up::Deliveries {
            journal: JournalId::generate(),
            rows: vec![DeliveryRow {
                sequence: 1,
                log: LogId::generate(),
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
