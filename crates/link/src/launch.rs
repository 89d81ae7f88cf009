//! How a worker gets what it needs without a secret in its arguments or environment.
//!
//! Its standard input is one end of a Unix socket pair. The supervisor writes one document to it, with the bound
//! socket's descriptor beside it (SCM_RIGHTS, unix(7)); the worker listens on that socket and reports over the same
//! pair that it is ready, or why it cannot be. After that the pair is closed: the control plane may die and come
//! back without the worker noticing anything but a link that is away.

use std::{
    io::{self, IoSlice, IoSliceMut, Read, Write},
    mem::MaybeUninit,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::net::{UnixListener, UnixStream},
    },
    path::PathBuf,
};

use domain::{Limits, TenantId, WorkerBounds};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags,
};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncReadExt;

use crate::{Exit, FilesKey, Generation, Identity, Token};

/// The version of the document that this build writes.
pub const VERSION: u32 = 1;
/// The largest document, in bytes.
const DOCUMENT_MAX_BYTES: usize = 32 * 1024;
/// The largest report, in bytes.
const REPORT_MAX_BYTES: usize = 4 * 1024;
/// The longest reason why a worker cannot start, in characters: JSON makes at most six bytes of one.
const REASON_MAX_CHARS: usize = 400;

/// All that a worker is told at its start. Fields that this build does not know are passed over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Launch {
    /// [`VERSION`] of the writer.
    pub version: u32,
    /// Whose bot it is.
    pub tenant: TenantId,
    /// Which generation of its worker.
    pub generation: Generation,
    /// The generation's secret.
    pub token: Token,
    /// The cell: the one directory that the worker owns, absolute. It exists, with mode 0700.
    pub directory: PathBuf,
    /// Another WhatsApp than the real one, as a `ws://` or `wss://` URL.
    pub whatsapp_url: Option<String>,
    /// What is logged, like `info` or `info,worker=debug`.
    pub log_level: String,
    /// How fast it may act until the control plane says otherwise.
    pub limits: Limits,
    /// Whether it waits with its connection to WhatsApp until [`crate::message::Down::Connect`] comes: something of its
    /// journal is to be erased first.
    #[serde(default)]
    pub wait: bool,
    /// How long it goes on without a link, in milliseconds; `None` for as long as it takes. A worker of a demo has nobody
    /// who would ever look for it again.
    #[serde(default)]
    pub orphan_after_ms: Option<u64>,
    /// What it may take, and how far it confines itself before anything else.
    #[serde(default)]
    pub bounds: WorkerBounds,
    /// The key by which its files are sealed; without one they are as SQLite writes them.
    #[serde(default)]
    pub files_key: Option<FilesKey>,
}

impl Launch {
    /// What the worker opens connections with.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity::new(self.tenant, self.generation, self.token.clone())
    }
}

/// What a worker says of its start, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Report {
    /// It listens on its socket and holds the lock of its cell.
    Ready,
    /// It cannot start.
    Failed {
        /// The exit code that follows, see [`Exit`].
        code: u8,
        /// In words.
        reason: String,
    },
}

/// A launch that did not come about.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// Standard input is no socket.
    #[error(
        "a worker is started by `flowhq serve`, not by hand: its standard input is no launch socket ({0})"
    )]
    NotLaunched(#[source] io::Error),
    /// The socket pair failed.
    #[error("the launch socket failed: {0}")]
    Io(#[from] io::Error),
    /// The document is none, or of another version.
    #[error("the launch document cannot be used: {0}")]
    Document(String),
    /// The worker ended, or closed its end, before it reported.
    #[error("the worker ended before it was ready")]
    Ended,
    /// Whoever started this worker has died before it was ready. The next one may have looked already, and would start
    /// another beside it.
    #[error(
        "whoever started this worker is gone: it ends before it has done anything, and another is started"
    )]
    Abandoned(#[source] io::Error),
    /// The worker reported that it cannot start.
    #[error("the worker cannot start: {reason}")]
    Failed {
        /// Why it will end.
        exit: Exit,
        /// In words; untrusted, at most 200 characters.
        reason: String,
    },
}

