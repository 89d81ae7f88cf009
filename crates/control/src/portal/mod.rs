//! What the owners' portal asks: people who sign in, and what they see and change of their own tenant. No path here names
//! a tenant: who asks for which is signed.

pub(crate) mod admit;
pub(crate) mod call;
pub(crate) mod desk;
mod facts;
mod letters;
mod me;
mod members;
mod options;
mod session;
mod sign_in;

pub use options::PortalOptions;
use web::routes::Route;

use crate::App;

pub(crate) fn routes() -> Vec<Route<App>> {
    [sign_in::routes(), session::routes(), me::routes(), members::routes(), desk::routes()]
        .into_iter()
        .flatten()
        .collect()
}

/// The page of the portal that uses a link; its token stands behind the `#`, which no browser sends anywhere.
pub(crate) fn link(app: &App, token: &accounts::people::Token) -> String {
    format!("{}/auth/link#{}", app.portal.url, token.tell())
}
