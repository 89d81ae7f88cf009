//! What commands print: lines and tables for people, JSON for scripts, a spinner for those who wait.

mod codes;
mod progress;
mod table;
mod times;

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

pub(crate) use codes::half_blocks;
pub(crate) use progress::Waiting;
pub(crate) use table::{harmless, pairs, table};
pub(crate) use times::ago;

/// Writes one line to standard output.
pub(crate) fn line(text: impl std::fmt::Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Writes a document, indented.
pub(crate) fn json(value: &impl Serialize) -> io::Result<()> {
    line(serde_json::to_string_pretty(value).map_err(io::Error::other)?)
}

/// Writes a document on one line, for streams of them.
pub(crate) fn json_line(value: &impl Serialize) -> io::Result<()> {
    line(serde_json::to_string(value).map_err(io::Error::other)?)
}

/// Writes a file as it is; to a terminal without what would steer it.
pub(crate) fn file(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if is_terminal() {
        let text = String::from_utf8_lossy(bytes);
        let lines = text.lines().map(|line| format!("{}\n", harmless(line)));
        out.write_all(lines.collect::<String>().as_bytes())?;
    } else {
        out.write_all(bytes)?;
    }
    out.flush()
}

/// Writes an error for people to standard error; where even that fails, nobody can be told.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "error: {text}");
}

/// Writes a remark to standard error, so that it does not mix with data.
pub(crate) fn remark(text: impl std::fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// So many tenants, in words.
pub(crate) fn tenants(count: impl std::fmt::Display) -> String {
    let count = count.to_string();
    if count == "1" { "1 tenant".to_owned() } else { format!("{count} tenants") }
}

/// Whether a person reads standard output.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}
