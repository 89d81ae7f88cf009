//! Calls that no safe crate has, or that must be made whatever their arguments.

use std::{
    collections::BTreeSet,
    ffi::CString,
    io,
    os::{
        fd::{FromRawFd as _, OwnedFd},
        unix::ffi::OsStrExt as _,
    },
    path::Path,
};

use libc::c_long;

use super::Attempt;

pub(super) const ALL: &[Attempt] =
    &[Attempt { what: "every other system call by its number", tries: |_| every() }];

/// The first number that no architecture has yet, with some to come.
const NUMBERS: std::ops::Range<c_long> = 0..480;

/// A call. What stands for a pointer is null, or leads to something that lives longer than the call.
#[expect(unsafe_code, reason = "the point of it")]
pub(crate) fn call(number: c_long, arguments: [usize; 6]) -> io::Result<i64> {
    let [a, b, c, d, e, f] = arguments;
    // SAFETY: callers here pass no pointers but null, -1 (which the kernel refuses, EFAULT) and those to what they hold, of
    // the size that they say; none of these calls changes this process's memory but through them.
    let given = unsafe { libc::syscall(number, a, b, c, d, e, f) };
    if given == -1 { Err(io::Error::last_os_error()) } else { Ok(given) }
}

/// A call with a path among its arguments.
pub(super) fn path_call(
    number: c_long,
    path: &Path,
    arguments: impl Fn(usize) -> [usize; 4],
) -> io::Result<()> {
    let path = CString::new(path.as_os_str().as_bytes())?;
    let [a, b, c, d] = arguments(path.as_ptr() as usize);
    call(number, [a, b, c, d, 0, 0]).map(drop)
}

/// A descriptor that a call has given.
#[expect(unsafe_code, reason = "a number becomes a descriptor")]
pub(super) fn owned(number: i64) -> OwnedFd {
    // SAFETY: the kernel has just given this number to us, and nobody else knows it.
    unsafe { OwnedFd::from_raw_fd(number as i32) }
}

/// Makes a child by this call, which ends at once.
pub(super) fn child(number: c_long, arguments: [usize; 6]) -> io::Result<()> {
    let pid = call(number, arguments)?;
    if pid == 0 {
        let _never_returns = call(libc::SYS_exit_group, [0; 6]);
    }
    call(libc::SYS_wait4, [pid as usize, 0, 0, 0, 0, 0]).map(drop)
}

/// Does something in a child, so that it leaves no trace in this process. Where there can be no child, here: it is refused
/// then, too.
pub(super) fn in_child(does: impl Fn() -> io::Result<i64>) -> io::Result<()> {
    let pid = match call(libc::SYS_fork, [0; 6]) {
        Ok(pid) => pid,
        Err(_) => return does().map(drop),
    };
    if pid == 0 {
        let code = usize::from(does().is_err());
        let _never_returns = call(libc::SYS_exit_group, [code, 0, 0, 0, 0, 0]);
    }
    let mut status = 0_i32;
    call(libc::SYS_wait4, [pid as usize, &raw mut status as usize, 0, 0, 0, 0])?;
    if status == 0 { Ok(()) } else { Err(io::Error::other("refused in the child")) }
}

pub(super) fn mount() -> io::Result<i64> {
    // In namespaces of the child's own.
    call(libc::SYS_unshare, [libc::CLONE_NEWNS as usize, 0, 0, 0, 0, 0])?;
    let (none, root) = (c"none".as_ptr() as usize, c"/".as_ptr() as usize);
    call(libc::SYS_mount, [none, root, 0, (libc::MS_REC | libc::MS_PRIVATE) as usize, 0, 0])
}

pub(super) fn chroot() -> io::Result<i64> {
    call(libc::SYS_chroot, [c"/".as_ptr() as usize, 0, 0, 0, 0, 0])
}

