//! Which workers are throttled, and when they are free again. Knows neither clock nor kernel.
//!
//! Whoever takes more than half a core while no processor has anything left is held to a tenth of one until that is enough for it:
//! with a tenth a bot still takes in some forty messages a second, which is more than it may answer. On a machine with something left
//! nobody is in anybody's way, and nobody is throttled.

use std::{collections::BTreeMap, time::Duration};

use domain::TenantId;

use super::groups::QUOTA;

/// Below this share the machine has nothing left.
const FULL: f64 = 0.1;
/// The share of a core that a worker may have then.
const SHARE: f64 = 0.5;
/// The part of what it is held to below which a throttled worker has enough.
const ENOUGH: f64 = 0.5 * QUOTA;
/// How long it has to be content with less.
const CALM: Duration = Duration::from_secs(1);
/// Looks at a full machine at which all workers are looked at, before that is done less often.
const EAGER: u32 = 20;
/// Between two looks at all of them then.
const PATIENT: Duration = Duration::from_secs(2);

/// What is to be done with a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// Into this group.
    Throttle(usize),
    /// Out of its group.
    Free,
}

#[derive(Debug)]
struct Watched {
    tenant: TenantId,
    /// When it was looked at last, and what it had had by then.
    seen: Option<(Duration, Duration)>,
    /// The group that it is in.
    group: Option<usize>,
}

/// All workers by the numbers of their processes.
#[derive(Debug, Default)]
pub(super) struct Policy {
    workers: BTreeMap<u32, Watched>,
    /// For how many looks the machine has been full.
    full: u32,
    looked: Duration,
}

impl Policy {
    pub(super) fn add(&mut self, pid: u32, tenant: TenantId) {
        self.workers.insert(pid, Watched { tenant, seen: None, group: None });
    }

    pub(super) fn remove(&mut self, pid: u32) {
        self.workers.remove(&pid);
    }

    pub(super) fn tenant(&self, pid: u32) -> Option<TenantId> {
        self.workers.get(&pid).map(|worker| worker.tenant)
    }

    /// Whose processor time is to be looked at, `now` on a clock that only runs forward, where so much of the machine is idle.
    pub(super) fn wanted(&mut self, now: Duration, idle: Option<f64>) -> Vec<u32> {
        if idle.is_none_or(|idle| idle >= FULL) {
            self.full = 0;
            return self.throttled();
        }
        self.full = self.full.saturating_add(1);
        if self.full > EAGER && now.saturating_sub(self.looked) < PATIENT {
            return self.throttled();
        }
        self.looked = now;
        if self.full == 1 {
            // What they had at an earlier time says nothing of now.
            for worker in self.workers.values_mut().filter(|worker| worker.group.is_none()) {
                worker.seen = None;
            }
        }
        self.workers.keys().copied().collect()
    }

    /// What follows from what a worker has had by now.
    pub(super) fn seen(&mut self, pid: u32, now: Duration, had: Duration, groups: usize) -> Option<Move> {
        let worker = self.workers.get_mut(&pid)?;
        let Some((at, before)) = worker.seen else {
            worker.seen = Some((now, had));
            return None;
        };
        let time = now.saturating_sub(at);
        if time.is_zero() || (worker.group.is_some() && time < CALM) {
            return None;
        }
        worker.seen = Some((now, had));
        let share = had.saturating_sub(before).as_secs_f64() / time.as_secs_f64();
        match worker.group {
            None if share > SHARE => {
                let group = (0..groups).min_by_key(|group| self.within(*group))?;
                self.workers.get_mut(&pid)?.group = Some(group);
                Some(Move::Throttle(group))
            }
            Some(_) if share < ENOUGH => {
                worker.group = None;
                Some(Move::Free)
            }
            _ => None,
        }
    }

    fn throttled(&self) -> Vec<u32> {
        self.workers.iter().filter(|(_, worker)| worker.group.is_some()).map(|(pid, _)| *pid).collect()
    }

