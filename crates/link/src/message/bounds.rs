//! How much a worker may make the control plane hold: each field of each of its messages has a maximum here.
//!
//! What the worker itself makes is refused where it is longer, and its connection with it. What a stranger or WhatsApp
//! may have made long, like a text, a name or the id of a message, is cut with a mark instead: nobody can stop a
//! tenant's log by writing to it.

use super::{Answer, ContactPart, DeliveryRow, HandOffRow, Heartbeat, LogRow, RecordRow, SessionReport, Up};

/// Stands at the end of what was cut.
pub const CUT_MARK: char = '…';
/// A worker's words, in characters.
pub const WORDS_MAX_CHARS: usize = 200;

/// The version of an executable, in characters.
const BUILD_MAX_CHARS: usize = 64;
/// The text of a QR code, in bytes.
const QR_MAX_BYTES: usize = 1_024;
/// A pairing code, in bytes.
const PAIRING_CODE_MAX_BYTES: usize = 16;
/// A request's id, in bytes.
const REQUEST_MAX_BYTES: usize = 128;
/// A contact's name within the log: digits, or `lid:` and digits. In bytes.
const CONTACT_MAX_BYTES: usize = 64;
/// A number or LID, in bytes.
const DIGITS_MAX_BYTES: usize = 32;
/// The name of a reason for silence, in bytes.
const SILENCE_MAX_BYTES: usize = 64;
/// A message's text, in characters: what WhatsApp takes.
const TEXT_MAX_CHARS: usize = 65_536;
/// WhatsApp's id of a message, in characters: its sender chooses it.
const WA_ID_MAX_CHARS: usize = 128;
/// A contact's name for itself, in characters.
const PUSH_NAME_MAX_CHARS: usize = 200;
/// What a bot remembers of a conversation, in bytes.
const CONVERSATION_MAX_BYTES: usize = 64 * 1024;
/// A record's number, in bytes.
const REFERENCE_MAX_BYTES: usize = 32;
/// A record as JSON, in bytes.
const RECORD_MAX_BYTES: usize = 32 * 1024;
/// Why a change was not taken, as JSON, in bytes.
const CONFLICT_MAX_BYTES: usize = 1_024;
/// Why a person has a chat: a word, in bytes.
const REASON_MAX_BYTES: usize = 32;
/// A pack's hash, in bytes.
const HASH_MAX_BYTES: usize = 64;
/// Rows of a batch, and messages of a contact's part.
const ROWS_MAX: usize = 500;

/// What is too long: its name, how long it is, and how long it may be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} of {got}, where {most} is the most")]
pub(crate) struct TooLong {
    field: &'static str,
    got: usize,
    most: usize,
}

impl Up {
    /// The message within its bounds: cut where that is allowed.
    pub(crate) fn bounded(mut self) -> Result<Self, TooLong> {
        match &mut self {
            Self::Hello { build, .. } => {
                build.retain(|c| !c.is_control());
                cut(build, BUILD_MAX_CHARS);
            }
            Self::Heartbeat(beat) => heartbeat(beat)?,
            Self::Qr { code, .. } => at_most("a QR code", code.len(), QR_MAX_BYTES)?,
            Self::PairingCode { code, .. } => {
                at_most("a pairing code", code.len(), PAIRING_CODE_MAX_BYTES)?;
            }
            Self::Session(report) => session(report)?,
            Self::Logs { rows, .. } => {
                at_most("a batch of log rows", rows.len(), ROWS_MAX)?;
                rows.iter_mut().try_for_each(row)?;
            }
            Self::Records { rows, .. } => {
                at_most("a batch of records", rows.len(), ROWS_MAX)?;
                rows.iter().try_for_each(record)?;
            }
            Self::Deliveries { rows, .. } => {
                at_most("a batch of deliveries", rows.len(), ROWS_MAX)?;
                rows.iter_mut().for_each(delivery);
            }
            Self::HandOffs { rows, .. } => {
                at_most("chats that wait for a person", rows.len(), ROWS_MAX)?;
                rows.iter().try_for_each(hand_off)?;
            }
            Self::Answer { request, result } => {
                at_most("the id of a request", request.len(), REQUEST_MAX_BYTES)?;
                match result {
                    Ok(given) => answer(given)?,
                    Err(why) => words(why, WORDS_MAX_CHARS),
                }
            }
            Self::Problem { detail, .. } => words(detail, WORDS_MAX_CHARS),
        }
        Ok(self)
    }
}

