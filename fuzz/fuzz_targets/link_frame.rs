//! Any bytes on either end of the link: no panic, and what is taken encodes and decodes to itself.
#![no_main]

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use link::{
    frame::{Codec, FRAME_MAX_BYTES, Frame},
    message::{Down, Up},
};
use tokio_util::codec::{Decoder, Encoder};

fuzz_target!(|data: &[u8]| {
    let mut bytes = BytesMut::from(data);
    let mut up = Codec::<Up, Up>::new(FRAME_MAX_BYTES);
    while let Ok(Some(frame)) = up.decode(&mut bytes) {
        let mut again = BytesMut::new();
        if let (Frame::Message(message), Ok(())) = (&frame, up.encode(frame.clone(), &mut again)) {
            let back = Codec::<Up, Up>::new(FRAME_MAX_BYTES).decode(&mut again);
            assert!(matches!(back, Ok(Some(Frame::Message(back))) if &back == message));
        }
    }
    let mut bytes = BytesMut::from(data);
    let mut down = Codec::<Down, Down>::new(FRAME_MAX_BYTES);
    while let Ok(Some(_)) = down.decode(&mut bytes) {}
});
