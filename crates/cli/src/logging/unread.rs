//! A worker's standard error: a pipe that its control plane reads, and that nobody reads while there is none. A bot must
//! not wait for that: what does not fit is left out, and the next line that fits says how many were.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tracing_subscriber::fmt::MakeWriter;

/// Writes lines where there is room for them. Cheap to clone.
#[derive(Debug)]
pub(crate) struct Unread<W>(Arc<Mutex<State<W>>>);

#[derive(Debug)]
struct State<W> {
    out: W,
    /// Lines that were left out since one was written.
    left_out: u64,
    /// Whether the last line was cut in the middle.
    cut: bool,
}

impl<W> Unread<W> {
    /// Around something that does not wait (`O_NONBLOCK`), as the supervisor hands it down.
    pub(crate) fn new(out: W) -> Self {
        Self(Arc::new(Mutex::new(State { out, left_out: 0, cut: false })))
    }
}

impl<'a, W: Write + 'a> MakeWriter<'a> for Unread<W> {
    type Writer = Line<'a, W>;

    fn make_writer(&'a self) -> Line<'a, W> {
        Line(self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Room for one line; it is written in one call.
pub(crate) struct Line<'a, W>(MutexGuard<'a, State<W>>);

impl<W: Write> Write for Line<'_, W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let state = &mut *self.0;
        let mut told = Vec::new();
        if state.cut {
            told.push(b'\n');
        }
        if state.left_out > 0 {
            writeln!(told, "{} lines were left out while nobody read this log", state.left_out)?;
        }
        let before = told.len();
        told.extend_from_slice(line);
        match state.out.write(&told) {
            Ok(written) if written >= before => {
                (state.left_out, state.cut) = (0, written < told.len());
            }
            Ok(written) => {
                state.left_out += 1;
                state.cut |= written > 0;
            }
            // Nobody is left to be told.
            Err(_) => state.left_out += 1,
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        os::unix::net::UnixStream,
    };

    use tracing_subscriber::fmt::MakeWriter;

    use super::Unread;

    #[test]
    fn lines_that_nobody_reads_are_left_out_without_waiting_and_counted() {
        let (out, mut reader) = UnixStream::pair().unwrap();
        out.set_nonblocking(true).unwrap();
        let log = Unread::new(out);
        let say = |line: &str| log.make_writer().write_all(line.as_bytes()).unwrap();
        say("the first\n");
        for number in 0..5_000 {
            say(&format!("{number} {}\n", "x".repeat(400)));
        }
        let mut read = vec![0; 4 * 1024 * 1024];
        let before = reader.read(&mut read).unwrap();
        let said = String::from_utf8_lossy(&read[..before]).into_owned();
        say("is heard again\n");
        drop(log);
        let mut rest = String::new();
        reader.read_to_string(&mut rest).unwrap();
        let said = said + &rest;
        assert!(said.starts_with("the first\n0 x"));
        let (counted, last) =
            said.trim_end().rsplit_once(" lines were left out while nobody read this log\n").unwrap();
        assert_eq!(last, "is heard again");
        let left_out: usize = counted.rsplit('\n').next().unwrap().parse().unwrap();
        let whole = said.lines().filter(|line| line.len() > 400).count();
        // One may have been cut.
        assert!(left_out > 1_000 && (5_000..=5_001).contains(&(left_out + whole)), "{left_out} and {whole}");
    }
}
