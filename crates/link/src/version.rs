//! Which versions of the link one side speaks.

use serde::{Deserialize, Serialize};

/// A range of protocol versions, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// The oldest version spoken.
    pub min: u16,
    /// The newest version spoken.
    pub max: u16,
}

impl Versions {
    /// What this build speaks: its own version and the one before, where there is one.
    pub const OURS: Self = Self::up_to(4);

    /// From which version on there are questions and answers; the version before has frames of its own for each.
    pub const ASKS: u16 = 4;

    /// `own` and the version before it; version 0 does not exist.
    #[must_use]
    pub const fn up_to(own: u16) -> Self {
        Self { min: if own > 1 { own - 1 } else { own }, max: own }
    }

    /// The newest version that both speak.
    #[must_use]
    pub fn common(self, other: Self) -> Option<u16> {
        let newest = self.max.min(other.max);
        (newest >= self.min.max(other.min) && newest > 0).then_some(newest)
    }
}

impl std::fmt::Display for Versions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.min == self.max {
            write!(f, "{}", self.max)
        } else {
            write!(f, "{} to {}", self.min, self.max)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Versions;

    #[test]
    fn neighbours_meet_and_others_do_not() {
        assert_eq!(Versions::up_to(3).common(Versions::up_to(3)), Some(3));
        assert_eq!(Versions::up_to(3).common(Versions::up_to(2)), Some(2));
        assert_eq!(Versions::up_to(2).common(Versions::up_to(3)), Some(2));
        assert_eq!(Versions::up_to(3).common(Versions::up_to(1)), None);
        assert_eq!(Versions::up_to(1), Versions { min: 1, max: 1 });
        assert_eq!(Versions { min: 0, max: 0 }.common(Versions { min: 0, max: 0 }), None);
        assert_eq!(Versions { min: 9, max: 1 }.common(Versions::up_to(5)), None);
    }
}
