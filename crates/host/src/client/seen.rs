//! Which host it was that has proved itself: an older one of the same name is not talked with any more.

use serde::{Deserialize, Serialize};

use crate::HostError;

/// One run of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// How often a host had been started on its volume, this run included.
    pub incarnation: u64,
    /// A number drawn at this start. Two runs of one incarnation are those of a volume and of its copy.
    pub run: u64,
}

impl Seen {
    /// Whether this one may follow what was seen before.
    pub(super) fn follows(self, before: Option<Self>) -> Result<(), HostError> {
        match before {
            Some(before) if self.incarnation < before.incarnation => {
                Err(HostError::Old { incarnation: self.incarnation, newest: before.incarnation })
            }
            Some(before) if self.incarnation == before.incarnation && self.run != before.run => {
                Err(HostError::Twice(self.incarnation))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_run_and_later_incarnations_follow() {
        let seen = |incarnation, run| Seen { incarnation, run };
        assert!(seen(1, 1).follows(None).is_ok());
        assert!(seen(2, 1).follows(Some(seen(2, 1))).is_ok());
        assert!(seen(3, 9).follows(Some(seen(2, 1))).is_ok());
        assert!(matches!(seen(2, 9).follows(Some(seen(2, 1))), Err(HostError::Twice(2))));
        assert!(matches!(
            seen(1, 1).follows(Some(seen(2, 1))),
            Err(HostError::Old { incarnation: 1, newest: 2 })
        ));
    }
}
