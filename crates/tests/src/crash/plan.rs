//! One try, written down: the same plan is the same try.

use crash::Process;
use serde::{Deserialize, Serialize};
use virtual_whatsapp::{Fault, FaultSpec};

use super::{
    deal::{Hand, Midst, Want},
    sending::Sending,
    shop::Shop,
};

/// Customers that take part. The first two have talked with the bot before, the others have not.
pub const CUSTOMERS: usize = 4;
/// Customers that have talked with the bot before.
pub const KNOWN: usize = 2;

/// How a message names its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// By number, the hidden id beside it.
    Number,
    /// By hidden id, the number beside it.
    Lid,
}

/// Something that happens, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// A customer writes.
    Say {
        /// Which customer.
        who: usize,
        /// What.
        text: String,
        /// Under which name.
        named: Named,
    },
    /// A customer writes under the id of another one's message.
    SameId {
        /// Which customer.
        who: usize,
        /// Whose id: the how manieth message of this conversation, from 0.
        of: usize,
        /// What.
        text: String,
        /// Under which name.
        named: Named,
    },
    /// A customer sends something else than plain text.
    Send {
        /// Which customer.
        who: usize,
        /// What.
        sending: Box<Sending>,
        /// Under which name.
        named: Named,
    },
    /// A message comes again.
    Again {
        /// Which one, from 0.
        of: usize,
        /// Encrypted anew, or the same bytes.
        anew: bool,
        /// Under which name, where it is encrypted anew.
        named: Named,
        /// How often.
        times: u8,
    },
    /// A person answers a customer by hand, whose first message has been answered.
    Type {
        /// Which customer.
        who: usize,
        /// What.
        text: String,
    },
    /// The tenant's settings change, in a way that changes no reply.
    Configure,
    /// Everything said so far has been answered.
    Answered,
    /// Whoever is named is ended by SIGKILL now.
    Kill {
        /// The worker.
        worker: bool,
        /// The control plane.
        control: bool,
    },
    /// So many more events of the virtual WhatsApp have happened.
    Events {
        /// How many.
        count: u64,
    },
    /// WhatsApp behaves badly.
    Fault {
        /// How.
        fault: FaultSpec,
    },
    /// Customers get what they want of a salon or a shop, side by side, or hear that they cannot.
    Deal {
        /// Who wants what.
        wants: Vec<Want>,
        /// What persons enter meanwhile, one after the other.
        #[serde(default)]
        hands: Vec<Hand>,
        /// What is ended meanwhile.
        #[serde(default)]
        midst: Option<Midst>,
    },
    /// The business profile changes.
    Profile,
    /// The clock moves on to the day on which everybody comes, when reminders are due.
    Ahead,
    /// The worker's journal is lost, once everything is answered, and made anew.
    Renew,
    /// A customer is to be forgotten, who writes no more.
    Erase {
        /// Which one.
        who: usize,
    },
}

/// Where a process is ended: the first of its kind by the first entry, the next one by the second, and so on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// A name of [`crash::POINTS`].
    pub point: String,
    /// The how manieth hit in that process, from 1.
    pub hit: u32,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Plan {
    /// From which it was made; 0 for an enumerated one.
    pub seed: u64,
    /// What the tenant does.
    #[serde(default)]
    pub shop: Shop,
    /// What happens.
    pub steps: Vec<Step>,
    /// Where workers are ended, one entry a process.
    pub worker: Vec<Option<Stop>>,
    /// Where control planes are ended, one entry a process.
    pub control: Vec<Option<Stop>>,
    /// The other process is ended as soon as one has met its stop.
    pub both: bool,
    /// The power fails at the end: what was not synced is damaged by this seed.
    pub power: Option<u64>,
}

const fn is_kill(step: &Step) -> bool {
    matches!(step, Step::Kill { .. } | Step::Renew | Step::Deal { midst: Some(_), .. })
}

impl Plan {
    /// Its stops at a point, in words.
    #[must_use]
    pub fn name(&self) -> String {
        let of = |kind: Process, stops: &[Option<Stop>]| {
            let stops = stops.iter().map(|stop| match stop {
                Some(stop) => format!("{}:{}", stop.point, stop.hit),
                None => "-".to_owned(),
            });
            let stops: Vec<_> = stops.collect();
            (!stops.is_empty()).then(|| format!("{} {}", kind.name(), stops.join(" ")))
        };
        let mut parts: Vec<String> = of(Process::Worker, &self.worker).into_iter().collect();
        parts.extend(of(Process::Control, &self.control));
        if self.both {
            parts.push("both".to_owned());
        }
        let kills = self.steps.iter().filter(|step| is_kill(step)).count();
        if kills > 0 {
            parts.push(format!("{kills} at an instant"));
        }
        if let Some(seed) = self.power {
            parts.push(format!("power cut {seed}"));
        }
        if parts.is_empty() { "no kill".to_owned() } else { parts.join(", ") }
    }

    /// The stops as the processes read them.
    #[must_use]
    pub fn lines(stops: &[Option<Stop>]) -> String {
        let line = |stop: &Option<Stop>| match stop {
            Some(stop) => format!("{}:{}\n", stop.point, stop.hit),
            None => "-\n".to_owned(),
        };
        stops.iter().map(line).collect()
    }

    /// Whether anything is ended. What passes no hook may be forgotten then.
    #[must_use]
    pub fn kills(&self) -> bool {
        let ended = self.steps.iter().any(is_kill);
        ended || self.power.is_some() || self.worker.iter().chain(&self.control).any(Option::is_some)
    }

    /// The same without what is no plain text: which messages are read together there is a matter of the instant.
    #[must_use]
    pub fn spoken(mut self) -> Self {
        self.steps.retain(|step| !matches!(step, Step::Send { .. }));
        self
    }

    /// Whether a customer's messages must be taken in the order in which they were written. Where WhatsApp itself mixes
    /// them up, or one person writes under two names at once, nobody can tell.
    #[must_use]
    pub fn keeps_order(&self, who: usize) -> bool {
        let mut said = Vec::new();
        self.steps.iter().all(|step| match step {
            Step::Fault { fault } => !matches!(fault.fault, Fault::Reorder | Fault::Undecryptable),
            Step::Say { who: writer, .. }
            | Step::SameId { who: writer, .. }
            | Step::Send { who: writer, .. } => {
                said.push(*writer);
                true
            }
            Step::Again { of, anew, .. } => !anew || said.get(*of) != Some(&who),
            _ => true,
        })
    }
}