pub(super) fn bpf() -> io::Result<()> {
    // BPF_MAP_CREATE of an array: its kind 2, a key of 4 bytes, a value of 4, one entry.
    let attributes = [2_u32, 4, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    let given = call(libc::SYS_bpf, [0, attributes.as_ptr() as usize, size_of_val(&attributes), 0, 0, 0])?;
    drop(owned(given));
    Ok(())
}

pub(super) fn io_uring() -> io::Result<()> {
    let mut parameters = [0_u8; 120];
    let given = call(libc::SYS_io_uring_setup, [4, parameters.as_mut_ptr() as usize, 0, 0, 0, 0])?;
    drop(owned(given));
    Ok(())
}

pub(super) fn key() -> io::Result<()> {
    let (kind, name) = (c"user".as_ptr() as usize, c"flowhq-attempt".as_ptr() as usize);
    // KEY_SPEC_PROCESS_KEYRING: gone with this process.
    call(libc::SYS_add_key, [kind, name, b"x".as_ptr() as usize, 1, -2_isize as usize, 0]).map(drop)
}

pub(super) fn perf() -> io::Result<()> {
    // perf_event_attr: a software event (kind 1), its size, the processor's clock (0).
    let mut attributes = [0_u32; 32];
    (attributes[0], attributes[1]) = (1, 128);
    let given =
        call(libc::SYS_perf_event_open, [attributes.as_ptr() as usize, 0, usize::MAX, usize::MAX, 0, 0])?;
    drop(owned(given));
    Ok(())
}

pub(super) fn userfault() -> io::Result<()> {
    // UFFD_USER_MODE_ONLY.
    drop(owned(call(libc::SYS_userfaultfd, [1, 0, 0, 0, 0, 0])?));
    Ok(())
}

fn map(bytes: usize, protection: i32) -> io::Result<usize> {
    let flags = (libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE) as usize;
    Ok(call(libc::SYS_mmap, [0, bytes, protection as usize, flags, usize::MAX, 0])? as usize)
}

fn unmap(at: usize, bytes: usize) {
    let _it_was_mapped = call(libc::SYS_munmap, [at, bytes, 0, 0, 0, 0]);
}

pub(super) fn mapped(bytes: usize) -> io::Result<()> {
    let at = map(bytes, libc::PROT_READ | libc::PROT_WRITE)?;
    unmap(at, bytes);
    Ok(())
}

pub(super) fn writable_and_executable() -> io::Result<()> {
    let at = map(4_096, libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC)?;
    unmap(at, 4_096);
    Ok(())
}

pub(super) fn made_executable() -> io::Result<()> {
    let at = map(4_096, libc::PROT_READ | libc::PROT_WRITE)?;
    let made = call(libc::SYS_mprotect, [at, 4_096, (libc::PROT_READ | libc::PROT_EXEC) as usize, 0, 0, 0]);
    unmap(at, 4_096);
    made.map(drop)
}

pub(super) fn read_from(pid: i32, at: usize) -> io::Result<()> {
    let mut byte = [0_u8; 1];
    let (ours, theirs) = ([byte.as_mut_ptr() as usize, 1], [at, 1]);
    let arguments = [pid as usize, ours.as_ptr() as usize, 1, theirs.as_ptr() as usize, 1, 0];
    call(libc::SYS_process_vm_readv, arguments).map(drop)
}

pub(super) fn same_host_name() -> io::Result<()> {
    // Six names of 65 bytes each; the second is the machine's (uname(2)).
    let mut names = [0_u8; 6 * 65];
    call(libc::SYS_uname, [names.as_mut_ptr() as usize, 0, 0, 0, 0, 0])?;
    let length = names[65..].iter().position(|byte| *byte == 0).unwrap_or_default();
    call(libc::SYS_sethostname, [names[65..].as_ptr() as usize, length, 0, 0, 0, 0]).map(drop)
}

/// Raises its own limit of descriptors to this, and leaves it where it is that high already.
pub(super) fn raised(wanted: u64) -> io::Result<()> {
    let mut limit = [0_u64; 2];
    let resource = libc::RLIMIT_NOFILE as usize;
    call(libc::SYS_prlimit64, [0, resource, 0, limit.as_mut_ptr() as usize, 0, 0])?;
    let limit = limit.map(|number| number.max(wanted));
    call(libc::SYS_prlimit64, [0, resource, limit.as_ptr() as usize, 0, 0, 0]).map(drop)
}

/// The numbers that are tried: what a worker may call is left out, and what would end or hang whoever calls it outside.
pub fn tried_calls() -> Vec<c_long> {
    let allowed: BTreeSet<_> = crate::allowed_numbers().collect();
    NUMBERS.filter(|number| !allowed.contains(number) && !ENDS.contains(number)).collect()
}

/// Calls that take no argument which would make them fail, and that would end, double, stop or change whoever makes them.
///
/// The last two are the kernel's own, for probes: seccomp passes them by, and they end whoever calls them (SIGILL).
#[cfg(target_arch = "x86_64")]
const ENDS: &[c_long] = &[
    libc::SYS_fork,
    libc::SYS_vfork,
    libc::SYS_pause,
    libc::SYS_vhangup,
    libc::SYS_sync,
    libc::SYS_umask,
    libc::SYS_setsid,
    libc::SYS_restart_syscall,
    libc::SYS_munlockall,
    335,
    336,
];
#[cfg(not(target_arch = "x86_64"))]
const ENDS: &[c_long] = &[
    libc::SYS_vhangup,
    libc::SYS_sync,
    libc::SYS_umask,
    libc::SYS_setsid,
    libc::SYS_restart_syscall,
    libc::SYS_munlockall,
];

fn every() -> io::Result<()> {
    each_once(&tried_calls())
}

/// The numbers that nobody in a control plane has a use for, but for those that would end whoever calls them outside.
pub fn tried_unused() -> Vec<c_long> {
    crate::calls::OF_NO_USE.iter().copied().filter(|number| !ENDS.contains(number)).collect()
}

pub(super) fn every_unused() -> io::Result<()> {
    each_once(&tried_unused())
}

/// Makes each of these calls once, with arguments that no call takes. Had where any is answered by more than that it is
/// forbidden or not known.
fn each_once(numbers: &[c_long]) -> io::Result<()> {
    let mut answered = Vec::new();
    for &number in numbers {
        let went = call(number, [usize::MAX; 6]);
        let refused = went
            .as_ref()
            .is_err_and(|error| matches!(error.raw_os_error(), Some(libc::EPERM | libc::ENOSYS)));
        if !refused {
            answered.push(number);
        }
    }
    if answered.is_empty() { Err(io::Error::from_raw_os_error(libc::EPERM)) } else { Ok(()) }
}
