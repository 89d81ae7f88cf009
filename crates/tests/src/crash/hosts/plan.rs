//! One try with hosts, written down.

use crash::Process;
use serde::{Deserialize, Serialize};

use crate::crash::{Plan, plan::Stop};

/// Machines on which bots run.
pub const HOSTS: usize = 2;
/// Tenants, of which each host has as many as the other when a try begins.
pub const TENANTS: usize = 4;

/// What can be ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The control plane.
    Plane,
    /// A host; its workers go on.
    Host(usize),
    /// A host with all its workers, as when a machine loses its power.
    Machine(usize),
}

/// Something that happens, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum HostStep {
    /// A customer writes.
    Say {
        /// To which tenant.
        tenant: usize,
        /// Which customer.
        who: usize,
        /// What.
        text: String,
    },
    /// Everything said so far has been answered and is on record.
    Answered,
    /// So many more events of the virtual WhatsApp have happened.
    Events {
        /// How many.
        count: u64,
    },
    /// Something is ended by SIGKILL, and started again at once.
    Kill {
        /// What.
        what: Party,
    },
    /// A machine loses its power, and stays so.
    Off {
        /// Which.
        host: usize,
    },
    /// It has power again.
    On {
        /// Which.
        host: usize,
    },
    /// A host is stopped by SIGSTOP.
    Stop {
        /// Which.
        host: usize,
        /// With its workers.
        workers: bool,
    },
    /// What was stopped there goes on.
    Continue {
        /// Which.
        host: usize,
    },
    /// Nothing passes between the control plane and a host any more, and nobody is told: it comes late.
    Hold {
        /// Which.
        host: usize,
        /// What the control plane says does not arrive.
        there: bool,
        /// What the host says does not arrive.
        back: bool,
    },
    /// The connection between the control plane and a host breaks, and there is no other.
    Cut {
        /// Which.
        host: usize,
    },
    /// All passes again.
    Mend {
        /// Which.
        host: usize,
    },
    /// The control plane has noticed that a host does not answer.
    Away {
        /// Which.
        host: usize,
    },
    /// A tenant is to go to a host. Nobody waits for it.
    Move {
        /// Which.
        tenant: usize,
        /// To which; to the other one from where it is now, where none is named.
        to: Option<usize>,
    },
    /// No tenant is under way.
    Arrived,
    /// A host is to be emptied.
    Drain {
        /// Which.
        host: usize,
    },
    /// It takes tenants again.
    Undrain {
        /// Which.
        host: usize,
    },
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HostPlan {
    /// From which it was made; 0 for an enumerated one.
    pub seed: u64,
    /// What happens.
    pub steps: Vec<HostStep>,
    /// Where control planes end themselves, one entry a process.
    pub control: Vec<Option<Stop>>,
    /// Where each host ends itself, one entry a process.
    pub hosts: [Vec<Option<Stop>>; HOSTS],
    /// What is ended as soon as the first of these stops is met.
    pub also: Option<Party>,
}

impl HostPlan {
    /// Its stops, in words.
    #[must_use]
    pub fn name(&self) -> String {
        let mut parts = Vec::new();
        let all = std::iter::once((Process::Control.name().to_owned(), &self.control))
            .chain(self.hosts.iter().enumerate().map(|(host, stops)| (super::world::name(host), stops)));
        for (process, stops) in all.filter(|(_, stops)| !stops.is_empty()) {
            parts.push(format!("{process} {}", Plan::lines(stops).trim_end().replace('\n', " ")));
        }
        if let Some(also) = self.also {
            parts.push(format!("also {also:?}"));
        }
        let harm = |step: &&HostStep| {
            !matches!(step, HostStep::Say { .. } | HostStep::Answered | HostStep::Events { .. })
        };
        let happens: Vec<_> = self.steps.iter().filter(harm).map(HostStep::words).collect();
        parts.push(happens.join(" "));
        parts.join(", ")
    }
}

impl HostStep {
    fn words(&self) -> String {
        match self {
            Self::Say { .. } => "say".to_owned(),
            Self::Answered => "answered".to_owned(),
            Self::Events { count } => format!("events({count})"),
            Self::Kill { what: Party::Plane } => "kill(control)".to_owned(),
            Self::Kill { what: Party::Host(host) } => format!("kill({})", host + 1),
            Self::Kill { what: Party::Machine(host) } => format!("power({})", host + 1),
            Self::Off { host } => format!("off({})", host + 1),
            Self::On { host } => format!("on({})", host + 1),
            Self::Stop { host, workers: false } => format!("stop({})", host + 1),
            Self::Stop { host, workers: true } => format!("freeze({})", host + 1),
            Self::Continue { host } => format!("continue({})", host + 1),
            Self::Hold { host, .. } => format!("hold({})", host + 1),
            Self::Cut { host } => format!("cut({})", host + 1),
            Self::Mend { host } => format!("mend({})", host + 1),
            Self::Away { host } => format!("away({})", host + 1),
            Self::Move { tenant, .. } => format!("move({tenant})"),
            Self::Arrived => "arrived".to_owned(),
            Self::Drain { host } => format!("drain({})", host + 1),
            Self::Undrain { host } => format!("undrain({})", host + 1),
        }
    }
}