/// Writes the document and hands the socket over; the supervisor's part. Blocks for a moment at most: it fits the
/// pair's buffer.
///
/// # Errors
/// Where the document is too large, or the other end is gone.
pub fn send(pair: &UnixStream, launch: &Launch, socket: BorrowedFd<'_>) -> Result<(), LaunchError> {
    let body = serde_json::to_vec(launch).map_err(|error| LaunchError::Document(error.to_string()))?;
    let framed = framed(&body, DOCUMENT_MAX_BYTES)?;
    let descriptors = [socket];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !control.push(SendAncillaryMessage::ScmRights(&descriptors)) {
        return Err(LaunchError::Document("no room for the socket's descriptor".to_owned()));
    }
    let sent = rustix::net::sendmsg(pair, &[IoSlice::new(&framed)], &mut control, SendFlags::NOSIGNAL)
        .map_err(io::Error::from)?;
    (&*pair).write_all(&framed[sent..])?;
    Ok(())
}

/// Takes the launch from standard input, which is `/dev/null` from then on; the worker's part. Called once, before
/// any thread reads standard input.
///
/// # Errors
/// [`LaunchError::NotLaunched`] where a person started the worker.
pub fn receive() -> Result<(Launch, Start), LaunchError> {
    let pair = io::stdin().as_fd().try_clone_to_owned()?;
    let null = std::fs::File::open("/dev/null")?;
    let received = receive_from(pair)?;
    rustix::stdio::dup2_stdin(&null).map_err(io::Error::from)?;
    Ok(received)
}

/// Takes the launch from a socket.
///
/// # Errors
/// As [`receive`].
pub fn receive_from(pair: OwnedFd) -> Result<(Launch, Start), LaunchError> {
    let mut head = [0; 4];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received =
        rustix::net::recvmsg(&pair, &mut [IoSliceMut::new(&mut head)], &mut control, RecvFlags::CMSG_CLOEXEC)
            .map_err(|error| LaunchError::NotLaunched(error.into()))?;
    let mut sockets = control.drain().flat_map(|message| match message {
        RecvAncillaryMessage::ScmRights(descriptors) => descriptors.collect(),
        _ => Vec::new(),
    });
    let (socket, more) = (sockets.next(), sockets.next());
    drop(sockets);
    if received.flags.contains(ReturnFlags::CTRUNC) || more.is_some() {
        return Err(LaunchError::Document("more than one descriptor came with it".to_owned()));
    }
    let socket = socket.ok_or_else(|| LaunchError::Document("no socket came with it".to_owned()))?;

    let mut pair = UnixStream::from(pair);
    pair.read_exact(&mut head[received.bytes..])?;
    let mut body = vec![0; length(head, DOCUMENT_MAX_BYTES)?];
    pair.read_exact(&mut body)?;
    let launch: Launch =
        // The parser's words could quote the token.
        serde_json::from_slice(&body).map_err(|error| LaunchError::Document(format!("see byte {}", error.column())))?;
    if launch.version != VERSION {
        let versions = format!("its version is {}, this build takes {VERSION}", launch.version);
        return Err(LaunchError::Document(versions));
    }
    if !launch.directory.is_absolute() {
        return Err(LaunchError::Document("directory is no absolute path".to_owned()));
    }
    Ok((launch, Start { pair, socket, listens: false }))
}

/// A worker that has its launch and has not reported yet.
#[derive(Debug)]
pub struct Start {
    pair: UnixStream,
    socket: OwnedFd,
    listens: bool,
}

impl Start {
    /// Has connections wait from now on, for a worker that may not begin to listen any more once it has confined itself.
    /// Nobody accepts them before [`Self::ready`].
    ///
    /// # Errors
    /// Where the socket cannot be listened on.
    pub fn listen(&mut self) -> io::Result<()> {
        crate::socket::queue(&self.socket)?;
        self.listens = true;
        Ok(())
    }

