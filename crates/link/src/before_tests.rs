//! The version before is understood: frames that it wrote, kept as they were, are read as what they mean now, and what
//! is said to it is read by nothing but its own definitions.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

use domain::{Digits, JournalId};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{DuplexStream, duplex};
use tokio_util::codec::{Framed, LengthDelimitedCodec};

use crate::{
    ControlSide, Identity, LinkError, Reason, TokenKey, Versions, WorkerSide, accept, dial,
    message::{Answer, DocumentKind, Down, Question, SessionReport, Up},
    session::{Hello, Welcome},
};

const UP: &str = include_str!("../tests/fixtures/version-3-up.jsonl");
const DOWN: &str = include_str!("../tests/fixtures/version-3-down.jsonl");
/// Settings as version 4 says them, and as version 3 is to read them.
const CONFIGURE: &str = include_str!("../tests/fixtures/version-3-configure.jsonl");

/// Another build's end of a connection: bytes, as the fixtures have them.
struct Raw(Framed<DuplexStream, LengthDelimitedCodec>);

impl Raw {
    async fn say(&mut self, line: &str) {
        self.0.send(bytes::Bytes::from(line.to_owned())).await.unwrap();
    }

    async fn hear(&mut self) -> Value {
        serde_json::from_slice(&self.0.next().await.unwrap().unwrap()).unwrap()
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().skip(1)
}

fn identity() -> Identity {
    let tenant = "01890a5d-ac96-774b-bcce-b302099a8000".parse().unwrap();
    Identity::new(tenant, 1, TokenKey::from_bytes([7; 32]).token(tenant, 1))
}

fn wire<T, U>(stream: DuplexStream) -> Framed<DuplexStream, crate::frame::Codec<T, U>> {
    Framed::new(stream, crate::frame::Codec::new(crate::frame::FRAME_MAX_BYTES))
}

fn raw(stream: DuplexStream) -> Raw {
    Raw(Framed::new(stream, LengthDelimitedCodec::new()))
}

fn number(text: &str) -> Digits {
    Digits::new(text).unwrap()
}

fn ask(request: &str, question: Question) -> Down {
    Down::Ask { request: request.to_owned(), question }
}

fn answer(request: &str, result: Result<Answer, &str>) -> Up {
    Up::Answer { request: request.to_owned(), result: result.map_err(str::to_owned) }
}

#[tokio::test]
async fn a_worker_and_a_control_plane_meet_that_are_one_version_apart() {
    let (ours, before) = (identity(), Identity { versions: Versions::up_to(3), ..identity() });
    assert_eq!(Versions::OURS.max, 4, "a new version needs fixtures of the one before it");
    for (worker, control) in [(&ours, &before), (&before, &ours)] {
        let (a, b) = duplex(64 * 1024);
        let (worker, control) = tokio::join!(accept(a, worker), dial(b, control));
        assert_eq!((worker.unwrap().version(), control.unwrap().version()), (3, 3));
    }
}

#[tokio::test]
async fn a_worker_of_the_version_before_is_asked_and_answers_in_its_own_words() {
    let (ours, theirs) = duplex(4 * 1024 * 1024);
    let mut worker = raw(theirs);
    worker.say(UP.lines().next().unwrap()).await;
    let (hello, greeted) = ControlSide::new(wire(ours), 3).hello().await.unwrap();
    assert_eq!((hello.last_sequence, hello.build.as_str()), (7, "0.1.0"));
    let welcome: Value = serde_json::from_str(DOWN.lines().next().unwrap()).unwrap();
    let Down::Welcome { settings, limits, acknowledged, .. } =
        serde_json::from_value(welcome.clone()).unwrap()
    else {
        panic!("no welcome")
    };
    assert!(!hello.wants_records, "it knows no records");
    let welcome_now =
        Welcome { settings, limits, acknowledged, acknowledged_records: 0, records_follow: false };
    let (mut down, mut up) = greeted.welcome(welcome_now).await.unwrap();
    // What is new of these is passed over by a worker that does not know it: neither refuses unknown fields.
    let mut heard = as_before(worker.hear().await);
    for new in ["acknowledged_records", "records_follow"] {
        assert!(heard.as_object_mut().unwrap().remove(new).is_some(), "{new}");
    }
    assert_eq!(heard, welcome);

    let phone = || number("255712345678");
    let contact = || "255712000001".to_owned();
    for question in [
        Down::Acknowledge { journal: hello.journal, sequence: 9 },
        Down::QrWanted { for_ms: 60_000 },
        ask("r-code", Question::PairingCode { number: phone() }),
        ask("r-send", Question::SendText { contact: contact(), text: "karibu".to_owned() }),
        ask("r-read", Question::ReadContact { contact: contact(), skip: 2 }),
        ask("r-erase", Question::EraseContact { contact: contact() }),
        Down::Stop,
        // It knows no such word and needs none.
        Down::Connect,
        Down::AcknowledgeRecords { journal: hello.journal, sequence: 9 },
        Down::AcknowledgeDeliveries { journal: hello.journal, sequence: 9 },
        Down::Document {
            what: DocumentKind::Profile,
            name: "7".to_owned(),
            part: 0,
            parts: 1,
            text: "{}".to_owned(),
        },
        // Nor this, whose answer comes all the same.
        ask("r-hand-back", Question::HandBack { contact: contact() }),
        ask("r-out", Question::LogOut),
        ask("r-code-2", Question::PairingCode { number: number("255712345679") }),
    ] {
        down.send(question).await.unwrap();
    }
    for expected in lines(DOWN) {
        assert_eq!(worker.hear().await, serde_json::from_str::<Value>(expected).unwrap());
    }

    for line in lines(UP) {
        worker.say(line).await;
    }
    let mut heard = Vec::new();
    drop(worker);
    while let Ok(message) = up.recv().await {
        heard.push(message);
    }
    let code = Answer::PairingCode { code: "ABCD1234".to_owned(), expires_in_ms: 9 };
    let kinds: Vec<&str> = heard.iter().map(Up::name).collect();
    assert_eq!(
        kinds,
        [
            "answer",
            "heartbeat",
            "qr",
            "pairing_code",
            "answer",
            "answer",
            "session",
            "answer",
            "session",
            "logs",
            "answer",
            "answer",
            "answer",
            "answer",
            "answer",
            "problem"
        ]
    );
    assert!(
        matches!(&heard[0], Up::Answer { request, result: Err(why) } if request == "r-hand-back" && why.contains("older version"))
    );
    assert!(heard[4] == answer("r-code", Ok(code)), "after the code itself, which is then known");
    assert!(heard[5] == answer("r-code-2", Err("too many were asked for")));
    assert!(heard[7] == answer("r-out", Ok(Answer::LogOut)), "before the report that ends the session");
    assert!(heard[8] == Up::Session(SessionReport::LoggedOut));
    assert!(heard[10] == answer("r-send", Ok(Answer::SendText { wa_message_id: "3EB1".to_owned() })));
    assert!(heard[11] == answer("r-send-2", Err("not a contact")));
    assert!(
        matches!(&heard[12], Up::Answer { result: Ok(Answer::ReadContact { part: Some(part) }), .. } if part.messages.len() == 1)
    );
    assert!(heard[13] == answer("r-read-2", Ok(Answer::ReadContact { part: None })));
    assert!(heard[14] == answer("r-erase", Ok(Answer::EraseContact { messages: 3 })));
}

/// Takes out what version 3 does not know and passes over.
fn as_before(mut heard: Value) -> Value {
    for (part, new) in [
        ("limits", "quiet_ms"),
        ("limits", "clock_ahead_ms"),
        ("settings", "number_forms"),
        ("settings", "remove_deleted"),
    ] {
        assert!(heard[part].as_object_mut().unwrap().remove(new).is_some(), "{part}.{new}");
    }
    heard
}

#[tokio::test]
async fn a_worker_of_the_version_before_is_told_a_pack_and_opening_hours_that_it_can_read() {
    let [now, before]: [Value; 2] =
        std::array::from_fn(|line| serde_json::from_str(CONFIGURE.lines().nth(line).unwrap()).unwrap());
    for (version, expected) in [(4, now.clone()), (3, before)] {
        let (ours, theirs) = duplex(64 * 1024);
        let mut worker = raw(theirs);
        worker.say(UP.lines().next().unwrap()).await;
        let (_, greeted) = ControlSide::new(wire(ours), version).hello().await.unwrap();
        let Down::Configure { settings, limits } = serde_json::from_value(now.clone()).unwrap() else {
            panic!("no settings")
        };
        let welcome = Welcome {
            settings: settings.clone(),
            limits,
            acknowledged: 0,
            acknowledged_records: 0,
            records_follow: false,
        };
        let (mut down, _up) = greeted.welcome(welcome).await.unwrap();
        down.send(Down::Configure { settings, limits }).await.unwrap();
        let (welcomed, configured) = (worker.hear().await, worker.hear().await);
        let configured = if version == 3 { as_before(configured) } else { configured };
        assert_eq!(configured, expected, "version {version}");
        for part in ["pack", "hours"] {
            assert_eq!(welcomed["settings"][part], expected["settings"][part], "in the welcome too");
        }
    }
}

#[tokio::test]
async fn a_control_plane_of_the_version_before_asks_and_is_answered_in_its_own_words() {
    let (ours, theirs) = duplex(4 * 1024 * 1024);
    let mut control = raw(theirs);
    control.say(DOWN.lines().next().unwrap()).await;
    let journal: JournalId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
    let hello = Hello { journal, last_sequence: 7, build: "0.1.0".to_owned(), wants_records: false };
    let (welcome, mut up, mut down) = WorkerSide::new(wire(ours), 3).hello(hello).await.unwrap();
    assert_eq!((welcome.settings.business_name.as_str(), welcome.acknowledged), ("Duka", 4));
    assert_eq!(control.hear().await, serde_json::from_str::<Value>(UP.lines().next().unwrap()).unwrap());
    for line in lines(DOWN) {
        control.say(line).await;
    }
    let mut asked = Vec::new();
    for _ in lines(DOWN) {
        match down.recv().await.unwrap() {
            Down::Ask { request, question } => asked.push((request, question)),
            other => assert!(matches!(other, Down::Acknowledge { .. } | Down::QrWanted { .. } | Down::Stop)),
        }
    }
    let names: Vec<&str> = asked.iter().map(|(_, question)| question.name()).collect();
    assert_eq!(names, ["pairing_code", "send_text", "read_contact", "erase_contact", "log_out"]);
    let requests: Vec<String> = asked.into_iter().map(|(request, _)| request).collect();
    assert_eq!(requests[1..4], ["r-send", "r-read", "r-erase"]);

    let results = [
        Err("no"),
        Ok(Answer::SendText { wa_message_id: "3EB1".to_owned() }),
        Ok(Answer::ReadContact { part: None }),
        Ok(Answer::EraseContact { messages: 3 }),
        Ok(Answer::LogOut),
    ];
    for (request, result) in requests.iter().zip(results) {
        up.send(answer(request, result)).await.unwrap();
    }
    // It knows no such words and needs none.
    up.send(Up::HandOffs { rows: Vec::new(), total: 0 }).await.unwrap();
    up.send(Up::Session(SessionReport::LoggedOut)).await.unwrap();
    for expected in [
        json!({"type": "pairing_code_refused", "number": "255712345678", "reason": "no"}),
        json!({"type": "send_result", "request": "r-send", "result": {"Ok": "3EB1"}}),
        json!({"type": "contact", "request": "r-read", "result": {"Ok": null}}),
        json!({"type": "contact_erased", "request": "r-erase", "result": {"Ok": 3}}),
        json!({"type": "session", "state": "logged_out"}),
    ] {
        assert_eq!(control.hear().await, expected);
    }
}

#[tokio::test]
async fn words_of_another_version_than_the_connections_are_refused() {
    let refused = |error: LinkError| assert_eq!(error.refusal().unwrap().reason, Reason::State);
    let before = UP.lines().find(|line| line.contains("send_result")).unwrap();
    let now = r#"{"type":"answer","request":"r","result":{"Ok":{"kind":"log_out"}}}"#;
    for (version, line) in [(4, before), (3, now)] {
        let (ours, theirs) = duplex(64 * 1024);
        let mut worker = raw(theirs);
        worker.say(UP.lines().next().unwrap()).await;
        let (_, greeted) = ControlSide::new(wire(ours), version).hello().await.unwrap();
        let Down::Welcome { settings, limits, acknowledged, .. } =
            serde_json::from_str(DOWN.lines().next().unwrap()).unwrap()
        else {
            panic!("no welcome")
        };
        let (_down, mut up) = greeted
            .welcome(Welcome {
                settings,
                limits,
                acknowledged,
                acknowledged_records: 0,
                records_follow: false,
            })
            .await
            .unwrap();
        worker.say(line).await;
        refused(up.recv().await.unwrap_err());
    }
}