fn session(report: &mut SessionReport) -> Result<(), TooLong> {
    match report {
        SessionReport::Connected { lid, .. } => optional("a LID", lid.as_ref(), DIGITS_MAX_BYTES),
        SessionReport::Disconnected { reason, .. }
        | SessionReport::Refused { reason }
        | SessionReport::TemporarilyBanned { reason, .. } => {
            words(reason, WORDS_MAX_CHARS);
            Ok(())
        }
        // A number is bounded by its type.
        SessionReport::QrRoundExpired | SessionReport::LoggedOut | SessionReport::Held { .. } => Ok(()),
    }
}

fn heartbeat(beat: &Heartbeat) -> Result<(), TooLong> {
    optional("the hash of a pack", beat.pack_hash.as_ref(), HASH_MAX_BYTES)
}

/// A record's texts are bounded by what made it: a chat's messages and the profile.
fn record(row: &RecordRow) -> Result<(), TooLong> {
    optional("the contact of a record", row.contact.as_ref(), CONTACT_MAX_BYTES)?;
    at_most("the number of a record", row.reference.len(), REFERENCE_MAX_BYTES)?;
    at_most("a record", row.body.len(), RECORD_MAX_BYTES)
}

/// Its reason may hold what WhatsApp has said.
fn delivery(row: &mut DeliveryRow) {
    if let Some(reason) = &mut row.reason {
        words(reason, WORDS_MAX_CHARS);
    }
}

fn hand_off(row: &HandOffRow) -> Result<(), TooLong> {
    at_most("the contact of a chat that waits", row.contact.len(), CONTACT_MAX_BYTES)?;
    at_most("the reason of a chat that waits", row.reason.len(), REASON_MAX_BYTES)
}

fn row(row: &mut LogRow) -> Result<(), TooLong> {
    at_most("the contact of a log row", row.contact.len(), CONTACT_MAX_BYTES)?;
    optional("the silence of a log row", row.silence.as_ref(), SILENCE_MAX_BYTES)?;
    text(&mut row.text, TEXT_MAX_CHARS);
    words(&mut row.wa_message_id, WA_ID_MAX_CHARS);
    if let Some(about) = &mut row.about {
        words(about, WA_ID_MAX_CHARS);
    }
    Ok(())
}

fn answer(answer: &mut Answer) -> Result<(), TooLong> {
    match answer {
        Answer::PairingCode { code, .. } => at_most("a pairing code", code.len(), PAIRING_CODE_MAX_BYTES),
        Answer::SendText { wa_message_id } => {
            words(wa_message_id, WA_ID_MAX_CHARS);
            Ok(())
        }
        Answer::ReadContact { part } => part.as_mut().map_or(Ok(()), contact),
        Answer::ChangeRecord { taken: Ok(row) } => record(row),
        Answer::ChangeRecord { taken: Err(conflict) } => {
            at_most("a refused change", conflict.len(), CONFLICT_MAX_BYTES)
        }
        Answer::EraseContact { .. }
        | Answer::HandBack
        | Answer::TakeOver
        | Answer::CopyJournal { .. }
        | Answer::LogOut => Ok(()),
    }
}

