//! A process's arguments as others see them (`/proc/PID/cmdline`): by them a control plane knows the workers of the one before it.

use std::io;

/// Writes these in the place of this process's last arguments, which must have as many bytes in all.
///
/// # Errors
/// Where they do not, or where the system does not show its own arguments to a process.
#[expect(unsafe_code, reason = "no safe crate writes into the memory that shows a process's arguments")]
pub(crate) fn set(arguments: &[String]) -> io::Result<()> {
    let new = joined(arguments);
    let shown = std::fs::read("/proc/self/cmdline")?;
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // "pid (name) state …": after the name, the 46th and 47th are where arguments begin and end (proc(5), fields 48 and 49).
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap_or_default().1.split_ascii_whitespace().collect();
    let at = |field: usize| fields.get(field).and_then(|at| at.parse::<usize>().ok());
    let (Some(from), Some(to)) = (at(45), at(46)) else {
        return Err(io::Error::other("the system does not show where a process's arguments are"));
    };
    let ends_an_argument = shown.len().checked_sub(new.len() + 1).and_then(|before| shown.get(before));
    if to.checked_sub(from) != Some(shown.len()) || ends_an_argument != Some(&0) || shown.last() != Some(&0) {
        return Err(io::Error::other("these arguments do not fit into the place of the others"));
    }
    let begin = std::ptr::with_exposed_provenance_mut::<u8>(to - new.len());
    for (n, byte) in new.iter().enumerate() {
        // SAFETY: the kernel has copied the arguments to [from, to) on the stack of this process, which is its own writable
        // memory as long as it lives (execve(2)), and just read them back from there with this length. `new` is not longer
        // than they are, and begins where an argument begins. Nobody else touches them: this process has one thread
        // (fork.rs), and the standard library reads them only when it is asked for them.
        unsafe { begin.add(n).write_volatile(*byte) };
    }
    Ok(())
}

/// Arguments as they lie in memory, each ended by a zero.
pub(crate) fn joined(arguments: &[String]) -> Vec<u8> {
    arguments.iter().flat_map(|argument| argument.bytes().chain([0])).collect()
}
