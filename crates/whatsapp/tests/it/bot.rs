//! A channel in the hands of a test: an inbox that remembers and can fail, and the events in order.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use domain::Digits;
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};
use virtual_whatsapp::{Customer, EventKind, LinkedDevice, Phone, Server, VirtualWhatsApp};
use whatsapp::{Endpoint, Options, WhatsApp};
use worker::channel::{
    Address, Channel as _, ChannelEvent, CloseReason, Connection, Content, EarlierChat, Inbound, Inbox,
    InboxError, Linking,
};

pub(crate) const BUSINESS: &str = "255754000111";
pub(crate) const ASHA: &str = "255754000222";
/// Real time that anything may take at most; nothing waits this long when all is well.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// An inbox in memory.
pub(crate) struct Memory {
    taken: watch::Sender<Vec<Inbound>>,
    failures_to_come: AtomicUsize,
    tries: watch::Sender<usize>,
    chats: watch::Sender<(Vec<EarlierChat>, bool)>,
}

impl Memory {
    pub(crate) fn new() -> Arc<Self> {
        let (taken, tries) = (watch::Sender::new(Vec::new()), watch::Sender::new(0));
        let chats = watch::Sender::new((Vec::new(), false));
        Arc::new(Self { taken, failures_to_come: AtomicUsize::new(0), tries, chats })
    }

    /// The next `count` batches are refused.
    pub(crate) fn fail(&self, count: usize) {
        self.failures_to_come.store(count, Ordering::SeqCst);
    }

    pub(crate) fn tries(&self) -> usize {
        *self.tries.borrow()
    }

    pub(crate) fn all(&self) -> Vec<Inbound> {
        self.taken.borrow().clone()
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        texts(&self.all())
    }

    /// Waits until the phone has told of all its earlier chats, and returns them.
    pub(crate) async fn chats(&self) -> Vec<EarlierChat> {
        let mut told = self.chats.subscribe();
        let waited = tokio::time::timeout(LIMIT, told.wait_for(|(_, all)| *all)).await;
        waited.expect("the phone tells of its chats").unwrap().0.clone()
    }

    /// Waits until there are `count` messages and returns them all.
    pub(crate) async fn wait(&self, count: usize) -> Vec<Inbound> {
        let mut taken = self.taken.subscribe();
        let waited = tokio::time::timeout(LIMIT, taken.wait_for(|all| all.len() >= count)).await;
        match waited {
            Ok(Ok(all)) => all.clone(),
            _ => panic!("{count} messages did not come; there are {:?}", self.all()),
        }
    }

    /// Waits until a batch was offered `count` times, taken or not.
    pub(crate) async fn wait_for_tries(&self, count: usize) {
        let mut tries = self.tries.subscribe();
        let waited = tokio::time::timeout(LIMIT, tries.wait_for(|tries| *tries >= count)).await;
        assert!(waited.is_ok(), "only {} tries", self.tries());
    }
}

#[async_trait]
impl Inbox for Memory {
    async fn accept(&self, batch: Vec<Inbound>) -> Result<(), InboxError> {
        self.tries.send_modify(|tries| *tries += 1);
        let fail = self
            .failures_to_come
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if fail.is_ok() {
            return Err(InboxError(Box::from("the disk is full")));
        }
        self.taken.send_modify(|all| all.extend(batch));
        Ok(())
    }

    async fn has(&self, sender: &Address, id: &str) -> Result<bool, InboxError> {
        Ok(self.taken.borrow().iter().any(|message| message.id == id && message.sender == *sender))
    }

    async fn chatted_before(&self, chats: Vec<EarlierChat>, all: bool) -> Result<(), InboxError> {
        self.chats.send_modify(|told| {
            told.0.extend(chats);
            told.1 |= all;
        });
        Ok(())
    }
}

pub(crate) fn texts(messages: &[Inbound]) -> Vec<String> {
    let text = |message: &Inbound| match &message.content {
        Content::Text(text) => Some(text.clone()),
        _ => None,
    };
    messages.iter().filter_map(text).collect()
}

/// One session and its connection.
pub(crate) struct Bot {
    pub(crate) channel: WhatsApp,
    pub(crate) inbox: Arc<Memory>,
    pub(crate) connection: Arc<dyn Connection>,
    events: mpsc::Receiver<ChannelEvent>,
    fatal: watch::Receiver<Option<String>>,
}

impl Bot {
    pub(crate) async fn open(server: &Server, session: &Path, linking: Linking) -> Self {
        Self::open_with(server, session, linking, Memory::new(), LIMIT).await
    }

    pub(crate) async fn open_with(
        server: &Server,
        session: &Path,
        linking: Linking,
        inbox: Arc<Memory>,
        patience: Duration,
    ) -> Self {
        trace();
        let mut options = Options::new(session, Endpoint::parse(&server.url()).unwrap());
        let (told, fatal) = watch::channel(None);
        options.on_fatal = Arc::new(move |reason| drop(told.send_replace(Some(reason.to_owned()))));
        options.inbox_patience = patience;
        let channel = WhatsApp::new(options);
        let (sender, events) = mpsc::channel(8);
        let connection = channel.open(inbox.clone(), linking, sender).await.unwrap();
        Self { channel, inbox, connection, events, fatal }
    }

    /// Opens the next connection on the same session.
    pub(crate) async fn reopen(&mut self) {
        let (sender, events) = mpsc::channel(8);
        self.connection = self.channel.open(self.inbox.clone(), Linking::Qr, sender).await.unwrap();
        self.events = events;
    }