fn contact(part: &mut ContactPart) -> Result<(), TooLong> {
    optional("a contact's number", part.number.as_ref(), DIGITS_MAX_BYTES)?;
    optional("a contact's LID", part.lid.as_ref(), DIGITS_MAX_BYTES)?;
    optional("a conversation", part.conversation.as_ref(), CONVERSATION_MAX_BYTES)?;
    at_most("messages of a contact", part.messages.len(), ROWS_MAX)?;
    at_most("records of a contact", part.records.len(), ROWS_MAX)?;
    part.records.iter().try_for_each(|record| at_most("a record", record.len(), RECORD_MAX_BYTES))?;
    if let Some(name) = &mut part.push_name {
        words(name, PUSH_NAME_MAX_CHARS);
    }
    for message in &mut part.messages {
        words(&mut message.wa_message_id, WA_ID_MAX_CHARS);
        if let Some(said) = &mut message.text {
            text(said, TEXT_MAX_CHARS);
        }
        if let Some(state) = &mut message.state {
            words(state, WORDS_MAX_CHARS);
        }
    }
    Ok(())
}

fn at_most(field: &'static str, got: usize, most: usize) -> Result<(), TooLong> {
    if got > most { Err(TooLong { field, got, most }) } else { Ok(()) }
}

fn optional(field: &'static str, value: Option<&String>, most: usize) -> Result<(), TooLong> {
    value.map_or(Ok(()), |value| at_most(field, value.len(), most))
}

/// Cuts a text of several lines. PostgreSQL takes no U+0000.
fn text(text: &mut String, most: usize) {
    cut(text, most);
    if text.contains('\0') {
        *text = text.replace('\0', "\u{fffd}");
    }
}

/// Cuts what is one line, and takes line breaks and escapes out of it.
fn words(text: &mut String, most: usize) {
    cut(text, most);
    if text.contains(|c: char| c.is_control()) {
        *text = text.replace(|c: char| c.is_control(), " ");
    }
}

