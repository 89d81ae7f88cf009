//! The table of all settings. A new setting is one entry here and one line where its section is read.

use crate::{
    Fallback, Fallback::Derived, Fallback::Nothing, Fallback::Value, Setting, Takes, sections::LogLevel,
};

const fn setting(
    name: &'static str,
    key: &'static str,
    takes: Takes,
    default: Fallback,
    unit: &'static str,
    meaning: &'static str,
) -> Setting {
    Setting { name, key, takes, default, secret: false, unit, meaning }
}

const fn secret(
    name: &'static str,
    key: &'static str,
    takes: Takes,
    default: Fallback,
    meaning: &'static str,
) -> Setting {
    Setting { name, key, takes, default, secret: true, unit: "", meaning }
}

/// Each setting by its name.
pub mod name {
    use super::*;

    // Listeners and addresses.
    /// `PORT`
    pub const PORT: &Setting = &setting(
        "PORT",
        "server.port",
        Takes::Integer(0..=65535),
        Value("3000"),
        "",
        "Port of the admin listener (API and dashboard). 0 lets the system choose.",
    );
    /// `BIND`
    pub const BIND: &Setting = &setting(
        "BIND",
        "server.bind",
        Takes::Address,
        Value("127.0.0.1"),
        "",
        "Address that the listeners listen on. Anything but loopback belongs behind a proxy that speaks HTTPS.",
    );
    /// `ADMIN_URL`
    pub const ADMIN_URL: &Setting = &setting(
        "ADMIN_URL",
        "server.admin_url",
        Takes::Url(&["http", "https"]),
        Derived("`http://BIND:PORT`"),
        "",
        "Address under which browsers reach the admin listener.",
    );
    /// `TRUSTED_PROXIES`
    pub const TRUSTED_PROXIES: &Setting = &setting(
        "TRUSTED_PROXIES",
        "server.trusted_proxies",
        Takes::Networks,
        Nothing("no proxy is trusted"),
        "",
        "Proxies whose word on the client's address is believed (X-Forwarded-For).",
    );

    /// `ALLOWED_HOSTS`
    pub const ALLOWED_HOSTS: &Setting = &setting(
        "ALLOWED_HOSTS",
        "server.allowed_hosts",
        Takes::Hosts,
        Nothing("the names in ADMIN_URL and PORTAL_URL, loopback, and the address listened on"),
        "",
        "Further names under which the listeners may be asked for. Requests under any other name are refused, so that no \
         page elsewhere can point its own name here.",
    );

    // The operator's way in.
    /// `ADMIN_PASSWORD`
    pub const ADMIN_PASSWORD: &Setting = &secret(
        "ADMIN_PASSWORD",
        "admin.password",
        Takes::Text(8),
        Derived("generated on the first start, printed once, kept as an argon2id hash"),
        "Password of the operator.",
    );
    /// `ADMIN_PASSWORD_IN_QUERY`
    pub const ADMIN_PASSWORD_IN_QUERY: &Setting = &setting(
        "ADMIN_PASSWORD_IN_QUERY",
        "admin.password_in_query",
        Takes::Choice(&["off", "on"]),
        Value("off"),
        "",
        "Takes the admin password as `?password=` too, for old clients. Addresses end up in logs and histories: leave it off.",
    );
    /// `SESSION_IDLE_MINUTES`
    pub const SESSION_IDLE_MINUTES: &Setting = &setting(
        "SESSION_IDLE_MINUTES",
        "admin.session_idle_minutes",
        Takes::Integer(5..=10080),
        Value("480"),
        "minutes",
        "Time without a request after which an operator's browser is signed out.",
    );
    /// `BRAND_NAME`
    pub const BRAND_NAME: &Setting = &setting(
        "BRAND_NAME",
        "brand.name",
        Takes::Text(1),
        Nothing("Flow HQ"),
        "",
        "Name of your agency on all pages.",
    );
    /// `BRAND_LOGO`
    pub const BRAND_LOGO: &Setting = &setting(
        "BRAND_LOGO",
        "brand.logo",
        Takes::Path,
        Nothing("our own mark"),
        "",
        "Picture of your agency on all pages: an SVG, PNG, WebP or JPEG file of at most 200 kB.",
    );

