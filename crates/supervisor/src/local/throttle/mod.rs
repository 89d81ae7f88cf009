//! Workers that take the processor from their neighbours are held to a small share of it, where the kernel lets us: see
//! [`policy`] for whom and [`groups`] for how.

mod groups;
mod load;
mod policy;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::TenantId;
use rustix::process::Pid;
use tokio::time::Instant;

use crate::{Stat, service::lock};
pub use groups::{NoThrottle, ThrottleGroups};
use load::Load;
use policy::{Move, Policy};

/// What a process has had of the processors.
fn had(pid: u32) -> Option<Duration> {
    Stat::of(Pid::from_raw(pid.cast_signed())?).map(|stat| stat.had)
}

/// All workers of this machine, as far as their share of its processors goes.
#[derive(Debug)]
pub(super) struct Throttle {
    groups: Option<Arc<ThrottleGroups>>,
    policy: Mutex<Policy>,
    load: Mutex<Load>,
    origin: Instant,
}

/// One of them, until this is dropped.
#[derive(Debug)]
pub(super) struct Share {
    of: Arc<Throttle>,
    pid: u32,
}

impl Drop for Share {
    fn drop(&mut self) {
        lock(&self.of.policy).remove(self.pid);
    }
}

impl Throttle {
    pub(super) fn new(groups: Option<Arc<ThrottleGroups>>) -> Self {
        Self { groups, policy: Mutex::default(), load: Mutex::default(), origin: Instant::now() }
    }

    /// Looks after a worker from now on.
    pub(super) fn watch(self: &Arc<Self>, pid: u32, tenant: TenantId) -> Share {
        lock(&self.policy).add(pid, tenant);
        Share { of: Arc::clone(self), pid }
    }

    /// Looks who takes too much. Called ten times a second. Blocks for some microseconds, and as many for each worker while the
    /// machine is full.
    pub(super) fn look(&self) {
        let Some(groups) = self.groups.as_deref() else { return };
        let now = self.origin.elapsed();
        let wanted = lock(&self.policy).wanted(now, lock(&self.load).idle());
        for pid in wanted {
            let Some(had) = had(pid) else { continue };
            // Held while it is moved: what has ended is not, and its number may be another's.
            let mut policy = lock(&self.policy);
            let Some(moved) = policy.seen(pid, now, had, groups.count()) else { continue };
            Self::carry_out(groups, pid, policy.tenant(pid), moved);
        }
    }

    fn carry_out(groups: &ThrottleGroups, pid: u32, tenant: Option<TenantId>, moved: Move) {
        let tenant = tenant.map(tracing::field::display);
        let done = match moved {
            Move::Throttle(group) => groups.throttle(pid, group),
            Move::Free => groups.free(pid),
        };
        match (done, moved) {
            (Err(error), _) => tracing::warn!(tenant, pid, %error, "a worker's share of the processor stays"),
            (Ok(()), Move::Throttle(_)) => {
                metrics::counter!("flowhq_workers_throttled_total").increment(1);
                tracing::warn!(
                    tenant,
                    pid,
                    "a worker takes more than half a core while the others have nothing left: it gets a tenth of one until \
                     that is enough for it"
                );
            }
            (Ok(()), Move::Free) => {
                tracing::info!(tenant, pid, "a worker has enough with its share of the processor");
            }
        }
    }
}
