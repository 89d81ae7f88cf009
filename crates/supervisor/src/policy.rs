//! When a worker that died is started again, and when it is given up. Pure: time and chance are passed in.
//!
//! The first restart comes at once, the next after 1 s, then doubled up to 5 min, with jitter. Having been ready for
//! 10 min wipes the slate. Five deaths within 10 min are a crash loop. What a restart cannot mend is never restarted. A disk that
//! is full or fails is no loop: it is mended by somebody else and at any time, so that it is tried again at least once a minute for
//! as long as it takes.

use std::{collections::VecDeque, time::Duration};

use link::Exit;

/// The times of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestartTimes {
    /// The wait before the second restart; doubled from then on.
    pub first_wait: Duration,
    /// The longest wait, jitter included.
    pub longest_wait: Duration,
    /// The same where the disk is what fails: a customer waits for as long once there is room again.
    pub longest_wait_for_disk: Duration,
    /// Ready for this long, a worker is a good one again.
    pub forgiven_after: Duration,
    /// This many deaths…
    pub loop_deaths: usize,
    /// …within this time are a crash loop.
    pub loop_window: Duration,
}

impl Default for RestartTimes {
    fn default() -> Self {
        Self {
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(5 * 60),
            longest_wait_for_disk: Duration::from_secs(60),
            forgiven_after: Duration::from_secs(10 * 60),
            loop_deaths: 5,
            loop_window: Duration::from_secs(10 * 60),
        }
    }
}

/// What to do about a death.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Start again after this time.
    RestartAfter(Duration),
    /// Do not start again until a person acts.
    GiveUp(GiveUp),
}

/// Why a worker is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiveUp {
    /// It died too often in too short a time.
    CrashLoop,
    /// It ended for a reason that a restart cannot mend.
    Final(Exit),
}

/// What is remembered of one worker's deaths. Times are since any fixed instant.
#[derive(Debug, Clone, Default)]
pub struct Restarts {
    times: RestartTimes,
    /// Deaths that may still be part of a loop, oldest first.
    recent: VecDeque<Duration>,
    /// Restarts since the slate was last wiped, and those after the disk had failed.
    restarts: u32,
    restarts_for_disk: u32,
    ready_since: Option<Duration>,
}

impl Restarts {
    /// Nothing has happened yet.
    #[must_use]
    pub fn new(times: RestartTimes) -> Self {
        Self { times, ..Self::default() }
    }

    /// The worker is ready.
    pub fn ready(&mut self, now: Duration) {
        self.ready_since = Some(now);
    }

    /// The worker has died, or has failed to start. `chance` is uniform in `[0, 1)`.
    pub fn died(&mut self, now: Duration, exit: Exit, chance: f64) -> Decision {
        let ready_for = self.ready_since.take().map(|since| now.saturating_sub(since));
        if !exit.may_restart() {
            self.forget();
            return Decision::GiveUp(GiveUp::Final(exit));
        }
        if ready_for.is_some_and(|time| time >= self.times.forgiven_after) {
            self.forget();
        }
        while self.recent.front().is_some_and(|death| now.saturating_sub(*death) >= self.times.loop_window) {
            self.recent.pop_front();
        }
        if exit != Exit::Disk {
            self.recent.push_back(now);
            if self.recent.len() >= self.times.loop_deaths {
                self.forget();
                return Decision::GiveUp(GiveUp::CrashLoop);
            }
        }
        let (restarts, longest) = if exit == Exit::Disk {
            (&mut self.restarts_for_disk, self.times.longest_wait_for_disk)
        } else {
            (&mut self.restarts, self.times.longest_wait)
        };
        let wait = match *restarts {
            0 => Duration::ZERO,
            n => self.times.first_wait.saturating_mul(2_u32.saturating_pow(n - 1)).min(longest),
        };
        *restarts = restarts.saturating_add(1);
        // Between three quarters and five quarters, so that workers that died together do not come back together.
        Decision::RestartAfter(wait.mul_f64(0.75 + chance.clamp(0.0, 1.0) / 2.0).min(longest))
    }

    /// A person acts: the slate is wiped.
    pub fn forget(&mut self) {
        *self = Self::new(self.times);
    }
}
