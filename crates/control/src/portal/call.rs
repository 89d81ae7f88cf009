//! A request that the portal makes for a browser: what nearly every handler of the portal takes.

use accounts::{Asker, PeopleError, Proof, people::Found};
use axum::extract::FromRequestParts;
use domain::{Role, TenantId};
use http::{HeaderMap, request::Parts};
use store::{Actor, TenantScope, User};
use web::Problem;

use super::admit::only_looking;
use crate::{App, error::Error};

/// A request by the portal, whoever it asks for.
#[derive(Clone)]
pub(crate) struct PortalCall {
    /// What all handlers share.
    pub(crate) app: App,
    /// The browser's session, by a hash of its token; it need not be one that is known.
    pub(crate) session: Option<String>,
    /// The session, where it goes on.
    pub(crate) found: Option<Found>,
}

/// A request by the portal for somebody who is signed in, about the person. Whoever only looks changes nothing by one.
#[derive(Clone)]
pub(crate) struct PersonCall {
    /// What all handlers share.
    pub(crate) app: App,
    /// The session and who it is.
    pub(crate) found: Found,
}

/// A request by the portal for a person of a tenant. Whoever only looks reaches no handler that changes something.
#[derive(Clone)]
#[allow(dead_code, reason = "each handler takes what it needs of it")]
pub(crate) struct MemberCall {
    /// What all handlers share.
    pub(crate) app: App,
    /// Who asks.
    pub(crate) user: User,
    /// As what.
    pub(crate) role: Role,
    /// For which tenant.
    pub(crate) tenant: TenantId,
    /// That tenant's rows; what is changed through it is written down as this person's doing.
    pub(crate) scope: TenantScope,
    /// What was proved, for what goes on longer than its request.
    pub(crate) session_proof: Proof,
    /// The operator who looks in the owner's place, and changes nothing.
    pub(crate) looking: Option<Actor>,
}

/// The portal's request, as [`super::admit::admit`] has found it to be.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asking {
    pub(crate) session: Option<String>,
    pub(crate) found: Option<Found>,
}

/// The person of a tenant, as [`super::admit::admit`] has found them to be.
#[derive(Debug, Clone)]
pub(crate) struct Seat {
    pub(crate) user: User,
    pub(crate) role: Role,
    pub(crate) tenant: TenantId,
    pub(crate) proof: Proof,
    pub(crate) looking: Option<Actor>,
}

/// What is missing where a route's line in the table does not ask for the portal.
fn unasked() -> Problem {
    Problem::new(web::Kind::Unauthorized, words::people::no_claim())
}

impl PortalCall {
    /// See [`asker`].
    pub(crate) fn asker(&self, address: Option<&str>) -> Asker {
        asker(&self.app, address)
    }
}

/// From where the portal says that a browser asks; the portal's own address is everybody's.
pub(crate) fn asker(app: &App, address: Option<&str>) -> Asker {
    let address = address.and_then(|text| text.trim().parse().ok());
    app.accounts.asker(address, &HeaderMap::new())
}

impl FromRequestParts<App> for PortalCall {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Asking { session, found } = parts.extensions.get().cloned().ok_or_else(unasked)?;
        Ok(Self { app: app.clone(), session, found })
    }
}

impl FromRequestParts<App> for PersonCall {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let PortalCall { app, found, .. } = PortalCall::from_request_parts(parts, app).await?;
        let found = found.ok_or(PeopleError::SessionOver)?;
        if found.session.looking.is_some() && !parts.method.is_safe() {
            return Err(only_looking().into());
        }
        Ok(Self { app, found })
    }
}

impl FromRequestParts<App> for MemberCall {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Seat { user, role, tenant, proof, looking } =
            parts.extensions.get().cloned().ok_or_else(unasked)?;
        let scope = app.store.tenant(tenant).by(looking.unwrap_or(Actor::User(user.id)));
        Ok(Self { app: app.clone(), user, role, tenant, scope, session_proof: proof, looking })
    }
}
