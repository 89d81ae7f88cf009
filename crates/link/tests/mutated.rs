//! S15: a hundred thousand mutated frames against the codec of both sides.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed unwrap is a failed test"
)]

mod mutation;

use bytes::BytesMut;
use link::{
    LinkError, Reason,
    frame::{Codec, FRAME_MAX_BYTES, Frame},
    message::{Down, Up},
};
use rand::{SeedableRng as _, rngs::StdRng};
use serde::{Serialize, de::DeserializeOwned};
use tokio_util::codec::{Decoder, Encoder};

/// Half for each side.
const FRAMES: usize = 100_000;
const SEED: u64 = 15;

/// How the frames fared.
#[derive(Debug, Default)]
struct Fared {
    /// Still a message, mostly since the mutation hit a text.
    messages: usize,
    /// Refused with a reason.
    refused: usize,
    /// Cut off in the middle, and the connection closed there.
    cut_off: usize,
}

fn mutate_all<In, Out>(random: &mut StdRng, samples: &[Vec<u8>]) -> Fared
where
    In: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
    Out: Serialize,
{
    let mut fared = Fared::default();
    for _ in 0..FRAMES / 2 {
        let frame = mutation::mutated(random, samples);
        let mut bytes = BytesMut::from(&frame[..]);
        let mut codec = Codec::<In, Out>::new(FRAME_MAX_BYTES);
        // To the end of what was sent, as a connection is read.
        loop {
            match codec.decode_eof(&mut bytes) {
                Ok(Some(Frame::Message(message))) => {
                    fared.messages += 1;
                    same_again(&message);
                }
                Ok(Some(Frame::Refused(_))) => fared.messages += 1,
                Ok(None) => break,
                Err(LinkError::Refused(refusal)) => {
                    assert!(matches!(refusal.reason, Reason::Malformed | Reason::TooLarge), "{refusal:?}");
                    assert!(refusal.detail.len() < 200, "no more than the place is told: {refusal:?}");
                    fared.refused += 1;
                    break;
                }
                Err(LinkError::Closed) => {
                    fared.cut_off += 1;
                    break;
                }
                Err(error) => panic!("{error}: {}", String::from_utf8_lossy(&frame)),
            }
            // A length is a promise of the other side: no memory is set aside beyond the bound for it.
            assert!(bytes.capacity() <= 2 * FRAME_MAX_BYTES, "{}", bytes.capacity());
        }
    }
    fared
}

/// What is taken is a message of the protocol: written and read again it is the same.
fn same_again<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(message: &T) {
    let body = serde_json::to_vec(message).unwrap();
    assert_eq!(&serde_json::from_slice::<T>(&body).unwrap(), message);
}

/// The process's resident memory in bytes.
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

#[test]
fn a_hundred_thousand_mutated_frames_are_refused_with_a_reason_or_are_messages() {
    let mut random = StdRng::seed_from_u64(SEED);
    let (up, down) = (mutation::up(), mutation::down());
    // What any decoding needs is there before it is measured.
    mutate_all::<Up, Down>(&mut random, &up);
    let before = resident();
    let from_worker = mutate_all::<Up, Down>(&mut random, &up);
    let from_control = mutate_all::<Down, Up>(&mut random, &down);
    let grown = resident().saturating_sub(before);
    for fared in [&from_worker, &from_control] {
        let kinds = [fared.messages, fared.refused, fared.cut_off];
        assert!(kinds.iter().all(|count| *count > 1_000), "each kind is there: {fared:?}");
    }
    assert!(grown < 16 * FRAME_MAX_BYTES, "{grown} bytes more than before");
}

#[test]
fn an_unmutated_frame_is_a_message() {
    // The control beside the denials.
    for sample in mutation::up() {
        let mut bytes = BytesMut::from(&sample[..]);
        let mut codec = Codec::<Up, Down>::new(FRAME_MAX_BYTES);
        let Frame::Message(message) = codec.decode(&mut bytes).unwrap().unwrap() else { panic!("refused") };
        let mut again = BytesMut::new();
        Codec::<Down, Up>::new(FRAME_MAX_BYTES).encode(Frame::Message(message), &mut again).unwrap();
        assert_eq!(again, sample[..]);
    }
}
