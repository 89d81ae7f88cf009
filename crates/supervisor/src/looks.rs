//! When it is looked at each running worker, again and again: at the same moments for many of them, so that a control plane
//! with thousands wakes up for all at once rather than for each.

use std::time::Duration;

use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::Process;

/// Moments are whole multiples of this: as many in a second as the shortest time between two looks needs, so that there are no
/// others.
const STEP: Duration = Duration::from_millis(500);

/// From now on, each time after so long, in step with the others, who count from `origin` too.
fn in_step(origin: Instant, every: Duration) -> Interval {
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

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// How much the worker says.
    pub log: bool,
    /// How much it keeps.
    pub directory: bool,
}

/// The looks at one worker.
#[derive(Debug)]
pub enum Looks {
    /// At once, since it may have been too large before; then again and again, in step with those at others: at its log, and at
    /// its directory.
    Again {
        /// At both.
        ticks: Box<(Interval, Interval)>,
        /// Whether this is the first.
        first: bool,
    },
    /// When whoever runs it tells of something new; at first once, by which that one learns how much is too much.
    Told {
        /// Whether this is the first.
        first: bool,
    },
}

impl Looks {
    /// With the times between two looks at a log and at a directory, counted from `origin` as those at others are.
    #[must_use]
    pub fn new(process: &dyn Process, origin: Instant, outputs: Duration, sizes: Duration) -> Self {
        if process.news().is_some() {
            return Self::Told { first: true };
        }
        let ticks = Box::new((in_step(origin, outputs), in_step(origin, sizes)));
        Self::Again { ticks, first: true }
    }

    /// Waits for the next. Cancelling loses none.
    pub async fn next(&mut self, process: &dyn Process) -> Look {
        match self {
            Self::Again { ticks, first } => {
                if std::mem::take(first) {
                    return Look { log: false, directory: true };
                }
                tokio::select! {
                    _ = ticks.0.tick() => Look { log: true, directory: false },
                    _ = ticks.1.tick() => Look { log: false, directory: true },
                    () = shrinks(process) => Look { log: false, directory: true },
                }
            }
            Self::Told { first } => {
                if !std::mem::take(first) {
                    match process.news() {
                        Some(news) => news.notified().await,
                        None => std::future::pending().await,
                    }
                }
                Look { log: true, directory: true }
            }
        }
    }
}

/// Waits until the disk where it runs loses room fast.
async fn shrinks(process: &dyn Process) {
    match process.disk_shrinks() {
        Some(shrinks) => shrinks.notified().await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use domain::TenantId;
    use tokio::{sync::Notify, time::timeout};

    use super::*;
    use crate::{Ended, WorkerId};

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

    /// Runs nowhere; tells by itself, where it has something to ring, and is on a disk that does.
    struct Idle(Option<Notify>, Notify);

    #[async_trait::async_trait]
    impl Process for Idle {
        fn id(&self) -> WorkerId {
            WorkerId { tenant: TenantId::generate(), generation: 1 }
        }

        fn pid(&self) -> Option<u32> {
            None
        }

        async fn ended(&self) -> Ended {
            std::future::pending().await
        }

        async fn terminate(&self) -> io::Result<()> {
            Ok(())
        }

        async fn kill(&self) -> io::Result<()> {
            Ok(())
        }

        fn news(&self) -> Option<&Notify> {
            self.0.as_ref()
        }

        fn disk_shrinks(&self) -> Option<&Notify> {
            Some(&self.1)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_tells_by_itself_is_looked_at_once_and_then_whenever_it_tells() {
        let (outputs, sizes) = (Duration::from_millis(500), Duration::from_secs(2));
        let told = Idle(Some(Notify::new()), Notify::new());
        let mut looks = Looks::new(&told, Instant::now(), outputs, sizes);
        let both = Look { log: true, directory: true };
        assert_eq!(looks.next(&told).await, both);
        let day = Duration::from_hours(24);
        assert!(timeout(day, looks.next(&told)).await.is_err(), "nobody has told anything");
        told.news().unwrap().notify_one();
        assert_eq!(timeout(day, looks.next(&told)).await, Ok(both));
        let asked = Idle(None, Notify::new());
        let mut looks = Looks::new(&asked, Instant::now(), outputs, sizes);
        let (log, directory) = (Look { log: true, directory: false }, Look { log: false, directory: true });
        assert_eq!(looks.next(&asked).await, directory, "what it finds there may be too much already");
        assert_eq!(timeout(outputs * 2, looks.next(&asked)).await, Ok(log));
        let (look, ()) = tokio::join!(looks.next(&asked), async { asked.1.notify_waiters() });
        assert_eq!(look, directory, "as soon as the disk loses room");
    }
}
