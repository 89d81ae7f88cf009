//! What all handlers share.

use std::{path::PathBuf, sync::Arc, time::Duration};

use accounts::Accounts;
use alerts::AlertOptions;
use domain::Clock;
use metrics_exporter_prometheus::PrometheusHandle;
use store::Store;
use supervisor::Handle;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use web::Site;

use crate::{
    audit::Lately,
    backups::Backups,
    feed::Feed,
    moves::Moves,
    notices::{Notices, PushOptions},
    portal::PortalOptions,
    system::traffic::Remembered,
    tenants::{actions::Bulks, counted::Counted},
    trying::Trials,
};

/// What the admin API is made of.
#[derive(Debug)]
pub struct AppParts {
    /// The database.
    pub store: Store,
    /// The workers.
    pub supervisor: Handle,
    /// How people sign in.
    pub accounts: Accounts,
    /// Whether the admin password is taken from the query, for old clients.
    pub password_in_query: bool,
    /// Figures for Prometheus.
    pub metrics: PrometheusHandle,
    /// Silence after which a running worker is shown as stale.
    pub stale_after: Duration,
    /// Cancelled when the control plane ends: streams then end too.
    pub stop: CancellationToken,
    /// Where alerts go.
    pub alerts: Arc<AlertOptions>,
    /// Limits and headers.
    pub site: Site,
    /// The agency whose dashboard it is.
    pub brand: Brand,
    /// The settings in force, secrets masked; `None` where one is not set.
    pub settings: Vec<(&'static str, Option<String>)>,
    /// Those of them that are other than the default.
    pub changed_settings: Vec<&'static str>,
    /// How far workers are kept apart; its counts are nothing yet.
    pub protection: api::Protection,
    /// Whose free space is watched.
    pub data_dir: PathBuf,
    /// What makes backups.
    pub backups: Arc<dyn Backups>,
    /// What carries tenants to other installations.
    pub moves: Arc<dyn Moves>,
    /// How the owners' portal may ask, and where it is.
    pub portal: PortalOptions,
    /// How people of a business are told by web push.
    pub push: PushOptions,
    /// The version, as `flowhq --version` says it.
    pub version: &'static str,
}

/// The agency whose dashboard it is.
#[derive(Debug, Clone, Default)]
pub struct Brand {
    /// Its name, shown in place of ours.
    pub name: Option<String>,
    /// Its picture: media type and bytes.
    pub logo: Option<(&'static str, Vec<u8>)>,
    /// Where the source code of this version can be got; the page `/source` says it where it is left out.
    pub source_url: Option<String>,
}

/// The same, cheap to clone, with the time.
#[derive(Clone)]
pub struct App {
    parts: Arc<AppParts>,
    clock: Arc<dyn Clock>,
    /// Requests that change something, each of which runs to its end.
    pub(crate) work: TaskTracker,
    pub(crate) lately: Arc<Lately>,
    pub(crate) feed: Arc<Feed>,
    pub(crate) bulks: Arc<Bulks>,
    pub(crate) trials: Arc<Trials>,
    pub(crate) counted: Arc<Counted>,
    pub(crate) notices: Arc<Notices>,
    pub(crate) traffic: Arc<Remembered>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.parts.fmt(f)
    }
}

impl App {
    /// Puts the parts together, within a runtime of tokio.
    #[must_use]
    pub fn new(parts: AppParts, clock: Arc<dyn Clock>) -> Self {
        let work = TaskTracker::new();
        let feed = Feed::start(&parts.supervisor, parts.stop.clone(), &work);
        Self {
            parts: Arc::new(parts),
            clock,
            work,
            lately: Arc::default(),
            feed,
            bulks: Arc::default(),
            trials: Arc::default(),
            counted: Arc::default(),
            notices: Arc::default(),
            traffic: Arc::default(),
        }
    }

    /// Waits until what was begun is done, for `at_most` this long. Nothing more is to be asked by then.
    pub async fn finish(&self, at_most: Duration) {
        self.work.close();
        if tokio::time::timeout(at_most, self.work.wait()).await.is_err() {
            tracing::warn!(left = self.work.len(), "requests were not done in time and are cut short");
        }
    }

    /// What is watched, and where it is told.
    #[must_use]
    pub fn alerts(&self) -> alerts::Watch {
        alerts::Watch {
            options: Arc::clone(&self.alerts),
            store: self.store.clone(),
            supervisor: self.supervisor.clone(),
            accounts: self.accounts.clone(),
            stale_after: self.stale_after,
            data_dir: self.data_dir.clone(),
            backups: Arc::<dyn Backups>::clone(&self.backups),
            stop: self.stop.clone(),
            clock: Arc::clone(&self.clock),
        }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> domain::Timestamp {
        self.clock.now()
    }
}

impl App {
    /// The name that pages and authenticator apps show.
    pub(crate) fn brand_name(&self) -> &str {
        self.brand.name.as_deref().unwrap_or("Flow HQ")
    }
}

impl std::ops::Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.parts
    }
}
