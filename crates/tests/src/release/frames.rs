//! What a worker and its control plane say to each other, as bytes: read off the worker's calls by `strace`, since both prove
//! themselves and nobody can stand between them.

#![allow(clippy::disallowed_methods, reason = "a task of a recorder ends with its runtime")]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Child,
};

use crate::process::{self, Signal};

/// The calls by which a socket is read and written.
const CALLS: &str = "read,recvfrom,write,writev,sendto";

/// How such a call goes on after a socket's name that ends in ".sock".
const NAMED: &str = r#"\x2e\x73\x6f\x63\x6b"]>, "#;

/// Listens to one worker.
pub struct Listening {
    strace: Child,
    trace: PathBuf,
}

/// What was said, a frame each, in their order.
#[derive(Debug, Default)]
pub struct Said {
    /// By the worker.
    pub up: Vec<String>,
    /// By the control plane.
    pub down: Vec<String>,
}

impl Listening {
    /// Begins, and returns once every call is seen.
    ///
    /// # Panics
    /// Where `strace` cannot be run.
    pub async fn to(worker: u32, trace: PathBuf) -> Self {
        let mut command = tokio::process::Command::new("strace");
        command.args(["--follow-forks", "-yy", "-xx", "--string-limit=1048576"]);
        command.args(["--trace", CALLS, "--output"]).arg(&trace).arg("--attach").arg(worker.to_string());
        command.kill_on_drop(true).stdin(Stdio::null()).stderr(Stdio::piped());
        let mut strace = command.spawn().expect("strace can be run");
        let mut words = BufReader::new(strace.stderr.take().expect("it was piped")).lines();
        while let Some(line) = words.next_line().await.expect("it says words") {
            if line.contains("attached") {
                break;
            }
        }
        // It tells of each new thread, and dies where nobody takes that.
        drop(tokio::spawn(async move { while let Ok(Some(_)) = words.next_line().await {} }));
        Self { strace, trace }
    }

    /// Ends, and tells what was said.
    ///
    /// # Panics
    /// Where nothing was written.
    pub async fn end(mut self) -> Said {
        // It lets go of the worker then, which goes on.
        process::signal(self.strace.id().expect("it runs"), Signal::TERM);
        self.strace.wait().await.expect("it was a child");
        said(&std::fs::read_to_string(&self.trace).expect("strace has written"))
    }
}

/// Reads a trace: `12 recvfrom(9<UNIX-STREAM:[…,"…sock"]>, "\x00…", …) = 37`. A call may be cut in two where another thread comes between.
fn said(trace: &str) -> Said {
    let (mut up, mut down, mut cut) = (Vec::new(), Vec::new(), BTreeMap::new());
    for line in trace.lines() {
        let Some((thread, call)) = line.split_once(char::is_whitespace) else { continue };
        let mut call = call.trim_start().to_owned();
        if let Some((begun, _)) = call.split_once(" <unfinished ...>") {
            cut.insert(thread.to_owned(), begun.to_owned());
            continue;
        }
        if let Some((_, rest)) = call.split_once(" resumed>").filter(|_| call.starts_with("<...")) {
            let begun = cut.remove(thread).unwrap_or_default();
            call = format!("{} {}", begun.trim_end(), rest.trim_start());
        }
        let is_up = call.starts_with("write") || call.starts_with("sendto");
        // The link's socket is bound to a name; others of this kind have none.
        let Some((_, rest)) = call.split_once(NAMED) else { continue };
        let done = rest.rsplit_once("= ").and_then(|(_, count)| count.trim().parse::<usize>().ok());
        // Each second part stands between quotes: one, or one for each part that `writev` puts together.
        let parts = rest.split('"').skip(1).step_by(2).flat_map(|part| part.split("\\x").skip(1));
        let bytes = parts.filter_map(|byte| u8::from_str_radix(byte, 16).ok());
        let into = if is_up { &mut up } else { &mut down };
        into.extend(bytes.take(done.unwrap_or(0)));
    }
    Said { up: split(&up), down: split(&down) }
}

/// Takes frames apart: four bytes that say how long each is, the highest first.
fn split(mut bytes: &[u8]) -> Vec<String> {
    let mut frames = Vec::new();
    while let Some((head, rest)) = bytes.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*head) as usize;
        let Some((frame, rest)) = rest.split_at_checked(length) else { break };
        frames.push(String::from_utf8_lossy(frame).into_owned());
        bytes = rest;
    }
    frames
}

/// Writes them where the fixtures are, a line each.
///
/// # Errors
/// Where the folder cannot be written.
pub fn keep(said: &Said, folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (name, frames) in [("up.jsonl", &said.up), ("down.jsonl", &said.down)] {
        let mut text = frames.join("\n");
        text.push('\n');
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_off_calls_that_are_cut_and_off_those_of_other_sockets_not() {
        let named = r#"9<UNIX-STREAM:[1->2,"\x61\x2e\x73\x6f\x63\x6b"]>"#;
        let trace = [
            format!(r#"7 recvfrom({named}, "\x00\x00\x00\x02\x7b\x7d\x00\x00", 64, 0, NULL, NULL) = 8"#),
            r#"8 write(4<UNIX-STREAM:[5->6]>, "\x00\x00\x00\x01\x78", 5) = 5"#.to_owned(),
            format!("7 recvfrom({named},  <unfinished ...>"),
            format!(
                r#"8 writev({named}, [{{iov_base="\x00\x00\x00\x01", iov_len=4}}, {{iov_base="\x31\x00", iov_len=2}}], 2 <unfinished ...>"#
            ),
            r#"7 <... recvfrom resumed>"\x00\x01\x32", 64, 0, NULL, NULL) = 3"#.to_owned(),
            "8 <... writev resumed>)             = 5".to_owned(),
            format!("7 recvfrom({named}, 0x7f, 64, 0, NULL, NULL) = -1 EAGAIN"),
        ];
        let said = said(&trace.join("\n"));
        assert_eq!((said.up, said.down), (vec!["1".to_owned()], vec!["{}".to_owned(), "2".to_owned()]));
    }
}
