//! How long bots answered while they were meant to, and the times when they did not.

use domain::{Condition, EndedBy, Particulars, RecordId, Timestamp};

/// How a time was, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Uptime {
    /// How many days it is.
    pub days: u32,
    /// It answered.
    pub up_ms: u64,
    /// It was meant to answer and did not.
    pub down_ms: u64,
    /// It was not meant to.
    pub off_ms: u64,
    /// Nobody watched: the control plane was away. What lies before the first look at this tenant is not counted.
    pub unknown_ms: u64,
}

impl Uptime {
    /// How much of the known time in which it was meant to answer it did, in hundredths of a percent, rounded down; `None`
    /// where it was not meant to.
    #[must_use]
    pub fn hundredths(&self) -> Option<u64> {
        (u128::from(self.up_ms) * 10_000)
            .checked_div(u128::from(self.up_ms) + u128::from(self.down_ms))
            .and_then(|share| u64::try_from(share).ok())
    }
}

/// A time in which a bot was meant to answer and did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Its id.
    pub id: RecordId,
    /// What was wrong.
    pub condition: Condition,
    /// Why, where it was known; of another number that is linked, its last digits.
    pub why: Option<String>,
    /// Until when WhatsApp had limited the number, where that was it.
    pub until: Option<Timestamp>,
    /// When it began.
    pub began_at: Timestamp,
    /// When it was over; `None` while it goes on.
    pub ended_at: Option<Timestamp>,
    /// What ended it.
    pub ended_by: Option<EndedBy>,
}

impl Incident {
    /// What its sentence needs, as of its end; `now` where it goes on.
    #[must_use]
    pub fn particulars<'a>(&'a self, zone: &'a str, now: Timestamp) -> Particulars<'a> {
        Particulars {
            condition: self.condition,
            why: self.why.as_deref(),
            since: Some(self.began_at),
            until: self.until,
            number: self.why.as_deref(),
            suspended: false,
            zone,
            now: self.ended_at.unwrap_or(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Uptime;

    #[test]
    fn a_share_is_of_the_time_in_which_it_was_meant_to_answer_and_is_rounded_down() {
        let of = |up_ms, down_ms| Uptime { up_ms, down_ms, off_ms: 5, unknown_ms: 5, ..Uptime::default() };
        assert_eq!(of(0, 0).hundredths(), None);
        assert_eq!(of(1, 0).hundredths(), Some(10_000));
        assert_eq!(of(999_999, 1).hundredths(), Some(9_999), "never all where something was missing");
        assert_eq!(of(0, 7).hundredths(), Some(0));
    }
}
