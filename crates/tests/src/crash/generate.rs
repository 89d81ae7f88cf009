//! Plans: the conversation in which every point is passed, and endless others by their seeds.

use crash::{POINTS, Process};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use virtual_whatsapp::{Distribution, Fault, FaultSpec, Kind, Lasts, Scope};

use super::{
    plan::{CUSTOMERS, Named, Plan, Step, Stop},
    sending::Sending,
};

/// What customers write. None is so long that the bot could take it for its own words.
const TEXTS: [&str; 9] =
    ["Hello", "1", "2", "3", "menu", "thanks", "It is broken", "When do you open?", "habari"];

/// How many of all that people send a try of [`Sort::Kinds`] has.
const EACH: usize = 6;

/// What a random try is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// A point, a hit: enumerated and not drawn.
    Enumerated,
    /// Ended at random instants and at random points.
    Random,
    /// Ended again while it recovers.
    Recovery,
    /// Messages that come again and again.
    Redelivery,
    /// The power fails.
    PowerCut,
    /// All that people send, while WhatsApp misbehaves and processes are ended.
    Kinds,
}

/// Seeds from here on are of [`Sort::Kinds`].
pub const KINDS: u64 = 1_000_000;

impl Sort {
    /// In words, for tables.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Enumerated => "every point, hit by hit",
            Self::Random => "random instants and points",
            Self::Recovery => "again during recovery",
            Self::Redelivery => "redelivery, 2 to 20 times",
            Self::PowerCut => "power cut",
            Self::Kinds => "all kinds, with faults",
        }
    }

    /// What a seed is about.
    #[must_use]
    pub const fn of(seed: u64) -> Self {
        match seed % 4 {
            _ if seed >= KINDS => Self::Kinds,
            0 => Self::Random,
            1 => Self::Recovery,
            2 => Self::Redelivery,
            _ => Self::PowerCut,
        }
    }
}

fn say(who: usize, text: &str, named: Named) -> Step {
    Step::Say { who, text: text.to_owned(), named }
}

/// A conversation in which every point is passed.
#[must_use]
pub fn complete() -> Vec<Step> {
    vec![
        say(0, "Hello", Named::Number),
        say(0, "1", Named::Number),
        say(1, "menu", Named::Lid),
        say(2, "Hello", Named::Number),
        Step::Answered,
        Step::Configure,
        Step::Type { who: 0, text: "This is Rehema: I take over.".to_owned() },
        say(2, "2", Named::Lid),
        Step::Answered,
        say(2, "thanks", Named::Number),
        say(0, "It is broken", Named::Lid),
    ]
}

/// The complete conversation with one stop, and with some of what else people send: other things at each point and hit.
#[must_use]
pub fn enumerated(point: &str, hit: u32) -> Plan {
    let at = POINTS.iter().position(|known| known.name == point);
    let process = at.map(|at| POINTS[at].process);
    let stop = vec![Some(Stop { point: point.to_owned(), hit })];
    let mut plan = Plan { steps: complete(), ..Plan::default() };
    let mut draw = Draw::of(at.unwrap_or_default() as u64 * 1000 + u64::from(hit));
    // As they are called last above: nobody writes under two names at once.
    draw.names = [Named::Lid, Named::Lid, Named::Number, Named::Number];
    for _ in 0..2 {
        let step = draw.send();
        plan.steps.push(step);
    }
    match process {
        Some(Process::Control) => plan.control = stop,
        _ => plan.worker = stop,
    }
    plan
}

/// So many messages of one customer, each after the answer to the one before, recorded.
#[must_use]
pub fn measured(messages: u64) -> Plan {
    let talk = (0..messages).flat_map(|_| [say(0, "menu", Named::Number), Step::Answered]);
    let steps = talk.chain([Step::Events { count: 20 }]).collect();
    Plan { steps, power: Some(1), ..Plan::default() }
}

/// The plan of a seed.
#[must_use]
pub fn plan(seed: u64) -> Plan {
    let mut draw = Draw::of(seed);
    let mut plan = Plan { seed, ..Plan::default() };
    match Sort::of(seed) {
        Sort::Enumerated | Sort::Random => draw.random(&mut plan),
        Sort::Recovery => draw.recovery(&mut plan),
        Sort::Redelivery => draw.redelivery(&mut plan),
        Sort::PowerCut => draw.power_cut(&mut plan),
        Sort::Kinds => draw.kinds(&mut plan, seed - KINDS),
    }
    plan
}

