//! Frames of every kind, and what a hostile hand makes of them. The supervisor's tests use it too.

use domain::{
    BotSettings, Confinement, Delivery, Digits, Direction, JournalId, Language, Limits, LogId, PackId,
    RecordKind, SessionState, Timestamp, Writer,
};
use link::message::{
    Answer, ContactMessage, ContactPart, DeliveryRow, DocumentKind, Down, HandOffRow, Heartbeat, LogRow,
    NextNumbers, ProblemCode, Question, RecordRow, SessionReport, SoldSince, Up, document_parts,
};
use rand::{RngExt as _, rngs::StdRng};

/// A message as a frame.
pub(crate) fn framed(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes();
    [&length, body].concat()
}

fn record(sequence: u64) -> RecordRow {
    RecordRow {
        sequence,
        contact: Some("255712000001".to_owned()),
        reference: "B-1001".to_owned(),
        kind: RecordKind::Booking,
        version: 2,
        open: true,
        changed_at: Timestamp::UNIX_EPOCH,
        body: r#"{"kind":"booking"}"#.to_owned(),
    }
}

fn delivery(sequence: u64) -> DeliveryRow {
    let reason = Some("WhatsApp refused it with code 463".to_owned());
    DeliveryRow { sequence, log: LogId::generate(), delivery: Delivery::Failed, reason }
}

