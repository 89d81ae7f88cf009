//! What seeds draw of scenes with hosts.

use crash::{PLACE_POINTS, Process};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::plan::{HOSTS, HostPlan, HostStep, Party, TENANTS};
use crate::crash::plan::{CUSTOMERS, Stop};

/// What customers write.
const TEXTS: [&str; 6] = ["Hello", "1", "2", "menu", "thanks", "When do you open?"];
/// How often machines lose their power in one try at most: five deaths of a worker in ten minutes are a crash loop.
const LOSSES: usize = 3;

struct Draw {
    rng: StdRng,
    losses: usize,
}

/// The plan of a seed.
pub(super) fn plan(seed: u64) -> HostPlan {
    let mut draw = Draw { rng: StdRng::seed_from_u64(seed), losses: 0 };
    let mut plan = HostPlan { seed, ..HostPlan::default() };
    draw.says(&mut plan, 2, 5);
    if draw.one_in(3) {
        draw.stops(&mut plan);
    }
    for _ in 0..draw.rng.random_range(1..4) {
        draw.incident(&mut plan);
        if draw.one_in(2) {
            plan.steps.push(HostStep::Answered);
        }
        draw.says(&mut plan, 0, 3);
    }
    plan
}

/// Something that goes wrong, and what mends it, where it does not by itself.
struct Harm {
    begins: HostStep,
    /// The control plane notices that the host does not answer, and what ends that.
    ends: Option<HostStep>,
}

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.rng.random_range(0..limit)
    }

    fn one_in(&mut self, n: u32) -> bool {
        self.rng.random_range(0..n) == 0
    }

    /// Some customers write to some tenants.
    fn says(&mut self, plan: &mut HostPlan, least: usize, below: usize) {
        for _ in 0..self.rng.random_range(least..below) {
            let (tenant, who) = (self.below(TENANTS), self.below(CUSTOMERS));
            let text = TEXTS[self.below(TEXTS.len())].to_owned();
            plan.steps.push(HostStep::Say { tenant, who, text });
        }
    }

    fn events(&mut self, plan: &mut HostPlan, below: u64) {
        let count = self.rng.random_range(0..below);
        plan.steps.push(HostStep::Events { count });
    }

    fn stops(&mut self, plan: &mut HostPlan) {
        let process = if self.one_in(2) { Process::Control } else { Process::Host };
        let points: Vec<_> = PLACE_POINTS.iter().filter(|point| point.process == process).collect();
        let point = points[self.below(points.len())].name.to_owned();
        let stop = Some(Stop { point, hit: self.rng.random_range(1..3) });
        match process {
            Process::Control => plan.control.push(stop),
            _ => plan.hosts[self.below(HOSTS)].push(stop),
        }
        let tenant = self.below(TENANTS);
        plan.steps.push(HostStep::Move { tenant, to: None });
        if self.one_in(3) {
            plan.also = Some(match self.below(3) {
                0 => Party::Plane,
                1 => Party::Host(self.below(HOSTS)),
                _ => {
                    self.losses += 1;
                    Party::Machine(self.below(HOSTS))
                }
            });
        }
    }

    fn harm(&mut self) -> Harm {
        let host = self.below(HOSTS);
        let which = self.below(8);
        let (begins, ends) = match which {
            0 => (HostStep::Kill { what: Party::Plane }, None),
            1 | 2 if self.losses < LOSSES => {
                self.losses += 1;
                match which {
                    1 => (HostStep::Kill { what: Party::Machine(host) }, None),
                    _ => (HostStep::Off { host }, Some(HostStep::On { host })),
                }
            }
            3 => {
                let workers = self.one_in(2);
                (HostStep::Stop { host, workers }, Some(HostStep::Continue { host }))
            }
            4 => {
                let (there, back) = [(true, true), (true, false), (false, true)][self.below(3)];
                (HostStep::Hold { host, there, back }, Some(HostStep::Mend { host }))
            }
            5 | 6 => (HostStep::Cut { host }, Some(HostStep::Mend { host })),
            _ => (HostStep::Kill { what: Party::Host(host) }, None),
        };
        Harm { begins, ends }
    }

    /// Something goes wrong, alone or in the midst of a move or of the emptying of a host.
    fn incident(&mut self, plan: &mut HostPlan) {
        let drained = match self.below(4) {
            0 | 1 => {
                for _ in 0..self.rng.random_range(1..3) {
                    let tenant = self.below(TENANTS);
                    plan.steps.push(HostStep::Move { tenant, to: None });
                }
                None
            }
            2 => {
                let host = self.below(HOSTS);
                plan.steps.push(HostStep::Drain { host });
                Some(host)
            }
            _ => None,
        };
        self.says(plan, 1, 4);
        self.events(plan, 40);
        let Harm { begins, ends } = self.harm();
        let host = match begins {
            HostStep::Off { host } | HostStep::Stop { host, .. } | HostStep::Cut { host } => Some(host),
            HostStep::Hold { host, .. } => Some(host),
            _ => None,
        };
        plan.steps.push(begins);
        self.says(plan, 1, 3);
        self.events(plan, 30);
        if self.one_in(4) {
            plan.steps.push(HostStep::Kill { what: Party::Plane });
        }
        if let (Some(host), true) = (host, self.one_in(3)) {
            plan.steps.push(HostStep::Away { host });
        }
        plan.steps.extend(ends);
        if let Some(host) = drained {
            self.says(plan, 0, 3);
            self.events(plan, 30);
            plan.steps.push(HostStep::Undrain { host });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_one_plan_and_whatever_is_broken_is_mended() {
        for seed in 0..500 {
            let drawn = plan(seed);
            assert_eq!(drawn, plan(seed));
            let count = |of: fn(&HostStep) -> bool| drawn.steps.iter().filter(|step| of(step)).count();
            let (broken, mended) = (
                count(|step| matches!(step, HostStep::Cut { .. } | HostStep::Hold { .. })),
                count(|step| matches!(step, HostStep::Mend { .. })),
            );
            assert_eq!(broken, mended, "{}", drawn.name());
        }
    }
}
