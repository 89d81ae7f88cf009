//! The faults that the crash driver plants in a worker, each a decorator of the seam whose promise it breaks. What they
//! wrap knows nothing of them, and in a build for customers each of these functions hands back what it was given.

use std::{path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use crash::Canary;
use domain::{Clock, Timestamp};
use tokio::sync::{mpsc, watch};
use tokio_util::task::TaskTracker;

use crate::{
    bot::Live,
    channel::{Address, Channel, Connection, EarlierChat, Inbound, Inbox, InboxError, Linking, OpenError},
    journal::{self, Fixed, Journal, JournalError, Outcome},
    outcomes::Outcomes,
};

/// How long after its acknowledgement a message is written.
const LATE: Duration = Duration::from_millis(300);

/// What is done to the journal's file before it is opened: [`Canary::NewIdAfterRestart`], [`Canary::StaleGeneration`] and
/// [`Canary::ForgetDone`].
pub(crate) fn cell(files: &vault::Files, journal: &Path, generation: link::Generation) {
    for canary in [Canary::NewIdAfterRestart, Canary::StaleGeneration, Canary::ForgetDone] {
        if crash::canary(canary) {
            journal::spoil(files, journal, canary, generation);
        }
    }
}

/// The clock, which a run of the driver moves.
pub(crate) fn clock(clock: Arc<dyn Clock>) -> Arc<dyn Clock> {
    if crash::is_armed() { Arc::new(Moved(clock)) } else { clock }
}

struct Moved(Arc<dyn Clock>);

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        let now = self.0.now();
        Timestamp::from_millisecond(now.as_millisecond().saturating_add(crash::ahead_ms())).unwrap_or(now)
    }
}

/// The channel, with [`Canary::AcknowledgeBeforeWrite`] where that is planted.
pub(crate) fn channel(channel: Arc<dyn Channel>) -> Arc<dyn Channel> {
    if crash::canary(Canary::AcknowledgeBeforeWrite) { Arc::new(Hasty(channel)) } else { channel }
}

/// The journal's seam for outcomes, with [`Canary::SendThenMark`] where that is planted.
pub(crate) fn outcomes(journal: Journal, live: &watch::Sender<Option<Live>>) -> Arc<dyn Outcomes> {
    if crash::canary(Canary::SendThenMark) {
        Arc::new(SendsFirst { journal, live: live.subscribe() })
    } else {
        Arc::new(journal)
    }
}

/// A channel whose inbox takes everything at once and writes it later.
struct Hasty(Arc<dyn Channel>);

#[async_trait]
impl Channel for Hasty {
    async fn is_linked(&self) -> Result<bool, OpenError> {
        self.0.is_linked().await
    }

    async fn marked(&self, known: &[String], marked: bool) -> Result<Option<String>, OpenError> {
        self.0.marked(known, marked).await
    }

    async fn mark(&self, mark: String) -> Result<(), OpenError> {
        self.0.mark(mark).await
    }

    fn new_message_id(&self) -> String {
        self.0.new_message_id()
    }

    async fn open(
        &self,
        inbox: Arc<dyn Inbox>,
        linking: Linking,
        events: mpsc::Sender<crate::channel::ChannelEvent>,
    ) -> Result<Arc<dyn Connection>, OpenError> {
        let inbox = Arc::new(Promises { inbox, writing: TaskTracker::new() });
        self.0.open(inbox, linking, events).await
    }
}

struct Promises {
    inbox: Arc<dyn Inbox>,
    writing: TaskTracker,
}

#[async_trait]
impl Inbox for Promises {
    async fn accept(&self, batch: Vec<Inbound>) -> Result<(), InboxError> {
        let inbox = Arc::clone(&self.inbox);
        self.writing.spawn(async move {
            tokio::time::sleep(LATE).await;
            let _ = inbox.accept(batch).await;
        });
        Ok(())
    }

    async fn has(&self, sender: &Address, id: &str) -> Result<bool, InboxError> {
        self.inbox.has(sender, id).await
    }

    async fn chatted_before(&self, chats: Vec<EarlierChat>, all: bool) -> Result<(), InboxError> {
        self.inbox.chatted_before(chats, all).await
    }
}

/// Sends what an outcome says before it is fixed.
struct SendsFirst {
    journal: Journal,
    live: watch::Receiver<Option<Live>>,
}

#[async_trait]
impl Outcomes for SendsFirst {
    async fn fix(&self, to: &Address, outcome: Outcome) -> Result<Fixed, JournalError> {
        let live = self.live.borrow().clone();
        if let Some(live) = live {
            for (id, text) in &outcome.replies {
                let _ = live.connection.send_text(id, to, text, None).await;
            }
        }
        self.journal.fix(outcome).await
    }
}
