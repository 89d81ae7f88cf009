//! The journal: inbox, outbox, conversations and log rows not yet delivered, in one SQLite file that only this
//! process touches. Whatever must survive a crash goes through here; nothing here decides what is said.

mod contacts;
mod conversations;
mod copied;
mod corrections;
mod counted;
mod deliveries;
#[cfg(test)]
mod deliveries_tests;
mod due;
mod error;
mod handing;
mod inbox;
mod logs;
mod meta;
mod outbox;
mod outcome;
mod people;
mod planted;
mod records;
#[cfg(test)]
mod records_tests;
mod rights;
mod schema;
mod thread;
#[cfg(test)]
mod thread_tests;
mod typed;
mod typed_on_the_phone;
mod upkeep;
#[cfg(test)]
mod upkeep_tests;

use std::{
    path::Path,
    sync::{Arc, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use domain::{
    BotSettings, ContactId, Delivery, DeliveryRow, HandOffRow, JournalId, RecordRow, TenantId, Timestamp,
};
use link::message::{ContactPart, LogRow};
use replies::{Bot, Conflict, Profile, Turn};
use rusqlite::{Connection, Row};
use tokio::sync::{oneshot, watch};

pub use conversations::{LastTurn, Memory, Traffic};
pub use due::Due;
pub use error::{JournalError, is_unread};
pub use inbox::{Intake, Taken};
pub use meta::{KeptPack, Marks};
pub use outbox::{Fate, Outgoing};
pub use outcome::{Fixed, Outcome, Part, Waiting, Work};
pub use people::{Kept, PersonsChange};
pub use rights::Busy;
pub use typed::{Typed, TypedRefusal};
pub use upkeep::Figures;

pub(crate) use planted::spoil;

use crate::channel::{Address, EarlierChat, Inbound};
use counted::Counted;
use deliveries::Early;
use thread::{Call, Durability, Message};
use vault::Files;

/// Makes WhatsApp ids of messages; called on the journal's thread.
pub type NewId = Arc<dyn Fn() -> String + Send + Sync>;
/// Hears of chats in which there is something to do, and how long to wait for more of it; called on the journal's thread
/// once that is committed.
pub type Wake = Arc<dyn Fn(ContactId, Duration) + Send + Sync>;

/// A handle to the journal. Clones share one thread, which ends when the last one is gone.
///
/// Each call fails where the file cannot be read or written. Sections on errors name only what can go wrong beside that.
#[derive(Clone)]
pub struct Journal {
    requests: mpsc::Sender<Message>,
    logged: watch::Receiver<u64>,
    marks: watch::Receiver<Marks>,
    id: JournalId,
    wake: Wake,
    early: Early,
    counted: Arc<Counted>,
}

/// What a journal held when it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The settings that were last stored.
    pub settings: Option<BotSettings>,
    /// Under which account the device was last linked.
    pub account: Address,
    /// The business profile that last came down, as JSON.
    pub profile: Option<String>,
    /// The pack that last came down.
    pub pack: KeptPack,
    /// Whether the tenant's open records are known.
    pub knows_records: bool,
}

/// The journal's thread, to be waited for.
#[derive(Debug)]
pub struct Closing(JoinHandle<()>);

impl Closing {
    /// Waits until all requests are done and the file is closed, which [`Journal::close`] or the end of the last
    /// handle brings about. Blocks.
    pub fn wait(self) {
        if self.0.join().is_err() {
            tracing::error!("the journal's thread panicked");
        }
    }
}

impl Journal {
    /// Opens the journal at `path`, or makes it, for the worker of `generation`. Blocks.
    ///
    /// # Errors
    /// Where it is damaged, of a newer build, another tenant's, or has seen a later generation; it is then left as it was.
    pub fn open(
        files: &Files,
        path: &Path,
        tenant: TenantId,
        generation: i64,
        now: Timestamp,
        wake: Wake,
    ) -> Result<(Self, Opened, Closing), JournalError> {
        files.settle(path)?;
        copied::take_in(files, path, tenant, now)?;
        let database = schema::open(files, path, tenant, Some(generation))?;
        let id = meta::journal_id(&database)?;
        let opened = Opened {
            settings: meta::settings(&database)?,
            account: meta::account(&database)?,
            profile: meta::profile(&database)?,
            pack: meta::pack(&database)?,
            knows_records: meta::knows_records(&database)?,
        };
        let (logged_in, logged) = watch::channel(meta::last_sequence(&database)?);
        let (marks_in, marks) = watch::channel(meta::marks(&database)?);
        let (requests, served) = mpsc::channel();
        let copy = path.with_file_name(link::cell::JOURNAL_COPY);
        // What a backup left that was interrupted.
        let _none = std::fs::remove_file(&copy);
        let counted = Arc::new(Counted::default());
        let told = thread::Told { logged: logged_in, marks: marks_in, counted: Arc::clone(&counted) };
        let thread = thread::start(database, files.clone(), generation, copy, served, told)
            .map_err(|error| JournalError::Value(format!("its thread cannot be started: {error}")))?;
        Ok((
            Self { requests, logged, marks, id, wake, early: Early::default(), counted },
            opened,
            Closing(thread),
        ))
    }

    /// Ends the journal once what was asked before is done; what is asked later fails.
    pub fn close(&self) {
        // A thread that has ended already needs no word.
        let _ = self.requests.send(Message::Close);
    }

    /// Whose sequence numbers these are.
    #[must_use]
    pub const fn id(&self) -> JournalId {
        self.id
    }

    /// The highest sequence number of a log row, committed; changes as rows are added.
    #[must_use]
    pub fn logged(&self) -> watch::Receiver<u64> {
        self.logged.clone()
    }

    /// What else is counted, committed; changes as it grows.
    #[must_use]
    pub fn marks(&self) -> watch::Receiver<Marks> {
        self.marks.clone()
    }

    /// Takes a batch in, in order and synced, or nothing of it. A message that is known already is passed over. Where no
    /// contact is waited for, its chats are woken at once, and what they fix is synced together with it.
    pub async fn accept(&self, batch: Vec<Inbound>, intake: Intake) -> Result<Taken, JournalError> {
        let wake = Arc::clone(&self.wake);
        let points = Some(("inbox_before_commit", "inbox_after_commit"));
        let early = self.early.clone();
        let durability = if intake.quiet.is_zero() { Durability::Soon } else { Durability::Synced };
        let job = move |database: &Connection| inbox::accept(database, &batch, &intake, &early);
        // Waking stands here and not behind the await: the hook that waits may be cancelled.
        let after = move |taken: &Taken| taken.chats.iter().for_each(|(chat, quiet)| wake(*chat, *quiet));
        self.call(durability, points, job, after).await
    }

    /// Whether a message with this id was taken from this sender, under any name given.
    pub async fn has(&self, sender: Address, id: String) -> Result<bool, JournalError> {
        self.read_for_others(move |database| inbox::has(database, &sender, &id)).await
    }

    /// Notes with whom the phone had chatted before it linked the device at `linked_at`, synced.
    pub async fn chatted_before(
        &self,
        chats: Vec<EarlierChat>,
        linked_at: Timestamp,
    ) -> Result<(), JournalError> {
        let wake = Arc::clone(&self.wake);
        let job = move |database: &Connection| contacts::chatted_before(database, &chats, linked_at);
        let after = move |merged: &Vec<ContactId>| merged.iter().for_each(|chat| wake(*chat, Duration::ZERO));
        self.call(Durability::Synced, None, job, after).await.map(|_| ())
    }

    /// What is to be done next in a chat.
    pub async fn next(&self, contact: ContactId, now: Timestamp) -> Result<Option<Work>, JournalError> {
        self.read(move |database| outcome::next(database, contact, now)).await
    }

    /// Fixes an outcome: all of it, synced, or nothing.
    pub async fn fix(&self, outcome: Outcome) -> Result<Fixed, JournalError> {
        let points = Some(if outcome.due.is_some() {
            ("due_before_commit", "due_after_commit")
        } else {
            ("outcome_before_commit", "outcome_after_commit")
        });
        self.call(Durability::Synced, points, move |database| outcome::fix(database, &outcome), |_| ()).await
    }

    /// All chats in which something is to be done.
    pub async fn busy(&self, now: Timestamp) -> Result<Vec<ContactId>, JournalError> {
        self.read(move |database| outcome::busy(database, now)).await
    }

    /// The chats in which a time has come, and when the next one's comes.
    pub async fn due(&self, now: Timestamp) -> Result<(Vec<ContactId>, Option<Timestamp>), JournalError> {
        self.read(move |database| due::chats(database, now)).await
    }

    /// Wakes a chat.
    pub fn wake(&self, contact: ContactId) {
        (self.wake)(contact, Duration::ZERO);
    }

    /// Notes that a message goes to the server once more. Not synced: a power cut may forget a try.
    pub async fn mark_sent(&self, wa_id: String) -> Result<(), JournalError> {
        self.call(Durability::Lazy, None, move |database| outbox::mark_sent(database, &wa_id), |()| ()).await
    }

    /// Ends the story of a message of ours, once. Not synced: after a power cut the same id may go out again.
    pub async fn settle(&self, wa_id: String, fate: Fate) -> Result<bool, JournalError> {
        self.call(Durability::Lazy, None, move |database| outbox::settle(database, &wa_id, &fate), |_| ())
            .await
    }

    /// Takes a receipt in: so far these messages of ours have come. Not synced: a power cut may forget a tick, which is no
    /// message.
    pub async fn arrived(&self, ids: Vec<String>, how: Delivery) -> Result<(), JournalError> {
        let points = Some(("receipts_before_commit", "receipts_after_commit"));
        let early = self.early.clone();
        let job = move |database: &Connection| outbox::arrived(database, &ids, how, &early);
        self.call(Durability::Lazy, points, job, |()| ()).await
    }

    /// Puts a text typed by a person into its chat, synced, once for each request.
    ///
    /// # Errors
    /// Where it could not be written; the inner error is a refusal for the person.
    pub async fn put_typed(&self, typed: Typed) -> Result<Result<String, TypedRefusal>, JournalError> {
        let wake = Arc::clone(&self.wake);
        let points = Some(("typed_before_commit", "typed_after_commit"));
        let job = move |database: &Connection| typed::put(database, &typed);
        let after = move |put: &typed::Put| {
            if let Ok((_, chat)) = put {
                wake(*chat, Duration::ZERO);
            }
        };
        Ok(self.call(Durability::Synced, points, job, after).await?.map(|(wa_id, _)| wa_id))
    }

    /// What is held of a contact, after the first `skip` messages; `None` for one that was never heard of.
    pub async fn read_contact(&self, label: String, skip: u64) -> Result<Option<ContactPart>, JournalError> {
        self.read_for_others(move |database| rights::read(database, &label, skip)).await
    }

    /// Forgets a contact, synced; how many messages went.
    ///
    /// # Errors
    /// Where it could not be written; the inner error says what is still on its way.
    pub async fn erase_contact(
        &self,
        label: String,
        unanswered: bool,
    ) -> Result<Result<u64, Busy>, JournalError> {
        let points = Some(("erase_before_commit", "erase_after_commit"));
        let job = move |database: &Connection| rights::erase(database, &label, unanswered);
        self.call(Durability::Synced, points, job, |_| ()).await
    }

    /// The log rows after `after`, in order: at most `rows`, and no more than needed to pass `bytes` of text.
    pub async fn logs(&self, after: u64, rows: usize, bytes: usize) -> Result<Vec<LogRow>, JournalError> {
        self.read_for_others(move |database| logs::batch(database, after, rows, bytes)).await
    }

    /// Forgets log rows that the control plane has. Not synced: a row that comes back is sent again under its id.
    pub async fn forget_logs(&self, sequence: u64) -> Result<(), JournalError> {
        let points = Some(("logs_before_forget", "logs_after_forget"));
        self.call(Durability::Lazy, points, move |database| logs::forget(database, sequence), |()| ()).await
    }

    /// The records that were changed after `after`, in order: at most `rows`, and no more than needed to pass `bytes`.
    pub async fn records(
        &self,
        after: u64,
        rows: usize,
        bytes: usize,
    ) -> Result<Vec<RecordRow>, JournalError> {
        self.read_for_others(move |database| records::batch(database, after, rows, bytes)).await
    }

    /// Notes that the control plane has the records up to `sequence`. Not synced: they would go up again.
    pub async fn acknowledge_records(&self, sequence: u64) -> Result<(), JournalError> {
        let points = Some(("records_before_forget", "records_after_forget"));
        let job = move |database: &Connection| meta::acknowledge_records(database, sequence);
        self.call(Durability::Lazy, points, job, |()| ()).await
    }

    /// How far messages of ours have come, by the changes after `after`, at most `rows`, in order, up to the first of a
    /// message whose row of the log is still here; and whether there was such a one.
    pub async fn deliveries(
        &self,
        after: u64,
        rows: usize,
    ) -> Result<(Vec<DeliveryRow>, bool), JournalError> {
        self.read_for_others(move |database| deliveries::batch(database, after, rows)).await
    }

    /// Notes that the control plane has the deliveries up to `sequence`. Not synced: they would go up again.
    pub async fn acknowledge_deliveries(&self, sequence: u64) -> Result<(), JournalError> {
        let points = Some(("deliveries_before_forget", "deliveries_after_forget"));
        let job = move |database: &Connection| deliveries::acknowledge(database, sequence);
        self.call(Durability::Lazy, points, job, |()| ()).await
    }

    /// The chats that a person has or is to have, at most `rows`, and how many there are.
    pub async fn hand_offs(&self, now: Timestamp, rows: u32) -> Result<(Vec<HandOffRow>, u64), JournalError> {
        self.read_for_others(move |database| handing::list(database, now, rows)).await
    }

    /// Takes a chat over or gives it back, synced; whether there is such a contact.
    pub async fn hand(
        &self,
        bot: Arc<Bot>,
        contact: String,
        turn: Turn,
        now: Timestamp,
    ) -> Result<bool, JournalError> {
        let job = move |database: &Connection| handing::by_label(database, &bot, &contact, &turn, now);
        self.call(Durability::Synced, None, job, |_| ()).await
    }

    /// Takes a person's change of a record, synced.
    ///
    /// # Errors
    /// Where it could not be written; the inner error says why it is not taken.
    pub async fn change_record(
        &self,
        bot: Arc<Bot>,
        change: PersonsChange,
        now: Timestamp,
    ) -> Result<Result<RecordRow, Conflict>, JournalError> {
        let points = Some(("change_before_commit", "change_after_commit"));
        let job = move |database: &Connection| people::change(database, &bot, &change, now);
        self.call(Durability::Synced, points, job, |_| ()).await
    }

    /// Takes over the records that the control plane has kept, synced.
    pub async fn restore_records(
        &self,
        bot: Option<Arc<Bot>>,
        kept: Kept,
        now: Timestamp,
    ) -> Result<(), JournalError> {
        let points = Some(("restore_before_commit", "restore_after_commit"));
        let job = move |database: &Connection| people::restore(database, bot.as_deref(), &kept, now);
        self.call(Durability::Synced, points, job, |()| ()).await
    }

    /// Notes that there are no records but those of this journal, synced.
    pub async fn know_records(&self) -> Result<(), JournalError> {
        self.call(Durability::Synced, None, people::know, |()| ()).await
    }

    /// Stores a profile that came down, with its stock, synced.
    pub async fn put_profile(&self, profile: Arc<Profile>) -> Result<(), JournalError> {
        let points = Some(("profile_before_commit", "profile_after_commit"));
        let job = move |database: &Connection| meta::put_profile(database, &profile);
        self.call(Durability::Synced, points, job, |()| ()).await
    }

    /// Takes the stock of a profile that did not come down but is answered by.
    pub async fn take_stock(&self, profile: Arc<Profile>) -> Result<(), JournalError> {
        let job = move |database: &Connection| records::take_stock(database, &profile);
        self.call(Durability::Synced, None, job, |()| ()).await
    }

    /// Stores a pack that came down, synced; `None` where this installation has it no more.
    pub async fn put_pack(&self, hash: String, files: Option<String>) -> Result<(), JournalError> {
        let job = move |database: &Connection| meta::put_pack(database, &hash, files.as_deref());
        self.call(Durability::Synced, None, job, |()| ()).await
    }

    /// Stores the settings, synced.
    pub async fn put_settings(&self, settings: BotSettings) -> Result<(), JournalError> {
        let points = Some(("settings_before_commit", "settings_after_commit"));
        let job = move |database: &Connection| meta::put_settings(database, &settings);
        self.call(Durability::Synced, points, job, |()| ()).await
    }

    /// Stores under which account the device is linked, synced.
    pub async fn put_account(&self, account: Address) -> Result<(), JournalError> {
        self.call(Durability::Synced, None, move |database| meta::put_account(database, &account), |()| ())
            .await
    }

    /// Writes all of it beside itself, for a backup; the copy's bytes.
    pub async fn copy(&self) -> Result<u64, JournalError> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(Message::Copy(reply)).map_err(|_| JournalError::Closed)?;
        answer.await.map_err(|_| JournalError::Closed)?
    }

    /// The marks of which the session's database has one, where it was ever marked.
    pub async fn session_marks(&self) -> Result<[Option<String>; 2], JournalError> {
        self.read(meta::session_marks).await
    }

    /// Stores the mark that the session has and the one that it is about to get, synced.
    pub async fn put_session_marks(&self, before: Option<String>, now: String) -> Result<(), JournalError> {
        let job = move |database: &Connection| meta::put_session_marks(database, before.as_deref(), &now);
        self.call(Durability::Synced, None, job, |()| ()).await
    }

    /// How many things wait.
    pub async fn figures(&self, now: Timestamp) -> Result<Figures, JournalError> {
        let changes = match self.counted.look(now) {
            Ok(figures) => return Ok(figures),
            Err(changes) => changes,
        };
        let figures = self.read(move |database| upkeep::figures(database, now)).await?;
        self.counted.keep(changes, now, figures);
        Ok(figures)
    }

    /// Forgets messages that were done with before `before`, at most `rows` of a kind; how many went.
    pub async fn prune(&self, before: Timestamp, rows: u32) -> Result<usize, JournalError> {
        self.call(Durability::Lazy, None, move |database| upkeep::prune(database, before, rows), |_| ()).await
    }

    async fn read<T: Send + 'static>(
        &self,
        job: impl Fn(&Connection) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.call(Durability::Read, None, job, |_| ()).await
    }

    /// The same of what is told to somebody who keeps it.
    async fn read_for_others<T: Send + 'static>(
        &self,
        job: impl Fn(&Connection) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.call(Durability::Outward, None, job, |_| ()).await
    }

    /// Once a request is on its way it is carried out, whether or not anybody waits for it.
    async fn call<T: Send + 'static>(
        &self,
        durability: Durability,
        points: Option<(&'static str, &'static str)>,
        job: impl Fn(&Connection) -> Result<T, JournalError> + Send + 'static,
        after: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, JournalError> {
        let (reply, answer) = oneshot::channel();
        let call = Call { durability, points, job, result: None, after: Some(after), reply };
        let request = planted::request(Box::new(call));
        self.requests.send(Message::Request(request)).map_err(|_| JournalError::Closed)?;
        answer.await.map_err(|_| JournalError::Closed)?
    }
}

/// A time as it stands in the tables.
fn time(milliseconds: i64) -> Result<Timestamp, JournalError> {
    Timestamp::from_millisecond(milliseconds).map_err(|_| JournalError::Value(format!("time {milliseconds}")))
}

/// Reads a time from a column.
fn time_at(row: &Row<'_>, column: usize) -> Result<Timestamp, JournalError> {
    time(row.get(column)?)
}