    /// `SOURCE_URL`
    pub const SOURCE_URL: &Setting = &setting(
        "SOURCE_URL",
        "brand.source_url",
        Takes::Url(&["http", "https"]),
        Nothing("the page /source, which says the version and the licence"),
        "",
        "Where the source code of the version that you run can be got, for the foot of all pages. The licence asks for it if you changed something.",
    );

    // Alerts.
    /// `SMTP_URL`
    pub const SMTP_URL: &Setting = &secret(
        "SMTP_URL",
        "alerts.smtp_url",
        Takes::Text(8),
        Nothing("no alerts by email"),
        "Mail server for alerts: smtps://USER:PASSWORD@HOST, smtp://USER:PASSWORD@HOST:587?tls=required, or smtp://HOST for one that asks for nothing.",
    );
    /// `ALERT_EMAIL_FROM`
    pub const ALERT_EMAIL_FROM: &Setting = &setting(
        "ALERT_EMAIL_FROM",
        "alerts.email_from",
        Takes::Text(3),
        Nothing("no alerts by email"),
        "",
        "Address that alerts come from, like Flow HQ <alerts@example.com>.",
    );
    /// `ALERT_EMAIL_TO`
    pub const ALERT_EMAIL_TO: &Setting = &setting(
        "ALERT_EMAIL_TO",
        "alerts.email_to",
        Takes::Text(3),
        Nothing("no alerts by email"),
        "",
        "Address that alerts go to; several with commas between them.",
    );
    /// `ALERT_WEBHOOK_URL`
    pub const ALERT_WEBHOOK_URL: &Setting = &setting(
        "ALERT_WEBHOOK_URL",
        "alerts.webhook_url",
        Takes::Url(&["http", "https"]),
        Nothing("no alerts by webhook"),
        "",
        "Address that each alert is sent to as JSON, signed after Standard Webhooks.",
    );
    /// `ALERT_WEBHOOK_SECRET`
    pub const ALERT_WEBHOOK_SECRET: &Setting = &secret(
        "ALERT_WEBHOOK_SECRET",
        "alerts.webhook_secret",
        Takes::Text(24),
        Nothing("no alerts by webhook"),
        "Key that alerts are signed with, such as what `openssl rand -base64 32` prints.",
    );
    /// `DISK_LOW_MB`
    pub const DISK_LOW_MB: &Setting = &setting(
        "DISK_LOW_MB",
        "alerts.disk_low_mb",
        Takes::Integer(0..=100_000_000),
        Value("1000"),
        "MB",
        "Free space in DATA_DIR below which an alert is sent.",
    );

    // The owners' portal.
    /// `PORTAL_PORT`
    pub const PORTAL_PORT: &Setting = &setting(
        "PORTAL_PORT",
        "portal.port",
        Takes::Integer(0..=65535),
        Nothing("no portal"),
        "",
        "Port of the owners' portal.",
    );
    /// `PORTAL_URL`
    pub const PORTAL_URL: &Setting = &setting(
        "PORTAL_URL",
        "portal.url",
        Takes::Url(&["http", "https"]),
        Derived("`http://BIND:PORTAL_PORT`"),
        "",
        "Address under which owners reach the portal.",
    );
    /// `PORTAL_INTERNAL_KEY`
    pub const PORTAL_INTERNAL_KEY: &Setting = &secret(
        "PORTAL_INTERNAL_KEY",
        "portal.internal_key",
        Takes::Text(32),
        Nothing("the portal API answers nobody"),
        "Key with which the portal speaks to the control plane (header x-portal-key).",
    );

