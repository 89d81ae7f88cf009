//! What a process that was just forked takes on, in the order of the standard library's `Command`: its session, its descriptors,
//! its user, its directory; and what it must not share with its siblings.

use std::{io, os::fd::OwnedFd};

use rustix::{
    process::{Gid, Uid},
    thread::{set_thread_gid, set_thread_groups, set_thread_uid},
};

use crate::{Order, title};

/// Makes this process what was ordered. It must end where that fails.
pub(crate) fn begin(order: &Order, stdin: &OwnedFd, output: &OwnedFd) -> io::Result<()> {
    rustix::process::setsid()?;
    rustix::stdio::dup2_stdin(stdin)?;
    rustix::stdio::dup2_stdout(output)?;
    rustix::stdio::dup2_stderr(output)?;
    if let Some((user, group)) = order.user {
        // This process has one thread, so that what is the thread's is the process's.
        set_thread_groups(&[])?;
        set_thread_gid(Gid::from_raw(group))?;
        set_thread_uid(Uid::from_raw(user))?;
    }
    std::env::set_current_dir(&order.directory)?;
    set_environment(order);
    title::set(&order.arguments)?;
    draw_anew()
}

#[expect(unsafe_code, reason = "changing the environment is unsafe beside other threads")]
fn set_environment(order: &Order) {
    for (name, value) in &order.environment {
        // SAFETY: this process was just forked, so that it has one thread.
        unsafe { std::env::set_var(name, value) };
    }
}

/// Random numbers are drawn in memory, which was copied: siblings would draw the same keys.
fn draw_anew() -> io::Result<()> {
    rand::rng().reseed().map_err(|error| io::Error::other(error.to_string()))?;
    rand_09::rng().reseed().map_err(|error| io::Error::other(error.to_string()))
}
