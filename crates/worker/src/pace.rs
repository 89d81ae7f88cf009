//! The pace of the whole tenant: replies are delayed, never dropped.

use std::{sync::Mutex, time::Duration};

use tokio::time::Instant;

/// How much of a minute's worth may go out at once.
const BURST_SECONDS: u32 = 6;

/// Hands out places in time, evenly spaced once a small burst is used up (the generic cell rate algorithm).
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<Option<Instant>>);

impl Pace {
    /// Takes the next place at a pace of `per_minute`; how long to wait for it.
    pub(crate) fn take(&self, per_minute: u32, now: Instant) -> Duration {
        let step = Duration::from_secs(60) / per_minute.max(1);
        let burst = (step * (per_minute / (60 / BURST_SECONDS))).max(step) - step;
        let mut next = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let place = next.map_or(now, |next| next.max(now));
        *next = Some(place + step);
        place.saturating_duration_since(now + burst)
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;
    use std::time::Duration;
    use tokio::time::Instant;

    #[test]
    fn a_minute_takes_no_more_than_a_burst_beyond_its_share() {
        let (pace, start) = (Pace::default(), Instant::now());
        let waits: Vec<_> = (0..200).map(|_| pace.take(60, start)).collect();
        assert_eq!(waits.iter().filter(|wait| wait.is_zero()).count(), 6, "the burst");
        assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]), "first come, first served");
        let minute = waits.iter().filter(|wait| **wait < Duration::from_secs(60)).count();
        assert!((60..=66).contains(&minute), "{minute}");
    }

    #[test]
    fn one_a_minute_is_one_a_minute() {
        let (pace, start) = (Pace::default(), Instant::now());
        assert_eq!(pace.take(1, start), Duration::ZERO);
        assert_eq!(pace.take(1, start), Duration::from_secs(60));
        assert_eq!(pace.take(0, start + Duration::from_secs(180)), Duration::ZERO);
    }
}
