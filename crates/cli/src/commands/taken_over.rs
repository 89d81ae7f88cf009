//! A worker that a customer's message takes over: in builds for tests alone, and only where its directory says what is to be
//! attacked (the file `attempts`). What it then tries, `confine::attempts` has; how it went it writes into `attempts.told`.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use confine::attempts::{self, Taken, Target};
use tokio::sync::mpsc;
use whatsapp::WhatsApp;
use worker::channel::{
    Address, Channel, ChannelEvent, Connection, EarlierChat, Inbound, Inbox, InboxError, Linking, OpenError,
};

/// The channel, whose next message may be the attacker's.
pub(super) fn channel(whatsapp: WhatsApp, cell: &Path) -> Arc<dyn Channel> {
    let (is_taken, cell) = (Arc::new(AtomicBool::new(false)), cell.to_owned());
    Arc::new(TakenOver { whatsapp, cell, is_taken })
}

struct TakenOver {
    whatsapp: WhatsApp,
    cell: PathBuf,
    is_taken: Arc<AtomicBool>,
}

#[async_trait]
impl Channel for TakenOver {
    async fn is_linked(&self) -> Result<bool, OpenError> {
        self.whatsapp.is_linked().await
    }

    async fn marked(&self, known: &[String], marked: bool) -> Result<Option<String>, OpenError> {
        self.whatsapp.marked(known, marked).await
    }

    async fn mark(&self, mark: String) -> Result<(), OpenError> {
        self.whatsapp.mark(mark).await
    }

    fn new_message_id(&self) -> String {
        self.whatsapp.new_message_id()
    }

    async fn open(
        &self,
        inbox: Arc<dyn Inbox>,
        linking: Linking,
        events: mpsc::Sender<ChannelEvent>,
    ) -> Result<Arc<dyn Connection>, OpenError> {
        let inbox =
            Arc::new(Poisoned { inbox, cell: self.cell.clone(), is_taken: Arc::clone(&self.is_taken) });
        self.whatsapp.open(inbox, linking, events).await
    }
}

struct Poisoned {
    inbox: Arc<dyn Inbox>,
    cell: PathBuf,
    is_taken: Arc<AtomicBool>,
}

#[async_trait]
impl Inbox for Poisoned {
    async fn accept(&self, batch: Vec<Inbound>) -> Result<(), InboxError> {
        if let Ok(target) = std::fs::read_to_string(self.cell.join("attempts"))
            && !self.is_taken.swap(true, Ordering::AcqRel)
        {
            let told = self.cell.join("attempts.told");
            // A thread like any other of this process's: whoever has one has them all.
            let attacker = std::thread::Builder::new().name("attacker".to_owned());
            let attacker = attacker
                .spawn(move || std::fs::write(told, attempts::run(Taken::Worker, &Target::of_text(&target))));
            if let Err(error) = attacker {
                tracing::error!(%error, "the attacker has no thread");
            }
        }
        self.inbox.accept(batch).await
    }

    async fn has(&self, sender: &Address, id: &str) -> Result<bool, InboxError> {
        self.inbox.has(sender, id).await
    }

    async fn chatted_before(&self, chats: Vec<EarlierChat>, all: bool) -> Result<(), InboxError> {
        self.inbox.chatted_before(chats, all).await
    }
}