    /// How many are in a group.
    fn within(&self, group: usize) -> usize {
        self.workers.values().filter(|worker| worker.group == Some(group)).count()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    const STEP: Duration = Duration::from_millis(100);

    /// Workers by number, each with the share of a core that it would take.
    struct Machine {
        policy: Policy,
        now: Duration,
        had: BTreeMap<u32, Duration>,
        moves: Vec<(u32, Move)>,
        looked_at: usize,
    }

    impl Machine {
        fn with(workers: u32) -> Self {
            let mut policy = Policy::default();
            (0..workers).for_each(|pid| policy.add(pid, TenantId::generate()));
            let (now, had) = (Duration::ZERO, (0..workers).map(|pid| (pid, Duration::ZERO)).collect());
            Self { policy, now, had, moves: Vec::new(), looked_at: 0 }
        }

        fn goes_on(&mut self, looks: u32, idle: f64, share: impl Fn(u32) -> f64) {
            for _ in 0..looks {
                self.now += STEP;
                let throttled = self.policy.throttled();
                for (pid, had) in &mut self.had {
                    let share = if throttled.contains(pid) { share(*pid).min(QUOTA) } else { share(*pid) };
                    *had += STEP.mul_f64(share);
                }
                let wanted = self.policy.wanted(self.now, Some(idle));
                self.looked_at += wanted.len();
                for pid in wanted {
                    let moved = self.policy.seen(pid, self.now, self.had[&pid], 2);
                    self.moves.extend(moved.map(|moved| (pid, moved)));
                }
            }
        }
    }

    #[test]
    fn who_spins_on_a_full_machine_is_throttled_at_the_second_look_and_freed_when_it_has_enough() {
        let mut machine = Machine::with(50);
        let spins = |pid| if pid == 7 { 2.0 } else { 0.03 };
        machine.goes_on(10, 0.5, spins);
        assert_eq!((machine.moves.len(), machine.looked_at), (0, 0), "there is room for it");
        machine.goes_on(1, 0.0, spins);
        assert!(machine.moves.is_empty());
        machine.goes_on(1, 0.0, spins);
        assert_eq!(machine.moves, [(7, Move::Throttle(0))]);
        machine.goes_on(100, 0.6, spins);
        assert_eq!(machine.moves.len(), 1, "it would spin again");
        machine.goes_on(10, 0.9, |_| 0.01);
        assert_eq!(machine.moves.pop(), Some((7, Move::Free)));
        let before = machine.looked_at;
        machine.goes_on(100, 0.9, |_| 0.01);
        assert_eq!(machine.looked_at, before, "on a quiet machine nobody is looked at");
    }

    #[test]
    fn a_machine_that_is_full_of_many_throttles_nobody_and_is_looked_at_less_often() {
        let mut machine = Machine::with(100);
        machine.goes_on(200, 0.0, |_| 0.02);
        assert!(machine.moves.is_empty());
        assert!(machine.looked_at <= 100 * (20 + 10), "{}", machine.looked_at);
    }

    #[test]
    fn a_burst_that_is_over_before_the_machine_is_full_counts_for_nothing() {
        let mut machine = Machine::with(2);
        machine.goes_on(2, 0.0, |_| 0.1);
        machine.goes_on(8, 0.5, |_| 1.0);
        machine.goes_on(1, 0.0, |_| 0.1);
        assert!(machine.moves.is_empty());
        machine.goes_on(1, 0.0, |_| 0.1);
        assert!(machine.moves.is_empty(), "{:?}", machine.moves);
    }

    #[test]
    fn who_is_throttled_and_gets_nothing_at_all_is_freed_for_a_while() {
        let mut machine = Machine::with(2);
        let spins = |pid| f64::from(pid);
        machine.goes_on(2, 0.0, spins);
        assert_eq!(machine.moves, [(1, Move::Throttle(0))]);
        // Others take all there is.
        machine.goes_on(10, 0.0, |_| 0.0);
        assert_eq!(machine.moves[1..], [(1, Move::Free)]);
        machine.goes_on(30, 0.0, spins);
        assert_eq!(machine.moves[2..], [(1, Move::Throttle(0))], "it goes on as before");
    }

    #[test]
    fn several_are_spread_over_the_groups_and_who_has_ended_is_forgotten() {
        let mut machine = Machine::with(4);
        machine.goes_on(2, 0.0, |_| 1.0);
        let mut groups: Vec<_> = machine.moves.iter().map(|(_, moved)| *moved).collect();
        groups.sort_by_key(|moved| matches!(moved, Move::Throttle(1)));
        assert_eq!(groups, [Move::Throttle(0), Move::Throttle(0), Move::Throttle(1), Move::Throttle(1)]);
        machine.policy.remove(2);
        assert_eq!(machine.policy.tenant(2), None);
        assert_eq!(machine.policy.seen(2, machine.now + CALM, Duration::ZERO, 2), None);
        assert_eq!(machine.policy.throttled().len(), 3);
    }
}
