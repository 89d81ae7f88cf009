//! The faults that are on, and who asks whether one hits.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::{Fault, FaultSpec, Lasts};
use crate::sync::lock;
use crate::truth::{EventKind, count};
use crate::world::World;

struct Active {
    id: u64,
    spec: FaultSpec,
    /// Times that are left, where it is limited by times.
    left: Option<u32>,
    /// When it ends by the server's clock, where it is limited by time.
    until_ms: Option<u64>,
    rng: StdRng,
}

pub(crate) struct FaultBoard {
    /// How many are on: nothing is locked or drawn while it is 0.
    on: AtomicUsize,
    active: Mutex<Vec<Active>>,
    seeds: Mutex<StdRng>,
}

/// A fault that hit.
pub(crate) struct Hit<T> {
    id: u64,
    what: T,
}

impl FaultBoard {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            on: AtomicUsize::new(0),
            active: Mutex::new(Vec::new()),
            seeds: Mutex::new(StdRng::seed_from_u64(seed)),
        }
    }

    pub(super) fn add(&self, id: u64, spec: FaultSpec, now_ms: u64) {
        let (left, until_ms) = match spec.lasts {
            Lasts::Times { times } => (Some(times), None),
            Lasts::For { ms } => (None, Some(now_ms.saturating_add(ms))),
            Lasts::Always => (None, None),
        };
        let seed = spec.seed.unwrap_or_else(|| lock(&self.seeds).random());
        let mut active = lock(&self.active);
        active.push(Active { id, spec, left, until_ms, rng: StdRng::seed_from_u64(seed) });
        self.on.store(active.len(), Relaxed);
    }

    pub(super) fn remove(&self, id: u64) -> bool {
        let mut active = lock(&self.active);
        let before = active.len();
        active.retain(|a| a.id != id);
        self.on.store(active.len(), Relaxed);
        active.len() < before
    }

    pub(super) fn clear(&self) {
        lock(&self.active).clear();
        self.on.store(0, Relaxed);
    }

    pub(super) fn list(&self, now_ms: u64) -> Vec<(u64, FaultSpec)> {
        let mut active = lock(&self.active);
        prune(&mut active, now_ms);
        self.on.store(active.len(), Relaxed);
        active.iter().map(|a| (a.id, a.spec.clone())).collect()
    }

    /// Nothing is on.
    pub(crate) fn is_quiet(&self) -> bool {
        self.on.load(Relaxed) == 0
    }

    fn find<T>(
        &self,
        now_ms: u64,
        (number, device): (&str, u16),
        tag: Option<&str>,
        use_up: bool,
        pick: impl Fn(&Fault, &mut StdRng) -> Option<T>,
    ) -> Option<Hit<T>> {
        if self.is_quiet() {
            return None;
        }
        let mut active = lock(&self.active);
        prune(&mut active, now_ms);
        let mut hit = None;
        for one in active.iter_mut().filter(|a| a.spec.scope.covers(number, device)) {
            if !fits(&one.spec, tag) {
                continue;
            }
            let Some(what) = pick(&one.spec.fault, &mut one.rng) else { continue };
            if one.spec.chance < 1.0 && one.rng.random::<f64>() >= one.spec.chance {
                continue;
            }
            if use_up && let Some(left) = &mut one.left {
                *left -= 1;
            }
            hit = Some(Hit { id: one.id, what });
            break;
        }
        prune(&mut active, now_ms);
        self.on.store(active.len(), Relaxed);
        hit
    }
}

/// Whether a fault is for stanzas of this tag; what is no stanza to the device (a login, a message from it) has none.
fn fits(spec: &FaultSpec, tag: Option<&str>) -> bool {
    let Some(tag) = tag else { return true };
    match spec.stanza {
        Some(kind) => kind.tag() == tag,
        None => match spec.fault {
            Fault::Duplicate | Fault::Reorder | Fault::Undecryptable | Fault::Lose => tag == "message",
            _ => true,
        },
    }
}

fn prune(active: &mut Vec<Active>, now_ms: u64) {
    active.retain(|a| a.left != Some(0) && a.until_ms.is_none_or(|until| now_ms < until));
}

/// Applies the first fault that covers the device and that `pick` takes, once; it is noted as an event.
pub(crate) fn strike<T>(
    world: &World,
    number: &str,
    device: u16,
    pick: impl Fn(&Fault) -> Option<T>,
) -> Option<T> {
    strike_stanza(world, (number, device), None, pick)
}

/// The same for a stanza of a tag, on its way to the device.
pub(super) fn strike_stanza<T>(
    world: &World,
    (number, device): (&str, u16),
    tag: Option<&str>,
    pick: impl Fn(&Fault) -> Option<T>,
) -> Option<T> {
    let hit = world.faults.find(world.clock.now_ms(), (number, device), tag, true, |fault, _| {
        pick(fault).map(|what| (what, name(fault)))
    })?;
    let (what, name) = hit.what;
    count(&world.counters.faults);
    world.event(EventKind::Fault { fault: hit.id, what: name, number: number.to_owned(), device });
    Some(what)
}

/// The first fault that covers the device and that `pick` takes, without applying it.
pub(super) fn look<T>(
    world: &World,
    (number, device): (&str, u16),
    tag: &str,
    pick: impl Fn(&Fault) -> Option<T>,
) -> Option<T> {
    let who = (number, device);
    let hit = world.faults.find(world.clock.now_ms(), who, Some(tag), false, |fault, _| pick(fault))?;
    Some(hit.what)
}

/// What a fault that changes every stanza makes of one; counted, and no event of its own.
pub(super) fn silently<T>(
    world: &World,
    who: (&str, u16),
    tag: &str,
    pick: impl Fn(&Fault, &mut StdRng) -> Option<T>,
) -> Option<T> {
    let hit = world.faults.find(world.clock.now_ms(), who, Some(tag), true, pick)?;
    count(&world.counters.faults);
    Some(hit.what)
}

/// How much later a stanza is to come.
pub(super) fn delay(world: &World, who: (&str, u16), tag: &str) -> Option<Duration> {
    silently(world, who, tag, |fault, rng| match fault {
        Fault::Delay { by } => Some(by.draw(rng.random::<f64>())),
        _ => None,
    })
}

/// The fault's name as it stands in JSON.
fn name(fault: &Fault) -> String {
    let json = serde_json::to_value(fault).unwrap_or_default();
    json.get("fault").and_then(serde_json::Value::as_str).unwrap_or("fault").to_owned()
}