/// A frame of each kind that a worker sends.
pub(crate) fn up() -> Vec<Vec<u8>> {
    let at = Timestamp::UNIX_EPOCH;
    let row = LogRow {
        sequence: 1,
        id: LogId::generate(),
        direction: Direction::In,
        contact: "255712000001".to_owned(),
        text: "habari \u{1F600} \"quoted\" \u{0}".to_owned(),
        wa_message_id: "3EB0".to_owned(),
        at,
        silence: None,
        sent_at: None,
        about: None,
        removes: false,
        delivery: Some(Delivery::Waiting),
        writer: Some(Writer::Bot),
        opted_out: false,
    };
    let message = ContactMessage {
        direction: Direction::Out,
        wa_message_id: "3EB1".to_owned(),
        text: Some("karibu".to_owned()),
        state: None,
        at,
    };
    let part = ContactPart {
        number: Some("255712000001".to_owned()),
        lid: None,
        push_name: Some("Asha".to_owned()),
        wrote_at: Some(at),
        conversation: Some("{}".to_owned()),
        messages: vec![message],
        more: false,
        records: vec!["{}".to_owned()],
    };
    let beat = Heartbeat {
        at,
        session: SessionState::Connected,
        memory_bytes: Some(3_900_000),
        cpu_ms: 12,
        uptime_ms: 99,
        queued: 0,
        unsent: 0,
        unlogged: 1,
        last_message_at: None,
        settings_version: Some(3),
        unreadable: 0,
        clock_behind_ms: None,
        profile_version: Some(1),
        pack_hash: Some("0123456789abcdef".to_owned()),
        hand_offs: 1,
        unsent_records: 1,
        confinement: Some(Confinement::Full),
    };
    let hand_off =
        HandOffRow { contact: "255712000001".to_owned(), reason: "asked".to_owned(), since: at, until: at };
    let number: Digits = serde_json::from_str("\"255712345678\"").unwrap();
    let answer = |result| Up::Answer { request: "request".to_owned(), result };
    let all = [
        Up::Hello {
            journal: JournalId::generate(),
            last_sequence: 7,
            build: "0.1.0".to_owned(),
            wants_records: true,
        },
        Up::Heartbeat(beat),
        Up::Qr { code: "2@abc,def==".to_owned(), expires_in_ms: 60_000 },
        Up::Session(SessionReport::Connected { number, lid: Some("1234".to_owned()) }),
        Up::Session(SessionReport::Disconnected { reason: "no network".to_owned(), unreachable: true }),
        Up::Logs { journal: JournalId::generate(), rows: vec![row.clone(), LogRow { sequence: 2, ..row }] },
        answer(Err("not a contact".to_owned())),
        answer(Ok(Answer::PairingCode { code: "ABCD1234".to_owned(), expires_in_ms: 9 })),
        answer(Ok(Answer::SendText { wa_message_id: "3EB1".to_owned() })),
        answer(Ok(Answer::ReadContact { part: Some(part) })),
        answer(Ok(Answer::EraseContact { messages: 3 })),
        Up::Records { journal: JournalId::generate(), rows: vec![record(1), record(4)] },
        Up::Deliveries { journal: JournalId::generate(), rows: vec![delivery(1), delivery(4)] },
        Up::HandOffs { rows: vec![hand_off], total: 1 },
        answer(Ok(Answer::ChangeRecord { taken: Ok(record(5)) })),
        answer(Ok(Answer::ChangeRecord {
            taken: Err(r#"{"why":"changed","reference":"B-1001"}"#.to_owned()),
        })),
        answer(Ok(Answer::HandBack)),
        answer(Ok(Answer::TakeOver)),
        answer(Ok(Answer::CopyJournal { bytes: u64::MAX })),
        answer(Ok(Answer::LogOut)),
        Up::Problem { code: ProblemCode::Other, detail: "words".to_owned() },
    ];
    all.iter().map(|message| framed(&serde_json::to_vec(message).unwrap())).collect()
}

/// A frame of each kind that the control plane sends.
#[allow(dead_code, reason = "the supervisor's tests are on the other side")]
pub(crate) fn down() -> Vec<Vec<u8>> {
    let limits = Limits {
        contact_per_minute: 10,
        tenant_per_minute: 60,
        chat_queue: 20,
        heartbeat_interval_ms: 50,
        quiet_ms: 0,
        clock_ahead_ms: 0,
        neighbours: 0,
        disk_short: false,
    };
    let settings = BotSettings {
        version: 3,
        business_name: "Duka".to_owned(),
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
    let contact = "255712000001".to_owned();
    let ask = |question| Down::Ask { request: "request".to_owned(), question };
    let all = [
        Down::Welcome {
            settings: settings.clone(),
            limits,
            acknowledged: 4,
            acknowledged_records: 2,
            records_follow: false,
        },
        Down::Configure { settings, limits },
        Down::Acknowledge { journal: JournalId::generate(), sequence: 9 },
        Down::AcknowledgeRecords { journal: JournalId::generate(), sequence: 9 },
        Down::AcknowledgeDeliveries { journal: JournalId::generate(), sequence: 9 },
        Down::OpenRecords {
            journal: JournalId::generate(),
            part: 0,
            parts: 1,
            next: NextNumbers { booking: 1002, ..NextNumbers::default() },
            rows: vec![record(1)],
            sold: vec![SoldSince { code: "rice-5".to_owned(), counted: 3, sold: 250 }],
        },
        document_parts(DocumentKind::Profile, "7", Some("{}")).remove(0),
        Down::QrWanted { for_ms: 60_000 },
        ask(Question::ChangeRecord {
            contact: None,
            expects: Some(1),
            record: r#"{"kind":"booking"}"#.to_owned(),
        }),
        ask(Question::HandBack { contact: contact.clone() }),
        ask(Question::TakeOver { contact: contact.clone() }),
        ask(Question::CopyJournal),
        ask(Question::PairingCode { number: serde_json::from_str("\"255712345678\"").unwrap() }),
        ask(Question::SendText { contact: contact.clone(), text: "karibu".to_owned() }),
        ask(Question::ReadContact { contact: contact.clone(), skip: 0 }),
        ask(Question::EraseContact { contact }),
        ask(Question::LogOut),
        Down::Connect,
        Down::Stop,
    ];
    all.iter().map(|message| framed(&serde_json::to_vec(message).unwrap())).collect()
}

/// One of the samples after one to four mutations.
pub(crate) fn mutated(random: &mut StdRng, samples: &[Vec<u8>]) -> Vec<u8> {
    let mut frame = samples[random.random_range(0..samples.len())].clone();
    for _ in 0..random.random_range(1..5) {
        mutate(random, &mut frame, samples);
    }
    frame
}

fn mutate(random: &mut StdRng, frame: &mut Vec<u8>, samples: &[Vec<u8>]) {
    if frame.is_empty() {
        return;
    }
    let at = random.random_range(0..frame.len());
    let end = (at + random.random_range(1..24)).min(frame.len());
    match random.random_range(0..9) {
        0 => frame[at] ^= 1 << random.random_range(0..8),
        1 => frame[at] = random.random(),
        2 => frame.truncate(at),
        3 => drop(frame.drain(at..end)),
        4 => {
            let copied = frame[at..end].to_vec();
            frame.splice(at..at, copied);
        }
        // A length of anybody's choice, or one that fits.
        5 => {
            let length: u32 = random.random();
            frame.splice(0..frame.len().min(4), length.to_be_bytes());
        }
        6 => {
            let body = frame.split_off(frame.len().min(4));
            *frame = framed(&body);
        }
        // The end of another message, so that both halves are of the protocol.
        7 => {
            let other = &samples[random.random_range(0..samples.len())];
            frame.truncate(at);
            frame.extend_from_slice(&other[random.random_range(0..other.len())..]);
        }
        // Another value where one stands, as somebody does who knows the protocol.
        _ => {
            const VALUES: [&str; 8] =
                ["null", "-1", "18446744073709551616", "1e999", "[[[[", "\"\\ud800\"", "{}", "true"];
            let value = VALUES[random.random_range(0..VALUES.len())].as_bytes().to_vec();
            let from = frame[at..].iter().position(|byte| *byte == b':').map_or(at, |colon| at + colon + 1);
            let to = frame[from..].iter().position(|byte| b",}]".contains(byte)).map_or(from, |n| from + n);
            frame.splice(from..to, value);
            let body = frame.split_off(frame.len().min(4));
            *frame = framed(&body);
        }
    }
}
