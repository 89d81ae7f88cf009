//! The binary as a person runs it: `flowhq serve`, and commands against it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic here is a failed test")]

mod hosted;
mod stranger;

use std::{
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// A control plane in a directory of its own, ended when it is dropped.
struct Serve {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    url: String,
}

fn flowhq(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowhq"));
    command.env_clear().env("DATA_DIR", data_dir);
    // Nobody listens there: a worker that is started goes on trying, and no real server is ever asked.
    command.env("PORT", "0").env("PORTAL_PORT", "0").env("WHATSAPP_URL", "ws://127.0.0.1:1/ws/chat");
    command
}

impl Serve {
    fn start(data_dir: &Path) -> Self {
        Self::start_with(data_dir, &[])
    }

    fn start_with(data_dir: &Path, options: &[&str]) -> Self {
        Self::of(flowhq(data_dir).arg("serve").args(options))
    }

    /// With its workers on other machines.
    fn start_on(data_dir: &Path, hosts: &str) -> Self {
        Self::of(flowhq(data_dir).arg("serve").env("HOSTS", hosts))
    }

    fn of(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let url = line.trim().rsplit(' ').next().unwrap().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{line}");
        // The second line is the last thing before it serves.
        out.read_line(&mut line).unwrap();
        Self { child, out, url }
    }

    /// Asks it to end and returns what it had printed beyond its first two lines.
    fn end(mut self, signal: Signal) -> String {
        self.signal(signal);
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        rest
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(data_dir: &Path, arguments: &[&str]) -> Output {
    flowhq(data_dir).args(arguments).output().unwrap()
}

fn json(data_dir: &Path, arguments: &[&str]) -> Value {
    let output = run(data_dir, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn code(data_dir: &Path, arguments: &[&str]) -> Option<i32> {
    run(data_dir, arguments).status.code()
}

#[test]
fn the_password_is_made_on_the_first_start_shown_once_and_works() {
    let directory = tempfile::tempdir().unwrap();
    let data_dir = directory.path();
    let serve = Serve::start(data_dir);
    let url = serve.url.clone();
    let second = run(data_dir, &["serve"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another flowhq serve"), "one to a directory");
    let rest = serve.end(Signal::TERM);
    let password = rest.lines().find_map(|line| line.strip_prefix("User admin, password ")).unwrap();

    let serve = Serve::start(data_dir);
    assert_ne!(url, "", "each start may have another port");
    let file = data_dir.join("password");
    std::fs::File::create(&file).unwrap().write_all(format!("{password}\n").as_bytes()).unwrap();
    let file = file.to_str().unwrap();
    let list = ["tenant", "list", "--json", "--url", &serve.url, "--password-file", file];
    assert_eq!(json(data_dir, &list), serde_json::json!([]));
    std::fs::write(file, "wrong").unwrap();
    assert_eq!(code(data_dir, &list), Some(6));
    let rest = serve.end(Signal::INT);
    assert!(!rest.contains("password"), "it is shown once: {rest}");
    let rest = Serve::start_with(data_dir, &["--new-password"]).end(Signal::TERM);
    assert!(rest.contains("User admin, password ") && !rest.contains(password), "another one: {rest}");

    let database = std::fs::read(data_dir.join("flowhq.db")).unwrap();
    let logs = std::fs::read(data_dir.join("logs/control-plane.log")).unwrap();
    for bytes in [database, logs] {
        assert!(!bytes.windows(password.len()).any(|part| part == password.as_bytes()), "it is kept nowhere");
    }
}

#[test]
fn commands_say_by_their_exit_code_what_became_of_them() {
    let directory = tempfile::tempdir().unwrap();
    let data_dir = directory.path();
    assert_eq!(code(data_dir, &["tenant", "list"]), Some(3), "nobody serves");
    assert_eq!(code(data_dir, &["tenant", "lst"]), Some(2));
    assert_eq!(code(data_dir, &["worker"]), Some(2), "a worker is not started by hand");
    assert_eq!(flowhq(data_dir).env("PORT", "many").arg("serve").output().unwrap().status.code(), Some(2));

    let serve = Serve::start(data_dir);
    let created =
        json(data_dir, &["tenant", "create", "Amina", "--pack", "support", "--language", "en", "--json"]);
    assert_eq!(created["config"]["template_type"], "SUPPORT");
    let id = created["id"].as_str().unwrap();
    assert_eq!(
        json(data_dir, &["tenant", "show", "Amina", "--json"])["tenant"]["id"],
        id,
        "found by its name"
    );
    assert_eq!(code(data_dir, &["tenant", "show", "Amin"]), Some(4));
    assert_eq!(code(data_dir, &["tenant", "show", "0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70"]), Some(4));
    assert_eq!(code(data_dir, &["tenant", "create", ""]), Some(5));
    assert_eq!(code(data_dir, &["stop", "Amina"]), Some(0), "a stopped one is stopped");
    assert_eq!(code(data_dir, &["qr", "Amina"]), Some(5), "its worker does not run");
    assert_eq!(code(data_dir, &["logs", "Amina"]), Some(0));

    json(data_dir, &["tenant", "create", "Amina", "--json"]);
    let ambiguous = run(data_dir, &["tenant", "show", "Amina"]);
    assert_eq!(ambiguous.status.code(), Some(5));
    assert!(String::from_utf8_lossy(&ambiguous.stderr).contains(id), "it names their ids");
    assert_eq!(code(data_dir, &["tenant", "delete", id, "--yes"]), Some(0));
    assert_eq!(code(data_dir, &["tenant", "delete", id, "--yes"]), Some(4));
    assert_eq!(json(data_dir, &["tenant", "list", "--json"]).as_array().unwrap().len(), 1);
    serve.end(Signal::TERM);
}

#[test]
fn a_worker_outlives_the_control_plane_and_is_taken_over() {
    let directory = tempfile::tempdir().unwrap();
    let data_dir = directory.path();
    let serve = Serve::start(data_dir);
    json(data_dir, &["tenant", "create", "Amina", "--json"]);
    let started = json(data_dir, &["start", "Amina", "--json"]);
    let pid = started["worker_process"]["pid"].as_u64().unwrap();
    assert_eq!(code(data_dir, &["start", "Amina"]), Some(5), "it runs");
    serve.end(Signal::TERM);
    assert!(runs(pid), "it goes on without a control plane");

    let serve = Serve::start(data_dir);
    // Answered when the worker has been found and ended: nothing has to be waited for.
    let stopped = json(data_dir, &["stop", "Amina", "--json"]);
    assert_eq!(stopped["worker_process"]["generation"], 1, "it was taken over, not started anew");
    assert_eq!(stopped["status"], "PAUSED");
    assert!(!runs(pid), "it was the same process");
    serve.end(Signal::TERM);
}

/// Whether a process is there and no zombie.
fn runs(pid: u64) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
}

/// What a start that fails has made would be shown to nobody.
#[test]
fn a_start_that_finds_its_port_taken_makes_no_password() {
    let directory = tempfile::tempdir().unwrap();
    let data_dir = directory.path();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let failed = flowhq(data_dir).arg("serve").env("PORT", &port).output().unwrap();
    let said = String::from_utf8_lossy(&failed.stderr).into_owned();
    assert!(failed.status.code() == Some(1) && said.contains(&port), "{said}");
    assert!(!String::from_utf8_lossy(&failed.stdout).contains("password"), "{failed:?}");
    let rest = Serve::start(data_dir).end(Signal::TERM);
    assert!(rest.contains("User admin, password "), "the first start that serves shows it: {rest}");
}

#[test]
fn the_doctor_says_what_is_well_and_what_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let data_dir = directory.path();
    assert_eq!(code(data_dir, &["doctor"]), Some(3), "nobody serves");
    let serve = Serve::start(data_dir);
    let found = json(data_dir, &["doctor", "--json"]);
    let of = |name: &str| {
        let found = found.as_array().unwrap().iter().find(|one| one["name"] == name);
        found.unwrap_or_else(|| panic!("{name}: {found:?}")).clone()
    };
    assert_eq!(of("database")["ok"], true);
    assert_eq!(of("bots")["ok"], true);
    assert_eq!(of("clock")["ok"], Value::Null, "no bot has logged in yet");
    serve.end(Signal::TERM);
}
