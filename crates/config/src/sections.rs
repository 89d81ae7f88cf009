//! The settings as the rest of the program uses them: one struct for each section.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use domain::Limits;
use secrecy::SecretString;

use crate::{ConfigError, DatabaseUrl, Network, name, takes::hosts, values::Values};

/// All settings, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Listeners and addresses.
    pub server: Server,
    /// The operator's way in.
    pub admin: Admin,
    /// The agency whose dashboard it is.
    pub brand: Brand,
    /// Where alerts go.
    pub alerts: Alerts,
    /// The owners' portal.
    pub portal: Portal,
    /// The database.
    pub database: Database,
    /// Directories.
    pub paths: Paths,
    /// Logging.
    pub logs: Logs,
    /// How fast bots act.
    pub bots: Bots,
    /// Worker processes.
    pub workers: Workers,
    /// The WhatsApp server.
    pub whatsapp: WhatsApp,
}

/// Listeners and addresses.
#[derive(Debug, Clone)]
pub struct Server {
    /// Address of both listeners.
    pub bind: IpAddr,
    /// Port of the admin listener; 0 lets the system choose.
    pub port: u16,
    /// URL under which browsers reach the admin listener, without a trailing slash.
    pub admin_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Further names under which both listeners may be asked for, in lower case.
    pub allowed_hosts: Vec<String>,
}

/// The operator's way in.
#[derive(Debug, Clone)]
pub struct Admin {
    /// Password of the first account; generated where none is set.
    pub password: Option<SecretString>,
    /// Whether it is taken from the query of an address too.
    pub password_in_query: bool,
    /// Time without a request after which a browser is signed out.
    pub session_idle: Duration,
}

/// The agency whose dashboard it is.
#[derive(Debug, Clone)]
pub struct Brand {
    /// Its name.
    pub name: Option<String>,
    /// The file with its picture.
    pub logo: Option<PathBuf>,
    /// Where the source code of this version can be got.
    pub source_url: Option<String>,
}

/// Where alerts go.
#[derive(Debug, Clone)]
pub struct Alerts {
    /// The mail server; holds a password.
    pub smtp_url: Option<SecretString>,
    /// Who writes.
    pub email_from: Option<String>,
    /// Who is written to, with commas between them.
    pub email_to: Option<String>,
    /// The receiver of the webhook.
    pub webhook_url: Option<String>,
    /// The key that signs.
    pub webhook_secret: Option<SecretString>,
    /// Free bytes below which the disk runs low.
    pub disk_low_bytes: u64,
}

/// The owners' portal.
#[derive(Debug, Clone)]
pub struct Portal {
    /// Port of its listener; there is none where it is not set.
    pub port: Option<u16>,
    /// URL under which owners reach it, without a trailing slash.
    pub url: Option<String>,
    /// The key with which the portal speaks to the control plane.
    pub internal_key: Option<SecretString>,
}

/// The database.
#[derive(Debug, Clone)]
pub struct Database {
    /// Where it is, for running.
    pub url: DatabaseUrl,
    /// Where it is, for migrations; the same as `url` where it is not set.
    pub migrate_url: Option<DatabaseUrl>,
}

/// Directories, all absolute. None of them is created here.
#[derive(Debug, Clone)]
pub struct Paths {
    /// Everything that has no directory of its own.
    pub data_dir: PathBuf,
    /// One directory for each tenant's worker, named for the tenant's id.
    pub sessions: PathBuf,
    /// Log files.
    pub logs: PathBuf,
}

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

    /// The directory of the sockets that workers listen on.
    #[must_use]
    pub fn link_sockets(&self) -> PathBuf {
        self.data_dir.join("links")
    }
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// What stops something from working.
    Error,
    /// What may soon.
    Warn,
    /// What changes.
    Info,
    /// What helps to find a fault.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    /// The words that are taken, quietest first.
    pub(crate) const WORDS: &[&str] = &["error", "warn", "info", "debug", "trace"];

    /// The level as a word, like `info`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Error, Self::Warn, Self::Info, Self::Debug, Self::Trace]
            .into_iter()
            .find(|level| level.as_str() == word)
    }
}

