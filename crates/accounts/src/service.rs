//! What all of it shares.

use std::{fmt, sync::Arc, time::Duration};

use domain::{Clock, Timestamp};
use seal::Sealer;
use store::{Store, StoreError};
use tokio::sync::watch;

use crate::{Gate, guesses::Guesses};

/// For what [`Options::sealer`] is made.
pub const PURPOSE: &str = "second factors";

/// How browsers sign in.
#[derive(Clone)]
pub struct Options {
    /// After this time without a request a session ends.
    pub idle: Duration,
    /// Whether browsers come by HTTPS; cookies then go over nothing else.
    pub https: bool,
    /// The key by which browsers are known from which somebody has signed in before.
    pub device_key: [u8; 32],
    /// What seals the secrets of second factors, see [`PURPOSE`].
    pub sealer: Sealer,
}

/// Leaves the key out.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("idle", &self.idle)
            .field("https", &self.https)
            .finish_non_exhaustive()
    }
}

impl Options {
    /// A cookie's name: of our own, since cookies ignore ports, and with `__Host-` where browsers take that.
    #[must_use]
    pub fn cookie(&self, name: &str) -> String {
        format!("{}{name}", if self.https { "__Host-" } else { "" })
    }
}

/// The key for [`Options`], made on the first start.
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

/// Everything about signing in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Accounts(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) gate: Gate,
    pub(crate) options: Options,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) guesses: Guesses,
    /// Grows with everything that is taken back.
    pub(crate) revoked: watch::Sender<u64>,
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accounts").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Accounts {
    /// Puts it together.
    #[must_use]
    pub fn new(store: Store, gate: Gate, options: Options, clock: Arc<dyn Clock>) -> Self {
        let revoked = watch::Sender::new(0);
        Self(Arc::new(Inner { store, gate, options, clock, guesses: Guesses::default(), revoked }))
    }

    /// How browsers sign in.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }
}
