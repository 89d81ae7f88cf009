//! Which tenants may stand in another group than before, since somebody last looked.

use std::{
    collections::HashSet,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::TenantId;

/// With more of them it is as quick to look at everybody.
const MOST: usize = 10_000;

/// What committed transactions may have moved. Everybody may have been, before anybody has looked.
#[derive(Debug)]
pub(crate) struct Touched(Mutex<Moved>);

/// What one transaction, or several, may have moved.
#[derive(Debug, Default)]
pub(crate) struct Moved {
    /// Nobody knows whom.
    pub(crate) anybody: bool,
    /// These.
    pub(crate) tenants: HashSet<TenantId>,
}

impl Default for Touched {
    fn default() -> Self {
        Self(Mutex::new(Moved { anybody: true, tenants: HashSet::new() }))
    }
}

impl Moved {
    /// Adds one, or nobody knows whom.
    pub(crate) fn add(&mut self, tenant: Option<TenantId>) {
        match tenant {
            Some(_) if self.anybody => {}
            Some(tenant) => {
                self.tenants.insert(tenant);
                if self.tenants.len() > MOST {
                    self.add(None);
                }
            }
            None => *self = Self { anybody: true, tenants: HashSet::new() },
        }
    }

    /// Adds all of others.
    pub(crate) fn join(&mut self, others: Self) {
        if others.anybody {
            self.add(None);
        }
        others.tenants.into_iter().for_each(|tenant| self.add(Some(tenant)));
    }

    pub(crate) fn is_nobody(&self) -> bool {
        !self.anybody && self.tenants.is_empty()
    }
}

impl Touched {
    fn lock(&self) -> MutexGuard<'_, Moved> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what a transaction has moved that was committed.
    pub(crate) fn note(&self, moved: Moved) {
        if !moved.is_nobody() {
            self.lock().join(moved);
        }
    }

    /// Takes what was noted since the last time.
    pub(crate) fn take(&self) -> Moved {
        mem::take(&mut *self.lock())
    }
}
