//! Frames from hostile hands: none panics the codec, and none is taken that is not a message.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

use bytes::{BufMut, BytesMut};
use domain::{JournalId, SessionState, Timestamp};
use link::{
    LinkError, Reason,
    frame::{Codec, FRAME_MAX_BYTES, Frame},
    message::{Down, Heartbeat, Up},
};
use proptest::prelude::*;
use tokio_util::codec::{Decoder, Encoder};

fn framed(body: &[u8]) -> BytesMut {
    let mut bytes = BytesMut::new();
    bytes.put_u32(u32::try_from(body.len()).unwrap());
    bytes.put_slice(body);
    bytes
}

fn sample() -> Vec<u8> {
    let beat = Heartbeat {
        at: Timestamp::UNIX_EPOCH,
        session: SessionState::Connected,
        memory_bytes: Some(3_900_000),
        cpu_ms: 12,
        uptime_ms: 99,
        queued: 0,
        unsent: 0,
        unlogged: 1,
        last_message_at: None,
        settings_version: None,
        unreadable: 0,
        clock_behind_ms: None,
        profile_version: None,
        pack_hash: None,
        hand_offs: 0,
        unsent_records: 0,
        confinement: None,
    };
    serde_json::to_vec(&Up::Heartbeat(beat)).unwrap()
}

/// Decodes everything there is, as far as it goes.
fn drain(bytes: &mut BytesMut) -> Result<Vec<Frame<Up>>, LinkError> {
    let mut codec = Codec::<Up, Down>::new(FRAME_MAX_BYTES);
    let mut frames = Vec::new();
    while let Some(frame) = codec.decode(bytes)? {
        frames.push(frame);
    }
    Ok(frames)
}

#[test]
fn deep_nesting_wrong_types_and_other_peoples_messages_are_refused() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let down =
        serde_json::to_string(&Down::Acknowledge { journal: JournalId::generate(), sequence: 1 }).unwrap();
    for body in [
        "",
        "null",
        "[]",
        "{}",
        "{\"type\":\"stop\"}",
        "{\"type\":\"qr\"}",
        "{\"type\":\"qr\",\"code\":1,\"expires_in_ms\":1}",
        "{\"type\":\"qr\",\"code\":\"a\",\"expires_in_ms\":-1}",
        "{\"type\":\"qr\",\"code\":\"a\",\"expires_in_ms\":1e99}",
        "{\"type\":\"problem\",\"code\":\"none_such\",\"detail\":\"\"}",
        "{\"type\":\"refused\"}",
        "{\"type\":\"qr\",\"code\":\"a\",\"expires_in_ms\":1} trailing",
        "{\"type\":\"pairing_code\",\"code\":\"ABCD1234\",\"expires_in_ms\":1,\"number\":\"+255\"}",
        "{\"type\":\"pairing_code_refused\",\"reason\":\"\"}",
        "{\"type\":\"pairing_code_wanted\",\"number\":\"255712345678\"}",
        &down,
        &deep,
    ] {
        let error = drain(&mut framed(body.as_bytes())).unwrap_err();
        assert_eq!(error.refusal().unwrap().reason, Reason::Malformed, "{}", &body[..body.len().min(60)]);
    }
}

#[test]
fn an_oversized_frame_is_refused_before_it_is_read() {
    let mut bytes = BytesMut::new();
    bytes.put_u32(u32::try_from(FRAME_MAX_BYTES).unwrap() + 1);
    assert_eq!(drain(&mut bytes).unwrap_err().refusal().unwrap().reason, Reason::TooLarge);
    let mut bytes = BytesMut::new();
    bytes.put_u32(u32::MAX);
    assert_eq!(drain(&mut bytes).unwrap_err().refusal().unwrap().reason, Reason::TooLarge);
    assert!(bytes.capacity() < 64 * 1024, "no memory is set aside for it");
}

#[test]
fn an_error_quotes_nothing_of_the_frame() {
    let body = br#"{"type":"logs","journal":"SECRET TEXT","rows":[]}"#;
    let error = drain(&mut framed(body)).unwrap_err().to_string();
    assert!(!error.contains("SECRET"), "{error}");
}

