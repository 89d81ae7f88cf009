//! Any bytes as a decrypted message, under any envelope: no panic, no endless work, and always the same thing.
#![no_main]

use content::{Envelope, from_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for envelope in [Envelope::Plain, Envelope::Edit, Envelope::Pin, Envelope::Delete] {
        assert_eq!(from_bytes(data, envelope), from_bytes(data, envelope));
    }
});
