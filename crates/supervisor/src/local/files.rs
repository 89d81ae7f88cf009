//! Directories of our own, and their end.

use std::{
    fs::{DirBuilder, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    path::Path,
};

use domain::TenantId;

use super::{LocalOptions, Users};

/// Makes a directory of mode 0700 with its parents, or sees that what is there is one of ours. A symbolic link in
/// its place, or another user's directory, is an error.
pub(super) fn own_directory(path: &Path) -> io::Result<()> {
    directory_of(path, None)
}

/// The same of a tenant's directory, which may belong to one of our users. Where the directory of all cells is open to their
/// group, it stays so.
pub(super) fn directory_of(path: &Path, users: Option<&Users>) -> io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(metadata) => {
            let wrong = |words: &str| Err(io::Error::new(io::ErrorKind::NotADirectory, words.to_owned()));
            if !metadata.is_dir() {
                return wrong("is no directory; a symbolic link is not followed here");
            }
            let is_users = users.is_some_and(|users| users.of_directory(path).is_some());
            if metadata.uid() != rustix::process::geteuid().as_raw() && !is_users {
                return wrong("belongs to another user");
            }
            if metadata.permissions().mode() & 0o077 != 0 {
                std::fs::set_permissions(path, Permissions::from_mode(0o700))?;
            }
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            DirBuilder::new().recursive(true).mode(0o700).create(path)
        }
        Err(error) => Err(error),
    }
}

/// Removes a tenant's directory, log and sockets. `remove_dir_all` follows no symbolic links.
pub(super) fn purge(options: &LocalOptions, tenant: TenantId) -> io::Result<()> {
    for directory in [options.cell(tenant), options.sockets(tenant)] {
        gone(std::fs::remove_dir_all(&directory))?;
    }
    crash::point("cell_purged");
    super::mark::forget(&options.cell(tenant))?;
    let log = options.log(tenant);
    gone(std::fs::remove_file(&log))?;
    for number in 1..=options.logs_kept {
        gone(std::fs::remove_file(super::logs::rotated(&log, number)))?;
    }
    Ok(())
}

fn gone(result: io::Result<()>) -> io::Result<()> {
    result.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}
