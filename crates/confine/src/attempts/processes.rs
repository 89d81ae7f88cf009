//! Other processes, and new ones.

use std::{
    fs::File,
    io,
    os::fd::{AsRawFd as _, OwnedFd},
    process::Command,
};

use rustix::process::{Pid, PidfdFlags};

use super::{Attempt, Target, raw};

/// More descriptors than a worker may have, and fewer than usual limits.
const DESCRIPTORS: usize = 600;
/// More memory than a worker may have, in bytes. It is never touched.
const MEMORY: usize = 4 << 30;

pub(super) const ALL: &[Attempt] = &[
    Attempt { what: "run a shell", tries: |_| shell() },
    Attempt { what: "fork", tries: |_| raw::child(libc::SYS_fork, [0; 6]) },
    Attempt {
        what: "fork as vfork does",
        tries: |_| raw::child(libc::SYS_clone, [libc::SIGCHLD as usize, 0, 0, 0, 0, 0]),
    },
    Attempt { what: "run a file from memory", tries: |_| from_memory() },
    Attempt { what: "ask whether the control plane takes a signal", tries: |t| signalled(t.serve_pid) },
    Attempt { what: "ask whether a sibling takes a signal", tries: |t| signalled(t.sibling_pid) },
    Attempt { what: "hold a sibling by its number", tries: |t| held(t.sibling_pid).map(drop) },
    Attempt { what: "take a descriptor of a sibling's", tries: taken },
    Attempt { what: "read a sibling's memory", tries: |t| memory_of(t.sibling_pid) },
    Attempt { what: "trace a sibling", tries: traced },
    Attempt { what: "change a sibling's priority", tries: |t| priority(t.sibling_pid) },
    Attempt { what: "change on which processors a sibling runs", tries: |t| processors(t.sibling_pid) },
    Attempt {
        what: "make new namespaces",
        tries: |_| {
            raw::in_child(|| raw::call(libc::SYS_unshare, [libc::CLONE_NEWNS as usize, 0, 0, 0, 0, 0]))
        },
    },
    Attempt { what: "mount a file system", tries: |_| raw::in_child(raw::mount) },
    Attempt { what: "change the root directory", tries: |_| raw::in_child(raw::chroot) },
    Attempt { what: "load a program into the kernel (bpf)", tries: |_| raw::bpf() },
    Attempt { what: "open a ring of io_uring", tries: |_| raw::io_uring() },
    Attempt { what: "add a key to the kernel's keyring", tries: |_| raw::key() },
    Attempt { what: "watch the processor's counters", tries: |_| raw::perf() },
    Attempt { what: "serve page faults (userfaultfd)", tries: |_| raw::userfault() },
    Attempt { what: "write memory that can be run", tries: |_| raw::writable_and_executable() },
    Attempt { what: "make written memory executable", tries: |_| raw::made_executable() },
    Attempt { what: "take 4 GiB of memory", tries: |_| raw::mapped(MEMORY) },
    Attempt { what: "open 600 descriptors", tries: |_| many() },
    Attempt { what: "raise its own limit of descriptors", tries: |_| raised() },
    Attempt {
        what: "become another user",
        tries: |_| raw::in_child(|| raw::call(libc::SYS_setuid, [65_534, 0, 0, 0, 0, 0])),
    },
    Attempt {
        what: "watch files (inotify)",
        tries: |_| Ok(rustix::fs::inotify::init(rustix::fs::inotify::CreateFlags::empty()).map(drop)?),
    },
    Attempt { what: "name the machine", tries: |_| raw::same_host_name() },
];

pub(super) fn shell() -> io::Result<()> {
    let status = Command::new("/bin/sh").args(["-c", "exit 0"]).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(status.to_string())) }
}

pub(super) fn from_memory() -> io::Result<()> {
    let file = rustix::fs::memfd_create("attempt", rustix::fs::MemfdFlags::empty())?;
    let mut shell = File::open("/bin/true")?;
    let mut file = File::from(file);
    io::copy(&mut shell, &mut file)?;
    let status = Command::new(format!("/proc/self/fd/{}", file.as_raw_fd())).status();
    // A file that is open for writing cannot be run (ETXTBSY): it came as far as that.
    match status {
        Err(error) if error.raw_os_error() != Some(libc::ETXTBSY) => Err(error),
        _ => Ok(()),
    }
}

fn pid(number: i32) -> io::Result<Pid> {
    Pid::from_raw(number).ok_or_else(|| io::Error::other("no process"))
}

fn signalled(number: i32) -> io::Result<()> {
    Ok(rustix::process::test_kill_process(pid(number)?)?)
}

fn held(number: i32) -> io::Result<OwnedFd> {
    Ok(rustix::process::pidfd_open(pid(number)?, PidfdFlags::empty())?)
}

pub(super) fn taken(target: &Target) -> io::Result<()> {
    let pidfd = held(target.sibling_pid)?;
    let taken = raw::call(libc::SYS_pidfd_getfd, [pidfd.as_raw_fd() as usize, 2, 0, 0, 0, 0])?;
    drop(raw::owned(taken));
    Ok(())
}

pub(super) fn memory_of(number: i32) -> io::Result<()> {
    // Any address that is mapped in it: the beginning of its first mapping, or where ours is.
    let maps = std::fs::read_to_string(format!("/proc/{number}/maps")).unwrap_or_default();
    let begin = maps.split('-').next().and_then(|begin| usize::from_str_radix(begin, 16).ok());
    raw::read_from(number, begin.unwrap_or(0x1000))
}

pub(super) fn traced(target: &Target) -> io::Result<()> {
    let number = target.sibling_pid as usize;
    // Seized, it goes on; let go, it knows of nothing.
    raw::call(libc::SYS_ptrace, [libc::PTRACE_SEIZE as usize, number, 0, 0, 0, 0])?;
    raw::call(libc::SYS_ptrace, [libc::PTRACE_INTERRUPT as usize, number, 0, 0, 0, 0])?;
    raw::call(libc::SYS_wait4, [number, 0, libc::__WALL as usize, 0, 0, 0])?;
    raw::call(libc::SYS_ptrace, [libc::PTRACE_DETACH as usize, number, 0, 0, 0, 0])?;
    Ok(())
}

fn priority(number: i32) -> io::Result<()> {
    let now = rustix::process::getpriority_process(Some(pid(number)?))?;
    Ok(rustix::process::setpriority_process(Some(pid(number)?), now)?)
}

fn processors(number: i32) -> io::Result<()> {
    let same = rustix::thread::sched_getaffinity(Some(pid(number)?))?;
    Ok(rustix::thread::sched_setaffinity(Some(pid(number)?), &same)?)
}

fn many() -> io::Result<()> {
    let opened: io::Result<Vec<File>> = (0..DESCRIPTORS).map(|_| File::open("/dev/null")).collect();
    opened.map(drop)
}

fn raised() -> io::Result<()> {
    raw::raised(DESCRIPTORS as u64 * 2)
}