    // The database.
    /// `DATABASE_URL`
    pub const DATABASE_URL: &Setting = &secret(
        "DATABASE_URL",
        "database.url",
        Takes::Database,
        Derived("`flowhq.db` in DATA_DIR"),
        "The database of the control plane.",
    );
    /// `DATABASE_MIGRATE_URL`
    pub const DATABASE_MIGRATE_URL: &Setting = &secret(
        "DATABASE_MIGRATE_URL",
        "database.migrate_url",
        Takes::Database,
        Derived("not set: `flowhq serve` migrates no PostgreSQL"),
        "The same PostgreSQL database with the role that owns its tables.",
    );

    // Directories.
    /// `DATA_DIR`
    pub const DATA_DIR: &Setting = &setting(
        "DATA_DIR",
        "paths.data_dir",
        Takes::Path,
        Derived(
            "`$STATE_DIRECTORY` under systemd, else `$XDG_DATA_HOME/flowhq`, else `~/.local/share/flowhq`",
        ),
        "",
        "Directory of everything that has no other place.",
    );
    /// `SESSIONS_PATH`
    pub const SESSIONS_PATH: &Setting = &setting(
        "SESSIONS_PATH",
        "paths.sessions",
        Takes::Path,
        Derived("`sessions` in DATA_DIR"),
        "",
        "Directory with one directory for each tenant: WhatsApp keys and the journal.",
    );
    /// `LOGS_PATH`
    pub const LOGS_PATH: &Setting = &setting(
        "LOGS_PATH",
        "paths.logs",
        Takes::Path,
        Derived("`logs` in DATA_DIR"),
        "",
        "Directory of the log files, one for each tenant and one for the control plane.",
    );

    // Logging.
    /// `LOG_LEVEL`
    pub const LOG_LEVEL: &Setting = &setting(
        "LOG_LEVEL",
        "logs.level",
        Takes::Choice(LogLevel::WORDS),
        Value("info"),
        "",
        "How much is logged. Numbers are masked and message texts absent at info and above.",
    );
    /// `LOG_FILE_MAX_MB`
    pub const LOG_FILE_MAX_MB: &Setting = &setting(
        "LOG_FILE_MAX_MB",
        "logs.file_max_mb",
        Takes::Integer(1..=10_000),
        Value("10"),
        "MB",
        "Size at which a log file is rotated.",
    );
    /// `LOG_FILES_KEPT`
    pub const LOG_FILES_KEPT: &Setting = &setting(
        "LOG_FILES_KEPT",
        "logs.files_kept",
        Takes::Integer(1..=100),
        Value("5"),
        "files",
        "Rotated files that are kept of each log.",
    );

    // How fast bots act.
    /// `RATE_LIMIT_MAX_PER_MINUTE`
    pub const RATE_LIMIT_MAX_PER_MINUTE: &Setting = &setting(
        "RATE_LIMIT_MAX_PER_MINUTE",
        "bots.rate_limit_max_per_minute",
        Takes::Integer(1..=10_000),
        Value("10"),
        "messages a minute",
        "Messages of one contact that are answered, where a tenant has no limit of its own; the next one gets a warning, those after it silence.",
    );
    /// `TENANT_PACE_PER_MINUTE`
    pub const TENANT_PACE_PER_MINUTE: &Setting = &setting(
        "TENANT_PACE_PER_MINUTE",
        "bots.tenant_pace_per_minute",
        Takes::Integer(1..=1_000_000),
        Value("60"),
        "replies a minute",
        "Replies that one tenant's bot sends; more are delayed and none is dropped.",
    );
    /// `CHAT_QUEUE_MAX`
    pub const CHAT_QUEUE_MAX: &Setting = &setting(
        "CHAT_QUEUE_MAX",
        "bots.chat_queue_max",
        Takes::Integer(1..=1_000),
        Value("20"),
        "messages",
        "Messages that may wait in one chat before the bot asks for patience, once.",
    );
    /// `REPLY_QUIET_MS`
    pub const REPLY_QUIET_MS: &Setting = &setting(
        "REPLY_QUIET_MS",
        "bots.reply_quiet_ms",
        Takes::Integer(0..=60_000),
        Value("2000"),
        "ms",
        "How long a contact must have been quiet before it is answered, since people write one thing in several messages; a quarter of it after a sentence with its end or a number.",
    );

