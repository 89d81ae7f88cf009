//! What is done on one stream.

use std::{
    io::{self, ErrorKind},
    sync::Arc,
    time::Duration,
};

use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use supervisor::{Process, WorkerId};
use tokio::io::{AsyncWriteExt as _, copy, split};

use super::{
    connection::Admitted,
    watching,
    workers::{Known, Overtaken},
};
use crate::{
    About, files,
    wire::{
        Answer, FOUND_MAX, Fault, Found, LISTED_AT_ONCE, LISTED_MAX, Listed, Started, Tail, Verb, hear, say,
        within,
    },
};

/// How long a stream may take to say what it is for, and how long somebody may take to read an answer.
const STREAM_TIME: Duration = Duration::from_secs(15);
/// The longest end of a log that is read at once.
const TAIL_MAX_BYTES: u64 = 16 * 1024 * 1024;

/// One stream.
pub(super) type Stream = TokioIo<Upgraded>;

impl Admitted {
    /// Does what one stream is for. Whoever asked may have gone: then nobody is told.
    pub(super) async fn talk(self, mut stream: Stream) {
        let Ok(verb) = within(STREAM_TIME, hear::<Verb>(&mut stream)).await else { return };
        let name = verb.name();
        if let Err(error) = self.carry_out(verb, &mut stream).await {
            tracing::debug!(name, %error, "a stream was cut");
        }
        let _gone = within(STREAM_TIME, stream.shutdown()).await;
    }

    async fn carry_out(&self, verb: Verb, stream: &mut Stream) -> io::Result<()> {
        let workers = &self.door.workers;
        let runtime = &workers.runtime;
        match verb {
            Verb::About => answer(stream, Ok(self.about())).await,
            Verb::Start(begin) => match workers.start((*begin).into(), self.number).await {
                Ok(started) => answer::<Started>(stream, Ok(started)).await,
                // Nothing was begun, and whoever asked is not listened to.
                Err(Overtaken) => Ok(()),
            },
            Verb::Find { tenant, hint } => {
                let found = workers.find(tenant, hint).await.map(|known| Found {
                    workers: known
                        .iter()
                        .take(FOUND_MAX)
                        .map(|k| (k.process.id().generation, k.process.pid()))
                        .collect(),
                });
                answer(stream, found).await
            }
            Verb::List => self.list(stream).await,
            Verb::Dial { id } => self.dial(id, stream).await,
            Verb::Watch { id } => match workers.get(id).await {
                Ok(known) => {
                    let told = watching::tell_of(stream, known, workers.origin);
                    self.gone.run_until_cancelled(told).await.unwrap_or(Ok(()))
                }
                Err(error) => answer::<()>(stream, Err(error)).await,
            },
            Verb::Terminate { id } => {
                let asked = async {
                    match self.alive(id).await? {
                        Some(process) => process.terminate().await,
                        None => Ok(()),
                    }
                };
                answer(stream, asked.await).await
            }
            Verb::Kill { id } => {
                let ended = async {
                    match self.alive(id).await? {
                        Some(process) => process.kill().await,
                        None => Ok(()),
                    }
                };
                answer(stream, ended.await).await
            }
            Verb::Forget { id } => {
                workers.forget(id).await;
                answer(stream, Ok(())).await
            }
            Verb::LogTail { tenant, most, after } => {
                let tail = runtime.log_tail(tenant, most.min(TAIL_MAX_BYTES), after).await;
                let (head, text) = match tail {
                    Ok(tail) => {
                        let bytes = tail.text.len() as u64;
                        let head = Tail { bytes, more: tail.more, end: tail.end, rotating: tail.rotating };
                        (Ok(head), tail.text)
                    }
                    Err(error) => (Err(error), Vec::new()),
                };
                answer(stream, head).await?;
                within(STREAM_TIME, async {
                    stream.write_all(&text).await?;
                    stream.flush().await
                })
                .await
            }
            Verb::JournalCopy { tenant } => give(stream, runtime.journal_copy(tenant).await).await,
            Verb::JournalAtRest { tenant } => give(stream, runtime.journal_at_rest(tenant).await).await,
            Verb::CellAtRest { tenant } => give(stream, runtime.cell_at_rest(tenant, None).await).await,
            Verb::LayCell { tenant } => {
                // Whoever sends them waits for a word first.
                answer(stream, Ok(())).await?;
                let came = files::receive(stream, &self.door.options.folder).await;
                let laid = match came {
                    Ok(files) => {
                        let Ok(_turn) = workers.change(tenant, self.number).await else { return Ok(()) };
                        runtime.lay_cell(tenant, None, files).await
                    }
                    Err(error) => Err(error),
                };
                answer(stream, laid).await
            }
            Verb::MarkCell { tenant, mark } => {
                let Ok(_turn) = workers.change(tenant, self.number).await else { return Ok(()) };
                answer(stream, runtime.mark_cell(tenant, mark).await).await
            }
            Verb::Purge { tenant } => {
                let Ok(_turn) = workers.change(tenant, self.number).await else { return Ok(()) };
                let purged = runtime.purge(tenant).await;
                if purged.is_ok() {
                    workers.purged(tenant);
                }
                answer(stream, purged).await
            }
        }
    }