/// Logging.
#[derive(Debug, Clone)]
pub struct Logs {
    /// How much is logged.
    pub level: LogLevel,
    /// Size at which a log file is rotated, in bytes.
    pub file_max_bytes: u64,
    /// How many rotated files of each log are kept.
    pub files_kept: u32,
}

/// How fast bots act.
#[derive(Debug, Clone)]
pub struct Bots {
    /// Messages of one contact that are answered in a minute.
    pub contact_per_minute: u32,
    /// Replies of one tenant in a minute; more are delayed.
    pub tenant_per_minute: u32,
    /// Messages that wait in one chat's queue before a "please wait".
    pub chat_queue: u32,
    /// How long a contact must have been quiet before it is answered, in milliseconds.
    pub quiet_ms: u32,
}

/// Worker processes.
#[derive(Debug, Clone)]
pub struct Workers {
    /// The executable that is started with the subcommand `worker`; the running one where it is not set.
    pub executable: Option<PathBuf>,
    /// Time between two heartbeats.
    pub heartbeat_interval: Duration,
    /// Silence after which a running worker is stale.
    pub stale_threshold: Duration,
    /// Time between two looks for stale workers.
    pub stale_check_interval: Duration,
    /// Time a worker has to end in good order before SIGTERM, and then again before SIGKILL.
    pub stop_grace: Duration,
}

