//! When long waits end. Waits that nobody minds a few seconds of end at the same times, on a grid that fits tokio's timer wheel:
//! a silent bot wakes once for all of them, where each alone would wake it three times, once for each wheel that it goes down.

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

/// A turn of the second wheel. A deadline that is a multiple of it, counted from when the runtime began, is met as soon as its
/// slot of the third wheel is, and goes down no further (tokio's `runtime::time::wheel`, 64 slots of 1 ms, 64 ms and 4096 ms).
const GRID: Duration = Duration::from_millis(4096);

/// Shorter waits end when they should.
const LONG: Duration = Duration::from_secs(12);

/// When the runtime was about to begin.
static BEGAN: OnceLock<Instant> = OnceLock::new();

/// Says that a runtime is about to be made, the one that there will be. Before it is said, and where nobody does, as in tests
/// with a clock of their own, every wait ends when it should.
pub fn begin() {
    let _said_before = BEGAN.set(Instant::now());
}

/// When a wait that begins now and is to last so long ends: a long one up to half a grid's width sooner or later.
#[must_use]
pub fn until(wait: Duration) -> tokio::time::Instant {
    let now = tokio::time::Instant::now();
    let end = now + wait;
    match BEGAN.get() {
        Some(began) if wait >= LONG => on_grid((*began).into(), end),
        _ => end,
    }
}

/// The point of the grid that is next to this one.
fn on_grid(began: tokio::time::Instant, end: tokio::time::Instant) -> tokio::time::Instant {
    let since = end.saturating_duration_since(began);
    let turns = (since + GRID / 2).as_nanos() / GRID.as_nanos();
    u32::try_from(turns).ok().and_then(|turns| began.checked_add(GRID.checked_mul(turns)?)).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_wait_ends_at_the_next_point_of_the_grid() {
        let began = tokio::time::Instant::now();
        for (wanted, on) in [(12_000, 3), (30_000, 7), (60_000, 15), (14_335, 3), (14_337, 4)] {
            let end = on_grid(began, began + Duration::from_millis(wanted));
            assert_eq!(end - began, on * GRID, "{wanted} ms");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_short_wait_ends_when_it_should() {
        let now = tokio::time::Instant::now();
        let wait = LONG - Duration::from_millis(1);
        assert_eq!(until(wait), now + wait);
    }
}
