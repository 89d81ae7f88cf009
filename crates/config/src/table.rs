//! The table of all settings. A new setting is one entry here, and nothing anywhere else in this crate: the structs, the
//! names, what is read and what is shown are all made of it.
//!
//! An entry says, in this order: the field and its type; the environment variable; the key in the file; how it is read
//! and shown ([`Kind`]); what it takes; what holds without it; the value's unit; what it is for.

use std::{
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    path::PathBuf,
    time::Duration,
};

use domain::{Language, WantedConfinement};
use secrecy::SecretString;

use crate::{
    ConfigError, DatabaseUrl,
    Fallback::Derived,
    Fallback::Nothing,
    Fallback::Value,
    HostAt, Network, Setting, Takes,
    kinds::{
        Confined, Context, Days, Engine, File, Hosts, Hours, InDataDir, Kept, Kind, Level, Listed, LogFiles,
        Machines, Megabytes, Milliseconds, Minutes, Needed, Networks, OfTheMachine, OnOff, Optional, Plain,
        Secret, Sessions, Standard, Text, Tongue, Url, UserIds,
    },
    level::LogLevel,
};

macro_rules! settings {
    ($(
        $(#[doc = $about:literal])+
        $section:ident: $struct:ident {
            $(
                $(#[doc = $doc:literal])+
                $field:ident: $type:ty = $name:ident, $key:literal, $kind:ty, $takes:expr, $default:expr, $unit:literal,
                    $meaning:literal;
            )+
        }
    )+) => {
        /// All settings, checked.
        #[derive(Debug, Clone)]
        pub struct Settings {
            $( $(#[doc = $about])+ pub $section: $struct, )+
        }

        $(
            $(#[doc = $about])+
            #[derive(Debug, Clone)]
            pub struct $struct {
                $( $(#[doc = $doc])+ pub $field: $type, )+
            }
        )+

        /// Each setting by its name.
        pub mod name {
            use super::*;

            $($(
                #[doc = concat!("`", stringify!($name), "`")]
                pub const $name: &Setting = &Setting {
                    name: stringify!($name),
                    key: $key,
                    takes: $takes,
                    default: $default,
                    secret: <$kind as Kind>::SECRET,
                    unit: $unit,
                    meaning: $meaning,
                };
            )+)+
        }

        /// All settings, in the order of the README's table.
        pub const ALL: &[&Setting] = &[$($( name::$name, )+)+];

        impl Settings {
            /// Reads each by itself; whether they go together is another matter.
            pub(crate) fn read(context: &Context<'_>) -> Result<Self, ConfigError> {
                Ok(Self {
                    $( $section: $struct { $( $field: <$kind as Kind>::read(context, name::$name)?, )+ }, )+
                })
            }

            /// All settings with their values as text, secrets masked; `None` where one is not set.
            #[must_use]
            pub fn in_force(&self) -> Vec<(&'static str, Option<String>)> {
                vec![$($( (stringify!($name), <$kind as Kind>::show(&self.$section.$field)), )+)+]
            }
        }
    };
}

settings! {
    /// Listeners and addresses.
    server: Server {
        /// Port of the admin listener; 0 lets the system choose.
        port: u16 = PORT, "server.port", Needed<Plain<u16>>,
            Takes::Integer(0..=65535), Value("3000"), "",
            "Port of the admin listener (API and dashboard). 0 lets the system choose.";
        /// Address of both listeners.
        bind: IpAddr = BIND, "server.bind", Needed<Plain<IpAddr>>,
            Takes::Address, Value("127.0.0.1"), "",
            "Address that the listeners listen on. Anything but loopback belongs behind a proxy that speaks HTTPS.";
        /// URL under which browsers reach the admin listener, without a trailing slash.
        admin_url: Option<String> = ADMIN_URL, "server.admin_url", Optional<Url>,
            Takes::Url(&["http", "https"]), Derived("`http://BIND:PORT`"), "",
            "Address under which browsers reach the admin listener.";
        /// Proxies whose `X-Forwarded-For` is believed.
        trusted_proxies: Vec<Network> = TRUSTED_PROXIES, "server.trusted_proxies", Listed<Networks>,
            Takes::Networks, Nothing("no proxy is trusted"), "",
            "Proxies whose word on the client's address is believed (X-Forwarded-For).";
        /// Further names under which both listeners may be asked for, in lower case.
        allowed_hosts: Vec<String> = ALLOWED_HOSTS, "server.allowed_hosts", Listed<Hosts>,
            Takes::Hosts, Nothing("the names in ADMIN_URL and PORTAL_URL, loopback, and the address listened on"), "",
            "Further names under which the listeners may be asked for. Requests under any other name are refused, so that no \
             page elsewhere can point its own name here.";
    }

    /// The operator's way in.
    admin: Admin {
        /// Password of the first account; generated where none is set.
        password: Option<SecretString> = ADMIN_PASSWORD, "admin.password", Optional<Secret>,
            Takes::Text(8), Derived("generated on the first start, printed once, kept as an argon2id hash"), "",
            "Password of the operator.";
        /// Whether it is taken from the query of an address too.
        password_in_query: bool = ADMIN_PASSWORD_IN_QUERY, "admin.password_in_query", Needed<OnOff>,
            Takes::Choice(&["off", "on"]), Value("off"), "",
            "Takes the admin password as `?password=` too, for old clients. Addresses end up in logs and histories: leave it off.";
        /// Time without a request after which a browser is signed out.
        session_idle: Duration = SESSION_IDLE_MINUTES, "admin.session_idle_minutes", Needed<Minutes>,
            Takes::Integer(5..=10080), Value("480"), "minutes",
            "Time without a request after which an operator's browser is signed out.";
    }

    /// The agency whose dashboard it is.
    brand: Brand {
        /// Its name.
        name: Option<String> = BRAND_NAME, "brand.name", Optional<Text>,
            Takes::Text(1), Nothing("Flow HQ"), "",
            "Name of your agency on all pages.";
        /// The file with its picture.
        logo: Option<PathBuf> = BRAND_LOGO, "brand.logo", Optional<File>,
            Takes::Path, Nothing("our own mark"), "",
            "Picture of your agency on all pages: an SVG, PNG, WebP or JPEG file of at most 200 kB.";
        /// Where the source code of this version can be got.
        source_url: Option<String> = SOURCE_URL, "brand.source_url", Optional<Text>,
            Takes::Url(&["http", "https"]), Nothing("the page /source, which says the version and the licence"), "",
            "Where the source code of the version that you run can be got, for the foot of all pages. The licence asks for it if you changed something.";
    }

    /// Where alerts go.
    alerts: Alerts {
        /// The mail server; holds a password.
        smtp_url: Option<SecretString> = SMTP_URL, "alerts.smtp_url", Optional<Secret>,
            Takes::Text(8), Nothing("no alerts by email"), "",
            "Mail server for alerts: smtps://USER:PASSWORD@HOST, smtp://USER:PASSWORD@HOST:587?tls=required, or smtp://HOST for one that asks for nothing.";
        /// Who writes.
        email_from: Option<String> = ALERT_EMAIL_FROM, "alerts.email_from", Optional<Text>,
            Takes::Text(3), Nothing("no alerts by email"), "",
            "Address that alerts come from, like Flow HQ <alerts@example.com>.";
        /// Who is written to, with commas between them.
        email_to: Option<String> = ALERT_EMAIL_TO, "alerts.email_to", Optional<Text>,
            Takes::Text(3), Nothing("no alerts by email"), "",
            "Address that alerts go to; several with commas between them.";
        /// The receiver of the webhook.
        webhook_url: Option<String> = ALERT_WEBHOOK_URL, "alerts.webhook_url", Optional<Text>,
            Takes::Url(&["http", "https"]), Nothing("no alerts by webhook"), "",
            "Address that each alert is sent to as JSON, signed after Standard Webhooks.";
        /// The key that signs.
        webhook_secret: Option<SecretString> = ALERT_WEBHOOK_SECRET, "alerts.webhook_secret", Optional<Secret>,
            Takes::Text(24), Nothing("no alerts by webhook"), "",
            "Key that alerts are signed with, such as what `openssl rand -base64 32` prints.";
        /// The topic on ntfy; whoever knows it reads it.
        ntfy_url: Option<SecretString> = ALERT_NTFY_URL, "alerts.ntfy_url", Optional<Secret>,
            Takes::Text(10), Nothing("no alerts by ntfy"), "",
            "Topic on an ntfy server that each alert is sent to, like https://ntfy.sh/TOPIC. Whoever knows it reads along: keep it like a password.";
        /// The token for a topic that is not open to whoever knows it.
        ntfy_token: Option<SecretString> = ALERT_NTFY_TOKEN, "alerts.ntfy_token", Optional<Secret>,
            Takes::Text(8), Nothing("the topic asks for none"), "",
            "Access token for that topic, where its server asks for one.";
        /// How long a linked bot may be away from WhatsApp.
        disconnected: Duration = ALERT_DISCONNECTED_MINUTES, "alerts.disconnected_minutes", Needed<Minutes>,
            Takes::Integer(1..=1440), Value("15"), "minutes",
            "Time without WhatsApp after which a linked bot is in ERROR and an alert is sent; it goes on trying.";
        /// In which language alerts are.
        language: Language = ALERT_LANGUAGE, "alerts.language", Needed<Tongue>,
            Takes::Choice(&["en", "sw"]), Value("en"), "",
            "Language of alerts: en for English, sw for Swahili.";
        /// Free bytes below which the disk runs low.
        disk_low_bytes: u64 = DISK_LOW_MB, "alerts.disk_low_mb", Needed<Megabytes>,
            Takes::Integer(0..=100_000_000), Value("1000"), "MB",
            "Free space in DATA_DIR, and on the volume of each host, below which an alert is sent.";
    }

    /// The owners' portal.
    portal: Portal {
        /// Port of its listener; 0 lets the system choose.
        port: u16 = PORTAL_PORT, "portal.port", Needed<Plain<u16>>,
            Takes::Integer(0..=65535), Value("3001"), "",
            "Port of the owners' portal. 0 lets the system choose.";
        /// URL under which owners reach it, without a trailing slash.
        url: Option<String> = PORTAL_URL, "portal.url", Optional<Url>,
            Takes::Url(&["http", "https"]), Derived("`http://BIND:PORTAL_PORT`"), "",
            "Address under which owners reach the portal.";
        /// The key with which the portal speaks to the control plane; two with a comma between them while one takes the
        /// place of the other.
        internal_key: Option<SecretString> = PORTAL_INTERNAL_KEY, "portal.internal_key", Optional<Secret>,
            Takes::Text(32), Nothing("the portal API answers the portal in this process alone"), "",
            "Key with which a portal that runs alone, or an old client, speaks to the control plane (header x-portal-key). Two \
             with a comma between them are both taken, for changing it.";
        /// The public keys of a portal that runs alone, in base64.
        public_key: Option<String> = PORTAL_PUBLIC_KEY, "portal.public_key", Optional<Text>,
            Takes::Text(43), Nothing("the portal in this process alone may say who asks"), "",
            "Key by which the control plane knows what a portal that runs alone has signed: Ed25519, 32 bytes in base64, as \
             `flowhq portal` prints it. Two with a comma between them are both taken, for changing it.";
        /// Whether the key and an address are enough to ask for somebody.
        plain: bool = PORTAL_PLAIN, "portal.plain", Needed<OnOff>,
            Takes::Choice(&["off", "on"]), Value("off"), "",
            "Takes the headers x-portal-key and x-user-email alone too, for old clients. Whoever has the key then acts as anybody: \
             leave it off.";
        /// Whether setup requests are approved as they come.
        auto_approve: bool = PORTAL_AUTO_APPROVE, "portal.auto_approve", Needed<OnOff>,
            Takes::Choice(&["off", "on"]), Value("off"), "",
            "Approves each setup request as it comes and starts its bot; otherwise an operator looks first.";
        /// Where a portal that runs alone reaches the control plane.
        control_plane_url: Option<String> = CONTROL_PLANE_URL, "portal.control_plane_url", Optional<Url>,
            Takes::Url(&["http", "https"]), Nothing("`flowhq portal` does not start; the portal in `flowhq serve` needs none"), "",
            "Address of the control plane, for a portal that runs alone (`flowhq portal`).";
    }

    /// Where owners may sign in with an account that they have elsewhere.
    providers: Providers {
        /// Google's name for us.
        google_client_id: Option<String> = GOOGLE_CLIENT_ID, "providers.google_client_id", Optional<Text>,
            Takes::Text(1), Nothing("nobody signs in with Google"), "",
            "Client ID of Google's console, for signing in to the portal with Google. The redirect address there is \
             PORTAL_URL/api/auth/callback/google.";
        /// The secret that goes with it.
        google_client_secret: Option<SecretString> = GOOGLE_CLIENT_SECRET, "providers.google_client_secret", Optional<Secret>,
            Takes::Text(1), Nothing("nobody signs in with Google"), "",
            "Client secret of Google's console.";
        /// Another provider.
        oidc_issuer: Option<String> = OIDC_ISSUER, "providers.oidc_issuer", Optional<Text>,
            Takes::Url(&["http", "https"]), Nothing("no other provider"), "",
            "Issuer of another OpenID provider, found by discovery. The redirect address there is \
             PORTAL_URL/api/auth/callback/oidc.";
        /// That provider's name for us.
        oidc_client_id: Option<String> = OIDC_CLIENT_ID, "providers.oidc_client_id", Optional<Text>,
            Takes::Text(1), Nothing("no other provider"), "",
            "Client ID at that provider.";
        /// The secret that goes with it.
        oidc_client_secret: Option<SecretString> = OIDC_CLIENT_SECRET, "providers.oidc_client_secret", Optional<Secret>,
            Takes::Text(1), Nothing("no other provider"), "",
            "Client secret at that provider.";
        /// What the button says.
        oidc_name: String = OIDC_NAME, "providers.oidc_name", Needed<Text>,
            Takes::Text(1), Value("OpenID"), "",
            "Name of that provider on the sign-in page.";
    }

    /// The database.
    database: Database {
        /// Where it is, for running.
        url: DatabaseUrl = DATABASE_URL, "database.url", Standard<Engine, InDataDir>,
            Takes::Database, Derived("`flowhq.db` in DATA_DIR"), "",
            "The database of the control plane.";
        /// Where it is, for migrations; the same as `url` where it is not set.
        migrate_url: Option<DatabaseUrl> = DATABASE_MIGRATE_URL, "database.migrate_url", Optional<Engine>,
            Takes::Database, Derived("not set: `flowhq serve` migrates no PostgreSQL"), "",
            "The same PostgreSQL database with the role that owns its tables.";
        /// What seals secrets in it; a file in the data directory where it is not set.
        master_key: Option<SecretString> = MASTER_KEY, "database.master_key", Optional<Secret>,
            Takes::Text(64), Derived("`master.key` in DATA_DIR, made on the first start"), "",
            "Key that seals the secrets in the database and tenants' files, 64 hexadecimal digits. Back it up, but never beside the database.";
        /// What writes that key, where neither a setting nor the file has it.
        master_key_command: Option<String> = MASTER_KEY_COMMAND, "database.master_key_command", Optional<Text>,
            Takes::Text(1), Nothing("MASTER_KEY, or `master.key` in DATA_DIR"), "",
            "Command of the shell that writes that key to its standard output, such as a client of a key management service; it has 30 s. \
             It is given no secret of Flow HQ's: let it find its own.";
    }

    /// Backups of the database and of all journals.
    backups: Backups {
        /// Where they are put.
        folder: PathBuf = BACKUP_DIR, "backups.dir", Standard<File, Kept>,
            Takes::Path, Derived("`backups` in DATA_DIR"), "",
            "Directory that backups are put into. One on the same disk is lost with it.";
        /// Time between two that are made by themselves; nothing: none is.
        every: Duration = BACKUP_EVERY_HOURS, "backups.every_hours", Needed<Hours>,
            Takes::Integer(0..=720), Value("0"), "hours",
            "Time between two backups that are made by themselves; 0 makes none.";
        /// Age at which they are removed.
        kept: Duration = BACKUP_KEEP_DAYS, "backups.keep_days", Needed<Days>,
            Takes::Integer(1..=3650), Value("30"), "days",
            "Age at which a backup in BACKUP_DIR is removed; the last one stays.";
        /// What seals them; a file in the data directory where it is not set.
        key: Option<SecretString> = BACKUP_KEY, "backups.key", Optional<Secret>,
            Takes::Text(64), Derived("`backup.key` in DATA_DIR, made on the first start"), "",
            "Key that seals backups, 64 hexadecimal digits. Keep a copy of it away from this machine: without it no backup can be read.";
        /// What each backup that is made by itself is given to.
        command: Option<String> = BACKUP_COMMAND, "backups.command", Optional<Text>,
            Takes::Text(1), Nothing("it stays in BACKUP_DIR alone"), "",
            "Command of the shell that each of these backups is given to on its standard input, such as one that stores it elsewhere; BACKUP_NAME is its name.";
    }

    /// Directories, all absolute. None of them is created here.
    paths: Paths {
        /// Everything that has no directory of its own.
        data_dir: PathBuf = DATA_DIR, "paths.data_dir", Standard<File, OfTheMachine>,
            Takes::Path, Derived("`$STATE_DIRECTORY` under systemd, else `$XDG_DATA_HOME/flowhq`, else `~/.local/share/flowhq`"), "",
            "Directory of everything that has no other place.";
        /// One directory for each tenant's worker, named for the tenant's id.
        sessions: PathBuf = SESSIONS_PATH, "paths.sessions", Standard<File, Sessions>,
            Takes::Path, Derived("`sessions` in DATA_DIR"), "",
            "Directory with one directory for each tenant: WhatsApp keys and the journal.";
        /// Log files.
        logs: PathBuf = LOGS_PATH, "paths.logs", Standard<File, LogFiles>,
            Takes::Path, Derived("`logs` in DATA_DIR"), "",
            "Directory of the log files, one for each tenant and one for the control plane.";
        /// Packs beside those that ship, a folder for each.
        packs: Option<PathBuf> = PACKS_DIR, "paths.packs", Optional<File>,
            Takes::Path, Nothing("the packs that ship"), "",
            "Directory with one folder for each reply pack beside those that ship, see docs/packs.md. Read at the start and on SIGHUP.";
    }

    /// Logging.
    logs: Logs {
        /// How much is logged.
        level: LogLevel = LOG_LEVEL, "logs.level", Needed<Level>,
            Takes::Choice(LogLevel::WORDS), Value("info"), "",
            "How much is logged. Numbers are masked and message texts absent at info and above.";
        /// Size at which a log file is rotated, in bytes.
        file_max_bytes: u64 = LOG_FILE_MAX_MB, "logs.file_max_mb", Needed<Megabytes>,
            Takes::Integer(1..=10_000), Value("10"), "MB",
            "Size at which a log file is rotated.";
        /// How many rotated files of each log are kept.
        files_kept: u32 = LOG_FILES_KEPT, "logs.files_kept", Needed<Plain<u32>>,
            Takes::Integer(1..=100), Value("5"), "files",
            "Rotated files that are kept of each log.";
    }

    /// How fast bots act.
    bots: Bots {
        /// Messages of one contact that are answered in a minute.
        contact_per_minute: u32 = RATE_LIMIT_MAX_PER_MINUTE, "bots.rate_limit_max_per_minute", Needed<Plain<u32>>,
            Takes::Integer(1..=10_000), Value("10"), "messages a minute",
            "Messages of one contact that are answered, where a tenant has no limit of its own; the next one gets a warning, those after it silence.";
        /// Replies of one tenant in a minute; more are delayed.
        tenant_per_minute: u32 = TENANT_PACE_PER_MINUTE, "bots.tenant_pace_per_minute", Needed<Plain<u32>>,
            Takes::Integer(1..=1_000_000), Value("60"), "replies a minute",
            "Replies that one tenant's bot sends; more are delayed and none is dropped.";
        /// Messages that wait in one chat's queue before a "please wait".
        chat_queue: u32 = CHAT_QUEUE_MAX, "bots.chat_queue_max", Needed<Plain<u32>>,
            Takes::Integer(1..=1_000), Value("20"), "messages",
            "Messages that may wait in one chat before the bot asks for patience, once.";
        /// How long a contact must have been quiet before it is answered, in milliseconds.
        quiet_ms: u32 = REPLY_QUIET_MS, "bots.reply_quiet_ms", Needed<Plain<u32>>,
            Takes::Integer(0..=60_000), Value("2000"), "ms",
            "How long a contact must have been quiet before it is answered, since people write one thing in several messages; a quarter of it after a sentence with its end or a number.";
    }

    /// Worker processes.
    workers: Workers {
        /// Time between two heartbeats.
        heartbeat_interval: Duration = HEARTBEAT_INTERVAL_MS, "workers.heartbeat_interval_ms", Needed<Milliseconds>,
            Takes::Integer(100..=3_600_000), Value("30000"), "ms",
            "Time between two heartbeats of a worker.";
        /// Silence after which a running worker is stale.
        stale_threshold: Duration = STALE_THRESHOLD_MINUTES, "workers.stale_threshold_minutes", Needed<Minutes>,
            Takes::Integer(1..=1_440), Value("2"), "minutes",
            "Silence after which a running worker counts as stale: its tenant goes to ERROR, and it is ended and started again.";
        /// Time between two looks for stale workers.
        stale_check_interval: Duration = STALE_CHECK_INTERVAL_MS, "workers.stale_check_interval_ms", Needed<Milliseconds>,
            Takes::Integer(100..=3_600_000), Value("60000"), "ms",
            "Time between two looks for stale workers.";
        /// Time a worker has to end in good order before SIGTERM, and then again before SIGKILL.
        stop_grace: Duration = WORKER_STOP_GRACE_MS, "workers.stop_grace_ms", Needed<Milliseconds>,
            Takes::Integer(100..=600_000), Value("10000"), "ms",
            "Time that a worker gets to end in good order before SIGTERM, and again before SIGKILL.";
        /// The executable that is started with the subcommand `worker`; the running one where it is not set.
        executable: Option<PathBuf> = WORKER_EXECUTABLE, "workers.executable", Optional<File>,
            Takes::Path, Derived("the running `flowhq`"), "",
            "Program that workers are started from. A control plane that is confined runs nothing outside its folder, so that a script does not \
             do: its interpreter lies elsewhere.";
        /// Whether they are forked from one process, where they are this executable.
        forked: bool = WORKERS_FORKED, "workers.forked", Needed<OnOff>,
            Takes::Choice(&["off", "on"]), Value("on"), "",
            "Whether workers are forked from one process that has everything loaded: they take far less memory, and share the layout of \
             it, see docs/sandbox.md. With off, or with WORKER_EXECUTABLE, each is started by itself.";
        /// How far workers must confine themselves.
        confinement: WantedConfinement = CONFINEMENT, "workers.confinement", Needed<Confined>,
            Takes::Choice(<WantedConfinement as strum::VariantNames>::VARIANTS), Value("full"), "",
            "How far workers confine themselves, see docs/sandbox.md: full refuses to start where the system lacks a part of it, \
             best-effort goes on without that part, off leaves workers as they are.";
        /// Users that tenants' workers run as, one for each tenant.
        users: Option<RangeInclusive<u32>> = WORKER_USERS, "workers.users", Needed<UserIds>,
            Takes::Users, Value("1900000000-1900065535"), "",
            "Users that workers run as, one for each tenant, where `flowhq serve` runs as root and they can reach their directories; \
             their group is the first of them. With off, all workers run as the user of `flowhq serve`.";
        /// Memory that a worker may write, in bytes.
        memory_max_bytes: u64 = WORKER_MEMORY_MAX_MB, "workers.memory_max_mb", Needed<Megabytes>,
            Takes::Integer(64..=100_000), Value("512"), "MB",
            "Memory that one worker may take; a worker uses 2 to 5.";
        /// Largest size of a worker's directory, in bytes.
        directory_max_bytes: u64 = WORKER_DIRECTORY_MAX_MB, "workers.directory_max_mb", Needed<Megabytes>,
            Takes::Integer(10..=1_000_000), Value("2000"), "MB",
            "Size to which a worker's directory may grow; one that is larger is ended, and its tenant waits for an operator.";
        /// Whether they end with the control plane.
        stop_with_serve: bool = STOP_WORKERS, "workers.stop_with_serve", Needed<OnOff>,
            Takes::Choice(&["off", "on"]), Value("off"), "",
            "Whether workers end when `flowhq serve` is told to end. Else they go on, and the next one takes them over.";
    }

    /// The WhatsApp server.
    whatsapp: WhatsApp {
        /// Another server than WhatsApp's own, as a WebSocket URL.
        url: Option<String> = WHATSAPP_URL, "whatsapp.url", Optional<Text>,
            Takes::Url(&["ws", "wss"]), Derived("WhatsApp's own server"), "",
            "Another server to connect to, such as the virtual WhatsApp. A build with the feature `virtual` takes loopback \
             addresses only.";
    }

    /// Workers on other machines.
    machines: Machined {
        /// The hosts that workers run on; without any they run on this machine.
        hosts: Vec<HostAt> = HOSTS, "machines.hosts", Listed<Machines>,
            Takes::Machines, Nothing("workers run on this machine"), "",
            "Hosts (`flowhq host`) that workers run on, each with the address at which it is reached.";
        /// The name of the host that `flowhq host` is.
        name: Option<String> = HOST_NAME, "machines.host_name", Optional<Text>,
            Takes::Text(1), Nothing("`flowhq host` does not start"), "",
            "Name of the host that `flowhq host` is, the same as in HOSTS: letters, digits and hyphens.";
        /// Where `flowhq host` listens.
        listen: SocketAddr = HOST_LISTEN, "machines.host_listen", Needed<Plain<SocketAddr>>,
            Takes::AddressAndPort, Value("127.0.0.1:7443"), "",
            "Address and port that `flowhq host` listens on. The control plane alone need reach it.";
        /// The key that a host and the control plane both know.
        key_file: Option<PathBuf> = HOST_KEY_FILE, "machines.host_key_file", Optional<File>,
            Takes::Path, Derived("`host.key` in DATA_DIR"), "",
            "File with the key of the host that `flowhq host` is, as `flowhq host --print-key NAME` prints it on the control plane's \
             machine.";
        /// How many tenants a host takes.
        capacity: u32 = HOST_CAPACITY, "machines.host_capacity", Needed<Plain<u32>>,
            Takes::Integer(1..=100_000), Value("1000"), "tenants",
            "Tenants that the host that `flowhq host` is has room for.";
    }
}
