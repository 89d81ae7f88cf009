//! What all handlers share.

use std::{sync::Arc, time::Duration};

use config::Network;
use domain::Clock;
use metrics_exporter_prometheus::PrometheusHandle;
use store::Store;
use supervisor::Handle;
use tokio_util::sync::CancellationToken;
use web::{Site, password::Gate};

/// What the admin API is made of.
#[derive(Debug)]
pub struct AppParts {
    /// The database.
    pub store: Store,
    /// The workers.
    pub supervisor: Handle,
    /// The admin password.
    pub gate: Gate,
    /// Figures for Prometheus.
    pub metrics: PrometheusHandle,
    /// Silence after which a running worker is shown as stale.
    pub stale_after: Duration,
    /// Proxies whose word on a client's address is believed.
    pub trusted_proxies: Vec<Network>,
    /// Cancelled when the control plane ends: streams then end too.
    pub stop: CancellationToken,
    /// Limits and headers.
    pub site: Site,
}

/// The same, cheap to clone, with the time.
#[derive(Clone)]
pub struct App {
    parts: Arc<AppParts>,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.parts.fmt(f)
    }
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: AppParts, clock: Arc<dyn Clock>) -> Self {
        Self { parts: Arc::new(parts), clock }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> domain::Timestamp {
        self.clock.now()
    }
}

impl std::ops::Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.parts
    }
}
