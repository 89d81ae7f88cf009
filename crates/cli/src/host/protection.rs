//! How far workers are kept apart on this machine, and the control plane from all else: looked at before the first one
//! starts, and said.

use std::{fs::Permissions, os::unix::fs::PermissionsExt, path::Path, sync::Arc};

use api::Protection;
use config::Settings;
use confine::Applied;
use domain::{Confinement, WantedConfinement};
use supervisor::{ThrottleGroups, Users};

use crate::error::CliError;

/// What was found, and the users that workers are given.
pub(super) struct Found {
    pub(super) protection: Protection,
    pub(super) users: Option<Users>,
}

/// Looks at what the system offers.
///
/// Fails where more is wanted than there is: nothing less is ever taken by itself.
pub(super) fn look(
    settings: &Settings,
    executable: &Path,
    own: &Applied,
    throttle: &Result<Arc<ThrottleGroups>, String>,
) -> Result<Found, CliError> {
    let wanted = settings.workers.confinement;
    let missing = confine::missing();
    if wanted == WantedConfinement::Full && !missing.is_empty() {
        return Err(CliError::Failed(confine::ConfineError::Missing(missing).to_string()));
    }
    let missing: Vec<_> = missing.iter().map(ToString::to_string).collect();
    match wanted {
        WantedConfinement::Full => {}
        WantedConfinement::BestEffort if missing.is_empty() => {}
        WantedConfinement::BestEffort => {
            tracing::warn!(
                missing = missing.join(", "),
                "CONFINEMENT is best-effort: workers go on without a part of it"
            );
        }
        WantedConfinement::Off => {
            tracing::warn!("CONFINEMENT is off: a worker that is taken over can do whatever this user can");
        }
    }
    let (users, no_users) = users(settings, executable);
    let protection = Protection {
        wanted: wanted.to_string(),
        missing,
        users: users.as_ref().map(Users::told),
        no_users,
        throttle: throttle.is_ok().then(ThrottleGroups::told),
        no_throttle: throttle.as_ref().err().cloned(),
        control_plane: Some(level(own.level).to_owned()),
        ..Protection::default()
    };
    Ok(Found { protection, users })
}

/// In the words of the setting.
const fn level(level: Confinement) -> &'static str {
    match level {
        Confinement::Full => "full",
        Confinement::Partial => "partial",
        Confinement::Off => "off",
    }
}

/// Users for tenants, or why there are none.
fn users(settings: &Settings, executable: &Path) -> (Option<Users>, Option<String>) {
    let Some(range) = settings.workers.users.clone() else {
        return (None, Some("WORKER_USERS is off".to_owned()));
    };
    if crash::is_armed() {
        return (None, Some("a run of the crash driver has one user".to_owned()));
    }
    let paths = &settings.paths;
    match Users::prepare(range, &paths.data_dir, &paths.sessions, executable) {
        Ok(users) => {
            close_files(&paths.data_dir);
            (Some(users), None)
        }
        Err(error) => {
            if rustix::process::geteuid().is_root() {
                tracing::warn!(%error, "all workers run as one user: WORKER_USERS has no effect");
            }
            (None, Some(error.to_string()))
        }
    }
}

/// The data directory can be entered by workers then: its files are ours alone, whatever they were made with. Directories in
/// it keep the modes that they have.
fn close_files(data_dir: &Path) {
    for entry in std::fs::read_dir(data_dir).into_iter().flatten().flatten() {
        let Ok(metadata) = entry.metadata() else { continue };
        let mode = metadata.permissions().mode();
        if !metadata.is_file() || mode & 0o077 == 0 {
            continue;
        }
        if let Err(error) = std::fs::set_permissions(entry.path(), Permissions::from_mode(mode & 0o700)) {
            tracing::warn!(path = %entry.path().display(), %error, "a file could not be closed to other users");
        }
    }
}

/// Closes this process to others of the same user, and takes secrets out of what they could read. Before any thread.
pub(crate) fn close_to_others() {
    if let Err(error) = confine::close_to_others() {
        tracing::warn!(%error, "the memory of the control plane could not be closed to its user's processes");
    }
    if !confine::forget_environment(secrets()) {
        tracing::warn!(
            "secrets stay in the environment of the control plane, where its user's processes could read them"
        );
    }
    // What is made from now on is ours alone.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// The variables whose values nobody is to read.
pub(super) fn secrets() -> impl Iterator<Item = String> {
    config::ALL.iter().filter(|setting| setting.secret).map(|setting| setting.name.to_owned())
}
