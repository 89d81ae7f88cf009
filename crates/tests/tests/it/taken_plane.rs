//! A control plane that was taken over gets nothing but what it needs anyway: tried from within one that runs, by a thread of
//! its own runtime.

use std::{
    net::TcpListener,
    os::{linux::net::SocketAddrExt as _, unix::net::UnixListener},
    path::Path,
};

use confine::attempts::Target;
use tests::{
    ControlPlane, LIMIT, Place,
    process::{self, Signal},
    sandbox::{self, Tried},
};

/// Has the control plane taken over, and says how each attempt went: none had, all had outside.
pub(crate) async fn taken_over(place: &Place, plane: &ControlPlane) -> Vec<Tried> {
    every_thread_is_confined(plane.pid());
    let sibling = place.beside("another-program");
    std::fs::create_dir(&sibling).unwrap();
    std::fs::write(sibling.join("secret"), "of nobody's business").unwrap();
    // A program of the same user that the control plane has not started.
    let mut other = tokio::process::Command::new("/bin/sleep").arg("600").kill_on_drop(true).spawn().unwrap();
    let name = format!("flowhq-test-{}", plane.pid());
    let address = std::os::unix::net::SocketAddr::from_abstract_name(&name).unwrap();
    let _listens = UnixListener::bind_addr(&address).unwrap();
    let target = Target {
        own: place.data(),
        sibling,
        sibling_pid: i32::try_from(other.id().unwrap()).unwrap(),
        sibling_socket: name.into(),
        // One that was free just now.
        port: TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port(),
        ..Target::default()
    };

    let file = place.data().join("attempts");
    std::fs::write(&file, target.to_text()).unwrap();
    let control = place.command_of(env!("CARGO_BIN_EXE_escape-control")).arg(&file).arg("plane").output();
    let control = tokio::time::timeout(LIMIT, control).await.unwrap().unwrap();
    let outside = Tried::all_of(&String::from_utf8(control.stdout).unwrap());
    let not_had: Vec<_> = outside.iter().filter(|tried| !tried.was_had()).collect();
    let is_root = rustix::process::geteuid().is_root();
    assert!(not_had.is_empty() || !is_root, "refused outside too: {not_had:#?}");

    process::signal(plane.pid(), Signal::USR2);
    let inside = Tried::all_of(&sandbox::told(&place.data()).await);
    let had: Vec<_> = inside.iter().filter(|tried| tried.was_had()).collect();
    assert!(had.is_empty(), "had within the control plane: {had:#?}");
    assert_eq!(inside.len(), outside.len(), "all of it was tried");
    assert!(outside.iter().filter(|tried| tried.was_had()).count() >= 30, "{outside:#?}");
    other.kill().await.unwrap();
    inside
}

/// The kernel says of each thread whether it is filtered; that files are taken away from all of them, it says of none.
fn every_thread_is_confined(pid: u32) {
    let tasks = std::fs::read_dir(Path::new("/proc").join(pid.to_string()).join("task")).unwrap();
    let states: Vec<_> =
        tasks.map(|task| std::fs::read_to_string(task.unwrap().path().join("status")).unwrap()).collect();
    assert!(states.len() > 2, "a runtime has threads");
    for state in states {
        assert!(state.contains("\nNoNewPrivs:\t1\n") && state.contains("\nSeccomp:\t2\n"), "{state}");
    }
}