/// The WhatsApp server.
#[derive(Debug, Clone)]
pub struct WhatsApp {
    /// Another server than WhatsApp's own, as a WebSocket URL.
    pub url: Option<String>,
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
        }
    }

    /// URL under which the admin listener is reached from this machine or, where it is set, from outside.
    #[must_use]
    pub fn admin_url(&self, port: u16) -> String {
        let here = || format!("http://{}", std::net::SocketAddr::new(self.server.bind, port));
        self.server.admin_url.clone().unwrap_or_else(here)
    }

    pub(crate) fn from_values(
        values: &Values,
        standard_data_dir: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let paths = paths(values, standard_data_dir)?;
        let settings = Self {
            server: server(values)?,
            admin: admin(values)?,
            alerts: alerts(values)?,
            brand: Brand {
                name: values.text(name::BRAND_NAME)?,
                logo: values.path(name::BRAND_LOGO)?,
                source_url: values.text(name::SOURCE_URL)?,
            },
            portal: portal(values)?,
            database: database(values, &paths)?,
            logs: logs(values)?,
            bots: bots(values)?,
            workers: workers(values)?,
            whatsapp: WhatsApp { url: values.text(name::WHATSAPP_URL)? },
            paths,
        };
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
        if self.server.port != 0 && self.portal.port == Some(self.server.port) {
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

fn without_slash(url: Option<String>) -> Option<String> {
    url.map(|url| url.trim_end_matches('/').to_owned())
}

fn server(values: &Values) -> Result<Server, ConfigError> {
    Ok(Server {
        bind: values.required(name::BIND, |text| text.parse().ok())?,
        port: values.integer(name::PORT)?,
        admin_url: without_slash(values.text(name::ADMIN_URL)?),
        trusted_proxies: values
            .optional(name::TRUSTED_PROXIES, |text| Network::parse_list(text).ok())?
            .unwrap_or_default(),
        allowed_hosts: values.optional(name::ALLOWED_HOSTS, hosts)?.unwrap_or_default(),
    })
}

fn admin(values: &Values) -> Result<Admin, ConfigError> {
    Ok(Admin {
        password: values.secret(name::ADMIN_PASSWORD)?,
        password_in_query: values.required(name::ADMIN_PASSWORD_IN_QUERY, |text| Some(text == "on"))?,
        session_idle: Duration::from_secs(values.integer::<u64>(name::SESSION_IDLE_MINUTES)? * 60),
    })
}

fn alerts(values: &Values) -> Result<Alerts, ConfigError> {
    Ok(Alerts {
        smtp_url: values.secret(name::SMTP_URL)?,
        email_from: values.text(name::ALERT_EMAIL_FROM)?,
        email_to: values.text(name::ALERT_EMAIL_TO)?,
        webhook_url: values.text(name::ALERT_WEBHOOK_URL)?,
        webhook_secret: values.secret(name::ALERT_WEBHOOK_SECRET)?,
        disk_low_bytes: values.integer::<u64>(name::DISK_LOW_MB)? * 1_000_000,
    })
}

fn portal(values: &Values) -> Result<Portal, ConfigError> {
    Ok(Portal {
        port: values.optional(name::PORTAL_PORT, |text| text.parse().ok())?,
        url: without_slash(values.text(name::PORTAL_URL)?),
        internal_key: values.secret(name::PORTAL_INTERNAL_KEY)?,
    })
}

fn database(values: &Values, paths: &Paths) -> Result<Database, ConfigError> {
    let read = |text: &str| match DatabaseUrl::parse(text)? {
        DatabaseUrl::Sqlite(file) => std::path::absolute(file).ok().map(DatabaseUrl::Sqlite),
        postgres @ DatabaseUrl::Postgres(_) => Some(postgres),
    };
    let standard = || DatabaseUrl::Sqlite(paths.data_dir.join("flowhq.db"));
    Ok(Database {
        url: values.optional(name::DATABASE_URL, read)?.unwrap_or_else(standard),
        migrate_url: values.optional(name::DATABASE_MIGRATE_URL, read)?,
    })
}

fn paths(values: &Values, standard: Option<&Path>) -> Result<Paths, ConfigError> {
    let data_dir = values.path(name::DATA_DIR)?.or_else(|| standard.map(Path::to_owned));
    let data_dir = data_dir.ok_or(ConfigError::NoDataDir)?;
    Ok(Paths {
        sessions: values.path(name::SESSIONS_PATH)?.unwrap_or_else(|| data_dir.join("sessions")),
        logs: values.path(name::LOGS_PATH)?.unwrap_or_else(|| data_dir.join("logs")),
        data_dir,
    })
}

fn logs(values: &Values) -> Result<Logs, ConfigError> {
    Ok(Logs {
        level: values.required(name::LOG_LEVEL, LogLevel::parse)?,
        file_max_bytes: values.integer::<u64>(name::LOG_FILE_MAX_MB)? * 1_000_000,
        files_kept: values.integer(name::LOG_FILES_KEPT)?,
    })
}

fn bots(values: &Values) -> Result<Bots, ConfigError> {
    Ok(Bots {
        contact_per_minute: values.integer(name::RATE_LIMIT_MAX_PER_MINUTE)?,
        tenant_per_minute: values.integer(name::TENANT_PACE_PER_MINUTE)?,
        chat_queue: values.integer(name::CHAT_QUEUE_MAX)?,
        quiet_ms: values.integer(name::REPLY_QUIET_MS)?,
    })
}

fn workers(values: &Values) -> Result<Workers, ConfigError> {
    Ok(Workers {
        executable: values.path(name::WORKER_EXECUTABLE)?,
        heartbeat_interval: Duration::from_millis(values.integer(name::HEARTBEAT_INTERVAL_MS)?),
        stale_threshold: Duration::from_secs(values.integer::<u64>(name::STALE_THRESHOLD_MINUTES)? * 60),
        stale_check_interval: Duration::from_millis(values.integer(name::STALE_CHECK_INTERVAL_MS)?),
        stop_grace: Duration::from_millis(values.integer(name::WORKER_STOP_GRACE_MS)?),
    })
}
