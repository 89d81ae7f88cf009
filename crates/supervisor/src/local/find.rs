//! Finding workers that another control plane has started.
//!
//! By socket: who listens on it tells its process id (SO_PEERCRED names who called `listen` last, unix(7)). Between
//! reading a number and opening its pidfd the process could end and the number be given away, so that the process
//! must show its tenant in its arguments afterwards; and before it is believed anything it proves the token.
//! SO_PEERPIDFD would spare the second step, but rustix has no safe call for it yet.

use std::{io, os::fd::OwnedFd, sync::Arc};

use domain::TenantId;
use link::socket;
use rustix::process::{Pid, PidfdFlags};
use tokio::net::UnixStream;

use super::{
    LocalOptions, LocalProcess,
    output::Output,
    process::{Looks, has_ended},
};
use crate::WorkerId;

/// How a worker's arguments end, after its executable: what the options say, then its tenant.
pub(super) fn arguments(options: &LocalOptions, tenant: TenantId) -> Vec<String> {
    options.arguments.iter().cloned().chain([tenant.to_string()]).collect()
}

/// All workers of a tenant that listen in its directory of sockets. Sockets that nobody listens on are removed.
pub(super) async fn by_socket(
    options: &LocalOptions,
    looks: &Arc<Looks>,
    tenant: TenantId,
) -> io::Result<Vec<Arc<LocalProcess>>> {
    let directory = options.sockets(tenant);
    let mut found = Vec::new();
    let entries = match std::fs::read_dir(&directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let name = entry?.file_name();
        let Some(name) = name.to_str() else { continue };
        let Some((named, generation)) = socket::parse_file_name(name) else { continue };
        if named != tenant {
            continue;
        }
        let id = WorkerId { tenant, generation };
        match socket::connect(&directory, name).await {
            Ok(stream) => found.extend(by_pid(options, looks, id, peer(&stream)?)?),
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                std::fs::remove_file(directory.join(name))?;
                super::output::forget(options, id)?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            // It has hung for so long that no more connections may wait: who it is, its arguments tell.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                found.extend(by_arguments(options, looks, id)?);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Any process with a worker's arguments.
fn by_arguments(
    options: &LocalOptions,
    looks: &Arc<Looks>,
    id: WorkerId,
) -> io::Result<Option<Arc<LocalProcess>>> {
    for entry in std::fs::read_dir("/proc")? {
        let pid = entry?.file_name().to_str().and_then(|name| name.parse().ok());
        if let Some(found) = pid.map(|pid| by_pid(options, looks, id, pid)).transpose()?.flatten() {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The process of this number, where it is a worker of this tenant.
pub(super) fn by_pid(
    options: &LocalOptions,
    looks: &Arc<Looks>,
    id: WorkerId,
    pid: u32,
) -> io::Result<Option<Arc<LocalProcess>>> {
    let Some(number) = i32::try_from(pid).ok().and_then(Pid::from_raw) else {
        return Ok(None);
    };
    let Some(pidfd) = opened(number)? else { return Ok(None) };
    // Read after the pidfd was opened, so that both speak of one process.
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let shown = line.strip_suffix(b"\0").unwrap_or(&line).split(|byte| *byte == 0).skip(1);
    let wanted = arguments(options, id.tenant);
    if !shown.eq(wanted.iter().map(String::as_bytes)) || has_ended(&pidfd) {
        return Ok(None);
    }
    let output = Output::of_running(options, id)?;
    let user = options.users.as_ref().and_then(|users| users.of_directory(&options.cell(id.tenant)));
    let cell = options.cell(id.tenant);
    LocalProcess::adopted(id, number, pidfd, output, cell, user, Arc::clone(looks))
        .map(|process| Some(Arc::new(process)))
}

/// The process of this number; nothing where it has ended, or the number is a thread's: numbers are given again, to either.
fn opened(number: Pid) -> io::Result<Option<OwnedFd>> {
    match rustix::process::pidfd_open(number, PidfdFlags::NONBLOCK) {
        Ok(pidfd) => Ok(Some(pidfd)),
        // Of a thread it is the last since Linux 6.9, and the one before until then (pidfd_open(2)).
        Err(rustix::io::Errno::SRCH | rustix::io::Errno::INVAL | rustix::io::Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The process that listens at the other end.
pub(super) fn peer(stream: &UnixStream) -> io::Result<u32> {
    let pid = stream.peer_cred()?.pid().and_then(|pid| u32::try_from(pid).ok());
    pid.ok_or_else(|| io::Error::other("the kernel does not tell who listens"))
}

#[cfg(test)]
mod tests {
    use super::opened;

    #[test]
    fn the_number_of_a_thread_is_no_process() {
        assert!(opened(rustix::process::getpid()).unwrap().is_some());
        let looked = || opened(rustix::thread::gettid()).map(|found| found.is_some());
        let of_a_thread = std::thread::Builder::new().spawn(looked).unwrap();
        assert!(!of_a_thread.join().unwrap().unwrap());
    }
}
