//! Plans: the conversation in which every point is passed, and endless others by their seeds.

mod draw;
mod told;

use crash::{POINTS, Process};

pub use told::complete;

use super::{
    deal::Wish,
    plan::{Named, Plan, Step, Stop},
    shop::Shop,
};
use draw::Draw;
use told::{PASSED_IN, book, deal, say, want};

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
    /// Bookings, orders, reminders and what persons enter.
    Books,
    /// All that people send, while WhatsApp misbehaves and processes are ended.
    Kinds,
    /// Bots on hosts, which are ended, stopped and cut off while tenants move.
    Hosts,
}

/// Sorts that seeds take turns in.
const SORTS: u64 = 5;

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
            Self::Books => "bookings and orders",
            Self::Kinds => "all kinds, with faults",
            Self::Hosts => "bots on hosts",
        }
    }

    /// What a seed is about.
    #[must_use]
    pub const fn of(seed: u64) -> Self {
        match seed % SORTS {
            _ if seed >= KINDS => Self::Kinds,
            0 => Self::Random,
            1 => Self::Recovery,
            2 => Self::Redelivery,
            3 => Self::PowerCut,
            _ => Self::Books,
        }
    }
}

/// Everybody wants the same at once; nothing is ended.
pub fn rivals() -> impl Iterator<Item = Plan> {
    let names = [Named::Number, Named::Lid, Named::Number, Named::Lid];
    let all = move |wish: Wish| {
        let wants = names.iter().enumerate().map(|(who, named)| want(who, *named, wish.clone()));
        vec![deal(wants.collect())]
    };
    let booked = all(book("haircut", &[16 * 60, 16 * 60 + 30, 17 * 60, 17 * 60 + 30]));
    let ordered = all(Wish::Order { product: "rice".to_owned(), quantity: 2 });
    let shops = [(Shop::Salon, booked), (Shop::Store, ordered)];
    shops.into_iter().cycle().take(8).map(|(shop, steps)| Plan { shop, steps, ..Plan::default() })
}

/// The plans of [`Sort::PowerCut`].
pub fn power_cuts() -> impl Iterator<Item = Plan> {
    (0..).map(|n| plan(SORTS * n + 3))
}

/// The plan of [`Sort::Recovery`] that is next to a seed.
#[must_use]
pub fn recovery(seed: u64) -> Plan {
    plan(seed - seed % SORTS + 1)
}

/// The complete conversation with one stop, and with some of what else people send: other things at each point and hit. What
/// passes no point there has a conversation of its own.
#[must_use]
pub fn enumerated(point: &str, hit: u32) -> Plan {
    let at = POINTS.iter().position(|known| known.name == point);
    let process = at.map(|at| POINTS[at].process);
    let stop = vec![Some(Stop { point: point.to_owned(), hit })];
    let mut plan = Plan { steps: complete(), ..Plan::default() };
    let mut draw = Draw::of(at.unwrap_or_default() as u64 * 1000 + u64::from(hit));
    // As they are called last above: nobody writes under two names at once.
    draw.names = [Named::Lid, Named::Lid, Named::Number, Named::Number];
    if let Some((_, steps)) = PASSED_IN.iter().find(|(begin, _)| point.starts_with(begin)) {
        (plan.shop, plan.steps) = (Shop::Salon, steps());
    } else {
        for _ in 0..2 {
            let step = draw.send();
            plan.steps.push(step);
        }
    }
    match process {
        Some(Process::Control) => plan.control = stop,
        // Only the worker of the new journal comes there.
        _ if point.starts_with("restore_") => plan.worker = std::iter::once(None).chain(stop).collect(),
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
        // Scenes with hosts have plans of their own.
        Sort::Enumerated | Sort::Random | Sort::Hosts => draw.random(&mut plan),
        Sort::Recovery => draw.recovery(&mut plan),
        Sort::Redelivery => draw.redelivery(&mut plan),
        Sort::PowerCut => draw.power_cut(&mut plan),
        Sort::Books => draw.books(&mut plan),
        Sort::Kinds => draw.kinds(&mut plan, seed - KINDS),
    }
    plan
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_seed_is_the_same_plan_each_time_and_another_seed_another_one() {
        for seed in 0..200 {
            assert_eq!(super::plan(seed), super::plan(seed));
            assert_ne!(super::plan(seed), super::plan(seed + super::SORTS));
        }
    }
}
