//! A request that the portal makes for a browser: what nearly every handler of the portal takes.

use accounts::Proof;
use axum::extract::FromRequestParts;
use domain::{Role, TenantId};
use http::request::Parts;
use store::{Actor, TenantScope, User};
use web::Problem;

use crate::App;

/// A request by the portal, whoever it asks for.
#[derive(Clone)]
pub(crate) struct PortalCall {
    /// What all handlers share.
    pub(crate) app: App,
    /// The browser's session, by a hash of its token; it need not be one that is known.
    pub(crate) session: Option<String>,
    /// The person, where the session is one.
    pub(crate) user: Option<User>,
}

/// A request by the portal for a person of a tenant. Whoever only looks reaches no handler that changes something.
#[derive(Clone)]
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

/// The portal's request, as [`super::admit`] has found it to be.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asking {
    pub(crate) session: Option<String>,
    pub(crate) user: Option<User>,
}

/// The person of a tenant, as [`super::admit`] has found them to be.
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
    Problem::new(web::Kind::Unauthorized, words::people::no_key())
}

impl FromRequestParts<App> for PortalCall {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Asking { session, user } = parts.extensions.get().cloned().ok_or_else(unasked)?;
        Ok(Self { app: app.clone(), session, user })
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