/// S15: 100,000 frames, each a real message that was damaged, cut, doubled or spliced with another. What is taken is
/// a whole message of a kind that was put in.
#[test]
fn a_hundred_thousand_damaged_frames_are_refused_or_whole() {
    use rand::{Rng, RngExt, SeedableRng};
    let mut chance = rand::rngs::StdRng::seed_from_u64(20_261_123);
    let acknowledge =
        serde_json::to_vec(&Down::Acknowledge { journal: JournalId::generate(), sequence: 9 }).unwrap();
    let typed = br#"{"type":"pairing_code","code":"ABCD1234","expires_in_ms":9,"number":"255712345678"}"#;
    let qr = br#"{"type":"qr","code":"2@x","expires_in_ms":20000}"#;
    let bodies = [sample(), acknowledge, qr.to_vec(), typed.to_vec()];
    let (mut taken, mut refused) = (0_u32, 0_u32);
    for _ in 0..100_000 {
        let mut body = bodies[chance.random_range(0..bodies.len())].clone();
        for _ in 0..chance.random_range(1..4) {
            let place = chance.random_range(0..body.len());
            match chance.random_range(0..4) {
                0 => body[place] = (chance.next_u32() & 0xff) as u8,
                1 => body.truncate(place.max(1)),
                2 => body.extend_from_within(place..),
                _ => {
                    let other = &bodies[chance.random_range(0..bodies.len())];
                    body.truncate(place);
                    body.extend_from_slice(&other[place.min(other.len())..]);
                    body.push(b' ');
                }
            }
        }
        match drain(&mut framed(&body)) {
            Ok(frames) => {
                let whole = matches!(
                    frames.as_slice(),
                    [Frame::Message(Up::Heartbeat(_) | Up::Qr { .. } | Up::PairingCode { .. })]
                );
                assert!(whole);
                taken += 1;
            }
            Err(error) => {
                assert!(matches!(error.refusal(), Some(refusal) if refusal.reason == Reason::Malformed));
                refused += 1;
            }
        }
    }
    assert!(taken > 100 && refused > 10_000, "{taken} taken, {refused} refused: this tries nothing");
}

/// Cases of each property; more by `PROPTEST_CASES`.
fn cases() -> ProptestConfig {
    let mut config = ProptestConfig::default();
    config.cases = config.cases.max(4_096);
    config
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn random_bytes_never_panic_and_are_no_message(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let frames = drain(&mut BytesMut::from(bytes.as_slice()));
        prop_assert!(frames.is_err() || frames.is_ok_and(|frames| frames.is_empty()));
    }

    /// A mutation is refused, or is another message of the same kind: never anything else.
    #[test]
    fn mutated_messages_never_panic(at in any::<prop::sample::Index>(), to in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut body = sample();
        let place = at.index(body.len());
        body[place] = to;
        if let Ok(frames) = drain(&mut framed(&body)) {
            let same_kind = matches!(frames.as_slice(), [Frame::Message(Up::Heartbeat(_))]);
            prop_assert!(same_kind);
        }
        body.truncate(cut.index(body.len()));
        prop_assert!(drain(&mut framed(&body)).is_err());
    }

    /// However a stream is cut into reads, the same frames come out.
    #[test]
    fn cuts_do_not_matter(cuts in prop::collection::vec(1..40_usize, 1..40)) {
        let mut codec = Codec::<Up, Up>::new(FRAME_MAX_BYTES);
        let mut stream = BytesMut::new();
        for n in 0..5_u64 {
            let qr = Up::Qr { code: "x".repeat(usize::try_from(n).unwrap() * 7), expires_in_ms: n };
            codec.encode(Frame::Message(qr), &mut stream).unwrap();
        }
        let (mut seen, mut buffer) = (0, BytesMut::new());
        let mut cuts = cuts.into_iter().cycle();
        while !stream.is_empty() {
            let part = stream.split_to(cuts.next().unwrap().min(stream.len()));
            buffer.extend_from_slice(&part);
            while let Some(frame) = codec.decode(&mut buffer).unwrap() {
                let same = matches!(frame, Frame::Message(Up::Qr { expires_in_ms, .. }) if expires_in_ms == seen);
                prop_assert!(same);
                seen += 1;
            }
        }
        prop_assert_eq!(seen, 5);
    }
}