struct Draw {
    rng: StdRng,
    /// Under which name each customer writes, until the next pause.
    names: [Named; CUSTOMERS],
}

impl Draw {
    fn of(seed: u64) -> Self {
        let mut draw = Self { rng: StdRng::seed_from_u64(seed), names: [Named::Number; CUSTOMERS] };
        draw.names = std::array::from_fn(|_| draw.named());
        draw
    }

    fn below(&mut self, limit: usize) -> usize {
        self.rng.random_range(0..limit)
    }

    fn one_in(&mut self, n: u32) -> bool {
        self.rng.random_range(0..n) == 0
    }

    fn named(&mut self) -> Named {
        if self.one_in(2) { Named::Number } else { Named::Lid }
    }

    /// A customer sends something else than plain text.
    fn send(&mut self) -> Step {
        let (who, all) = (self.below(CUSTOMERS), Sending::all());
        Step::Send { who, sending: Box::new(all[self.below(all.len())].clone()), named: self.names[who] }
    }

    /// Text, or something else.
    fn message(&mut self) -> Step {
        if self.one_in(2) { self.say() } else { self.send() }
    }

    fn say(&mut self) -> Step {
        let (who, text) = (self.below(CUSTOMERS), TEXTS[self.below(TEXTS.len())]);
        say(who, text, self.names[who])
    }

    /// Everybody waits for the answer; then some go by another name.
    fn pause(&mut self, plan: &mut Plan) {
        plan.steps.push(Step::Answered);
        let who = self.below(CUSTOMERS);
        self.names[who] = self.named();
    }

    fn stop(&mut self, process: Process) -> Option<Stop> {
        let points: Vec<_> = POINTS.iter().filter(|point| point.process == process).collect();
        let point = points[self.below(points.len())].name.to_owned();
        Some(Stop { point, hit: self.rng.random_range(1..5) })
    }

    fn fault(&mut self) -> Step {
        let fault = match self.below(7) {
            0 => Fault::Duplicate,
            1 => Fault::Reorder,
            2 => Fault::Undecryptable,
            3 => Fault::DropAfter { stanzas: self.rng.random_range(1..8) },
            4 => Fault::StreamError { code: if self.one_in(2) { 503 } else { 515 } },
            5 => Fault::NoAck,
            _ => Fault::Delay { by: Distribution::Uniform { least_ms: 0, most_ms: 60 } },
        };
        let lasts = match fault {
            Fault::Duplicate | Fault::Delay { .. } => Lasts::Times { times: 20 },
            _ => Lasts::Times { times: 1 },
        };
        let seed = Some(self.rng.random());
        let chance = if matches!(fault, Fault::Duplicate) { 0.5 } else { 1.0 };
        Step::Fault { fault: FaultSpec { chance, seed, ..FaultSpec::new(fault, Scope::All, lasts) } }
    }

    fn kill(&mut self) -> Step {
        let (worker, control) = [(true, false), (false, true), (true, true)][self.below(3)];
        Step::Kill { worker, control }
    }

    /// A conversation with something in its midst.
    fn conversation(&mut self, plan: &mut Plan, messages: usize, mut midst: impl FnMut(&mut Self) -> Step) {
        let at = self.below(messages);
        for number in 0..messages {
            let step = self.message();
            plan.steps.push(step);
            if number == at {
                let count = self.rng.random_range(0..30);
                plan.steps.push(Step::Events { count });
                let step = midst(self);
                plan.steps.push(step);
            } else if self.one_in(4) {
                self.pause(plan);
            }
        }
    }

    fn random(&mut self, plan: &mut Plan) {
        if self.one_in(2) {
            let fault = self.fault();
            plan.steps.push(fault);
            // What is kept back comes with the next message: nobody waits for an answer before that.
            for _ in 0..2 {
                let step = self.say();
                plan.steps.push(step);
            }
        }
        let messages = self.rng.random_range(3..9);
        if self.one_in(2) {
            self.conversation(plan, messages, Self::kill);
        } else {
            self.conversation(plan, messages, Self::say);
            plan.both = self.one_in(3);
            if self.one_in(2) {
                plan.worker.push(self.stop(Process::Worker));
            } else {
                plan.control.push(self.stop(Process::Control));
            }
        }
    }

