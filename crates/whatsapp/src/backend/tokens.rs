//! The tokens that contacts have given this device, as far as they were asked for lately: each reply asks for its contact's.

use std::sync::{Mutex, MutexGuard, PoisonError};

use whatsapp_rust::wacore::store::traits::TcTokenEntry;

/// Contacts that are remembered: those who write just now.
const MOST: usize = 16;

/// What the database says of some contacts.
#[derive(Default)]
pub(super) struct Tokens(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// Grows with each change, so that what was read before one is not remembered after it.
    changes: u64,
    /// Those who were asked for last come last.
    of: Vec<(String, Option<TcTokenEntry>)>,
}

impl Tokens {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is remembered of a contact; or how many changes there were before the database is asked.
    pub(super) fn of(&self, contact: &str) -> Result<Option<TcTokenEntry>, u64> {
        let mut known = self.lock();
        let Some(at) = known.of.iter().position(|(one, _)| one == contact) else { return Err(known.changes) };
        known.of[at..].rotate_left(1);
        known.of.last().map(|(_, entry)| entry.clone()).ok_or(known.changes)
    }

    /// Remembers what the database said after so many changes.
    pub(super) fn remember(&self, contact: &str, entry: Option<TcTokenEntry>, changes: u64) {
        let mut known = self.lock();
        if known.changes != changes || known.of.iter().any(|(one, _)| one == contact) {
            return;
        }
        if known.of.len() == MOST {
            known.of.remove(0);
        }
        known.of.push((contact.to_owned(), entry));
    }

    /// Something of some contact was changed.
    pub(super) fn forget(&self) {
        let mut known = self.lock();
        known.changes += 1;
        known.of.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(token: u8) -> Option<TcTokenEntry> {
        Some(TcTokenEntry { token: vec![token], token_timestamp: 1, sender_timestamp: None })
    }

    #[test]
    fn what_was_read_before_a_change_is_not_remembered_after_it() {
        let tokens = Tokens::default();
        let Err(before) = tokens.of("255712000001") else { panic!("nobody was asked for") };
        tokens.forget();
        tokens.remember("255712000001", entry(1), before);
        let Err(now) = tokens.of("255712000001") else { panic!("it was read before a change") };
        tokens.remember("255712000001", entry(2), now);
        assert_eq!(tokens.of("255712000001").unwrap().unwrap().token, [2]);
    }

    #[test]
    fn those_who_write_just_now_are_remembered() {
        let tokens = Tokens::default();
        for contact in 0..=MOST {
            tokens.remember(&contact.to_string(), None, 0);
            // It is asked for all the time.
            assert!(tokens.of("0").unwrap().is_none());
        }
        assert!(tokens.of("1").is_err(), "nobody asked for it again");
        assert!(tokens.of(&MOST.to_string()).unwrap().is_none());
    }
}