    /// Listens on the socket and reports that the worker is ready. Called when the lock of the cell is held and the
    /// journal is open.
    ///
    /// # Errors
    /// Where the socket cannot be listened on; [`LaunchError::Abandoned`] where the supervisor is gone.
    pub fn ready(self) -> Result<UnixListener, LaunchError> {
        let listener = if self.listens {
            crate::socket::listening(self.socket)?
        } else {
            crate::socket::listen(self.socket)?
        };
        report(self.pair, &Report::Ready).map_err(|error| match error {
            LaunchError::Io(error) => LaunchError::Abandoned(error),
            other => other,
        })?;
        Ok(listener)
    }

    /// Reports why the worker cannot start; it then ends with that code.
    pub fn failed(self, exit: Exit, reason: &str) {
        let reason = shortened(reason);
        if let Err(error) = report(self.pair, &Report::Failed { code: exit.code(), reason }) {
            tracing::warn!(%error, "nobody waits for this worker");
        }
    }
}

/// Waits until the worker has reported; the supervisor's part.
///
/// # Errors
/// Where the worker ended first, or cannot start.
pub async fn wait_ready(pair: &mut tokio::net::UnixStream) -> Result<(), LaunchError> {
    let mut head = [0; 4];
    let ended = |error: io::Error| match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => LaunchError::Ended,
        _ => LaunchError::Io(error),
    };
    pair.read_exact(&mut head).await.map_err(ended)?;
    let mut body = vec![0; length(head, REPORT_MAX_BYTES)?];
    pair.read_exact(&mut body).await.map_err(ended)?;
    match serde_json::from_slice(&body) {
        Ok(Report::Ready) => Ok(()),
        Ok(Report::Failed { code, reason }) => Err(LaunchError::Failed {
            exit: Exit::from_code(code.into()),
            reason: shortened(&reason).chars().map(|c| if c.is_control() { ' ' } else { c }).collect(),
        }),
        Err(error) => Err(LaunchError::Document(format!("the worker's report: see byte {}", error.column()))),
    }
}

/// A reason with a mark where the end of it is missing.
fn shortened(reason: &str) -> String {
    match reason.char_indices().nth(REASON_MAX_CHARS - 1) {
        Some((end, last)) if reason.len() > end + last.len_utf8() => format!("{}…", &reason[..end]),
        _ => reason.to_owned(),
    }
}

fn report(mut pair: UnixStream, report: &Report) -> Result<(), LaunchError> {
    let body = serde_json::to_vec(report).map_err(|error| LaunchError::Document(error.to_string()))?;
    pair.write_all(&framed(&body, REPORT_MAX_BYTES)?)?;
    Ok(())
}

fn framed(body: &[u8], limit: usize) -> Result<Vec<u8>, LaunchError> {
    let length = u32::try_from(body.len()).ok().filter(|_| body.len() <= limit);
    let length = length.ok_or_else(|| LaunchError::Document(format!("larger than {limit} bytes")))?;
    Ok([&length.to_be_bytes()[..], body].concat())
}

fn length(head: [u8; 4], limit: usize) -> Result<usize, LaunchError> {
    let length = usize::try_from(u32::from_be_bytes(head)).unwrap_or(usize::MAX);
    if length > limit {
        return Err(LaunchError::Document(format!("larger than {limit} bytes")));
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::{REASON_MAX_CHARS, shortened};

    #[test]
    fn a_reason_is_whole_or_says_that_it_is_not() {
        let whole = "é".repeat(REASON_MAX_CHARS);
        assert_eq!(shortened(&whole), whole);
        let cut = shortened(&format!("{whole}!"));
        assert_eq!(cut.chars().count(), REASON_MAX_CHARS);
        assert!(cut.ends_with("é…"));
    }
}
