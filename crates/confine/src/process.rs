//! The process itself: its session, its limits, and who may look into it.

use std::{io, os::unix::process::CommandExt, process::Command};

use rustix::{
    process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit},
    thread::{CapabilitySet, CapabilitySets, capabilities, set_capabilities},
};

use crate::ConfineError;

/// Descriptors that a worker may have open; one that answers has about 30.
const DESCRIPTORS: u64 = 256;
/// Address space beyond what may be written: the executable, stacks, and what glibc sets aside for its arenas.
const BESIDE_MEMORY: u64 = 2 << 30;

/// Limits what this process may take, and leaves it no capability. Not how many processes there are (RLIMIT_NPROC): that counts all of a user.
pub(crate) fn limit(memory_bytes: u64, file_bytes: u64) -> Result<(), ConfineError> {
    let set = |what, resource, most: u64| {
        let limit = Rlimit { current: Some(most), maximum: Some(most) };
        setrlimit(resource, limit).map_err(|error| ConfineError::Limit { what, source: error.into() })
    };
    set("core dumps", Resource::Core, 0)?;
    set("open files", Resource::Nofile, DESCRIPTORS)?;
    set("memory", Resource::Data, memory_bytes)?;
    set("address space", Resource::As, memory_bytes.saturating_add(BESIDE_MEMORY))?;
    ignore_too_large();
    set("the size of files", Resource::Fsize, file_bytes)?;
    // Root without them is a user like any other, but that the system's files are its own.
    let none = CapabilitySets {
        effective: CapabilitySet::empty(),
        permitted: CapabilitySet::empty(),
        inheritable: CapabilitySet::empty(),
    };
    set_capabilities(None, none)
        .map_err(|error| ConfineError::Limit { what: "capabilities", source: error.into() })
}

/// What root needs of its rights to give workers users of their own, to look after them, and to listen on a port below 1024.
const OF_ROOT: [CapabilitySet; 7] = [
    CapabilitySet::CHOWN,
    CapabilitySet::DAC_OVERRIDE,
    CapabilitySet::FOWNER,
    CapabilitySet::KILL,
    CapabilitySet::SETGID,
    CapabilitySet::SETUID,
    CapabilitySet::NET_BIND_SERVICE,
];

/// Leaves the control plane no capability but these, of those that it has. Another program gives it none back, since new
/// privileges are not to be had.
pub(crate) fn keep_capabilities() -> Result<(), ConfineError> {
    let failed =
        |error: rustix::io::Errno| ConfineError::Limit { what: "capabilities", source: error.into() };
    let kept = OF_ROOT.into_iter().fold(CapabilitySet::empty(), CapabilitySet::union);
    let permitted = capabilities(None).map_err(failed)?.permitted.intersection(kept);
    let sets = CapabilitySets { effective: permitted, permitted, inheritable: CapabilitySet::empty() };
    set_capabilities(None, sets).map_err(failed)
}

/// A write beyond RLIMIT_FSIZE is an error (EFBIG) instead of the end of the process.
#[expect(unsafe_code, reason = "no safe crate sets a signal to be ignored")]
fn ignore_too_large() {
    // SAFETY: SIG_IGN is no function, so that nothing of ours runs in a signal's context; the signal is one that can be
    // ignored, and nobody else in this process handles it.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Has a child lead a session and a process group of its own, so that a terminal's signals do not reach it and all that it
/// starts can be found by its number.
#[expect(unsafe_code, reason = "the standard library's own is not stable yet")]
pub fn own_session(command: &mut Command) {
    // SAFETY: what runs between fork and exec is one system call without memory, locks or allocation (setsid(2) is
    // async-signal-safe, signal-safety(7)); its error is a number.
    unsafe {
        command.pre_exec(|| rustix::process::setsid().map(drop).map_err(io::Error::from));
    }
}

/// Closes this process's memory, environment and descriptors to processes of the same user (proc(5), ptrace(2)), and
/// leaves no core behind.
///
/// # Errors
/// Where the kernel refuses.
pub fn close_to_others() -> io::Result<()> {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    setrlimit(Resource::Core, none)?;
    Ok(set_dumpable_behavior(DumpableBehavior::NotDumpable)?)
}

/// Whether this process has one thread.
fn is_alone() -> bool {
    std::fs::read_dir("/proc/self/task").is_ok_and(|tasks| tasks.count() == 1)
}

/// Sets a variable of the environment, for this process and what it will start. Called before any thread is started: where
/// there is another one, nothing is done, and `false` says so.
#[expect(unsafe_code, reason = "changing the environment is unsafe beside other threads")]
pub fn set_environment(name: &str, value: &std::path::Path) -> bool {
    if !is_alone() {
        return false;
    }
    // SAFETY: this process has one thread, as was just seen, so that nothing reads or changes the environment beside us.
    unsafe { std::env::set_var(name, value) };
    true
}

/// Overwrites the values of these variables where the kernel shows them (`/proc/PID/environ`), and removes them. Called
/// before any thread is started: where there is another one, nothing is done, and `false` says so.
#[expect(unsafe_code, reason = "changing the environment is unsafe beside other threads")]
pub fn forget_environment(names: impl IntoIterator<Item = String>) -> bool {
    // Nobody but us may read the environment meanwhile.
    if !is_alone() {
        return false;
    }
    for name in names {
        let Ok(name) = std::ffi::CString::new(name) else { continue };
        // SAFETY: this process has one thread, as was just seen, so that nothing reads or changes the environment beside us.
        // getenv(3) gives a zero-terminated string within the environment, which is writable memory of this process
        // (execve(2) puts it on the stack); up to its zero each byte of it is ours to overwrite.
        unsafe {
            let value = libc::getenv(name.as_ptr());
            if value.is_null() {
                continue;
            }
            for at in 0..libc::strlen(value) {
                value.add(at).write_volatile(0);
            }
            libc::unsetenv(name.as_ptr());
        }
    }
    true
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use std::process::Command;

    use super::own_session;

    #[test]
    fn a_child_leads_a_session_of_its_own() {
        let mut command = Command::new("/bin/cat");
        command.arg("/proc/self/stat");
        own_session(&mut command);
        let output = command.output().unwrap();
        let stat = String::from_utf8(output.stdout).unwrap();
        let pid: u32 = stat.split(' ').next().unwrap().parse().unwrap();
        // state, parent, group, session
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        assert_eq!([fields[2], fields[3]], [pid.to_string(), pid.to_string()]);
    }
}
