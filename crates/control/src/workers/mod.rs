//! Starting and stopping a tenant's worker. The supervisor writes down who ordered it, with the order itself.

pub(crate) mod force_restart;
pub(crate) mod log;
pub(crate) mod restart;
pub(crate) mod start;
pub(crate) mod stop;

use utoipa_axum::routes;
use web::routes::{Route, operator};

use crate::{App, error::Answer, reply::Back, tenants::TenantCall};

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![
        operator(routes!(start::handle)),
        operator(routes!(stop::handle)),
        operator(routes!(restart::handle)),
        operator(routes!(force_restart::handle)),
        operator(routes!(log::show::handle)),
        operator(routes!(log::download::handle)),
    ]
}

/// What an operator can do to a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub(crate) enum Action {
    Start,
    Stop,
    Restart,
    ForceRestart,
}

impl Action {
    /// The end of its path.
    pub(crate) fn path(self) -> &'static str {
        self.into()
    }

    /// What its button says.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Start => words::workers::start(),
            Self::Stop => words::workers::stop(),
            Self::Restart => words::workers::restart(),
            Self::ForceRestart => words::workers::force_restart(),
        }
    }

    /// Its picture.
    pub(crate) const fn icon(self) -> &'static str {
        match self {
            Self::Start => "play",
            Self::Stop => "stop",
            Self::Restart => "restart",
            Self::ForceRestart => "bolt",
        }
    }

    /// What has happened then.
    pub(crate) fn done(self, name: &str) -> String {
        match self {
            Self::Start => words::workers::started(name),
            Self::Stop => words::workers::stopped(name),
            Self::Restart | Self::ForceRestart => words::workers::restarted(name),
        }
    }

    /// Does it, and reads the tenant again.
    pub(crate) async fn carry_out(self, call: &mut TenantCall) -> Answer<()> {
        match self {
            Self::Start => start::start(call).await?,
            Self::Stop => stop::stop(call).await?,
            Self::Restart => restart::restart(call).await?,
            Self::ForceRestart => force_restart::force_restart(call).await?,
        }
        call.reload().await
    }
}

/// Does it and answers: a page goes on, a script gets the tenant as it is now.
async fn act(action: Action, mut call: TenantCall, back: Back) -> Answer {
    action.carry_out(&mut call).await?;
    Ok(call.changed(action.done(&call.detail.tenant.name), &back.place(call.place())))
}
