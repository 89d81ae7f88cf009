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
pub(super) struct Alone(Lock<HashMap<TenantId, Weak<Mutex<()>>>>);

impl Alone {
    /// Waits until nobody else is at this tenant, and keeps others away as long as the answer lives.
    pub(super) async fn with(&self, tenant: TenantId) -> OwnedMutexGuard<()> {
        let own = {
            let mut all = lock(&self.0);
            let own = all.get(&tenant).and_then(Weak::upgrade).unwrap_or_default();
            all.retain(|_, others| others.strong_count() > 0);
            all.insert(tenant, Arc::downgrade(&own));
            own
        };
        own.lock_owned().await
    }
}