    pub(crate) async fn next(&mut self) -> ChannelEvent {
        let next = tokio::time::timeout(LIMIT, self.events.recv()).await;
        next.expect("no event in time").expect("the connection is over")
    }

    /// The next event that fits, others left out.
    pub(crate) async fn event(&mut self, what: &str, fits: impl Fn(&ChannelEvent) -> bool) -> ChannelEvent {
        let mut seen = Vec::new();
        let search = async {
            loop {
                let event = self.events.recv().await?;
                if fits(&event) {
                    return Some(event);
                }
                seen.push(event);
            }
        };
        let found = tokio::time::timeout(LIMIT, search).await;
        found.ok().flatten().unwrap_or_else(|| panic!("never saw {what}, but {seen:?}"))
    }

    pub(crate) async fn qr(&mut self) -> String {
        match self.event("a QR code", |event| matches!(event, ChannelEvent::Qr { .. })).await {
            ChannelEvent::Qr { code, .. } => code,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn connected(&mut self) -> Address {
        match self.event("connected", |event| matches!(event, ChannelEvent::Connected(_))).await {
            ChannelEvent::Connected(address) => address,
            other => panic!("{other:?}"),
        }
    }

    /// Why the process would have ended.
    pub(crate) async fn fatal_reason(&mut self) -> String {
        let reason = tokio::time::timeout(LIMIT, self.fatal.wait_for(Option::is_some)).await;
        reason.expect("nothing fatal in time").expect("the channel is there").clone().unwrap_or_default()
    }

    /// Why it ended; nothing comes after that.
    pub(crate) async fn closed(&mut self) -> CloseReason {
        let closed = self.event("the end", |event| matches!(event, ChannelEvent::Closed(_))).await;
        assert_eq!(self.events.recv().await, None, "nothing comes after the end");
        match closed {
            ChannelEvent::Closed(reason) => reason,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn acked(&mut self, id: &str) -> Option<u16> {
        let ours =
            |event: &ChannelEvent| matches!(event, ChannelEvent::ServerAck { id: acked, .. } if acked == id);
        match self.event("the acknowledgement", ours).await {
            ChannelEvent::ServerAck { error, .. } => error,
            other => panic!("{other:?}"),
        }
    }
}

/// A server with a linked and connected channel, its phone and a customer.
pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) phone: Phone,
    pub(crate) device: LinkedDevice,
    pub(crate) bot: Bot,
    pub(crate) asha: Customer,
    pub(crate) directory: TempDir,
}

impl World {
    pub(crate) async fn linked() -> Self {
        Self::linked_with(LIMIT).await
    }

    /// The same where an inbox that fails is given up after `patience`.
    pub(crate) async fn linked_with(patience: Duration) -> Self {
        let server = VirtualWhatsApp::start(virtual_whatsapp::Options::default()).await.unwrap();
        let directory = tempfile::tempdir().unwrap();
        let session = directory.path().join("session.db");
        let mut bot = Bot::open_with(&server, &session, Linking::Qr, Memory::new(), patience).await;
        let phone = server.phone(BUSINESS).unwrap();
        let asha = server.customer(ASHA, "Asha").unwrap();
        let code = bot.qr().await;
        let device = phone.scan(&code).await.unwrap();
        assert_eq!(bot.closed().await, CloseReason::Restart);
        bot.reopen().await;
        bot.connected().await;
        caught_up(&server, 0).await;
        // Before that nobody can write to the device.
        wait(&server, 0, |e| matches!(e, EventKind::PrekeysUploaded { .. })).await;
        Self { server, phone, device, bot, asha, directory }
    }

    pub(crate) fn session(&self) -> std::path::PathBuf {
        self.directory.path().join("session.db")
    }

    /// Asha, as the channel names her.
    pub(crate) fn asha_address(&self) -> Address {
        Address { number: Digits::new(ASHA).ok(), lid: Some(self.asha.lid().to_owned()) }
    }

    /// Waits until the device has settled all that was written to it.
    pub(crate) async fn settled(&self) {
        let settled = async {
            let mut seen = 0;
            while self.device.status().queue > 0 {
                let fits = |e: &EventKind| matches!(e, EventKind::Acked { .. } | EventKind::Receipt { .. });
                // One may have come between the look and the wait.
                if let Ok(event) =
                    self.server.events().wait_after(seen, Duration::from_millis(200), fits).await
                {
                    seen = event.seq;
                }
            }
        };
        assert!(tokio::time::timeout(LIMIT, settled).await.is_ok(), "{:?}", self.device.status());
    }
}

pub(crate) async fn wait(server: &Server, after: u64, fits: impl FnMut(&EventKind) -> bool) -> u64 {
    let found = server.events().wait_after(after, LIMIT, fits).await;
    found.unwrap_or_else(|e| panic!("{e}; events: {:#?}", server.events().since(after))).seq
}

pub(crate) async fn caught_up(server: &Server, after: u64) -> u64 {
    wait(server, after, |e| matches!(e, EventKind::CaughtUp { .. })).await
}

/// Shows what happens when a test is run with `RUST_LOG`; the library's lines too, through the bridge.
fn trace() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let filter = tracing_subscriber::EnvFilter::from_default_env();
        let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_test_writer().finish();
        if tracing::subscriber::set_global_default(subscriber).is_ok() {
            whatsapp::install_log_bridge().unwrap();
        }
    });
}