/// Cuts to `most` characters, the mark among them.
fn cut(text: &mut String, most: usize) {
    // No text has more characters than bytes.
    if text.len() > most && text.chars().nth(most).is_some() {
        let end = text.char_indices().nth(most - 1).map_or(0, |(at, _)| at);
        text.truncate(end);
        text.push(CUT_MARK);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use domain::{Digits, Direction, JournalId, LogId, RecordKind, SessionState, Timestamp};

    use super::*;
    use crate::message::{ContactMessage, ProblemCode};

    fn long(bytes: usize) -> String {
        "7".repeat(bytes)
    }

    fn log(change: impl FnOnce(&mut LogRow)) -> Up {
        let mut row = LogRow {
            sent_at: None,
            about: None,
            removes: false,
            delivery: None,
            writer: None,
            opted_out: false,
            sequence: 1,
            id: LogId::generate(),
            direction: Direction::In,
            contact: "255712345678".to_owned(),
            text: "habari".to_owned(),
            wa_message_id: "3EB0".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            silence: None,
        };
        change(&mut row);
        Up::Logs { journal: JournalId::generate(), rows: vec![row] }
    }

    fn changed(change: impl FnOnce(&mut RecordRow)) -> Up {
        let mut row = RecordRow {
            sequence: 1,
            contact: None,
            reference: "B-1001".to_owned(),
            kind: RecordKind::Booking,
            version: 1,
            open: true,
            changed_at: Timestamp::UNIX_EPOCH,
            body: "{}".to_owned(),
        };
        change(&mut row);
        Up::Records { journal: JournalId::generate(), rows: vec![row] }
    }

    fn waiting(change: impl FnOnce(&mut HandOffRow)) -> Up {
        let mut row = HandOffRow {
            contact: "255712345678".to_owned(),
            reason: "asked".to_owned(),
            since: Timestamp::UNIX_EPOCH,
            until: Timestamp::UNIX_EPOCH,
        };
        change(&mut row);
        Up::HandOffs { rows: vec![row], total: 1 }
    }

    fn came(reason: Option<String>) -> DeliveryRow {
        DeliveryRow { sequence: 1, log: LogId::generate(), delivery: domain::Delivery::Failed, reason }
    }

    fn refused(why: String) -> Up {
        let result = Ok(Answer::ChangeRecord { taken: Err(why) });
        Up::Answer { request: "r".to_owned(), result }
    }

    fn part(change: impl FnOnce(&mut ContactPart)) -> Up {
        let mut part = ContactPart {
            number: None,
            lid: None,
            push_name: None,
            wrote_at: None,
            conversation: None,
            messages: Vec::new(),
            more: false,
            records: Vec::new(),
        };
        change(&mut part);
        Up::Answer { request: "r".to_owned(), result: Ok(Answer::ReadContact { part: Some(part) }) }
    }

    fn beat() -> Heartbeat {
        Heartbeat {
            at: Timestamp::UNIX_EPOCH,
            session: SessionState::Connected,
            memory_bytes: None,
            cpu_ms: 1,
            uptime_ms: 1,
            queued: 0,
            unsent: 0,
            unlogged: 0,
            last_message_at: None,
            settings_version: None,
            unreadable: 0,
            clock_behind_ms: None,
            profile_version: None,
            pack_hash: None,
            hand_offs: 0,
            unsent_records: 0,
            confinement: None,
        }
    }

    /// A field's name, its maximum, and a message in which it has this length.
    type Case = (&'static str, usize, fn(usize) -> Up);

    /// Each field that a worker itself makes, one byte beyond its maximum, and at it.
    #[test]
    fn what_is_too_long_is_refused_by_its_name() {
        let make: [Case; 24] = [
            ("a QR code", QR_MAX_BYTES, |n| Up::Qr { code: long(n), expires_in_ms: 1 }),
            ("a pairing code", PAIRING_CODE_MAX_BYTES, |n| Up::PairingCode {
                code: long(n),
                expires_in_ms: 1,
                number: Digits::new("255712345678").unwrap(),
            }),
            ("a LID", DIGITS_MAX_BYTES, |n| {
                Up::Session(SessionReport::Connected {
                    number: Digits::new("255712345678").unwrap(),
                    lid: Some(long(n)),
                })
            }),
            ("the contact of a log row", CONTACT_MAX_BYTES, |n| log(|row| row.contact = long(n))),
            ("the silence of a log row", SILENCE_MAX_BYTES, |n| log(|row| row.silence = Some(long(n)))),
            ("the id of a request", REQUEST_MAX_BYTES, |n| Up::Answer {
                request: long(n),
                result: Ok(Answer::LogOut),
            }),
            ("a contact's number", DIGITS_MAX_BYTES, |n| part(|part| part.number = Some(long(n)))),
            ("a contact's LID", DIGITS_MAX_BYTES, |n| part(|part| part.lid = Some(long(n)))),
            ("a conversation", CONVERSATION_MAX_BYTES, |n| part(|part| part.conversation = Some(long(n)))),
            ("a pairing code", PAIRING_CODE_MAX_BYTES, |n| Up::Answer {
                request: "r".to_owned(),
                result: Ok(Answer::PairingCode { code: long(n), expires_in_ms: 1 }),
            }),
            ("messages of a contact", ROWS_MAX, |n| {
                let message = ContactMessage {
                    direction: Direction::In,
                    wa_message_id: String::new(),
                    text: None,
                    state: None,
                    at: Timestamp::UNIX_EPOCH,
                };
                part(|part| part.messages = vec![message; n])
            }),
            ("a batch of log rows", ROWS_MAX, |n| {
                let Up::Logs { journal, rows } = log(|_| ()) else { unreachable!() };
                Up::Logs { journal, rows: vec![rows[0].clone(); n] }
            }),
            ("records of a contact", ROWS_MAX, |n| part(|part| part.records = vec![String::new(); n])),
            ("a record", RECORD_MAX_BYTES, |n| part(|part| part.records = vec![long(n)])),
            ("the contact of a record", CONTACT_MAX_BYTES, |n| changed(|row| row.contact = Some(long(n)))),
            ("the number of a record", REFERENCE_MAX_BYTES, |n| changed(|row| row.reference = long(n))),
            ("a record", RECORD_MAX_BYTES, |n| changed(|row| row.body = long(n))),
            ("a batch of records", ROWS_MAX, |n| {
                let Up::Records { journal, rows } = changed(|_| ()) else { unreachable!() };
                Up::Records { journal, rows: vec![rows[0].clone(); n] }
            }),
            ("a batch of deliveries", ROWS_MAX, |n| Up::Deliveries {
                journal: JournalId::generate(),
                rows: vec![came(None); n],
            }),
            ("the contact of a chat that waits", CONTACT_MAX_BYTES, |n| waiting(|row| row.contact = long(n))),
            ("the reason of a chat that waits", REASON_MAX_BYTES, |n| waiting(|row| row.reason = long(n))),
            ("chats that wait for a person", ROWS_MAX, |n| {
                let Up::HandOffs { rows, total } = waiting(|_| ()) else { unreachable!() };
                Up::HandOffs { rows: vec![rows[0].clone(); n], total }
            }),
            ("a refused change", CONFLICT_MAX_BYTES, |n| refused(long(n))),
            ("the hash of a pack", HASH_MAX_BYTES, |n| {
                Up::Heartbeat(Heartbeat { pack_hash: Some(long(n)), ..beat() })
            }),
        ];
        for (field, most, make) in make {
            assert_eq!(make(most + 1).bounded(), Err(TooLong { field, got: most + 1, most }));
            let longest = make(most);
            assert!(longest.clone().bounded() == Ok(longest), "{field}");
        }
    }

    #[test]
    fn what_a_stranger_may_have_made_long_is_cut_with_a_mark() {
        let Ok(Up::Logs { rows, .. }) = log(|row| {
            row.text = format!("{}\0", "é".repeat(TEXT_MAX_CHARS));
            row.wa_message_id = format!("a\n{}", long(3_000));
        })
        .bounded() else {
            unreachable!()
        };
        assert_eq!(rows[0].text.chars().count(), TEXT_MAX_CHARS);
        assert!(rows[0].text.ends_with("é…"));
        assert_eq!(rows[0].wa_message_id.chars().count(), WA_ID_MAX_CHARS);
        assert!(rows[0].wa_message_id.starts_with("a 7") && rows[0].wa_message_id.ends_with(CUT_MARK));

        let whole = log(|row| row.text = format!("a\nb{}", "é".repeat(TEXT_MAX_CHARS - 3)));
        assert!(whole.clone().bounded() == Ok(whole), "a text of the full length stays as it is");
        let Ok(Up::Logs { rows, .. }) = log(|row| row.text = "a\0b".to_owned()).bounded() else {
            unreachable!()
        };
        assert_eq!(rows[0].text, "a\u{fffd}b");

        let words = |said: &Up| match said {
            Up::Problem { detail, .. } => detail.clone(),
            Up::Deliveries { rows, .. } => rows[0].reason.clone().unwrap(),
            Up::Session(
                SessionReport::Disconnected { reason, .. }
                | SessionReport::Refused { reason }
                | SessionReport::TemporarilyBanned { reason, .. },
            ) => reason.clone(),
            Up::Answer { result: Err(why), .. } => why.clone(),
            _ => unreachable!(),
        };
        let reason = format!("\u{1b}[2J{}", "x".repeat(400_000));
        for said in [
            Up::Problem { code: ProblemCode::Other, detail: reason.clone() },
            Up::Session(SessionReport::Disconnected { reason: reason.clone(), unreachable: false }),
            Up::Session(SessionReport::Refused { reason: reason.clone() }),
            Up::Session(SessionReport::TemporarilyBanned { until: None, reason: reason.clone() }),
            Up::Answer { request: "r".to_owned(), result: Err(reason.clone()) },
            Up::Deliveries { journal: JournalId::generate(), rows: vec![came(Some(reason.clone()))] },
        ] {
            let kept = words(&said.bounded().unwrap());
            assert_eq!(kept.chars().count(), WORDS_MAX_CHARS);
            assert!(kept.starts_with(" [2Jx") && kept.ends_with(CUT_MARK));
        }
    }
}
