//! A real zygote, and what it forks.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]
#![allow(clippy::disallowed_methods, reason = "a process of the test's own")]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::{fd::AsFd as _, unix::net::UnixStream},
    path::Path,
    process::Command,
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    process::{Pid, PidfdFlags, Signal, WaitOptions, WaitStatus, kill_process, pidfd_open, waitpid},
};
use serde_json::Value;
use zygote::{ForkError, Order, Zygote, arguments};

fn names(last: &str) -> Vec<String> {
    vec!["worker".to_owned(), last.to_owned()]
}

fn zygote() -> Zygote {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zygote-fixture"));
    command.args(arguments(&names("0000")));
    Zygote::start(command).unwrap()
}

/// A worker, and the way to it.
struct Worker {
    pid: Pid,
    pair: BufReader<UnixStream>,
}

impl Worker {
    fn of(zygote: &Zygote, name: &str, directory: &Path) -> Result<Self, ForkError> {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let order = Order {
            arguments: names(name),
            environment: vec![("FIXTURE".to_owned(), format!("of {name}"))],
            directory: directory.to_owned(),
            user: None,
        };
        let pid = zygote.fork(&order, theirs.as_fd(), theirs.as_fd())?;
        Ok(Self { pid, pair: BufReader::new(ours) })
    }

    fn says(&mut self) -> Value {
        let mut line = String::new();
        self.pair.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn ends(mut self, code: i32) -> WaitStatus {
        writeln!(self.pair.get_mut(), "{code}").unwrap();
        // Nobody else has its descriptors: they close with it.
        assert_eq!(self.pair.read_to_end(&mut Vec::new()).unwrap(), 0);
        waitpid(Some(self.pid), WaitOptions::empty()).unwrap().unwrap().1
    }
}

#[test]
fn what_is_forked_is_a_process_of_its_own_and_a_child_of_who_asked() {
    let zygote = zygote();
    let place = tempfile::tempdir().unwrap();
    let mut first = Worker::of(&zygote, "aaaa", place.path()).unwrap();
    let mut second = Worker::of(&zygote, "bbbb", place.path()).unwrap();
    let (one, other) = (first.says(), second.says());
    for (said, name) in [(&one, "aaaa"), (&other, "bbbb")] {
        let executable = env!("CARGO_BIN_EXE_zygote-fixture");
        assert_eq!(said["arguments"], format!("{executable}\0worker\0{name}\0"));
        assert_eq!(said["directory"], place.path().to_str().unwrap());
        assert_eq!(said["variable"], format!("of {name}"));
        assert_eq!(said["leads"], true);
        assert_eq!(said["more_descriptors"], 0);
    }
    for n in 0..2 {
        assert_ne!(one["drawn"][n], other["drawn"][n], "siblings draw the same random numbers");
    }
    assert_eq!(first.ends(7).exit_status(), Some(7));
    // It outlives what it was forked from.
    drop(zygote);
    assert_eq!(second.ends(3).exit_status(), Some(3));
}

#[test]
fn what_cannot_be_forked_is_an_error_and_harms_no_other() {
    let zygote = zygote();
    let place = tempfile::tempdir().unwrap();
    let mut worker = Worker::of(&zygote, "aaaa", place.path()).unwrap();
    worker.says();
    // Becomes a process, and ends: its arguments have no room, and there is no such directory.
    let too_long =
        Worker::of(&zygote, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", place.path());
    let nowhere = Worker::of(&zygote, "bbbb", Path::new("/nowhere"));
    for mut wrong in [too_long.unwrap(), nowhere.unwrap()] {
        let status = waitpid(Some(wrong.pid), WaitOptions::empty()).unwrap().unwrap().1;
        assert_ne!(status.exit_status(), Some(0));
        let mut said = String::new();
        wrong.pair.read_to_string(&mut said).unwrap();
        assert!(!said.contains("drawn"), "{said}");
    }
    assert_eq!(worker.ends(0).exit_status(), Some(0));
    assert!(Worker::of(&zygote, "cccc", place.path()).is_ok());
}

#[test]
fn a_zygote_that_was_killed_is_an_error_at_once() {
    let zygote = zygote();
    let place = tempfile::tempdir().unwrap();
    kill_process(zygote.pid(), Signal::KILL).unwrap();
    // Readable once it has ended: its ends are closed then.
    let pidfd = pidfd_open(zygote.pid(), PidfdFlags::empty()).unwrap();
    poll(&mut [PollFd::new(&pidfd, PollFlags::IN)], None).unwrap();
    assert!(matches!(Worker::of(&zygote, "aaaa", place.path()), Err(ForkError::Gone(_))));
}
