//! The tenant that a path names: an endpoint that takes a [`TenantCall`] cannot be reached for one that is not there, and
//! has no other way to a tenant's rows.

use axum::extract::{FromRequestParts, RawPathParams};
use domain::TenantId;
use http::request::Parts;
use store::{TenantDetail, TenantScope};
use web::{Kind, Problem};

use crate::{
    App,
    auth::Operator,
    error::{Answer, Error},
    tenants::convert,
};

/// A request about one tenant, by an operator.
#[derive(Clone)]
pub(crate) struct TenantCall {
    /// What all handlers share.
    pub(crate) app: App,
    /// Who asks.
    pub(crate) operator: Operator,
    /// The tenant's rows; what is changed through it is written down as this operator's doing.
    pub(crate) scope: TenantScope,
    /// The tenant as it stood when it was asked for.
    pub(crate) detail: TenantDetail,
}

impl TenantCall {
    /// Looks a tenant up that a path does not name.
    pub(crate) async fn of(app: App, operator: Operator, id: TenantId) -> Answer<Self> {
        let scope = app.store.tenant(id).by(operator.actor);
        let detail = scope.get().await?;
        Ok(Self { app, operator, scope, detail })
    }

    /// Which tenant.
    pub(crate) fn id(&self) -> TenantId {
        self.scope.id()
    }

    /// The workers, with orders written down as this operator's.
    pub(crate) fn supervisor(&self) -> supervisor::Handle {
        self.app.supervisor.by(self.operator.actor)
    }

    /// The tenant's page.
    pub(crate) fn page(&self) -> String {
        format!("/admin/tenants/{}", self.id())
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
}

impl FromRequestParts<App> for TenantCall {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let operator = Operator::from_request_parts(parts, app).await?;
        let unreadable = || Problem::new(Kind::InvalidId, words::problem::unreadable());
        let names = RawPathParams::from_request_parts(parts, app).await.map_err(|_| unreadable())?;
        let id = names.iter().find(|(name, _)| *name == "id").map(|(_, text)| text);
        let id = id.ok_or_else(unreadable)?.parse().map_err(|error: domain::InvalidId| {
            Problem::new(Kind::InvalidId, error.to_string()).with_field("id")
        })?;
        Self::of(app.clone(), operator, id).await
    }
}
