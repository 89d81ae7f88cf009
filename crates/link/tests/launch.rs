//! The document and the socket that reach a worker on its standard input.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

use std::os::{fd::AsFd, fd::OwnedFd, unix::net::UnixStream};

use domain::{Limits, TenantId};
use link::{
    Exit, TokenKey,
    launch::{self, Launch, LaunchError},
    socket,
};

fn document() -> Launch {
    let tenant = TenantId::generate();
    Launch {
        version: launch::VERSION,
        tenant,
        generation: 4,
        token: TokenKey::from_bytes([1; 32]).token(tenant, 4),
        directory: "/srv/cells/one".into(),
        whatsapp_url: None,
        log_level: "info".to_owned(),
        limits: Limits {
            contact_per_minute: 10,
            tenant_per_minute: 60,
            chat_queue: 20,
            heartbeat_interval_ms: 30_000,
            quiet_ms: 0,
            clock_ahead_ms: 0,
            neighbours: 0,
            disk_short: false,
        },
        wait: false,
        orphan_after_ms: None,
        bounds: domain::WorkerBounds::default(),
        files_key: None,
    }
}

fn ends() -> (UnixStream, OwnedFd) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    (ours, theirs.into())
}

async fn wait(pair: UnixStream) -> Result<(), LaunchError> {
    pair.set_nonblocking(true).unwrap();
    launch::wait_ready(&mut tokio::net::UnixStream::from_std(pair).unwrap()).await
}

#[tokio::test]
async fn a_worker_gets_its_launch_and_listens_on_the_socket_it_was_given() {
    let directory = tempfile::tempdir().unwrap();
    let bound = socket::bind(directory.path(), "w.sock").unwrap();
    let (ours, theirs) = ends();
    let sent = document();
    launch::send(&ours, &sent, bound.as_fd()).unwrap();
    drop(bound);

    let (got, start) = launch::receive_from(theirs).unwrap();
    assert_eq!((got.tenant, got.generation, &got.directory), (sent.tenant, 4, &sent.directory));
    assert!(socket::connect(directory.path(), "w.sock").await.is_err(), "not listening before it is ready");
    let listener = tokio::net::UnixListener::from_std(start.ready().unwrap()).unwrap();
    wait(ours).await.unwrap();

    let (mine, theirs) = (sent.identity(), got.identity());
    let (worker, control) =
        tokio::join!(async { link::accept(listener.accept().await.unwrap().0, &theirs).await }, async {
            link::dial(socket::connect(directory.path(), "w.sock").await.unwrap(), &mine).await
        });
    worker.unwrap();
    control.unwrap();
}

#[tokio::test]
async fn a_worker_that_cannot_start_says_why() {
    let directory = tempfile::tempdir().unwrap();
    let bound = socket::bind(directory.path(), "w.sock").unwrap();
    let (ours, theirs) = ends();
    launch::send(&ours, &document(), bound.as_fd()).unwrap();
    let (_, start) = launch::receive_from(theirs).unwrap();
    start.failed(Exit::CellBusy, "the lock\nis held");
    let error = wait(ours).await.unwrap_err();
    assert!(
        matches!(&error, LaunchError::Failed { exit: Exit::CellBusy, reason } if reason == "the lock is held"),
        "{error}"
    );
}

#[tokio::test]
async fn a_worker_that_dies_first_is_noticed() {
    let (ours, theirs) = ends();
    drop(theirs);
    assert!(matches!(wait(ours).await, Err(LaunchError::Ended)));
}

/// The next control plane may have looked for workers before this one listened: it would hold the cell for ever.
#[test]
fn a_worker_whose_control_plane_died_before_it_was_ready_does_not_begin() {
    let directory = tempfile::tempdir().unwrap();
    let bound = socket::bind(directory.path(), "w.sock").unwrap();
    let (ours, theirs) = ends();
    launch::send(&ours, &document(), bound.as_fd()).unwrap();
    let (_, start) = launch::receive_from(theirs).unwrap();
    drop(ours);
    assert!(matches!(start.ready(), Err(LaunchError::Abandoned(_))));
}

#[test]
fn nonsense_is_no_launch() {
    use std::io::Write;
    let file: OwnedFd = std::fs::File::open("/dev/null").unwrap().into();
    assert!(matches!(launch::receive_from(file), Err(LaunchError::NotLaunched(_))));

    let (mut ours, theirs) = ends();
    ours.write_all(b"\0\0\0\x02{}").unwrap();
    assert!(
        matches!(launch::receive_from(theirs), Err(LaunchError::Document(why)) if why.contains("no socket"))
    );

    let directory = tempfile::tempdir().unwrap();
    let bound = socket::bind(directory.path(), "w.sock").unwrap();
    for (document, word) in [
        (Launch { version: 2, ..document() }, "version"),
        (Launch { directory: "cells/one".into(), ..document() }, "absolute"),
    ] {
        let (ours, theirs) = ends();
        launch::send(&ours, &document, bound.as_fd()).unwrap();
        let error = launch::receive_from(theirs).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
    let huge = Launch { log_level: "x".repeat(40_000), ..document() };
    assert!(launch::send(&ends().0, &huge, bound.as_fd()).is_err());
}
