//! When it is looked at each running worker, again and again: at the same moments for many of them, so that a control plane
//! with thousands wakes up for all at once rather than for each.

use std::time::Duration;

use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

/// Moments are whole multiples of this: as many in a second as the shortest time between two looks needs, so that there are no
/// others.
const STEP: Duration = Duration::from_millis(500);

/// From now on, each time after so long, in step with the others, who count from `origin` too.
#[must_use]
pub fn in_step(origin: Instant, every: Duration) -> Interval {
    let mut ticks = interval_at(origin + next(origin.elapsed() + every), every);
    // The others do not wait.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    ticks
}

/// The step at or after this.
fn next(after: Duration) -> Duration {
    let steps = after.as_nanos().div_ceil(STEP.as_nanos());
    STEP * u32::try_from(steps).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_at_whole_steps() {
        let steps = [0, 1, 500, 501, 2_050].map(|after| next(Duration::from_millis(after)).as_millis());
        assert_eq!(steps, [0, 500, 500, 1_000, 2_500]);
    }

    #[tokio::test(start_paused = true)]
    async fn whatever_begins_within_a_step_looks_at_the_same_moment() {
        let (origin, every) = (Instant::now(), Duration::from_millis(500));
        tokio::time::advance(Duration::from_millis(1)).await;
        let mut first = in_step(origin, every);
        tokio::time::advance(Duration::from_millis(3)).await;
        let mut second = in_step(origin, every);
        for _ in 0..3 {
            assert_eq!(first.tick().await, second.tick().await);
        }
    }
}
