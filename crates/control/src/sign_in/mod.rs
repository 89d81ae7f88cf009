//! Signing in with a browser: password, second factor, session. Scripts use HTTP Basic instead.

pub(crate) mod code;
pub(crate) mod device;
pub(crate) mod leave;
pub(crate) mod session;
pub(crate) mod show;
mod store;
pub(crate) mod submit;
pub(crate) mod totp;

use std::time::Duration;

use ::store::{Store, StoreError};
use utoipa_axum::routes;
use web::routes::{Route, public};

pub(crate) use self::store::Sessions;
use crate::App;

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![
        public(routes!(show::handle)),
        public(routes!(submit::handle)),
        public(routes!(code::show)),
        public(routes!(code::handle)),
        public(routes!(leave::handle)),
    ]
}

/// Where browsers sign in.
pub(crate) const SIGN_IN: &str = "/admin/sign-in";

/// How browsers sign in.
#[derive(Clone)]
pub struct SignInOptions {
    /// After this time without a request a session ends.
    pub idle: Duration,
    /// Whether browsers reach the control plane by HTTPS; cookies then go over nothing else.
    pub https: bool,
    /// Whether the admin password is taken from the query, for old clients.
    pub password_in_query: bool,
    /// The key by which browsers are known from which somebody has signed in before.
    pub device_key: [u8; 32],
}

/// Leaves the key out.
impl std::fmt::Debug for SignInOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignInOptions")
            .field("idle", &self.idle)
            .field("https", &self.https)
            .finish_non_exhaustive()
    }
}

impl SignInOptions {
    /// A cookie's name: of our own, since cookies ignore ports, and with `__Host-` where browsers take that.
    pub(crate) fn cookie(&self, name: &str) -> String {
        format!("{}{name}", if self.https { "__Host-" } else { "" })
    }
}

/// The key for [`SignInOptions`], made on the first start.
///
/// # Errors
/// Where the database does not answer.
pub async fn device_key(store: &Store) -> Result<[u8; 32], StoreError> {
    let fresh: [u8; 32] = rand::random();
    let kept = store.operator().init_setting("sign_in.device_key", &hex::encode(fresh)).await?;
    let mut key = [0; 32];
    hex::decode_to_slice(&kept, &mut key).map_err(|error| StoreError::Corrupt {
        column: "settings.value of sign_in.device_key".to_owned(),
        reason: error.to_string(),
    })?;
    Ok(key)
}
