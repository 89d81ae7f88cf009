//! What the portal is made of.

use std::sync::Arc;

use domain::Timestamp;
use tokio_util::sync::CancellationToken;
use web::Site;

use crate::{ControlPlane, browser::Smuggled};

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
    pub(crate) smuggled: Arc<Smuggled>,
}

impl Portal {
    /// Puts the parts together.
    #[must_use]
    pub fn new(options: Options, plane: ControlPlane) -> Self {
        Self { options: Arc::new(options), plane, smuggled: Arc::default() }
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
