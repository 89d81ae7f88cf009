//! A tenant and who acts for it: what operators and the tenant's own people do alike takes this, and knows neither page nor
//! listener.

use domain::TenantId;
use serde_json::Value;
use store::{Actor, TenantDetail, TenantScope};

use crate::{App, error::Answer, tenants::convert};

/// A tenant as it stood when it was asked for, and who acts for it.
#[derive(Clone)]
pub(crate) struct Desk {
    /// What all handlers share.
    pub(crate) app: App,
    /// Who acts.
    pub(crate) actor: Actor,
    /// The tenant's rows; what is changed through it is written down as this actor's doing.
    pub(crate) scope: TenantScope,
    /// The tenant as it stood when it was asked for.
    pub(crate) detail: TenantDetail,
}

impl Desk {
    /// Looks a tenant up.
    pub(crate) async fn of(app: App, actor: Actor, id: TenantId) -> Answer<Self> {
        let scope = app.store.tenant(id).by(actor);
        let detail = scope.get().await?;
        Ok(Self { app, actor, scope, detail })
    }

    /// Which tenant.
    pub(crate) fn id(&self) -> TenantId {
        self.scope.id()
    }

    /// The workers, with orders written down as this actor's.
    pub(crate) fn supervisor(&self) -> supervisor::Handle {
        self.app.supervisor.by(self.actor)
    }

    /// Reads the tenant again, after a change.
    pub(crate) async fn reload(&mut self) -> Answer<()> {
        self.detail = self.scope.get().await?;
        Ok(())
    }

    /// The tenant as the API answers it.
    pub(crate) fn document(&self) -> api::Tenant {
        convert::tenant(&self.app, self.detail.clone())
    }

    /// Has the worker told what has changed of its settings. Where that cannot be now, its next connection does it.
    pub(crate) fn tell_worker(&self) {
        if let Err(error) = self.app.supervisor.configure(self.id()) {
            tracing::warn!(%error, tenant = %self.id(), "the worker could not be told its new settings at once");
        }
    }

    /// Writes down what no row of the tenant has changed by. It has been done, so that a failure is logged and not answered.
    pub(crate) async fn record(&self, event: &'static str, payload: &Value) {
        let written = self.scope.record_event(&self.actor.to_string(), None, event, payload).await;
        if let Err(error) = written {
            tracing::error!(%error, tenant = %self.id(), event, "an event could not be written to the audit log");
        }
    }
}