    fn recovery(&mut self, plan: &mut Plan) {
        let messages = self.rng.random_range(3..8);
        self.conversation(plan, messages, Self::kill);
        // The processes that begin after the kill meet their own stop; so may the first ones.
        let first = if self.one_in(2) { self.stop(Process::Worker) } else { None };
        plan.worker = vec![first, self.stop(Process::Worker)];
        let first = if self.one_in(4) { self.stop(Process::Control) } else { None };
        plan.control = vec![first, if self.one_in(2) { self.stop(Process::Control) } else { None }];
        plan.both = self.one_in(4);
    }

    fn redelivery(&mut self, plan: &mut Plan) {
        let messages = self.rng.random_range(2..5);
        for of in 0..messages {
            let step = if of == 0 { self.say() } else { self.message() };
            plan.steps.push(step);
            if of > 0 && self.one_in(3) {
                let (who, text) = (self.below(CUSTOMERS), TEXTS[self.below(TEXTS.len())]);
                let Some(Step::Say { who: other, .. }) = plan.steps.first() else { continue };
                // Equal ids of one customer's would be one message.
                if who != *other && of == messages - 1 {
                    let (text, named) = (text.to_owned(), self.names[who]);
                    plan.steps.push(Step::SameId { who, of: 0, text, named });
                }
            }
        }
        let rounds = self.rng.random_range(2..5);
        for round in 0..rounds {
            let (of, anew, named) = (self.below(messages), !self.one_in(3), self.named());
            let times = self.rng.random_range(1..20);
            plan.steps.push(Step::Again { of, anew, named, times });
            if round == 0 {
                let count = self.rng.random_range(0..20);
                plan.steps.push(Step::Events { count });
                let kill = Step::Kill { worker: true, control: self.one_in(3) };
                plan.steps.push(kill);
            } else if self.one_in(2) {
                plan.steps.push(Step::Answered);
            }
        }
    }

    /// Some of everything in turn, so that a run of some hundred seeds has sent all of it under many a fault; albums come
    /// whole.
    fn kinds(&mut self, plan: &mut Plan, number: u64) {
        let all = Sending::all();
        for _ in 0..self.below(3) {
            let fault = self.fault();
            plan.steps.push(fault);
        }
        // What is kept back comes with the next message: nobody waits for an answer before that.
        for _ in 0..2 {
            let step = self.say();
            plan.steps.push(step);
        }
        let at = self.below(EACH);
        let next = usize::try_from(number).unwrap_or_default().wrapping_mul(EACH);
        for of in 0..EACH {
            let who = self.below(CUSTOMERS);
            let (sending, named) = (&all[next.wrapping_add(of) % all.len()], self.names[who]);
            plan.steps.push(Step::Send { who, sending: Box::new(sending.clone()), named });
            let part = all.iter().find(|part| part.draft.kind == Kind::AlbumImage && !part.spoilt);
            if let (Kind::Album, Some(part)) = (sending.draft.kind, part) {
                let pictures = self.rng.random_range(2..6);
                plan.steps.extend((0..pictures).map(|_| Step::Send {
                    who,
                    sending: Box::new(part.clone()),
                    named,
                }));
            }
            if self.one_in(3) {
                let step = self.say();
                plan.steps.push(step);
            }
            if of == at {
                let count = self.rng.random_range(0..30);
                plan.steps.push(Step::Events { count });
                if self.one_in(2) {
                    let kill = self.kill();
                    plan.steps.push(kill);
                }
            } else if self.one_in(4) {
                self.pause(plan);
            }
        }
        plan.both = self.one_in(4);
        match self.below(4) {
            0 => plan.worker.push(self.stop(Process::Worker)),
            1 => plan.control.push(self.stop(Process::Control)),
            _ => {}
        }
    }

    fn power_cut(&mut self, plan: &mut Plan) {
        let messages = self.rng.random_range(3..8);
        for _ in 0..messages {
            let step = self.message();
            plan.steps.push(step);
            if self.one_in(3) {
                self.pause(plan);
            }
        }
        let count = self.rng.random_range(0..40);
        plan.steps.push(Step::Events { count });
        plan.power = Some(self.rng.random());
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_seed_is_the_same_plan_each_time_and_another_seed_another_one() {
        for seed in 0..200 {
            assert_eq!(super::plan(seed), super::plan(seed));
            assert_ne!(super::plan(seed), super::plan(seed + 4));
        }
    }
}
