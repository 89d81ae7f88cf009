//! fork(2), twice: the second child's parent has ended, so that it belongs to the nearest subreaper, which is the control plane while it waits.

use std::io;

use rustix::process::{Pid, WaitOptions, waitpid};

/// Which of the two this process is.
pub(crate) enum Forked {
    /// The one that was there.
    Parent(Pid),
    /// The new one.
    Child,
}

/// Forks a process that will be a child of the nearest subreaper: its number, or [`Forked::Child`] in it.
pub(crate) fn orphan() -> io::Result<Forked> {
    let (read, write) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    match fork()? {
        Forked::Parent(between) => {
            drop(write);
            let mut number = [0; 4];
            let told = io::Read::read_exact(&mut std::fs::File::from(read), &mut number);
            // From here on the other one's parent is the subreaper: a parent's end gives its children away (exit(2)).
            while let Err(rustix::io::Errno::INTR) = waitpid(Some(between), WaitOptions::empty()) {}
            told?;
            let number = Pid::from_raw(i32::from_ne_bytes(number));
            number.map(Forked::Parent).ok_or_else(|| io::Error::other("a second process could not be forked"))
        }
        Forked::Child => {
            drop(read);
            match fork() {
                Ok(Forked::Child) => Ok(Forked::Child),
                // Where it is not told, a number is missing, and the other side says so.
                Ok(Forked::Parent(child)) => {
                    let number = child.as_raw_nonzero().get().to_ne_bytes();
                    let _told = io::Write::write_all(&mut std::fs::File::from(write), &number);
                    end(0)
                }
                Err(_) => {
                    let _told = io::Write::write_all(&mut std::fs::File::from(write), &[0; 4]);
                    end(1)
                }
            }
        }
    }
}

#[expect(unsafe_code, reason = "no safe crate forks")]
fn fork() -> io::Result<Forked> {
    // The calling thread alone goes on in the child: what another one holds would be held for ever.
    if std::fs::read_dir("/proc/self/task")?.count() != 1 {
        return Err(io::Error::other("a process that has threads cannot be forked"));
    }
    // SAFETY: this process has one thread, as was just seen and as only that thread could change, so that memory, locks and the
    // allocator are in the child as they are here, and everything may be called in it (fork(2), signal-safety(7)). Nothing is
    // handled in a signal's context. Descriptors are owned by the copies of what owns them here, in either process.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(Forked::Child),
        child => Pid::from_raw(child).map(Forked::Parent).ok_or_else(|| io::Error::other("no number")),
    }
}

/// Ends this process without anything that is due at the end of the one it was forked from.
#[expect(unsafe_code, reason = "the standard library has no call for it")]
fn end(code: i32) -> ! {
    // SAFETY: _exit(2) takes a number and does not return; nothing runs after it.
    unsafe { libc::_exit(code) }
}
