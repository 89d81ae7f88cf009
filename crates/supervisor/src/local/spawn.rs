//! Starting a worker: its directory, its socket, its output, its launch document, and the wait until it is ready.

use std::{
    os::{
        fd::{AsFd, OwnedFd},
        unix::{net::UnixStream, process::CommandExt},
    },
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use link::{
    cell::{CellLock, LockError},
    launch::{self, Launch, LaunchError},
    socket,
};
use rustix::process::Pid;
use tokio::time::timeout;

use super::{
    LocalOptions, LocalProcess, files, mark,
    nursery::Nursery,
    output::Output,
    process::{Looks, Parent},
    users,
};
use crate::{Order, Process, StartError};

/// Where SQLite's temporary files belong.
const SQLITE_TMPDIR: &str = "SQLITE_TMPDIR";

/// How long a worker that failed to start may take to end by itself before it is killed.
const END_TIME: Duration = Duration::from_secs(2);

/// Starts a worker and waits until it is ready. Where it does not become ready, it is dead afterwards.
pub(super) async fn start(
    options: Arc<LocalOptions>,
    nursery: Option<Arc<Nursery>>,
    looks: Arc<Looks>,
    order: Order,
) -> Result<Arc<dyn Process>, StartError> {
    let ready_time = options.ready_time;
    // Directories, sockets and fork take milliseconds each, too long for the threads that serve requests.
    let spawned = tokio::task::spawn_blocking(move || spawn(&options, nursery.as_deref(), looks, order));
    let spawned = spawned
        .await
        .map_err(|error| StartError::Launch(LaunchError::Io(std::io::Error::other(error))))??;
    let (process, pair) = spawned;
    let mut pair =
        tokio::net::UnixStream::from_std(pair).map_err(|error| StartError::Launch(error.into()))?;
    match timeout(ready_time, launch::wait_ready(&mut pair)).await {
        Ok(Ok(())) => Ok(Arc::new(process)),
        Ok(Err(LaunchError::Failed { exit, reason })) => {
            end(&process).await;
            Err(StartError::Failed { exit, reason })
        }
        Ok(Err(LaunchError::Ended)) => Err(StartError::Ended(end(&process).await)),
        Ok(Err(error)) => {
            end(&process).await;
            Err(StartError::Launch(error))
        }
        Err(_) => {
            let _is_dead_then = process.kill().await;
            process.ended().await;
            Err(StartError::TooSlow(ready_time.as_millis()))
        }
    }
}

async fn end(process: &LocalProcess) -> crate::Ended {
    match timeout(END_TIME, process.ended()).await {
        Ok(ended) => ended,
        Err(_) => {
            let _is_dead_then = process.kill().await;
            process.ended().await
        }
    }
}

fn spawn(
    options: &LocalOptions,
    nursery: Option<&Nursery>,
    looks: Arc<Looks>,
    order: Order,
) -> Result<(LocalProcess, UnixStream), StartError> {
    let id = order.id;
    let cell = options.cell(id.tenant);
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| StartError::at(&path, source)
    };
    if !mark::may_be_used(&cell).map_err(at(&cell))? {
        return Err(StartError::Left);
    }
    // The worker takes this lock itself; here it only shows that nobody else lives there.
    let nobody_there = || match CellLock::take(&cell) {
        Ok(_free) => Ok(()),
        Err(LockError::Held) => Err(StartError::CellBusy),
        Err(LockError::Io(source)) => Err(at(&cell.join(link::cell::LOCK))(source)),
    };
    // While somebody lives there, nothing in it is touched.
    if options.users.is_none() && cell.exists() {
        nobody_there()?;
        users::take_back(&cell).map_err(at(&cell))?;
    }
    files::directory_of(&cell, options.users.as_ref()).map_err(at(&cell))?;
    nobody_there()?;
    let user = match &options.users {
        Some(users) => Some((users.give(&cell).map_err(at(&cell))?, users.group())),
        None => None,
    };
    let sockets = options.sockets(id.tenant);
    files::own_directory(&sockets).map_err(at(&sockets))?;
    let socket =
        socket::bind(&sockets, &socket::file_name(id.tenant, id.generation)).map_err(at(&sockets))?;
    let (output, said) = Output::of_new(options, id).map_err(at(&sockets))?;

    let launched = |error: std::io::Error| StartError::Launch(error.into());
    let (pair, theirs) = UnixStream::pair().map_err(launched)?;
    let document = Launch {
        version: launch::VERSION,
        tenant: id.tenant,
        generation: id.generation,
        token: order.token,
        directory: cell.clone(),
        whatsapp_url: order.whatsapp_url,
        log_level: order.log_level,
        limits: order.limits,
        wait: order.wait,
        bounds: order.bounds,
        files_key: order.files_key,
        orphan_after_ms: order.orphan_after.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
    };
    launch::send(&pair, &document, socket.as_fd()).map_err(StartError::Launch)?;
    pair.set_nonblocking(true).map_err(launched)?;

    let begun = match nursery {
        Some(nursery) => {
            let order = zygote::Order {
                arguments: super::find::arguments(options, id.tenant),
                // As below.
                environment: vec![(SQLITE_TMPDIR.to_owned(), cell.to_string_lossy().into_owned())],
                directory: cell.clone(),
                user,
            };
            let forked = nursery.fork(&order, theirs.as_fd(), said.as_fd());
            forked.map(|pid| (pid, Parent::Forked(None)))
        }
        None => {
            let mut command = Command::new(&options.executable);
            command
                .args(super::find::arguments(options, id.tenant))
                .env_clear()
                // SQLite would look for a place of its own, and be refused everywhere else.
                .env(SQLITE_TMPDIR, &cell)
                .envs(crash::environment())
                .current_dir(&cell)
                .stdin(Stdio::from(OwnedFd::from(theirs)))
                .stdout(Stdio::from(said.try_clone().map_err(at(&sockets))?))
                .stderr(Stdio::from(said));
            if let Some((user, group)) = user {
                // Without any other group (the standard library drops them all).
                command.uid(user).gid(group);
            }
            confine::own_session(&mut command);
            command.spawn().map(|child| (Pid::from_child(&child), Parent::Started(child)))
        }
    };
    // Our copies of the worker's ends are gone, so that its death is seen.
    let begun = begun.map_err(|source| StartError::Spawn { path: options.executable.clone(), source })?;
    let process = LocalProcess::of_child(id, begun, output, cell, user.map(|(user, _)| user), looks)
        .map_err(launched)?;
    Ok((process, pair))
}
