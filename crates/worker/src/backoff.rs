//! Pauses between connections: 1 s doubled to 5 min, with jitter, and the first one spread by how many workers run on this
//! machine, so that a thousand do not come back at once.

use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(5 * 60);
/// By how much the first pause may be longer for each worker that runs here.
const FOR_EACH: Duration = Duration::from_millis(15);
/// A connection that lasted this long has shown that all is well.
pub(crate) const LASTING: Duration = Duration::from_secs(60);

/// Counts failures in a row.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The next pause, from half of its full length to all of it; the first one to so much more as `neighbours` need who come
    /// back too. `random` lies in `[0, 1)`.
    pub(crate) fn next(&mut self, random: f64, neighbours: u32) -> Duration {
        let full = FIRST.saturating_mul(1 << self.failures.min(16)).min(LONGEST);
        let spread = if self.failures == 0 {
            FOR_EACH.saturating_mul(neighbours).min(LONGEST)
        } else {
            Duration::ZERO
        };
        self.failures = self.failures.saturating_add(1);
        full / 2 + (full / 2 + spread).mul_f64(random.clamp(0.0, 1.0))
    }

    /// All is well again.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::{Backoff, LONGEST};
    use std::time::Duration;

    /// 500 workers that lose their server at once: in no quarter of a second more than a tenth of them come back.
    #[test]
    fn neighbours_come_back_one_after_another() {
        let mut quarters = std::collections::BTreeMap::<u128, u32>::new();
        for worker in 0..500 {
            let pause = Backoff::default().next(f64::from(worker) / 500.0, 500);
            *quarters.entry(pause.as_millis() / 250).or_default() += 1;
        }
        assert!(quarters.values().all(|many| *many <= 50), "{quarters:?}");
        assert!(
            Backoff::default().next(1.0, 0) <= Duration::from_secs(1),
            "one that is alone does not wait longer"
        );
    }

    #[test]
    fn doubles_up_to_five_minutes_and_forgets() {
        let mut backoff = Backoff::default();
        let pauses: Vec<_> = (0..12).map(|_| backoff.next(1.0, 1_000).as_secs()).collect();
        assert_eq!(pauses, [16, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
        assert_eq!(backoff.next(0.0, 1_000), LONGEST / 2);
        backoff.reset();
        assert_eq!(backoff.next(0.0, 1_000), Duration::from_millis(500));
    }
}
