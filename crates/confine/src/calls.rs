//! System calls, by two seccomp filters (seccomp(2)): one that answers as an older kernel would (ENOSYS) where a library then
//! takes another way, and one that allows what is listed here and answers everything else with EPERM. Whichever says no
//! counts; the second closes the door behind itself, since installing a filter is no longer allowed.

use std::collections::BTreeMap;

use libc::{c_int, c_long};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter_all_threads, sock_filter,
};

use crate::ConfineError;

/// An argument by its place, and what must hold of it: that its bits within the mask are these.
#[derive(Debug, Clone, Copy)]
struct Holds(u8, u64, u64);

/// Types into a terminal for somebody else; the number as ioctl(2) has it, whose type differs between C libraries.
const TIOCSTI: u64 = 0x5412;
const ALL: u64 = u32::MAX as u64;
const fn is(argument: u8, value: c_int) -> Holds {
    Holds(argument, ALL, value as u64 & ALL)
}
const fn without(argument: u8, bits: c_int) -> Holds {
    Holds(argument, bits as u64 & ALL, 0)
}

/// One way in which a call is allowed: all of it must hold. No way at all: it is allowed whatever its arguments.
type Ways = &'static [&'static [Holds]];
const ALWAYS: Ways = &[];

macro_rules! calls {
    ($( $(#[$attribute:meta])* $name:ident => $ways:expr, )*) => {
        &[ $( $(#[$attribute])* (
            { const NAME: &str = stringify!($name); NAME.split_at(4).1 },
            libc::$name,
            $ways,
        ), )* ]
    };
}

/// The names of all system calls that a worker may make.
pub fn allowed() -> impl Iterator<Item = &'static str> {
    ALLOWED.iter().map(|(name, ..)| *name).chain(["tgkill"])
}

/// The numbers of them.
pub fn allowed_numbers() -> impl Iterator<Item = i64> {
    ALLOWED.iter().map(|(_, number, _)| *number).chain([libc::SYS_tgkill])
}

/// Every system call that a worker may make, with the arguments that it may have; `tgkill` to itself is one more.
const ALLOWED: &[(&str, c_long, Ways)] = calls! {
    // Memory: never writable and executable at once.
    SYS_brk => ALWAYS,
    SYS_mmap => &[&[without(2, libc::PROT_WRITE)], &[without(2, libc::PROT_EXEC)]],
    SYS_mprotect => &[&[without(2, libc::PROT_EXEC)]],
    SYS_munmap => ALWAYS,
    SYS_mremap => ALWAYS,
    SYS_madvise => ALWAYS,
    // Files: what may be opened, landlock decides. No modes, owners, times or attributes are changed.
    SYS_openat => ALWAYS,
    SYS_close => ALWAYS,
    SYS_read => ALWAYS,
    SYS_write => ALWAYS,
    SYS_writev => ALWAYS,
    SYS_pread64 => ALWAYS,
    SYS_pwrite64 => ALWAYS,
    SYS_lseek => ALWAYS,
    SYS_fstat => ALWAYS,
    SYS_newfstatat => ALWAYS,
    SYS_fsync => ALWAYS,
    SYS_fdatasync => ALWAYS,
    SYS_ftruncate => ALWAYS,
    SYS_flock => ALWAYS,
    SYS_getcwd => ALWAYS,
    // Flags, locks and copies of descriptors; not who gets a signal of it.
    SYS_fcntl => &[
        &[is(1, libc::F_DUPFD_CLOEXEC)],
        &[is(1, libc::F_GETFD)],
        &[is(1, libc::F_SETFD)],
        &[is(1, libc::F_GETFL)],
        &[is(1, libc::F_SETFL), without(2, libc::O_ASYNC)],
        &[is(1, libc::F_GETLK)],
        &[is(1, libc::F_SETLK)],
        &[is(1, libc::F_SETLKW)],
    ],
    #[cfg(target_arch = "x86_64")]
    SYS_access => ALWAYS,
    #[cfg(target_arch = "x86_64")]
    SYS_readlink => ALWAYS,
    #[cfg(target_arch = "x86_64")]
    SYS_unlink => ALWAYS,
    #[cfg(not(target_arch = "x86_64"))]
    SYS_faccessat => ALWAYS,
    #[cfg(not(target_arch = "x86_64"))]
    SYS_readlinkat => ALWAYS,
    #[cfg(not(target_arch = "x86_64"))]
    SYS_unlinkat => ALWAYS,
    SYS_ioctl => &[&[is(1, libc::FIONBIO as c_int)], &[is(1, libc::FIONREAD as c_int)]],
    // Network: TCP to the ports that landlock leaves, UDP to name servers. No listening, no binding, no other protocol.
    SYS_socket => &[
        &[is(0, libc::AF_INET), Holds(1, 0xf, libc::SOCK_STREAM as u64), is(2, 0)],
        &[is(0, libc::AF_INET), Holds(1, 0xf, libc::SOCK_STREAM as u64), is(2, libc::IPPROTO_TCP)],
        &[is(0, libc::AF_INET), Holds(1, 0xf, libc::SOCK_DGRAM as u64), is(2, 0)],
        &[is(0, libc::AF_INET), Holds(1, 0xf, libc::SOCK_DGRAM as u64), is(2, libc::IPPROTO_UDP)],
        &[is(0, libc::AF_INET6), Holds(1, 0xf, libc::SOCK_STREAM as u64), is(2, 0)],
        &[is(0, libc::AF_INET6), Holds(1, 0xf, libc::SOCK_STREAM as u64), is(2, libc::IPPROTO_TCP)],
        &[is(0, libc::AF_INET6), Holds(1, 0xf, libc::SOCK_DGRAM as u64), is(2, 0)],
        &[is(0, libc::AF_INET6), Holds(1, 0xf, libc::SOCK_DGRAM as u64), is(2, libc::IPPROTO_UDP)],
    ],
    SYS_connect => ALWAYS,
    SYS_accept4 => ALWAYS,
    SYS_sendto => ALWAYS,
    SYS_recvfrom => ALWAYS,
    SYS_sendmmsg => ALWAYS,
    SYS_shutdown => ALWAYS,
    SYS_getsockname => ALWAYS,
    SYS_getpeername => ALWAYS,
    SYS_getsockopt => ALWAYS,
    SYS_setsockopt => &[
        &[is(1, libc::IPPROTO_TCP), is(2, libc::TCP_NODELAY)],
        &[is(1, libc::SOL_SOCKET), is(2, libc::SO_KEEPALIVE)],
        &[is(1, libc::SOL_SOCKET), is(2, libc::SO_RCVTIMEO)],
        &[is(1, libc::SOL_SOCKET), is(2, libc::SO_SNDTIMEO)],
        &[is(1, libc::IPPROTO_IP), is(2, libc::IP_RECVERR)],
        &[is(1, libc::IPPROTO_IPV6), is(2, libc::IPV6_RECVERR)],
    ],
    #[cfg(target_arch = "x86_64")]
    SYS_poll => ALWAYS,
    #[cfg(not(target_arch = "x86_64"))]
    SYS_ppoll => ALWAYS,
    #[cfg(target_arch = "x86_64")]
    SYS_epoll_wait => ALWAYS,
    #[cfg(not(target_arch = "x86_64"))]
    SYS_epoll_pwait => ALWAYS,
    SYS_epoll_ctl => ALWAYS,
    // Threads of this process, and no process.
    SYS_clone => &[&[Holds(0, THREAD | NAMESPACES, THREAD)]],
    SYS_futex => ALWAYS,
    SYS_set_robust_list => ALWAYS,
    SYS_rseq => ALWAYS,
    SYS_gettid => ALWAYS,
    // Whoever was stopped in the middle of a wait goes on by it.
    SYS_restart_syscall => ALWAYS,
    SYS_sched_getaffinity => ALWAYS,
    SYS_sigaltstack => ALWAYS,
    SYS_rt_sigprocmask => ALWAYS,
    SYS_rt_sigaction => ALWAYS,
    SYS_rt_sigreturn => ALWAYS,
    SYS_prctl => &[&[is(0, libc::PR_SET_NAME)]],
    SYS_exit => ALWAYS,
    SYS_exit_group => ALWAYS,
    // Itself.
    SYS_getpid => ALWAYS,
    SYS_geteuid => ALWAYS,
    SYS_getrandom => ALWAYS,
    SYS_clock_gettime => ALWAYS,
    SYS_clock_nanosleep => ALWAYS,
};

const THREAD: u64 = (libc::CLONE_THREAD | libc::CLONE_VM) as u64;
const NAMESPACES: u64 = (libc::CLONE_NEWNS
    | libc::CLONE_NEWCGROUP
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET) as u64;

/// Calls that are answered as by a kernel that does not know them: EPERM would be the end of what asks, where it takes an
/// older call otherwise (of threads, glibc does).
pub const ANSWERED_AS_UNKNOWN: &[(&str, c_long)] = &[
    ("clone3", libc::SYS_clone3),
    ("openat2", libc::SYS_openat2),
    ("statx", libc::SYS_statx),
    ("faccessat2", libc::SYS_faccessat2),
    ("epoll_pwait2", libc::SYS_epoll_pwait2),
];

/// What neither the control plane nor anything that it starts has a use for. It starts workers, so that it cannot be held to
/// a list of what is allowed; a worker's own filters come on top of this one.
pub(crate) const OF_NO_USE: &[c_long] = &[
    libc::SYS_acct,
    libc::SYS_add_key,
    libc::SYS_adjtimex,
    libc::SYS_bpf,
    libc::SYS_chroot,
    libc::SYS_clock_adjtime,
    libc::SYS_clock_settime,
    libc::SYS_delete_module,
    libc::SYS_fanotify_init,
    libc::SYS_fanotify_mark,
    libc::SYS_finit_module,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fsopen,
    libc::SYS_fspick,
    libc::SYS_get_mempolicy,
    libc::SYS_init_module,
    libc::SYS_io_cancel,
    libc::SYS_io_destroy,
    libc::SYS_io_getevents,
    libc::SYS_io_setup,
    libc::SYS_io_submit,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_ioperm,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_iopl,
    libc::SYS_kcmp,
    libc::SYS_kexec_file_load,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_lookup_dcookie,
    libc::SYS_mbind,
    libc::SYS_memfd_create,
    libc::SYS_memfd_secret,
    libc::SYS_migrate_pages,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_modify_ldt,
    libc::SYS_mount,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_move_pages,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    libc::SYS_msgctl,
    libc::SYS_msgget,
    libc::SYS_name_to_handle_at,
    libc::SYS_nfsservctl,
    libc::SYS_open_by_handle_at,
    libc::SYS_open_tree,
    libc::SYS_perf_event_open,
    libc::SYS_personality,
    libc::SYS_pidfd_getfd,
    libc::SYS_pivot_root,
    libc::SYS_process_madvise,
    libc::SYS_process_mrelease,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_quotactl,
    libc::SYS_quotactl_fd,
    libc::SYS_reboot,
    libc::SYS_remap_file_pages,
    libc::SYS_request_key,
    libc::SYS_semctl,
    libc::SYS_semget,
    libc::SYS_set_mempolicy,
    libc::SYS_setdomainname,
    libc::SYS_sethostname,
    libc::SYS_setns,
    libc::SYS_settimeofday,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_shmget,
    libc::SYS_swapoff,
    libc::SYS_swapon,
    libc::SYS_syslog,
    libc::SYS_umount2,
    libc::SYS_unshare,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_uselib,
    libc::SYS_userfaultfd,
    libc::SYS_vhangup,
    libc::SYS_vmsplice,
];

/// What is asked of a call that has uses, so that it is refused where it has none.
#[derive(Debug, Clone, Copy)]
enum Asks {
    /// The argument's bits within the mask are these.
    Is(u8, u64, u64),
    /// The argument is none of these.
    IsNot(u8, &'static [c_int]),
}

/// Raw and packet sockets, and those of families and protocols that nobody here speaks (netlink, Bluetooth, virtual machines'
/// and the kernel's own, multipath TCP); new namespaces; and what types into somebody else's terminal.
const OF_NO_USE_WITH: &[(c_long, &[Asks])] = &[
    (libc::SYS_socket, &[Asks::IsNot(0, &[libc::AF_UNIX, libc::AF_INET, libc::AF_INET6])]),
    (libc::SYS_socket, &[Asks::Is(1, 0xf, libc::SOCK_RAW as u64)]),
    (
        libc::SYS_socket,
        &[Asks::IsNot(0, &[libc::AF_UNIX]), Asks::IsNot(2, &[0, libc::IPPROTO_TCP, libc::IPPROTO_UDP])],
    ),
    (libc::SYS_clone, &[Asks::Is(0, libc::CLONE_NEWNS as u64, libc::CLONE_NEWNS as u64)]),
    (libc::SYS_clone, &[Asks::Is(0, libc::CLONE_NEWCGROUP as u64, libc::CLONE_NEWCGROUP as u64)]),
    (libc::SYS_clone, &[Asks::Is(0, libc::CLONE_NEWUTS as u64, libc::CLONE_NEWUTS as u64)]),
    (libc::SYS_clone, &[Asks::Is(0, libc::CLONE_NEWIPC as u64, libc::CLONE_NEWIPC as u64)]),
    (libc::SYS_clone, &[Asks::Is(0, libc::CLONE_NEWUSER as u64, libc::CLONE_NEWUSER as u64)]),
    (libc::SYS_clone, &[Asks::Is(0, libc::CLONE_NEWPID as u64, libc::CLONE_NEWPID as u64)]),
    (libc::SYS_clone, &[Asks::Is(0, libc::CLONE_NEWNET as u64, libc::CLONE_NEWNET as u64)]),
    (libc::SYS_ioctl, &[Asks::Is(1, ALL, TIOCSTI)]),
    (libc::SYS_ioctl, &[Asks::Is(1, ALL, TIOCLINUX)]),
];
/// Of consoles (ioctl_console(2)); libc has no name for it.
const TIOCLINUX: u64 = 0x541c;
/// By this bit a call of x86-64 is one of its 32-bit kind (x32), which most kernels have not, and which a number without it
/// would not hold back.
#[cfg(target_arch = "x86_64")]
const X32: u32 = 0x4000_0000;

/// Takes from the control plane, and from what it will start, the system calls that nobody there has a use for, and new
/// privileges. Called before any thread is started.
pub(crate) fn close_unused() -> Result<(), ConfineError> {
    #[cfg(target_arch = "x86_64")]
    apply_all([Ok(without_x32())])?;
    apply_all([unused(), without_clone3()])
}

/// The x86-64 kernel may know each call by a second number, and a few by numbers that others do not have. What we build for
/// makes none of them; so all are refused, in two steps rather than in as many as there are calls.
#[cfg(target_arch = "x86_64")]
fn without_x32() -> BpfProgram {
    // linux/filter.h: load a word, compare with a constant, return.
    const LOAD: u16 = 0x20;
    const AT_LEAST: u16 = 0x35;
    const RETURN: u16 = 0x06;
    // seccomp(2): the number comes first in what a filter sees.
    const NUMBER: u32 = 0;

    let step = |code, jf, k| sock_filter { code, jt: 0, jf, k };
    let refused = libc::SECCOMP_RET_ERRNO | libc::EPERM.cast_unsigned();
    vec![
        step(LOAD, 0, NUMBER),
        step(AT_LEAST, 1, X32),
        step(RETURN, 0, refused),
        step(RETURN, 0, libc::SECCOMP_RET_ALLOW),
    ]
}

/// Applies filters to all threads there are; of two that match, the stricter one holds.
fn apply_all<const N: usize>(filters: [Compiled; N]) -> Result<(), ConfineError> {
    let told = |error: String| ConfineError::Calls(error);
    for filter in filters {
        let program = filter.map_err(|error| told(error.to_string()))?;
        apply_filter_all_threads(&program).map_err(|error| told(error.to_string()))?;
    }
    Ok(())
}

fn unused() -> Compiled {
    let mut rules: BTreeMap<_, Vec<_>> = OF_NO_USE.iter().map(|number| (*number, Vec::new())).collect();
    for (number, asks) in OF_NO_USE_WITH {
        rules.entry(*number).or_default().push(asked(asks)?);
    }
    compile(rules, SeccompAction::Allow, SeccompAction::Errno(libc::EPERM.cast_unsigned()))
}

/// What clone3 asks for lies in memory, where no filter sees it: as if the kernel did not know it, and threads and children
/// are made by clone.
fn without_clone3() -> Compiled {
    answered_as_unknown([libc::SYS_clone3])
}

fn asked(asks: &[Asks]) -> Result<SeccompRule, seccompiler::BackendError> {
    let condition =
        |argument, how, value| SeccompCondition::new(argument, SeccompCmpArgLen::Dword, how, value);
    let mut conditions = Vec::new();
    for ask in asks {
        match ask {
            Asks::Is(argument, mask, value) => {
                conditions.push(condition(*argument, SeccompCmpOp::MaskedEq(*mask), *value)?);
            }
            Asks::IsNot(argument, values) => {
                for value in *values {
                    conditions.push(condition(*argument, SeccompCmpOp::Ne, is(0, *value).2)?);
                }
            }
        }
    }
    SeccompRule::new(conditions)
}

pub(crate) fn offered() -> bool {
    std::fs::read_to_string("/proc/sys/kernel/seccomp/actions_avail").map_or_else(
        // A container may hide the file; what is missing is then told by the call itself.
        |_| true,
        |actions| actions.split_whitespace().any(|action| action == "errno"),
    )
}

pub(crate) fn restrict(may_kill_itself: bool) -> Result<(), ConfineError> {
    apply_all([unknowing(), allowing(may_kill_itself)])
}

type Compiled = Result<BpfProgram, seccompiler::BackendError>;

fn allowing(may_kill_itself: bool) -> Compiled {
    let mut rules = BTreeMap::new();
    for (_, number, ways) in ALLOWED {
        let ways: Result<Vec<_>, _> = ways.iter().map(|way| rule(way)).collect();
        rules.insert(*number, ways?);
    }
    // The filter before this one answers these.
    rules.extend(ANSWERED_AS_UNKNOWN.iter().map(|(_, number)| (*number, Vec::new())));
    // A failed allocation ends the process by a signal to itself (abort(3)), and so does a point of the crash driver.
    let own = c_int::try_from(std::process::id()).unwrap_or(c_int::MAX);
    rules.insert(libc::SYS_tgkill, vec![rule(&[is(0, own)])?]);
    if may_kill_itself {
        rules.insert(libc::SYS_kill, vec![rule(&[is(0, own)])?]);
    }
    compile(rules, SeccompAction::Errno(libc::EPERM.cast_unsigned()), SeccompAction::Allow)
}

fn unknowing() -> Compiled {
    answered_as_unknown(ANSWERED_AS_UNKNOWN.iter().map(|(_, number)| *number))
}

fn answered_as_unknown(numbers: impl IntoIterator<Item = c_long>) -> Compiled {
    let rules = numbers.into_iter().map(|number| (number, Vec::new())).collect();
    compile(rules, SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS.cast_unsigned()))
}

fn rule(way: &[Holds]) -> Result<SeccompRule, seccompiler::BackendError> {
    let conditions: Result<Vec<_>, _> = way
        .iter()
        .map(|Holds(argument, mask, value)| {
            SeccompCondition::new(*argument, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(*mask), *value)
        })
        .collect();
    SeccompRule::new(conditions?)
}

fn compile(
    rules: BTreeMap<i64, Vec<SeccompRule>>,
    otherwise: SeccompAction,
    then: SeccompAction,
) -> Compiled {
    SeccompFilter::new(rules, otherwise, then, TargetArch::try_from(std::env::consts::ARCH)?)?.try_into()
}

#[cfg(test)]
mod tests {
    use super::{ALLOWED, OF_NO_USE, allowing, unknowing, unused};

    #[test]
    fn the_filters_compile_and_allow_at_most_sixty_calls() {
        assert!(allowing(true).is_ok_and(|program| program.len() < 1_000));
        assert!(unknowing().is_ok());
        let mut numbers: Vec<_> = ALLOWED.iter().map(|(_, number, _)| number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), ALLOWED.len(), "each once");
        assert!(unused().is_ok_and(|program| program.len() < 1_000));
        let mut unused = OF_NO_USE.to_vec();
        unused.sort_unstable();
        unused.dedup();
        assert_eq!(unused.len(), OF_NO_USE.len(), "each once");
        // What confines a worker, and what starts it, goes on.
        assert!(ALLOWED.iter().all(|(_, number, _)| !OF_NO_USE.contains(number)));
        // tgkill to itself is one more.
        assert!(ALLOWED.len() < 60, "{} calls", ALLOWED.len() + 1);
    }

    /// On this thread alone.
    #[cfg(all(target_arch = "x86_64", feature = "attempts"))]
    #[test]
    fn no_call_is_made_by_its_second_number() {
        use crate::attempts::raw;

        let second = i64::from(super::X32);
        let outside = raw::call(second | libc::SYS_getpid, [0; 6]).map_err(|error| error.raw_os_error());
        assert_ne!(outside, Err(Some(libc::EPERM)), "a kernel that does not know it says so");
        seccompiler::apply_filter(&super::without_x32()).expect("a filter of four steps");
        for number in [libc::SYS_getpid, 0, 512, 547] {
            let refused = raw::call(second | number, [0; 6]).map_err(|error| error.raw_os_error());
            assert_eq!(refused, Err(Some(libc::EPERM)), "{number}");
        }
        assert!(raw::call(libc::SYS_getpid, [0; 6]).is_ok());
    }
}
