//! The journal's thread: the only one that touches the database. A sync takes as long as the disk does, and must not
//! hold up the runtime's only thread.
//!
//! Requests that wait together are committed together: a backlog of messages costs one sync, not one each. What changes nothing
//! takes no transaction where nothing else waits that does.

use std::{
    path::PathBuf,
    sync::{Arc, mpsc},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use rusqlite::{Connection, Savepoint, TransactionBehavior};
use tokio::sync::{oneshot, watch};
use vault::Files;

use super::{JournalError, copied, counted::Counted, meta, meta::Marks};

/// How many requests share a transaction at most.
const GROUP_MAX: usize = 64;
/// After so long without a change what makes the next one faster is given up: most workers are silent most of the time.
const REST_AFTER: Duration = Duration::from_secs(60);
/// How long an answer waits for a sync that another request asks for. A reply to a message that need not wait is decided sooner.
const HELD_FOR: Duration = Duration::from_millis(5);
/// SQLite with statements of this size needs far less.
const STACK_BYTES: usize = 512 * 1024;

/// What a request demands of the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Durability {
    /// Synced before its answer.
    Synced,
    /// The same, and what follows from it at once is worth waiting for: one sync does for both. What follows can build on it
    /// before it is synced, since the log is synced in order: nothing that was is without what stands before it.
    Soon,
    /// Changes nothing, and tells somebody outside what is here, who keeps it: all that waits for a sync is synced before.
    Outward,
    /// Changes nothing.
    Read,
    /// Kept by the operating system: a killed process loses nothing, a power cut may undo it. For what may happen
    /// again without harm.
    Lazy,
}

impl Durability {
    pub(super) const fn is_read(self) -> bool {
        matches!(self, Self::Outward | Self::Read)
    }
}

/// A request on its way through the thread.
pub(super) trait Request: Send {
    fn durability(&self) -> Durability;
    /// Runs within the group's transaction, where it has one; once more where that was undone. An error undoes this request alone.
    fn run(&mut self, database: &Connection) -> Result<(), JournalError>;
    /// Just before the commit of a transaction in which it ran.
    fn before_commit(&self);
    /// What became of the transaction.
    fn finish(&mut self, committed: Result<(), JournalError>);
    /// Tells whoever waits, once it is as durable as it is to be; or that it is not.
    fn answer(self: Box<Self>, durable: Result<(), JournalError>);
}

/// What arrives at the thread.
pub(super) enum Message {
    /// To be carried out.
    Request(Box<dyn Request>),
    /// Copy the file, which no transaction may do.
    Copy(oneshot::Sender<Result<u64, JournalError>>),
    /// Close the file and end, although handles are left; their requests then fail.
    Close,
}

/// What each request is made of: what it does, where a crash may hit it, and who hears of its end.
pub(super) struct Call<T, F, D> {
    pub(super) durability: Durability,
    pub(super) points: Option<(&'static str, &'static str)>,
    pub(super) job: F,
    pub(super) result: Option<Result<T, JournalError>>,
    /// Runs on the journal's thread after the commit, whether or not the caller still waits.
    pub(super) after: Option<D>,
    pub(super) reply: oneshot::Sender<Result<T, JournalError>>,
}

impl<T, F, D> Request for Call<T, F, D>
where
    T: Send,
    F: Fn(&Connection) -> Result<T, JournalError> + Send,
    D: FnOnce(&T) + Send,
{
    fn durability(&self) -> Durability {
        self.durability
    }

    fn run(&mut self, database: &Connection) -> Result<(), JournalError> {
        let result = (self.job)(database);
        let failed = result.as_ref().err().cloned();
        self.result = Some(result);
        failed.map_or(Ok(()), Err)
    }

    fn before_commit(&self) {
        if let (Some((before, _)), Some(Ok(_))) = (self.points, &self.result) {
            crash::point(before);
        }
    }

    fn finish(&mut self, committed: Result<(), JournalError>) {
        let result = match (committed, self.result.take()) {
            (_, Some(Err(error))) | (Err(error), _) => Err(error),
            (Ok(()), None) => Err(JournalError::Closed),
            (Ok(()), Some(Ok(value))) => {
                if let Some((_, after)) = self.points {
                    crash::point(after);
                }
                if let Some(after) = self.after.take() {
                    after(&value);
                }
                Ok(value)
            }
        };
        self.result = Some(result);
    }

    fn answer(self: Box<Self>, durable: Result<(), JournalError>) {
        let result = durable.and(self.result.unwrap_or(Err(JournalError::Closed)));
        // A caller that has gone away wants no answer.
        let _ = self.reply.send(result);
    }
}

