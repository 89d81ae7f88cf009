//! `flowhq host`, and a control plane whose workers run there.

use std::{
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{flowhq, json, run};

const NAME: &str = "host-0";

/// A host in a directory of its own, ended when it is dropped.
struct Host {
    child: Child,
    address: String,
    incarnation: String,
}

fn host(data_dir: &Path, listen: &str) -> Command {
    let mut command = flowhq(data_dir);
    command.arg("host").env("HOST_NAME", NAME).env("HOST_LISTEN", listen);
    command
}

impl Host {
    fn start(data_dir: &Path, listen: &str) -> Self {
        let mut child = host(data_dir, listen).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (_, told) = line.trim().split_once("listens on ").unwrap_or_else(|| panic!("{line:?}"));
        let (address, incarnation) = told.split_once(", incarnation ").unwrap();
        Self { child, address: address.to_owned(), incarnation: incarnation.to_owned() }
    }

    fn end(mut self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where the control plane of this directory prints the host's key into the host's directory.
fn give_key(control: &Path, machine: &Path) {
    let printed = run(control, &["host", "--print-key", NAME]);
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    let path = machine.join("host.key");
    std::fs::write(&path, printed.stdout).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// Whether a process of this number lives (a zombie does not).
fn lives(pid: i64) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| !stat.rsplit(')').next().unwrap_or_default().trim_start().starts_with('Z'))
}

fn refused(command: &mut Command, words: &str) {
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && told.contains(words), "{words}: {told}");
}

#[test]
fn a_host_starts_with_its_own_name_key_and_volume_alone() {
    let (control, machine) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    refused(flowhq(machine.path()).arg("host"), "needs HOST_NAME");
    refused(&mut host(machine.path(), "127.0.0.1:0"), "there is no key of this host");
    refused(flowhq(control.path()).args(["host", "--print-key", "host 0"]), "is no name of a host");
    give_key(control.path(), machine.path());
    let first = Host::start(machine.path(), "127.0.0.1:0");
    assert_eq!(first.incarnation, "1");
    refused(&mut host(machine.path(), "127.0.0.1:0"), "uses the data directory");
    refused(flowhq(machine.path()).arg("serve"), "uses the data directory");
    first.end();
    refused(host(machine.path(), "127.0.0.1:0").env("HOST_NAME", "host-1"), "the volume of host \"host-0\"");
    give_key(tempfile::tempdir().unwrap().path(), machine.path());
    refused(&mut host(machine.path(), "127.0.0.1:0"), "another installation's");
}

#[test]
fn bots_run_on_a_host_and_go_on_while_it_and_the_control_plane_are_started_anew() {
    let (control, machine) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    give_key(control.path(), machine.path());
    let first = Host::start(machine.path(), "127.0.0.1:0");
    let (address, hosts) = (first.address.clone(), format!("{NAME}={}", first.address));
    let serve = crate::Serve::start_on(control.path(), &hosts);
    json(control.path(), &["tenant", "create", "Amina", "--pack", "support", "--language", "en", "--json"]);
    let started = run(control.path(), &["start", "Amina"]);
    assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
    let pid = || {
        json(control.path(), &["tenant", "show", "Amina", "--json"])["tenant"]["worker_process"]["pid"]
            .as_i64()
    };
    let worker = pid().unwrap();
    let cwd = std::fs::read_link(format!("/proc/{worker}/cwd")).unwrap();
    assert!(cwd.starts_with(machine.path().join("sessions")), "it lives on the host: {}", cwd.display());
    assert!(!control.path().join("sessions").join(cwd.file_name().unwrap()).exists());

    serve.end(Signal::TERM);
    first.end();
    assert!(lives(worker), "it goes on");
    let second = Host::start(machine.path(), &address);
    assert_eq!(second.incarnation, "2");
    let serve = crate::Serve::start_on(control.path(), &hosts);
    assert_eq!(pid(), Some(worker), "the same worker, taken over");
    let stopped = run(control.path(), &["stop", "Amina"]);
    assert!(stopped.status.success(), "{}", String::from_utf8_lossy(&stopped.stderr));
    assert!(!lives(worker), "it has ended");
    serve.end(Signal::TERM);
    second.end();
}
