//! The zygote's part.

use std::{io, os::fd::AsFd as _};

use crate::{
    Order,
    begin::begin,
    fork::{Forked, orphan},
    message::{Answer, receive, send},
};

/// Why [`serve`] has returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Served {
    /// The control plane has ended or wants no more workers. This process has nothing left to do.
    Ended,
    /// This process is a worker: standard input is its launch socket.
    Worker,
}

/// Takes orders from standard input and forks, until the other end is gone. Returns once in this process, and once in each that
/// it has forked.
///
/// # Errors
/// Where the socket fails, or where this process, just forked, cannot become what was ordered; it must then end.
pub fn serve() -> io::Result<Served> {
    let socket = io::stdin().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(std::fs::File::open("/dev/null")?)?;
    loop {
        let Some((order, descriptors)) = receive::<Order>(&socket)? else { return Ok(Served::Ended) };
        let answer = match <[_; 2]>::try_from(descriptors) {
            Err(_) => Answer::Failed("an order comes with two descriptors".to_owned()),
            Ok([stdin, output]) => match orphan() {
                Ok(Forked::Parent(pid)) => Answer::Forked(pid.as_raw_nonzero().get()),
                Ok(Forked::Child) => {
                    drop(socket);
                    begin(&order, &stdin, &output)?;
                    return Ok(Served::Worker);
                }
                Err(error) => Answer::Failed(error.to_string()),
            },
        };
        send(&socket, &answer, &[])?;
    }
}
