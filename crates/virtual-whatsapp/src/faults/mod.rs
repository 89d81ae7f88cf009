//! Faults that tests switch on: at the wire, so that clients meet them as they would meet the real ones.

mod board;
mod gate;
mod kinds;

pub(crate) use board::{FaultBoard, strike};
pub(crate) use gate::{Gate, Verdict, garble};
pub use kinds::{Distribution, Fault, FaultSpec, Lasts, Scope, StanzaKind};

use std::sync::Arc;

use crate::world::World;

/// The faults of a server. Clones are the same board.
#[derive(Clone)]
pub struct Faults(pub(crate) Arc<World>);

impl Faults {
    /// Switches a fault on and returns its number. Faults that end connections hit open ones at once.
    pub fn switch_on(&self, spec: FaultSpec) -> u64 {
        let world = &self.0;
        let id = world.unique();
        let scope = spec.scope.clone();
        world.faults.add(id, spec, world.clock.now_ms());
        for account in world.directory.accounts() {
            for device in account.devices() {
                if scope.covers(device.number(), device.id()) {
                    device.ring();
                }
            }
        }
        id
    }

    /// Switches a fault on for every device; see [`Faults::switch_on`].
    pub fn for_all(&self, fault: Fault, lasts: Lasts) -> u64 {
        self.switch_on(FaultSpec::new(fault, Scope::All, lasts))
    }

    /// Switches a fault on for every device of an account; see [`Faults::switch_on`].
    pub fn for_account(&self, number: &str, fault: Fault, lasts: Lasts) -> u64 {
        self.switch_on(FaultSpec::new(fault, Scope::Account { number: number.to_owned() }, lasts))
    }

    /// Switches a fault off; false where it was not on (any more).
    pub fn switch_off(&self, id: u64) -> bool {
        self.0.faults.remove(id)
    }

    /// Switches all faults off.
    pub fn switch_all_off(&self) {
        self.0.faults.clear();
    }

    /// The faults that are on, with their numbers.
    #[must_use]
    pub fn list(&self) -> Vec<(u64, FaultSpec)> {
        self.0.faults.list(self.0.clock.now_ms())
    }
}
