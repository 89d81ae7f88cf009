//! The control plane's own confinement: what it may still open once it runs. Before the runtime and any other thread, see
//! `confine`'s module `plane`.

use std::{
    os::unix::ffi::OsStringExt as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use config::{DatabaseUrl, ExposeSecret as _, Settings};
use confine::{Applied, Followed, PlanePlan};
use domain::{Confinement, WantedConfinement};
use supervisor::ThrottleGroups;
use tokio_util::sync::CancellationToken;

use super::{backups::Giver, directory};
use crate::error::CliError;

/// Where SQLite lays what does not fit into memory: its own places are closed.
const SQLITE_TEMPORARY: &str = "SQLITE_TMPDIR";
/// Options of a PostgreSQL address that name files, as sqlx reads them, with the variables that do.
const POSTGRES_FILES: [(&str, &str); 3] =
    [("sslrootcert", "PGSSLROOTCERT"), ("sslcert", "PGSSLCERT"), ("sslkey", "PGSSLKEY")];
/// Who we are, for an address of PostgreSQL without a user.
const PASSWD: &str = "/etc/passwd";
/// Set by systemd for a service: what ends is started again there (systemd.exec(5)).
const STARTED_AGAIN: &str = "INVOCATION_ID";
/// How often it is looked whether a file was replaced.
const LOOK: Duration = Duration::from_secs(30);

/// What holds of this process, and what was opened before.
#[derive(Debug)]
pub(crate) struct Confined {
    pub(super) applied: Applied,
    pub(super) giver: Option<Giver>,
    pub(super) followed: Followed,
    /// Where workers are throttled, or why they cannot be.
    pub(super) throttle: Result<Arc<ThrottleGroups>, String>,
}

impl Confined {
    /// A control plane within another process, such as a demo's.
    #[cfg_attr(not(feature = "virtual"), allow(dead_code, reason = "for demos"))]
    pub(crate) fn not() -> Self {
        let applied = Applied { level: Confinement::Off, missing: Vec::new() };
        let throttle = Err("this control plane is a part of another program".to_owned());
        Self { applied, giver: None, followed: Followed::default(), throttle }
    }
}

/// Closes the control plane from what it will not need; see [`super::close_to_others`], which comes first. The directories are made, see
/// [`super::make_directories`].
///
/// # Errors
/// Where CONFINEMENT asks for more than the system offers.
pub(crate) fn close(settings: &Settings) -> Result<Confined, CliError> {
    // A command of the operator's reaches where it wants to: it is started before, and waits for what it is given.
    let backups = &settings.backups;
    let giver = match (&backups.command, backups.every.is_zero()) {
        (Some(command), false) => Giver::start(command, &backups.folder, backups.every)
            .inspect_err(|error| {
                tracing::error!(%error, "BACKUP_COMMAND cannot be started: backups stay in BACKUP_DIR");
            })
            .ok(),
        _ => None,
    };
    let paths = &settings.paths;
    let mut own = vec![paths.data_dir.clone(), paths.sessions.clone(), paths.logs.clone()];
    own.push(paths.link_sockets());
    // A run of the crash driver goes on reading its clock there.
    own.extend(crash::directory());
    if let DatabaseUrl::Sqlite(file) = &settings.database.url {
        own.extend(file.parent().map(Path::to_owned));
    }
    directory::make(&paths.link_sockets()).map_err(CliError::file(&paths.link_sockets()))?;
    // A disk for backups that is away keeps no bot from answering; once it is back, the control plane is restarted.
    if directory::make(&settings.backups.folder).is_ok() {
        own.push(settings.backups.folder.clone());
    }
    let executable = supervisor::executable(settings.workers.executable.clone())?;
    let ports = vec![settings.server.port, settings.portal.port];
    let mut read: Vec<_> = settings.brand.logo.iter().chain(&settings.paths.packs).cloned().collect();
    read.extend(of_the_database(settings));
    read.extend(supervisor::memory_events());
    if !confine::set_environment(SQLITE_TEMPORARY, &settings.paths.data_dir) {
        tracing::warn!("SQLite keeps places for temporary files that it may not write to");
    }
    let throttle = throttle();
    let (applied, followed) = confine(PlanePlan {
        wanted: settings.workers.confinement,
        own,
        read,
        // An upgrade puts another file under the same name: a rule of its directory goes on to hold.
        run: executable.parent().map(Path::to_owned).into_iter().collect(),
        ports,
    })?;
    Ok(Confined { applied, giver, followed, throttle })
}

/// Makes the places where workers are throttled, which cannot be made later.
fn throttle() -> Result<Arc<ThrottleGroups>, String> {
    ThrottleGroups::prepare().map(Arc::new).map_err(|why| {
        tracing::info!(%why, "a bot that takes the processors from the others cannot be held back");
        why.to_string()
    })
}

/// The same of a host, which starts workers and has no database.
pub(crate) fn close_host(settings: &Settings) -> Result<Confined, CliError> {
    let paths = &settings.paths;
    directory::make(&paths.link_sockets()).map_err(CliError::file(&paths.link_sockets()))?;
    let mut own = vec![paths.data_dir.clone(), paths.sessions.clone(), paths.logs.clone()];
    own.push(paths.link_sockets());
    own.extend(crash::directory());
    let executable = supervisor::executable(settings.workers.executable.clone())?;
    let throttle = throttle();
    let (applied, followed) = confine(PlanePlan {
        wanted: settings.workers.confinement,
        own,
        read: supervisor::memory_events().into_iter().collect(),
        run: executable.parent().map(Path::to_owned).into_iter().collect(),
        ports: vec![settings.machines.listen.port()],
    })?;
    Ok(Confined { applied, giver: None, followed, throttle })
}

/// The same of a portal that runs alone: it has a key, a log and no database, and starts nothing.
pub(crate) fn close_portal(settings: &Settings) -> Result<Followed, CliError> {
    let paths = &settings.paths;
    let plan = PlanePlan {
        wanted: settings.workers.confinement,
        own: vec![paths.data_dir.clone(), paths.logs.clone()],
        read: settings.brand.logo.iter().cloned().collect(),
        run: Vec::new(),
        ports: vec![settings.portal.port],
    };
    confine(plan).map(|(_, followed)| followed)
}

fn confine(plan: PlanePlan) -> Result<(Applied, Followed), CliError> {
    let wanted = plan.wanted;
    let (applied, followed) = plan.apply().map_err(|error| CliError::Failed(error.to_string()))?;
    if applied.level != Confinement::Full && wanted != WantedConfinement::Off {
        let missing: Vec<_> = applied.missing.iter().map(ToString::to_string).collect();
        tracing::warn!(missing = missing.join(", "), "the control plane is not fully confined");
    }
    Ok((applied, followed))
}

/// Files that the way to PostgreSQL is made with. Certificates are renewed, so that their directories are meant.
fn of_the_database(settings: &Settings) -> Vec<PathBuf> {
    let DatabaseUrl::Postgres(url) = &settings.database.url else { return Vec::new() };
    let variable = |name: &str| {
        let mut environment = config::process_environment();
        environment.find(|(known, _)| known == name).map(|(_, value)| PathBuf::from(value))
    };
    let migrate = settings.database.migrate_url.as_ref().and_then(|url| match url {
        DatabaseUrl::Postgres(url) => Some(url),
        DatabaseUrl::Sqlite(_) => None,
    });
    let mut named = Vec::new();
    for (option, by_environment) in POSTGRES_FILES {
        named.extend(variable(by_environment));
        for url in [Some(url), migrate].into_iter().flatten() {
            named.extend(option_of(url.expose_secret(), option));
        }
    }
    let mut read: Vec<_> = named
        .iter()
        .filter_map(|file| std::path::absolute(file).ok()?.parent().map(Path::to_owned))
        .collect();
    read.push(PASSWD.into());
    read.extend(variable("PGPASSFILE").or_else(|| Some(variable("HOME")?.join(".pgpass"))));
    read
}

/// A file that an option of an address names.
fn option_of(url: &str, option: &str) -> Option<PathBuf> {
    let (_, options) = url.split_once('?')?;
    let value = options.split('&').find_map(|pair| pair.strip_prefix(option)?.strip_prefix('='))?;
    Some(std::ffi::OsString::from_vec(unescaped(value)).into())
}

/// What stands for itself, or behind a percent sign as two hexadecimal digits.
fn unescaped(text: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let [first, others @ ..] = rest {
        let escaped = others.get(..2).filter(|_| *first == b'%').and_then(|digits| {
            let mut byte = [0];
            hex::decode_to_slice(digits, &mut byte).ok().map(|()| byte[0])
        });
        bytes.push(escaped.unwrap_or(*first));
        rest = others.get(if escaped.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    bytes
}

/// Ends where a file that is followed was replaced by one that this process may not read, and it is started again once it has
/// ended. Where nobody starts it again, it says so and goes on.
pub(crate) async fn outlived(followed: Followed, stop: CancellationToken) -> PathBuf {
    let mut looks = tokio::time::interval(LOOK);
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let lost = loop {
        tokio::select! {
            () = stop.cancelled() => std::future::pending().await,
            _ = looks.tick() => {}
        }
        if let Some(lost) = followed.lost() {
            break lost.to_owned();
        }
    };
    if config::process_environment().any(|(name, _)| name == STARTED_AGAIN) {
        return lost;
    }
    tracing::error!(
        path = %lost.display(),
        "this file was replaced by one that the control plane may not read: restart flowhq serve, bots go on meanwhile"
    );
    std::future::pending().await
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::option_of;

    #[test]
    fn files_of_a_database_are_found_in_its_address() {
        let url = "postgres://u:p@db/flowhq?sslmode=verify-full&sslrootcert=/etc/flowhq/ca%20of%20ours.pem&sslkey=k%2";
        assert_eq!(option_of(url, "sslrootcert").as_deref(), Some(Path::new("/etc/flowhq/ca of ours.pem")));
        assert_eq!(option_of(url, "sslkey").as_deref(), Some(Path::new("k%2")));
        assert_eq!(option_of(url, "sslcert"), None);
        assert_eq!(option_of("postgres://db/flowhq", "sslkey"), None);
    }
}