/// Starts the thread. It ends when told to, or when the last sender is gone and all requests are done.
pub(super) fn start(
    database: Connection,
    files: Files,
    generation: i64,
    copy: PathBuf,
    messages: mpsc::Receiver<Message>,
    told: Told,
) -> std::io::Result<JoinHandle<()>> {
    let rest_at = Some(Instant::now() + REST_AFTER);
    let held = Held::default();
    let mut journal =
        Thread { database, generation, synced: true, told, counted: None, rest_at, held, unsynced: false };
    std::thread::Builder::new().name("journal".to_owned()).stack_size(STACK_BYTES).spawn(move || {
        let mut open = true;
        while open && let Some(first) = journal.next(&messages) {
            let (mut group, mut copies) = (Vec::new(), Vec::new());
            for message in std::iter::once(first).chain(messages.try_iter()).take(GROUP_MAX) {
                match message {
                    Message::Request(request) => group.push(request),
                    Message::Copy(reply) => copies.push(reply),
                    Message::Close => {
                        open = false;
                        break;
                    }
                }
            }
            if !group.is_empty() {
                journal.serve(group);
            }
            if !copies.is_empty() {
                journal.settle_quietly();
            }
            for reply in copies {
                // Whoever has gone away leaves it to the next start.
                let _ = reply.send(copied::copy(&files, &journal.database, &copy));
            }
        }
        journal.settle_quietly();
        journal.close();
    })
}

/// Requests that are committed and wait for a sync, and for how long they do.
#[derive(Default)]
struct Held {
    requests: Vec<Box<dyn Request>>,
    until: Option<Instant>,
}

impl Held {
    fn add(&mut self, request: Box<dyn Request>) {
        self.until.get_or_insert_with(|| Instant::now() + HELD_FOR);
        self.requests.push(request);
    }

    fn answer(&mut self, durable: &Result<(), JournalError>) {
        self.until = None;
        for request in self.requests.drain(..) {
            request.answer(durable.clone());
        }
    }
}

/// Who hears of what was committed.
pub(super) struct Told {
    pub(super) logged: watch::Sender<u64>,
    pub(super) marks: watch::Sender<Marks>,
    pub(super) counted: Arc<Counted>,
}

struct Thread {
    database: Connection,
    generation: i64,
    /// Whether `synchronous` is FULL now.
    synced: bool,
    told: Told,
    /// The highest log sequence number and the other marks, after the last commit.
    counted: Option<(u64, Marks)>,
    /// When to give up what makes requests faster; `None` where that was done.
    rest_at: Option<Instant>,
    held: Held,
    /// Whether something is committed that is yet to be synced, told to whoever waits for it or not: where a sync has failed, it
    /// stays so.
    unsynced: bool,
}