    // Worker processes.
    /// `HEARTBEAT_INTERVAL_MS`
    pub const HEARTBEAT_INTERVAL_MS: &Setting = &setting(
        "HEARTBEAT_INTERVAL_MS",
        "workers.heartbeat_interval_ms",
        Takes::Integer(100..=3_600_000),
        Value("30000"),
        "ms",
        "Time between two heartbeats of a worker.",
    );
    /// `STALE_THRESHOLD_MINUTES`
    pub const STALE_THRESHOLD_MINUTES: &Setting = &setting(
        "STALE_THRESHOLD_MINUTES",
        "workers.stale_threshold_minutes",
        Takes::Integer(1..=1_440),
        Value("2"),
        "minutes",
        "Silence after which a running worker counts as stale: its tenant goes to ERROR, and it is ended and started again.",
    );
    /// `STALE_CHECK_INTERVAL_MS`
    pub const STALE_CHECK_INTERVAL_MS: &Setting = &setting(
        "STALE_CHECK_INTERVAL_MS",
        "workers.stale_check_interval_ms",
        Takes::Integer(100..=3_600_000),
        Value("60000"),
        "ms",
        "Time between two looks for stale workers.",
    );
    /// `WORKER_STOP_GRACE_MS`
    pub const WORKER_STOP_GRACE_MS: &Setting = &setting(
        "WORKER_STOP_GRACE_MS",
        "workers.stop_grace_ms",
        Takes::Integer(100..=600_000),
        Value("10000"),
        "ms",
        "Time that a worker gets to end in good order before SIGTERM, and again before SIGKILL.",
    );
    /// `WORKER_EXECUTABLE`
    pub const WORKER_EXECUTABLE: &Setting = &setting(
        "WORKER_EXECUTABLE",
        "workers.executable",
        Takes::Path,
        Derived("the running `flowhq`"),
        "",
        "Executable that workers are started from.",
    );

    // The WhatsApp server.
    /// `WHATSAPP_URL`
    pub const WHATSAPP_URL: &Setting = &setting(
        "WHATSAPP_URL",
        "whatsapp.url",
        Takes::Url(&["ws", "wss"]),
        Derived("WhatsApp's own server"),
        "",
        "Another server to connect to, such as the virtual WhatsApp. A build with the feature `virtual` takes loopback \
         addresses only.",
    );
}

/// All settings, in the order of the README's table.
pub const ALL: &[&Setting] = &[
    name::PORT,
    name::BIND,
    name::ADMIN_URL,
    name::TRUSTED_PROXIES,
    name::ALLOWED_HOSTS,
    name::ADMIN_PASSWORD,
    name::ADMIN_PASSWORD_IN_QUERY,
    name::SESSION_IDLE_MINUTES,
    name::BRAND_NAME,
    name::BRAND_LOGO,
    name::SOURCE_URL,
    name::SMTP_URL,
    name::ALERT_EMAIL_FROM,
    name::ALERT_EMAIL_TO,
    name::ALERT_WEBHOOK_URL,
    name::ALERT_WEBHOOK_SECRET,
    name::DISK_LOW_MB,
    name::PORTAL_PORT,
    name::PORTAL_URL,
    name::PORTAL_INTERNAL_KEY,
    name::DATABASE_URL,
    name::DATABASE_MIGRATE_URL,
    name::DATA_DIR,
    name::SESSIONS_PATH,
    name::LOGS_PATH,
    name::LOG_LEVEL,
    name::LOG_FILE_MAX_MB,
    name::LOG_FILES_KEPT,
    name::RATE_LIMIT_MAX_PER_MINUTE,
    name::TENANT_PACE_PER_MINUTE,
    name::CHAT_QUEUE_MAX,
    name::REPLY_QUIET_MS,
    name::HEARTBEAT_INTERVAL_MS,
    name::STALE_THRESHOLD_MINUTES,
    name::STALE_CHECK_INTERVAL_MS,
    name::WORKER_STOP_GRACE_MS,
    name::WORKER_EXECUTABLE,
    name::WHATSAPP_URL,
];
