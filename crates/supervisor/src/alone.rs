//! One thing at a time of what must not be done to one tenant at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex as Lock, Weak},
};

use domain::TenantId;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::service::lock;

/// Who is at which tenant.
#[derive(Debug, Default)]
pub struct Alone(Lock<HashMap<TenantId, Weak<Mutex<()>>>>);

impl Alone {
    /// Waits until nobody else is at this tenant, and keeps others away as long as the answer lives.
    pub async fn with(&self, tenant: TenantId) -> OwnedMutexGuard<()> {
        self.at(tenant).lock_owned().await
    }

    /// The same without waiting: nothing where somebody is.
    pub(crate) fn try_with(&self, tenant: TenantId) -> Option<OwnedMutexGuard<()>> {
        self.at(tenant).try_lock_owned().ok()
    }

    fn at(&self, tenant: TenantId) -> Arc<Mutex<()>> {
        let mut all = lock(&self.0);
        let own = all.get(&tenant).and_then(Weak::upgrade).unwrap_or_default();
        all.retain(|_, others| others.strong_count() > 0);
        all.insert(tenant, Arc::downgrade(&own));
        own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_is_at_a_tenant_and_others_are_at_others() {
        let alone = Alone::default();
        let (tenant, other) = (TenantId::generate(), TenantId::generate());
        let first = alone.with(tenant).await;
        assert!(alone.try_with(tenant).is_none() && alone.try_with(other).is_some());
        drop(first);
        assert!(alone.try_with(tenant).is_some());
        assert!(lock(&alone.0).len() <= 2, "who is gone is forgotten");
    }
}
