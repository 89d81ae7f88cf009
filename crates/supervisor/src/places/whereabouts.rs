//! On which host each tenant is, as far as somebody has asked, and how many are on each.

use std::{collections::HashMap, sync::Arc};

use domain::TenantId;

/// No name is this machine.
type Name = Option<Arc<str>>;

#[derive(Debug, Default)]
pub(super) struct Whereabouts {
    of: HashMap<TenantId, Name>,
    on: HashMap<Arc<str>, u64>,
}

impl Whereabouts {
    pub(super) fn of(&self, tenant: TenantId) -> Option<Name> {
        self.of.get(&tenant).cloned()
    }

    pub(super) fn on(&self, host: &str) -> u64 {
        self.on.get(host).copied().unwrap_or_default()
    }

    pub(super) fn insert(&mut self, tenant: TenantId, name: Name) {
        self.remove(tenant);
        if let Some(name) = &name {
            *self.on.entry(Arc::clone(name)).or_default() += 1;
        }
        self.of.insert(tenant, name);
    }

    pub(super) fn remove(&mut self, tenant: TenantId) -> Option<Name> {
        let name = self.of.remove(&tenant)?;
        if let Some(on) = name.as_ref().and_then(|name| self.on.get_mut(name)) {
            *on -= 1;
        }
        Some(name)
    }
}
