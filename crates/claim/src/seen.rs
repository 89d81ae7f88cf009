//! Which claims were taken, until none of them could be taken any more. Bounded: where it is full, nothing more is taken,
//! since what is forgotten could be used again.

use std::collections::{BTreeSet, HashSet};

use crate::Refusal;

type Nonce = [u8; 16];

/// The nonces of claims that were taken.
#[derive(Debug)]
pub(crate) struct Seen {
    known: HashSet<Nonce>,
    /// The same by when they may be forgotten.
    until: BTreeSet<(i64, Nonce)>,
    at_most: usize,
}

impl Seen {
    pub(crate) fn new(at_most: usize) -> Self {
        Self { known: HashSet::new(), until: BTreeSet::new(), at_most }
    }

    /// Takes a nonce that was not taken before, and remembers it until `until`.
    pub(crate) fn take(&mut self, nonce: Nonce, until: i64, now: i64) -> Result<(), Refusal> {
        while let Some((over, nonce)) = self.until.first().copied().filter(|(over, _)| *over < now) {
            self.until.remove(&(over, nonce));
            self.known.remove(&nonce);
        }
        if self.known.contains(&nonce) {
            return Err(Refusal::Replayed);
        }
        if self.known.len() >= self.at_most {
            return Err(Refusal::Full);
        }
        self.known.insert(nonce);
        self.until.insert((until, nonce));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_is_remembered_as_long_as_it_could_be_used_and_never_forgotten_for_lack_of_room() {
        let mut seen = Seen::new(2);
        assert_eq!(seen.take([1; 16], 10, 0), Ok(()));
        assert_eq!(seen.take([2; 16], 20, 0), Ok(()));
        assert_eq!(seen.take([3; 16], 20, 0), Err(Refusal::Full));
        assert_eq!(seen.take([1; 16], 10, 10), Err(Refusal::Replayed));
        assert_eq!(seen.take([3; 16], 30, 11), Ok(()));
        assert_eq!(seen.take([2; 16], 20, 11), Err(Refusal::Replayed));
        assert_eq!((seen.known.len(), seen.until.len()), (2, 2));
    }
}
