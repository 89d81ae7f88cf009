//! What the portal is made of.

use std::sync::Arc;

use domain::Timestamp;
use oidc::OidcClient;
use tokio_util::sync::CancellationToken;
use web::{Kind, Problem, Site};

use crate::{ControlPlane, browser::Smuggled, sign_in::Keeper};

/// A way to sign in at somebody else's.
pub struct Provider {
    /// What verifies it.
    pub client: OidcClient,
    /// Its name on the button.
    pub name: String,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").field("id", &self.client.id()).field("name", &self.name).finish()
    }
}

/// What differs from one portal to the other.
#[derive(Debug, Clone)]
pub struct Options {
    /// Limits, headers, and the names that it may be asked for by.
    pub site: Site,
    /// The agency's name, where it has one.
    pub brand_name: Option<String>,
    /// The agency's picture: media type and bytes.
    pub logo: Option<(&'static str, Vec<u8>)>,
    /// Where the source code of this version can be got, where that is known.
    pub source_url: Option<String>,
    /// Cancelled when the portal ends: streams then end too.
    pub stop: CancellationToken,
}

/// The portal; cheap to clone.
#[derive(Debug, Clone)]
pub struct Portal {
    pub(crate) options: Arc<Options>,
    pub(crate) plane: ControlPlane,
    pub(crate) providers: Arc<[Provider]>,
    pub(crate) keeper: Keeper,
    pub(crate) smuggled: Arc<Smuggled>,
}

impl Portal {
    /// Puts the parts together.
    ///
    /// # Errors
    /// Where the system gives no random numbers.
    pub fn new(
        options: Options,
        plane: ControlPlane,
        providers: Vec<Provider>,
    ) -> Result<Self, seal::SealError> {
        Ok(Self {
            options: Arc::new(options),
            plane,
            providers: providers.into(),
            keeper: Keeper::new()?,
            smuggled: Arc::default(),
        })
    }

    /// The provider of an address.
    pub(crate) fn provider(&self, id: &str) -> Result<&Provider, Problem> {
        let found = self.providers.iter().find(|provider| provider.client.id() == id);
        found.ok_or_else(|| Problem::new(Kind::RouteNotFound, words::portal_sign_in::provider_unknown()))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.plane.clock().now()
    }

    /// Whether browsers reach it by HTTPS.
    pub(crate) fn https(&self) -> bool {
        self.options.site.https
    }

    /// The name that pages show.
    pub(crate) fn brand_name(&self) -> &str {
        self.options.brand_name.as_deref().unwrap_or("Flow HQ")
    }
}
