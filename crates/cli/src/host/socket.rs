//! The socket through which commands reach the control plane: its file mode says who may.

use std::{
    fs::Permissions,
    io,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

use rustix::fs::{Mode, OFlags};
use tokio::net::UnixListener;

/// The socket's file; removed when the control plane ends in good order.
#[derive(Debug)]
pub(super) struct AdminSocket(PathBuf);

impl AdminSocket {
    /// Listens at `path` with mode 0600. A file left there by a control plane that died is replaced: that no other one
    /// lives is known by the lock of the data directory.
    pub(super) fn bind(path: &Path) -> io::Result<(UnixListener, Self)> {
        use std::os::fd::AsRawFd;

        let parent = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        // Made in a directory that nobody else may enter and moved into place with its final mode, so that there is no
        // moment in which somebody else could connect.
        let private = parent.join(format!(".admin-{}", std::process::id()));
        std::fs::DirBuilder::new().mode(0o700).create(&private)?;
        let bound = (|| {
            // Through /proc, since a longer path than 107 bytes fits no address (unix(7)).
            let directory = rustix::fs::open(
                &private,
                OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
                Mode::empty(),
            )?;
            let short = format!("/proc/self/fd/{}/s", directory.as_raw_fd());
            let listener = std::os::unix::net::UnixListener::bind(short)?;
            listener.set_nonblocking(true)?;
            let made = private.join("s");
            std::fs::set_permissions(&made, Permissions::from_mode(0o600))?;
            std::fs::rename(&made, path)?;
            UnixListener::from_std(listener)
        })();
        let removed = std::fs::remove_dir_all(&private);
        let listener = bound?;
        removed?;
        Ok((listener, Self(path.to_owned())))
    }

    /// Removes the file.
    pub(super) fn remove(&self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            tracing::debug!(%error, "the admin socket was gone already");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_socket_is_ours_alone_and_replaces_what_was_left() {
        let directory = tempfile::tempdir().unwrap();
        // Longer than fits an address.
        let deep = directory.path().join("x".repeat(150));
        std::fs::create_dir(&deep).unwrap();
        let path = deep.join("admin.sock");
        drop(AdminSocket::bind(&path).unwrap());
        let (listener, socket) = AdminSocket::bind(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let (client, accepted) = tokio::join!(::api::client::dial_unix(&path), listener.accept());
        client.unwrap();
        accepted.unwrap();
        assert_eq!(std::fs::read_dir(&deep).unwrap().count(), 1, "nothing else is left behind");
        socket.remove();
        assert!(!path.exists());
    }
}
