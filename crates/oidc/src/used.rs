//! Which sign-ins were finished already: each start has one finish, whatever a provider says to a code that comes twice.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use sha2::{Digest, Sha256};

/// How many are remembered. More than so many in ten minutes are people that no provider lets through.
const MOST: usize = 10_000;

/// The states of sign-ins that were finished, until they end by themselves.
#[derive(Default)]
pub(crate) struct Used(Mutex<HashMap<[u8; 32], i64>>);

impl Used {
    /// Takes a state that ends at `ends`; `false` where it was taken before, and where too many are remembered.
    pub(crate) fn take(&self, state: &str, ends: i64, now: i64) -> bool {
        let key: [u8; 32] = Sha256::digest(state.as_bytes()).into();
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.len() >= MOST {
            taken.retain(|_, ends| *ends >= now);
        }
        if taken.len() >= MOST || taken.contains_key(&key) {
            return false;
        }
        taken.insert(key, ends);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_taken_once_and_the_memory_is_bounded() {
        let used = Used::default();
        assert!(used.take("first", 600, 0));
        assert!(!used.take("first", 600, 1));
        for number in 1..MOST {
            assert!(used.take(&number.to_string(), 600, 2));
        }
        assert!(!used.take("one too many", 600, 3));
        assert_eq!(used.0.lock().unwrap().len(), MOST);
        // What ended makes room.
        assert!(used.take("later", 1300, 700));
        assert_eq!(used.0.lock().unwrap().len(), 1);
    }
}
