//! One page of a file: sealed with its nonce and tag in the bytes at its end, which SQLite is told to leave alone.

use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand::{SecureRandom as _, SystemRandom},
};

/// Bytes of a page. Files of another size of page are not taken.
pub(crate) const PAGE: usize = 4096;
/// Bytes at the end of each page that are ours: a nonce of 12 and a tag of 16.
pub(crate) const RESERVED: usize = 28;
/// Bytes of a page that are SQLite's.
const TEXT: usize = PAGE - RESERVED;
const TAG: usize = RESERVED - NONCE_LEN;

/// What seals the pages of one tenant's files.
pub(crate) struct PageKey {
    key: LessSafeKey,
}

/// Nonces for one open file, which one thread at a time writes: the system is asked for several at once, since a message is
/// dozens of pages. No open file goes along into a forked process, where the same would be used twice.
pub(crate) struct Nonces {
    left: usize,
    bytes: [[u8; NONCE_LEN]; NONCES],
}

/// As many as the system gives in one piece (256 bytes, getrandom(2)).
const NONCES: usize = 16;

impl Nonces {
    pub(crate) const fn new() -> Self {
        Self { left: 0, bytes: [[0; NONCE_LEN]; NONCES] }
    }

    fn next(&mut self) -> Result<[u8; NONCE_LEN], Spoiled> {
        if self.left == 0 {
            SystemRandom::new().fill(self.bytes.as_flattened_mut()).map_err(|_| Spoiled)?;
            self.left = NONCES;
        }
        self.left -= 1;
        Ok(self.bytes[self.left])
    }
}

/// Which file a page is of: a page that was moved into another opens no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The database itself.
    Main,
    /// Its write-ahead log.
    Wal,
    /// Its rollback journal.
    Journal,
}

/// A page that is not of this file and key, or not whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Spoiled;

impl PageKey {
    pub(crate) fn new(key: &[u8; 32]) -> Option<Self> {
        let key = LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key).ok()?);
        Some(Self { key })
    }

    /// Seals a page that is to stand at `offset`.
    ///
    /// # Errors
    /// Where something stands in the bytes that are ours, or the system gives no random numbers.
    pub(crate) fn seal(
        &self,
        nonces: &mut Nonces,
        page: &mut [u8; PAGE],
        kind: Kind,
        offset: u64,
    ) -> Result<(), Spoiled> {
        let (text, rest) = page.split_at_mut(TEXT);
        // SQLite never writes there. Were it otherwise, the checksums that it makes of whole pages would not fit what is read.
        if rest.iter().any(|byte| *byte != 0) {
            return Err(Spoiled);
        }
        let nonce = nonces.next()?;
        let sealed = Nonce::assume_unique_for_key(nonce);
        let tag = self.key.seal_in_place_separate_tag(sealed, Aad::from(place(kind, offset)), text);
        let tag = tag.map_err(|_| Spoiled)?;
        rest[..NONCE_LEN].copy_from_slice(&nonce);
        rest[NONCE_LEN..].copy_from_slice(tag.as_ref());
        Ok(())
    }

    /// Opens what stands at `offset`. A page that was never written, all zeros, is what it is.
    ///
    /// # Errors
    /// Where it was not sealed so; nothing of it is left then.
    pub(crate) fn open(&self, page: &mut [u8; PAGE], kind: Kind, offset: u64) -> Result<(), Spoiled> {
        if page.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        let (text, rest) = page.split_at_mut(TEXT);
        let (nonce, tag) = rest.split_at(NONCE_LEN);
        let mut sealed = [0; NONCE_LEN];
        sealed.copy_from_slice(nonce);
        let mut whole = [0; TEXT + TAG];
        whole[..TEXT].copy_from_slice(text);
        whole[TEXT..].copy_from_slice(tag);
        let nonce = Nonce::assume_unique_for_key(sealed);
        let opened = self.key.open_in_place(nonce, Aad::from(place(kind, offset)), &mut whole);
        let Ok(opened) = opened else {
            page.fill(0);
            return Err(Spoiled);
        };
        text.copy_from_slice(opened);
        rest.fill(0);
        Ok(())
    }
}

fn place(kind: Kind, offset: u64) -> [u8; 9] {
    let mut place = [0; 9];
    place[0] = match kind {
        Kind::Main => 1,
        Kind::Wal => 2,
        Kind::Journal => 3,
    };
    place[1..].copy_from_slice(&offset.to_le_bytes());
    place
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn a_page_opens_where_it_was_sealed_and_nowhere_else() {
        let (key, mut nonces) = (PageKey::new(&[7; 32]).unwrap(), Nonces::new());
        let mut page = [0; PAGE];
        page[..5].copy_from_slice(b"Asha!");
        let plain = page;
        key.seal(&mut nonces, &mut page, Kind::Main, 4096).unwrap();
        let sealed = page;
        assert!(!sealed.windows(5).any(|part| part == b"Asha!"));
        key.open(&mut page, Kind::Main, 4096).unwrap();
        assert_eq!(page, plain);
        let other = PageKey::new(&[8; 32]).unwrap();
        let mut moved = sealed;
        assert_eq!(key.open(&mut moved, Kind::Main, 8192), Err(Spoiled));
        assert_eq!(moved, [0; PAGE], "nothing is left of it");
        let mut moved = sealed;
        assert_eq!(key.open(&mut moved, Kind::Wal, 4096), Err(Spoiled));
        let mut stolen = sealed;
        assert_eq!(other.open(&mut stolen, Kind::Main, 4096), Err(Spoiled));
        for at in [0, 2048, TEXT - 1, TEXT, PAGE - 1] {
            let mut flipped = sealed;
            flipped[at] ^= 1;
            assert_eq!(key.open(&mut flipped, Kind::Main, 4096), Err(Spoiled), "byte {at}");
        }
        // More than are fetched at once, and by a file that begins.
        let mut seen = std::collections::HashSet::from([sealed[TEXT..][..NONCE_LEN].to_vec()]);
        for mut file in [nonces, Nonces::new()] {
            for _ in 0..3 * NONCES {
                let mut again = plain;
                key.seal(&mut file, &mut again, Kind::Main, 4096).unwrap();
                assert!(seen.insert(again[TEXT..][..NONCE_LEN].to_vec()), "a nonce is used twice");
            }
        }
    }

    #[test]
    fn what_was_never_written_is_empty_and_what_stands_in_our_bytes_is_refused() {
        let key = PageKey::new(&[7; 32]).unwrap();
        let mut page = [0; PAGE];
        key.open(&mut page, Kind::Main, 0).unwrap();
        page[PAGE - 1] = 1;
        assert_eq!(key.seal(&mut Nonces::new(), &mut page, Kind::Main, 0), Err(Spoiled));
    }
}
