//! What a worker says while the database cannot take what it said before: the newest of each kind, so that it is bounded
//! however long that lasts. A worker itself tells its state and not its history, so nothing is lost by it.

use std::collections::VecDeque;

use link::{
    LinkError,
    message::{Answer, Up},
};

/// Answers that may wait. Whoever waits for older ones has given up.
const ANSWERS_MAX: usize = 64;

/// Messages that were read and not taken, in order.
#[derive(Default)]
pub(super) struct Backlog {
    waiting: VecDeque<Result<Up, LinkError>>,
    over: bool,
}

impl Backlog {
    /// The one that has waited longest.
    pub(super) fn next(&mut self) -> Option<Result<Up, LinkError>> {
        self.waiting.pop_front()
    }

    /// Whether the connection may still bring something.
    pub(super) const fn reads_on(&self) -> bool {
        !self.over
    }

    /// Keeps what was read, in place of what it makes void.
    pub(super) fn put(&mut self, read: Result<Up, LinkError>) {
        match &read {
            Err(_) => self.over = true,
            Ok(message) => {
                let of_kind = |waiting: &Result<Up, LinkError>| matches!(waiting, Ok(waiting) if waiting.name() == message.name());
                match message {
                    // The first batch joins what is committed; what is not acknowledged comes again.
                    Up::Logs { .. } if self.waiting.iter().any(of_kind) => return,
                    // How a logout went is the last word that a worker ever says: no other answer takes its place.
                    Up::Answer { .. } if says_farewell(&read) => {
                        self.waiting.retain(|old| !says_farewell(old));
                    }
                    Up::Answer { .. } => {
                        let answers = |waiting: &_| of_kind(waiting) && !says_farewell(waiting);
                        if self.waiting.iter().filter(|waiting| answers(waiting)).count() >= ANSWERS_MAX
                            && let Some(oldest) = self.waiting.iter().position(answers)
                        {
                            drop(self.waiting.remove(oldest));
                        }
                    }
                    _ => self.waiting.retain(|waiting| !of_kind(waiting)),
                }
            }
        }
        self.waiting.push_back(read);
    }
}

/// Whether it is the answer to the question that unlinks the worker's device.
fn says_farewell(read: &Result<Up, LinkError>) -> bool {
    matches!(read, Ok(Up::Answer { result: Ok(Answer::LogOut), .. }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use link::{LinkError, message::SessionReport};

    use super::*;

    fn qr(code: u64) -> Up {
        Up::Qr { code: code.to_string(), expires_in_ms: code }
    }

    fn report(reason: u64) -> Up {
        Up::Session(SessionReport::Disconnected { reason: reason.to_string(), unreachable: false })
    }

    fn farewell(request: u64) -> Up {
        Up::Answer { request: request.to_string(), result: Ok(Answer::LogOut) }
    }

    fn answer(request: u64) -> Up {
        Up::Answer { request: request.to_string(), result: Err(String::new()) }
    }

    fn logs(n: u64) -> Up {
        let id = format!("01890a5d-ac96-774b-bcce-{n:012}");
        Up::Logs { journal: id.parse().unwrap(), rows: Vec::new() }
    }

    #[test]
    fn a_flood_leaves_the_newest_of_each_kind_and_the_first_batch_in_order() {
        let mut backlog = Backlog::default();
        for n in 0..10_000 {
            for message in [logs(n), qr(n), answer(n), farewell(n), report(n)] {
                backlog.put(Ok(message));
            }
        }
        assert!(backlog.reads_on());
        backlog.put(Err(LinkError::Closed));
        assert!(!backlog.reads_on());
        let mut kept = Vec::new();
        while let Some(Ok(message)) = backlog.next() {
            kept.push(message);
        }
        assert!(kept.len() == 4 + ANSWERS_MAX, "{}", kept.len());
        assert!(kept.contains(&farewell(9_999)));
        assert!(kept[0] == logs(0));
        assert!(kept.contains(&qr(9_999)) && kept.contains(&report(9_999)) && kept.contains(&answer(9_999)));
        assert!(kept.last() == Some(&report(9_999)));
    }
}
