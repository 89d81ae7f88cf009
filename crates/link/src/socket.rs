//! The worker's socket: bound by the supervisor, listened on by the worker, dialled by the control plane.
//!
//! `listen` is left to the worker, since the credentials that a dialler sees are those of the process that called it
//! last (unix(7), SO_PEERCRED).

use std::{
    io,
    os::fd::{AsFd, AsRawFd, OwnedFd},
    path::{Path, PathBuf},
};

use domain::TenantId;
use rustix::{
    fs::{Mode, OFlags},
    net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType},
};
use tokio::net::UnixStream;

use crate::Generation;

/// The longest path that fits a socket's address: 108 bytes with the final zero (unix(7)).
const PATH_MAX_BYTES: usize = 107;
/// Connections that wait to be accepted. The control plane holds one at a time.
const BACKLOG: i32 = 4;

/// A socket's file name, made of ids alone.
#[must_use]
pub fn file_name(tenant: TenantId, generation: Generation) -> String {
    format!("{tenant}.{generation}.sock")
}

/// Reads a name that [`file_name`] made; `None` where it is another's.
#[must_use]
pub fn parse_file_name(name: &str) -> Option<(TenantId, Generation)> {
    let (tenant, generation) = name.strip_suffix(".sock")?.split_once('.')?;
    let parsed = (tenant.parse().ok()?, generation.parse().ok()?);
    // One thing has one name: "+1" and "01" are none of ours.
    (file_name(parsed.0, parsed.1) == name).then_some(parsed)
}

/// Binds a socket in `directory`, without listening on it. A file of that name that is left over is removed.
///
/// # Errors
/// Where the directory is none or cannot be written.
pub fn bind(directory: &Path, name: &str) -> io::Result<OwnedFd> {
    let place = Place::of(directory, name)?;
    match std::fs::remove_file(&place.path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let socket =
        rustix::net::socket_with(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
    rustix::net::bind(&socket, &SocketAddrUnix::new(&place.path)?)?;
    Ok(socket)
}

/// Listens on a socket that was bound by [`bind`]; the worker's part.
///
/// # Errors
/// Where it is no bound stream socket.
pub fn listen(socket: OwnedFd) -> io::Result<std::os::unix::net::UnixListener> {
    queue(&socket)?;
    listening(socket)
}

/// Has connections wait on the socket; nobody accepts them yet.
pub(crate) fn queue(socket: &OwnedFd) -> io::Result<()> {
    Ok(rustix::net::listen(socket, BACKLOG)?)
}

/// The listener of a socket on which connections wait already.
pub(crate) fn listening(socket: OwnedFd) -> io::Result<std::os::unix::net::UnixListener> {
    let listener = std::os::unix::net::UnixListener::from(socket);
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Connects to the socket `name` in `directory`.
///
/// # Errors
/// Connection refused where nobody listens, not found where there is no such socket.
pub async fn connect(directory: &Path, name: &str) -> io::Result<UnixStream> {
    let place = Place::of(directory, name)?;
    UnixStream::connect(&place.path).await
}

/// A path that fits a socket's address, with the directory kept open where the path leads through its descriptor.
struct Place {
    path: PathBuf,
    _directory: OwnedFd,
}

impl Place {
    fn of(directory: &Path, name: &str) -> io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let opened = rustix::fs::open(directory, flags, Mode::empty())?;
        let plain = directory.join(name);
        let path = if plain.as_os_str().len() <= PATH_MAX_BYTES {
            plain
        } else {
            PathBuf::from(format!("/proc/self/fd/{}", opened.as_fd().as_raw_fd())).join(name)
        };
        Ok(Self { path, _directory: opened })
    }
}

#[cfg(test)]
mod tests {
    use domain::TenantId;

    #[test]
    fn names_come_back_and_foreign_ones_do_not() {
        let tenant = TenantId::generate();
        assert_eq!(super::parse_file_name(&super::file_name(tenant, 7)), Some((tenant, 7)));
        for name in [
            format!("{tenant}.+7.sock"),
            format!("{tenant}.07.sock"),
            format!("{tenant}.sock"),
            ".sock".into(),
        ] {
            assert_eq!(super::parse_file_name(&name), None, "{name}");
        }
    }

    #[tokio::test]
    async fn a_path_of_three_hundred_bytes_works() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("d".repeat(150)).join("e".repeat(150));
        std::fs::create_dir_all(&deep).unwrap();
        let name = super::file_name(TenantId::generate(), 1);
        let bound = super::bind(&deep, &name).unwrap();
        assert!(super::connect(&deep, &name).await.is_err(), "nobody listens yet");
        let listener = tokio::net::UnixListener::from_std(super::listen(bound).unwrap()).unwrap();
        let (client, server) = tokio::join!(super::connect(&deep, &name), listener.accept());
        client.unwrap();
        server.unwrap();
        super::bind(&deep, &name).unwrap();
    }

    #[tokio::test]
    async fn a_symbolic_link_is_no_directory_of_sockets() {
        let root = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(root.path(), root.path().join("link")).unwrap();
        assert!(super::bind(&root.path().join("link"), "a.sock").is_err());
    }
}