impl Thread {
    /// The next message; `None` once nobody can send one.
    fn next(&mut self, messages: &mpsc::Receiver<Message>) -> Option<Message> {
        if let Some(until) = self.held.until {
            let left = until.saturating_duration_since(Instant::now());
            // However much else is asked meanwhile.
            let next = if left.is_zero() {
                Err(mpsc::RecvTimeoutError::Timeout)
            } else {
                messages.recv_timeout(left)
            };
            match next {
                Ok(message) => return Some(message),
                Err(mpsc::RecvTimeoutError::Disconnected) => return None,
                Err(mpsc::RecvTimeoutError::Timeout) => self.settle_quietly(),
            }
        }
        if let Some(rest_at) = self.rest_at {
            match messages.recv_timeout(rest_at.saturating_duration_since(Instant::now())) {
                Ok(message) => return Some(message),
                Err(mpsc::RecvTimeoutError::Disconnected) => return None,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    self.rest();
                    self.rest_at = None;
                }
            }
        }
        messages.recv().ok()
    }

    /// Gives up statements and pages; the next request makes and reads them anew.
    fn rest(&self) {
        self.database.flush_prepared_statement_cache();
        if let Err(error) = self.database.execute_batch("PRAGMA shrink_memory") {
            tracing::debug!(%error, "the journal keeps its memory");
        }
        vault::rest();
        memory::give_back_now();
        memory::give_back_stack();
    }

    fn serve(&mut self, mut group: Vec<Box<dyn Request>>) {
        let any = |wanted| group.iter().any(|request| request.durability() == wanted);
        let (outward, soon) = (any(Durability::Outward), any(Durability::Soon));
        let synced = any(Durability::Synced) || soon && outward;
        // What is told to others stands behind what waits, and is told of only where that is synced.
        let ready = if outward { self.settle() } else { Ok(()) };
        if group.iter().all(|request| request.durability().is_read()) {
            return self.read(&ready, group);
        }
        if synced || soon {
            self.rest_at = Some(Instant::now() + REST_AFTER);
        }
        let committed = ready.and_then(|()| self.transact(synced, &mut group));
        let durable = synced && committed.is_ok();
        self.unsynced |= soon && committed.is_ok() && !durable;
        if !self.unsynced {
            // Before the answers: whoever is given a row may say at once that it has arrived.
            self.tell();
        }
        for request in &mut group {
            request.finish(committed.clone());
        }
        if durable {
            // With it all that stands before it.
            self.held.answer(&Ok(()));
        }
        for request in group {
            if committed.is_ok() && !durable && request.durability() == Durability::Soon {
                self.held.add(request);
            } else {
                request.answer(Ok(()));
            }
        }
    }

    /// Carries out what changes nothing: no other connection changes anything between its statements.
    fn read(&self, ready: &Result<(), JournalError>, group: Vec<Box<dyn Request>>) {
        let ready = ready.clone().and_then(|()| meta::check_generation(&self.database, self.generation));
        for mut request in group {
            if ready.is_ok() {
                let changes = self.database.total_changes();
                // Its own failure stands in its answer.
                let _ = request.run(&self.database);
                debug_assert_eq!(changes, self.database.total_changes(), "a read has changed something");
            }
            request.finish(ready.clone());
            request.answer(Ok(()));
        }
    }

    /// Tells what is counted. What waits for a sync is not told of: after a power cut its numbers would be others'.
    fn tell(&self) {
        if let Some((last_sequence, marks)) = &self.counted {
            let Told { logged, marks: told, .. } = &self.told;
            logged.send_if_modified(|known| std::mem::replace(known, *last_sequence) != *last_sequence);
            told.send_if_modified(|known| std::mem::replace(known, *marks) != *marks);
        }
    }

    /// Syncs what waits for it and was not followed by anything that is synced.
    fn settle(&mut self) -> Result<(), JournalError> {
        if !self.unsynced {
            return Ok(());
        }
        let synced = self.transact(true, &mut []);
        if synced.is_ok() {
            self.tell();
        }
        self.held.answer(&synced);
        synced
    }

    /// The same where those who wait are all that are to hear of it.
    fn settle_quietly(&mut self) {
        if let Err(error) = self.settle() {
            tracing::warn!(%error, "what was written is not synced yet");
        }
    }

    /// Runs the group in one transaction, and counts afterwards.
    fn transact(&mut self, synced: bool, group: &mut [Box<dyn Request>]) -> Result<(), JournalError> {
        if synced != self.synced {
            // In WAL mode, NORMAL commits without a sync and stays consistent; the next FULL commit syncs both.
            self.database.execute_batch(if synced { SYNC } else { DO_NOT_SYNC })?;
            self.synced = synced;
        }
        let mut transaction = self.database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        meta::check_generation(&transaction, self.generation)?;
        if let Some(error) = group.iter_mut().find_map(|request| request.run(&transaction).err()) {
            if transaction.is_autocommit() {
                return Err(error);
            }
            // Seldom, and so not paid for by all the others: each anew, within bounds of its own.
            transaction.rollback()?;
            transaction = self.database.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for request in group.iter_mut() {
                let savepoint = transaction.savepoint()?;
                run_in(savepoint, request.as_mut())?;
            }
        }
        if synced && self.unsynced {
            // A commit that changes nothing syncs nothing.
            meta::touch(&transaction)?;
        }
        let counted = (meta::last_sequence(&transaction)?, meta::marks(&transaction)?);
        group.iter().for_each(|request| request.before_commit());
        transaction.commit()?;
        self.told.counted.changed(self.database.total_changes());
        self.unsynced &= !synced;
        self.counted = Some(counted);
        Ok(())
    }

    fn close(self) {
        // Folds the WAL back; where that fails, the next start does it.
        if let Err((_, error)) = self.database.close() {
            tracing::warn!(%error, "the journal was not closed in good order");
        }
    }
}

const SYNC: &str = "PRAGMA synchronous = FULL";
const DO_NOT_SYNC: &str = "PRAGMA synchronous = NORMAL";

/// A request's own failure undoes what it did and spares the others; only a transaction that SQLite itself has
/// rolled back fails all of them.
fn run_in(savepoint: Savepoint<'_>, request: &mut dyn Request) -> Result<(), JournalError> {
    match request.run(&savepoint) {
        Ok(()) => savepoint.commit()?,
        Err(error) if savepoint.is_autocommit() => return Err(error),
        Err(_) => savepoint.finish()?,
    }
    Ok(())
}
