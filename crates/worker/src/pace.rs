//! The pace of the whole tenant: replies are delayed, never dropped.

use std::{sync::Mutex, time::Duration};

use tokio::time::Instant;

/// How much of a minute's worth may go out at once.
const BURST_SECONDS: u32 = 6;

/// Hands out places in time, evenly spaced once a small burst is used up (the generic cell rate algorithm).
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<Option<Instant>>);

impl Pace {
    /// Takes the next place at a pace of `per_minute`. It is given back where it is dropped without having been used.
    pub(crate) fn take(&self, per_minute: u32, now: Instant) -> Place<'_> {
        let step = Duration::from_secs(60) / per_minute.max(1);
        let burst = (step * (per_minute / (60 / BURST_SECONDS))).max(step) - step;
        let mut next = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let place = next.map_or(now, |next| next.max(now));
        *next = Some(place + step);
        Place { pace: self, step, wait: place.saturating_duration_since(now + burst), used: false }
    }
}

/// A place in time that was taken.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    pace: &'a Pace,
    step: Duration,
    /// How long to wait for it.
    pub(crate) wait: Duration,
    used: bool,
}

impl Place<'_> {
    /// Something is sent at this place.
    pub(crate) fn fill(mut self) {
        self.used = true;
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.used {
            return;
        }
        let mut next = self.pace.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *next = next.and_then(|next| next.checked_sub(self.step));
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;
    use std::time::Duration;
    use tokio::time::Instant;

    /// Takes a place and uses it; how long it is to wait.
    fn fill(pace: &Pace, per_minute: u32, now: Instant) -> Duration {
        let place = pace.take(per_minute, now);
        let wait = place.wait;
        place.fill();
        wait
    }

    #[test]
    fn what_was_taken_and_not_used_is_given_back() {
        let (pace, start) = (Pace::default(), Instant::now());
        for _ in 0..1_000 {
            drop(pace.take(60, start));
        }
        let waits = (0..6).filter(|_| fill(&pace, 60, start).is_zero()).count();
        assert_eq!(waits, 6, "the whole burst is still there");
        let place = pace.take(60, start);
        assert_eq!(place.wait, Duration::from_secs(1));
        drop(place);
        assert_eq!(fill(&pace, 60, start), Duration::from_secs(1), "the same place again");
    }

    #[test]
    fn a_minute_takes_no_more_than_a_burst_beyond_its_share() {
        let (pace, start) = (Pace::default(), Instant::now());
        let waits: Vec<_> = (0..200).map(|_| fill(&pace, 60, start)).collect();
        assert_eq!(waits.iter().filter(|wait| wait.is_zero()).count(), 6, "the burst");
        assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]), "first come, first served");
        let minute = waits.iter().filter(|wait| **wait < Duration::from_secs(60)).count();
        assert!((60..=66).contains(&minute), "{minute}");
    }

    #[test]
    fn one_a_minute_is_one_a_minute() {
        let (pace, start) = (Pace::default(), Instant::now());
        assert_eq!(fill(&pace, 1, start), Duration::ZERO);
        assert_eq!(fill(&pace, 1, start), Duration::from_secs(60));
        assert_eq!(fill(&pace, 0, start + Duration::from_secs(180)), Duration::ZERO);
    }
}
