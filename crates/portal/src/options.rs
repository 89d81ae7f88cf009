//! What the portal is made of.

use std::sync::Arc;

use domain::Clock;
use tokio_util::sync::CancellationToken;
use web::Site;

use crate::ControlPlane;

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

#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) options: Options,
    pub(crate) plane: ControlPlane,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) smuggled: crate::browser::Smuggled,
}

/// The portal; cheap to clone.
#[derive(Debug, Clone)]
pub struct Portal(Arc<Parts>);

impl Portal {
    /// Puts the parts together.
    #[must_use]
    pub fn new(options: Options, plane: ControlPlane, clock: Arc<dyn Clock>) -> Self {
        let smuggled = crate::browser::Smuggled::default();
        Self(Arc::new(Parts { options, plane, clock, smuggled }))
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

impl std::ops::Deref for Portal {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
