//! What seeds draw.

use crash::{POINTS, Process};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use virtual_whatsapp::{Distribution, Fault, FaultSpec, Kind, Lasts, Scope};

use super::told::{say, want};
use crate::crash::{
    deal::{Hand, Midst, Wish},
    plan::{CUSTOMERS, Named, Plan, Step, Stop},
    sending::Sending,
    shop::Shop,
};

/// What customers write. None is so long that the bot could take it for its own words.
const TEXTS: [&str; 9] =
    ["Hello", "1", "2", "3", "menu", "thanks", "It is broken", "When do you open?", "habari"];

/// How many of all that people send a try of [`Sort::Kinds`] has.
const EACH: usize = 6;

pub(super) struct Draw {
    rng: StdRng,
    /// Under which name each customer writes, until the next pause.
    pub(super) names: [Named; CUSTOMERS],
}

impl Draw {
    pub(super) fn of(seed: u64) -> Self {
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
    pub(super) fn send(&mut self) -> Step {
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

    pub(super) fn random(&mut self, plan: &mut Plan) {
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

    pub(super) fn recovery(&mut self, plan: &mut Plan) {
        let messages = self.rng.random_range(3..8);
        self.conversation(plan, messages, Self::kill);
        // The processes that begin after the kill meet their own stop; so may the first ones.
        let first = if self.one_in(2) { self.stop(Process::Worker) } else { None };
        plan.worker = vec![first, self.stop(Process::Worker)];
        let first = if self.one_in(4) { self.stop(Process::Control) } else { None };
        plan.control = vec![first, if self.one_in(2) { self.stop(Process::Control) } else { None }];
        plan.both = self.one_in(4);
    }

    pub(super) fn redelivery(&mut self, plan: &mut Plan) {
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
    pub(super) fn kinds(&mut self, plan: &mut Plan, number: u64) {
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

    /// What a customer wants: of a salon one of few times, of a shop some of little.
    fn wish(&mut self, shop: Shop, first: bool) -> Wish {
        let (store, other) = (shop == Shop::Store, self.below(3));
        if !first && other == 0 {
            return Wish::Cancel;
        }
        if store {
            let product = if self.one_in(4) { "soap" } else { "rice" };
            return Wish::Order { product: product.to_owned(), quantity: self.rng.random_range(1..5) };
        }
        let mut times: Vec<u16> = (0..4).map(|n| 16 * 60 + 30 * n).collect();
        // Most want the first.
        let from = if self.one_in(2) { 0 } else { self.below(3) };
        times.rotate_left(from);
        if !first && other == 1 {
            return Wish::Move { times };
        }
        let service = if self.one_in(4) { "braids" } else { "haircut" };
        // Braids take an hour, and nobody begins at the last of these times.
        Wish::Book { service: service.to_owned(), times }
    }

    fn hand(&mut self, shop: Shop) -> Hand {
        match self.below(3) {
            _ if shop == Shop::Store => {
                let state = ["accepted", "shipped", "cancelled"][self.below(3)];
                Hand::State { state: state.to_owned() }
            }
            0 => Hand::Block { minute: [10 * 60, 16 * 60, 17 * 60][self.below(3)] },
            1 => Hand::Move { minute: 16 * 60 + 30 * u16::try_from(self.below(5)).unwrap_or_default() },
            _ => {
                let state = ["cancelled", "came"][self.below(2)];
                Hand::State { state: state.to_owned() }
            }
        }
    }

    /// Customers of a salon or a shop get in each other's way, while persons enter things and processes are ended.
    pub(super) fn books(&mut self, plan: &mut Plan) {
        plan.shop = if self.one_in(3) { Shop::Store } else { Shop::Salon };
        let (rounds, by_hand) = (self.rng.random_range(1..4), self.one_in(2));
        let power = self.one_in(5);
        for round in 0..rounds {
            let customers = self.rng.random_range(2..=CUSTOMERS);
            let from = self.below(CUSTOMERS);
            let mut wants = Vec::new();
            for n in 0..customers {
                let who = (from + n) % CUSTOMERS;
                let wish = self.wish(plan.shop, round == 0);
                wants.push(want(who, self.names[who], wish));
            }
            let hands = (0..self.below(3)).filter(|_| by_hand).map(|_| self.hand(plan.shop)).collect();
            let midst = self.one_in(2).then(|| {
                let (worker, control) = [(true, false), (false, true), (true, true)][self.below(3)];
                Midst { events: self.rng.random_range(0..60), worker, control }
            });
            plan.steps.push(Step::Deal { wants, hands, midst: midst.filter(|_| !power) });
            self.pause(plan);
        }
        if power {
            let count = self.rng.random_range(0..20);
            plan.steps.extend([Step::Ahead, Step::Events { count }]);
            plan.power = Some(self.rng.random());
            return;
        }
        match self.below(5) {
            0 => plan.steps.push(Step::Renew),
            1 => plan.steps.push(Step::Erase { who: self.below(CUSTOMERS) }),
            _ => {}
        }
        if self.one_in(2) {
            plan.steps.push(Step::Ahead);
            let count = self.rng.random_range(0..12);
            plan.steps.push(Step::Events { count });
            if self.one_in(2) {
                let kill = self.kill();
                plan.steps.push(kill);
            }
        }
        plan.both = self.one_in(4);
        match self.below(3) {
            0 => plan.worker.push(self.stop(Process::Worker)),
            1 => plan.control.push(self.stop(Process::Control)),
            _ => {}
        }
    }

    pub(super) fn power_cut(&mut self, plan: &mut Plan) {
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
