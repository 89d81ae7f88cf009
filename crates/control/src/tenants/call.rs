//! The tenant that a path names: an endpoint that takes a [`TenantCall`] cannot be reached for one that is not there, and
//! has no other way to a tenant's rows.

use axum::{
    Json,
    extract::{FromRequestParts, RawPathParams},
    response::{IntoResponse, Response},
};
use domain::TenantId;
use http::request::Parts;
use store::{TenantDetail, TenantScope};
use web::{Kind, Problem};

use crate::{
    App,
    call::Call,
    error::{Answer, Error},
    reply::done,
    tenants::convert,
};

/// A request about one tenant, by an operator.
#[derive(Clone)]
pub(crate) struct TenantCall {
    call: Call,
    /// The tenant's rows; what is changed through it is written down as this operator's doing.
    pub(crate) scope: TenantScope,
    /// The tenant as it stood when it was asked for.
    pub(crate) detail: TenantDetail,
}

impl TenantCall {
    /// Looks a tenant up that a path does not name.
    pub(crate) async fn of(call: Call, id: TenantId) -> Answer<Self> {
        let scope = call.app.store.tenant(id).by(call.operator.actor);
        let detail = scope.get().await?;
        Ok(Self { call, scope, detail })
    }

    /// Which tenant.
    pub(crate) fn id(&self) -> TenantId {
        self.scope.id()
    }

    /// The workers, with orders written down as this operator's.
    pub(crate) fn supervisor(&self) -> supervisor::Handle {
        self.app.supervisor.by(self.operator.actor)
    }

    /// Where the tenant's page is.
    pub(crate) fn place(&self) -> String {
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

    /// What has changed: the tenant to a script, a notice to a page or the page itself anew.
    pub(crate) fn changed(&self, words: impl Into<String>, place: &str) -> Response {
        if !self.client.html {
            return Json(self.document()).into_response();
        }
        done(self.client, words, place)
    }

    /// Has the worker told what has changed of its settings. Where that cannot be now, its next connection does it.
    pub(crate) fn tell_worker(&self) {
        if let Err(error) = self.app.supervisor.configure(self.id()) {
            tracing::warn!(%error, tenant = %self.id(), "the worker could not be told its new settings at once");
        }
    }
}

impl std::ops::Deref for TenantCall {
    type Target = Call;

    fn deref(&self) -> &Call {
        &self.call
    }
}

impl FromRequestParts<App> for TenantCall {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let call = Call::from_request_parts(parts, app).await?;
        let unreadable = || Problem::new(Kind::InvalidId, words::problem::unreadable());
        let names = RawPathParams::from_request_parts(parts, app).await.map_err(|_| unreadable())?;
        let id = names.iter().find(|(name, _)| *name == "id").map(|(_, text)| text);
        let id = id.ok_or_else(unreadable)?.parse().map_err(|error: domain::InvalidId| {
            Problem::new(Kind::InvalidId, error.to_string()).with_field("id")
        })?;
        Self::of(call, id).await
    }
}
