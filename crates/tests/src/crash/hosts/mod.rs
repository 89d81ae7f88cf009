//! The crash driver's scenes with hosts: bots of several tenants on two machines beside the control plane, of which any is killed,
//! loses its power, hangs or is cut off while customers write and tenants move. Each message is answered once, and no tenant is
//! ever connected twice.

mod check;
mod draw;
mod fleet;
mod kept;
mod plan;
mod relay;
mod run;
mod suite;
mod talk;
mod world;

pub use plan::{HOSTS, HostPlan, HostStep, Party, TENANTS};
pub use run::run;
pub use suite::{HostSuite, all_points, enumerated};
pub use world::World;

/// The plan of a seed.
#[must_use]
pub fn plan(seed: u64) -> HostPlan {
    draw::plan(seed)
}