    fn about(&self) -> About {
        let (options, volume) = (&self.door.options, &self.door.volume);
        let place = (options.place)();
        About {
            version: options.version.clone(),
            name: volume.name().to_owned(),
            incarnation: volume.incarnation(),
            capacity: options.capacity,
            running: self.door.workers.running(),
            disk_free: place.disk_free,
            protections: place.protections,
        }
    }

    async fn list(&self, stream: &mut Stream) -> io::Result<()> {
        let mut tenants = match self.door.workers.list().await {
            Ok(tenants) => tenants,
            Err(error) => return answer::<Listed>(stream, Err(error)).await,
        };
        tenants.truncate(LISTED_MAX);
        let mut parts = tenants.chunks(LISTED_AT_ONCE).peekable();
        loop {
            let tenants = parts.next().unwrap_or_default().to_vec();
            let more = parts.peek().is_some();
            answer(stream, Ok(Listed { tenants, more })).await?;
            if !more {
                return Ok(());
            }
        }
    }

    /// A worker that runs.
    async fn alive(&self, id: WorkerId) -> io::Result<Option<Arc<dyn Process>>> {
        let known = self.door.workers.get(id).await?;
        Ok(known.map(|Known { process, .. }| process))
    }

    /// A tunnel to a worker, until either side ends it. What goes through it is between the control plane and the worker.
    async fn dial(&self, id: WorkerId, stream: &mut Stream) -> io::Result<()> {
        let dialled = async {
            let process = self.alive(id).await?.ok_or(ErrorKind::ConnectionRefused)?;
            self.door.workers.runtime.dial(&process).await
        };
        match dialled.await {
            Ok(mut worker) => {
                answer(stream, Ok(())).await?;
                let ((mut from_us, mut to_us), (mut from_it, mut to_it)) =
                    (split(stream), split(&mut worker));
                // Neither side of a link closes half of it: where one is gone, the other has nobody to talk with. A worker that
                // has ended may have said something before, which is passed on although it hears nothing any more.
                let through = async {
                    let mut up = std::pin::pin!(copy(&mut from_it, &mut to_us));
                    tokio::select! {
                        up = &mut up => up,
                        down = copy(&mut from_us, &mut to_it) => match down {
                            Ok(bytes) => Ok(bytes),
                            Err(_deaf) => within(STREAM_TIME, up).await,
                        },
                    }
                };
                self.gone.run_until_cancelled(through).await.map_or(Ok(()), |bytes| bytes.map(drop))
            }
            Err(error) => answer::<()>(stream, Err(error)).await,
        }
    }
}

/// Answers, within the time that somebody may take to read it.
pub(super) async fn answer<T: Serialize>(stream: &mut Stream, answer: io::Result<T>) -> io::Result<()> {
    let answer: Answer<T> = answer.map_err(Fault::from);
    within(STREAM_TIME, say(stream, &answer)).await
}

/// Answers with files.
async fn give<N: AsRef<str>>(
    stream: &mut Stream,
    files: io::Result<Vec<(N, std::fs::File)>>,
) -> io::Result<()> {
    match files {
        Ok(files) => {
            answer(stream, Ok(())).await?;
            files::send(stream, files).await
        }
        Err(error) => answer::<()>(stream, Err(error)).await,
    }
}
