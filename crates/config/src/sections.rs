//! What follows from settings taken together.

use std::path::{Path, PathBuf};

use domain::{Limits, WorkerBounds};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{ConfigError, Database, DatabaseUrl, Paths, Portal, Settings, kinds::Context, values::Values};

impl Paths {
    /// The socket of mode 0600 through which commands reach `flowhq serve`.
    #[must_use]
    pub fn admin_socket(&self) -> PathBuf {
        self.data_dir.join("admin.sock")
    }

    /// The key from which workers' tokens are made.
    #[must_use]
    pub fn link_key(&self) -> PathBuf {
        self.data_dir.join("link.key")
    }

    /// The key that seals secrets in the database, where no setting names another.
    #[must_use]
    pub fn master_key(&self) -> PathBuf {
        self.data_dir.join("master.key")
    }

    /// What says, while the master key is being changed, which keys are in force.
    #[must_use]
    pub fn master_key_change(&self) -> PathBuf {
        self.data_dir.join("master-key.change")
    }

    /// The key that seals backups, where no setting names another.
    #[must_use]
    pub fn backup_key(&self) -> PathBuf {
        self.data_dir.join("backup.key")
    }

    /// The directory of tenants on their way to other installations, or from them.
    #[must_use]
    pub fn moves(&self) -> PathBuf {
        self.data_dir.join("moves")
    }

    /// The key with which a portal that runs alone signs who is asking.
    #[must_use]
    pub fn portal_key(&self) -> PathBuf {
        self.data_dir.join("portal.key")
    }

    /// The key of the host that lives in this data directory, where no setting names another.
    #[must_use]
    pub fn host_key(&self) -> PathBuf {
        self.data_dir.join("host.key")
    }

    /// The directory of the sockets that workers listen on.
    #[must_use]
    pub fn link_sockets(&self) -> PathBuf {
        self.data_dir.join("links")
    }
}

impl Database {
    /// Whether the master key is the file in the data directory.
    #[must_use]
    pub const fn master_key_is_file(&self) -> bool {
        self.master_key.is_none() && self.master_key_command.is_none()
    }
}

impl Portal {
    /// The keys that are taken: none, one, or two while one takes the place of the other.
    #[must_use]
    pub fn keys(&self) -> Vec<SecretString> {
        let text = self.internal_key.as_ref().map_or("", |key| key.expose_secret());
        let keys = text.split(',').map(str::trim).filter(|key| !key.is_empty());
        keys.map(|key| SecretString::from(key.to_owned())).collect()
    }
}

