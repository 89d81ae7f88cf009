//! When a disk on which workers live is short of room. Where it is, they take nothing more from WhatsApp, which keeps it, while
//! there is still room for what they have to finish.

/// Less is too little.
const SHORT_BYTES: u64 = 16_000_000;
/// This much is enough again.
const ENOUGH_BYTES: u64 = 24_000_000;

/// Whether so few free bytes are too little, where they were before or were not.
#[must_use]
pub const fn is_disk_short(was: bool, free: u64) -> bool {
    free < if was { ENOUGH_BYTES } else { SHORT_BYTES }
}

#[cfg(test)]
mod tests {
    use super::is_disk_short;

    #[test]
    fn what_is_almost_full_is_so_until_there_is_clearly_more_room() {
        assert!(is_disk_short(false, 15_999_999) && !is_disk_short(false, 16_000_000));
        assert!(is_disk_short(true, 23_999_999) && !is_disk_short(true, 24_000_000));
    }
}