impl Settings {
    /// What a worker of a tenant without limits of its own may do.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            contact_per_minute: self.bots.contact_per_minute,
            tenant_per_minute: self.bots.tenant_per_minute,
            chat_queue: self.bots.chat_queue,
            heartbeat_interval_ms: u64::try_from(self.workers.heartbeat_interval.as_millis())
                .unwrap_or(u64::MAX),
            quiet_ms: self.bots.quiet_ms,
            clock_ahead_ms: 0,
            neighbours: 0,
            disk_short: false,
        }
    }

    /// What each worker may take.
    #[must_use]
    pub fn bounds(&self) -> WorkerBounds {
        WorkerBounds {
            confinement: self.workers.confinement,
            memory_bytes: self.workers.memory_max_bytes,
            directory_bytes: self.workers.directory_max_bytes,
        }
    }

    /// URL under which the admin listener is reached from this machine or, where it is set, from outside.
    #[must_use]
    pub fn admin_url(&self, port: u16) -> String {
        let here = || format!("http://{}", std::net::SocketAddr::new(self.server.bind, port));
        self.server.admin_url.clone().unwrap_or_else(here)
    }

    /// URL under which owners reach the portal; `port` is the one that is listened on.
    #[must_use]
    pub fn portal_url(&self, port: u16) -> String {
        let here = || format!("http://{}", std::net::SocketAddr::new(self.server.bind, port));
        self.portal.url.clone().unwrap_or_else(here)
    }

    pub(crate) fn from_values(
        values: &Values,
        standard_data_dir: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let settings = Self::read(&Context { values, standard_data_dir })?;
        settings.check_together()?;
        Ok(settings)
    }

    fn check_together(&self) -> Result<(), ConfigError> {
        let contradiction = |text: String| Err(ConfigError::Contradiction(text));
        let workers = &self.workers;
        if workers.stale_threshold <= workers.heartbeat_interval {
            return contradiction(format!(
                "STALE_THRESHOLD_MINUTES ({} min) must be longer than HEARTBEAT_INTERVAL_MS ({} ms), \
                 or every worker is stale between two heartbeats",
                workers.stale_threshold.as_secs() / 60,
                workers.heartbeat_interval.as_millis()
            ));
        }
        let alerts = &self.alerts;
        let email = [alerts.smtp_url.is_some(), alerts.email_from.is_some(), alerts.email_to.is_some()];
        if email.contains(&true) && email.contains(&false) {
            return contradiction(
                "SMTP_URL, ALERT_EMAIL_FROM and ALERT_EMAIL_TO belong together: set all three, or none"
                    .to_owned(),
            );
        }
        if alerts.webhook_url.is_some() != alerts.webhook_secret.is_some() {
            return contradiction(
                "ALERT_WEBHOOK_URL and ALERT_WEBHOOK_SECRET belong together: set both, or none".to_owned(),
            );
        }
        let providers = &self.providers;
        if providers.google_client_id.is_some() != providers.google_client_secret.is_some() {
            return contradiction(
                "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET belong together: set both, or none".to_owned(),
            );
        }
        let oidc = [
            providers.oidc_issuer.is_some(),
            providers.oidc_client_id.is_some(),
            providers.oidc_client_secret.is_some(),
        ];
        if oidc.contains(&true) && oidc.contains(&false) {
            return contradiction(
                "OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together: set all three, or none"
                    .to_owned(),
            );
        }
        if self.database.master_key.is_some() && self.database.master_key_command.is_some() {
            return contradiction(
                "MASTER_KEY and MASTER_KEY_COMMAND both say the master key: set one of them".to_owned(),
            );
        }
        if alerts.ntfy_token.is_some() && alerts.ntfy_url.is_none() {
            return contradiction(
                "ALERT_NTFY_TOKEN is for the topic in ALERT_NTFY_URL: set that too, or neither".to_owned(),
            );
        }
        if self.portal.keys().iter().any(|key| key.expose_secret().len() < 32) || self.portal.keys().len() > 2
        {
            return contradiction(
                "PORTAL_INTERNAL_KEY is one key of at least 32 characters, or two with a comma between them"
                    .to_owned(),
            );
        }
        if self.portal.plain && self.portal.internal_key.is_none() {
            return contradiction(
                "PORTAL_PLAIN is for old clients that send PORTAL_INTERNAL_KEY: set that too, or neither"
                    .to_owned(),
            );
        }
        if self.portal.public_key.is_some() && self.portal.internal_key.is_none() {
            return contradiction(
                "PORTAL_PUBLIC_KEY is of a portal that sends PORTAL_INTERNAL_KEY: set that too, or neither"
                    .to_owned(),
            );
        }
        if self.server.port != 0 && self.portal.port == self.server.port {
            return contradiction(format!(
                "PORT and PORTAL_PORT are both {}: give each its own",
                self.server.port
            ));
        }
        if matches!(
            (&self.database.url, &self.database.migrate_url),
            (DatabaseUrl::Sqlite(_), Some(_)) | (_, Some(DatabaseUrl::Sqlite(_)))
        ) {
            return contradiction(
                "DATABASE_MIGRATE_URL is for PostgreSQL only, and DATABASE_URL must name PostgreSQL too"
                    .to_owned(),
            );
        }
        Ok(())
    }
}
