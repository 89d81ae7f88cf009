//! A messaging server in memory: it remembers what was sent, and answers as a test says.

use std::{
    collections::{HashSet, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use domain::{Digits, Timestamp};
use tokio::sync::{mpsc, watch};
use worker::channel::{
    Address, Channel, ChannelEvent, ChatKind, CloseReason, Connection, Content, EarlierChat, Inbound, Inbox,
    InboxError, Linking, OpenError, Quote, SendError,
};
use worker::journal::Intake;

/// How the server takes messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acks {
    AtOnce,
    Withheld,
    Refused(u16),
}

/// What the next connection does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Script {
    /// Logs in.
    Connect,
    /// Shows codes until the test goes on.
    Codes,
    /// Ends at once.
    End(ChannelEvent),
    /// Cannot be opened.
    Corrupt,
}

/// A message that left the worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub id: String,
    pub to: Address,
    pub text: String,
    pub quote: Option<Quote>,
}

struct Open {
    inbox: Arc<dyn Inbox>,
    events: mpsc::Sender<ChannelEvent>,
    number: u64,
}

pub struct State {
    pub account: Address,
    pub linked: bool,
    pub acks: Acks,
    /// Numbers whose messages the server passes over.
    pub dead: HashSet<String>,
    pub script: VecDeque<Script>,
    pub sends: Vec<Sent>,
    pub opened: u64,
    pub typing: Vec<bool>,
    pub read: Vec<String>,
    pub shut_down: bool,
    pub logged_out: bool,
    open: Option<Open>,
}

pub struct Server {
    me: Weak<Self>,
    state: Mutex<State>,
    changed: watch::Sender<u64>,
}

static IDS: AtomicU64 = AtomicU64::new(1);

pub fn number(text: &str) -> Digits {
    Digits::new(text).unwrap()
}

/// What a journal is told of a batch whose senders nobody waits for.
pub fn intake(now: Timestamp) -> Intake {
    Intake {
        now,
        chat_queue: 10_000,
        please_wait: None,
        new_id: Arc::new(|| unreachable!("nobody is told to wait")),
        quiet: Duration::ZERO,
        account: None,
        remove_deleted: false,
        bot: None,
        own: Address::default(),
        held: false,
    }
}

/// A person known by both names.
pub fn both(digits: &str) -> Address {
    Address { number: Some(number(digits)), lid: Some(format!("9{digits}")) }
}

pub fn by_number(digits: &str) -> Address {
    Address { number: Some(number(digits)), lid: None }
}

pub fn by_lid(digits: &str) -> Address {
    Address { number: None, lid: Some(format!("9{digits}")) }
}

/// A text from `sender`.
pub fn text(id: &str, sender: Address, text: &str) -> Inbound {
    Inbound {
        id: id.to_owned(),
        chat: ChatKind::Direct,
        sender,
        from_me: false,
        to: None,
        push_name: Some("Asha".to_owned()),
        content: Content::Text(text.to_owned()),
        at: "2026-03-01T08:00:00Z".parse::<Timestamp>().unwrap(),
        offline: false,
        album: None,
    }
}

impl Server {
    /// A server at which the device is linked already.
    pub fn new() -> Arc<Self> {
        let state = State {
            account: both("255700000001"),
            linked: true,
            acks: Acks::AtOnce,
            dead: HashSet::new(),
            script: VecDeque::new(),
            sends: Vec::new(),
            opened: 0,
            typing: Vec::new(),
            read: Vec::new(),
            shut_down: false,
            logged_out: false,
            open: None,
        };
        Arc::new_cyclic(|me| Self {
            me: me.clone(),
            state: Mutex::new(state),
            changed: watch::Sender::new(0),
        })
    }

    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Changes the server.
    pub fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.send_modify(|n| *n += 1);
    }

    /// Waits until `found` finds something.
    pub async fn until<T>(&self, found: impl Fn(&State) -> Option<T>) -> T {
        let mut changed = self.changed.subscribe();
        let wait = async {
            loop {
                changed.borrow_and_update();
                if let Some(it) = found(&self.lock()) {
                    return it;
                }
                changed.changed().await.unwrap();
            }
        };
        tokio::time::timeout(Duration::from_secs(120), wait).await.expect("the server never saw it")
    }

    pub async fn until_sent(&self, count: usize) -> Vec<Sent> {
        self.until(|state| (state.sends.len() >= count).then(|| state.sends.clone())).await
    }

    pub fn is_connected(&self) -> bool {
        self.lock().open.is_some()
    }

    pub async fn until_connected(&self) {
        self.until(|state| state.open.as_ref().map(|_| ())).await;
    }

    /// Hands messages over as WhatsApp does; `Ok` is their acknowledgement.
    pub async fn deliver(&self, batch: Vec<Inbound>) -> Result<(), InboxError> {
        self.until_connected().await;
        let inbox = Arc::clone(&self.lock().open.as_ref().unwrap().inbox);
        inbox.accept(batch).await
    }

    /// Tells of chats that the phone had before, as WhatsApp does after a linking.
    pub async fn tell_chats(&self, chats: Vec<EarlierChat>, all: bool) -> Result<(), InboxError> {
        self.until_connected().await;
        let inbox = Arc::clone(&self.lock().open.as_ref().unwrap().inbox);
        inbox.chatted_before(chats, all).await
    }

    /// Whether the worker's inbox has a message.
    pub async fn has(&self, sender: &Address, id: &str) -> Result<bool, InboxError> {
        self.until_connected().await;
        let inbox = Arc::clone(&self.lock().open.as_ref().unwrap().inbox);
        inbox.has(sender, id).await
    }

    /// Says something to the worker on the open connection.
    pub async fn say(&self, event: ChannelEvent) {
        self.until_connected().await;
        let events = self.lock().open.as_ref().unwrap().events.clone();
        events.send(event).await.unwrap();
    }

    /// Ends the open connection.
    pub async fn close(&self, reason: CloseReason) {
        let open = self.lock().open.take().expect("a connection");
        open.events.send(ChannelEvent::Closed(reason)).await.unwrap();
    }

    /// Forgets the open connection, as when the worker was killed.
    pub fn forget(&self) {
        self.lock().open = None;
    }
}

#[async_trait]
impl Channel for Server {
    async fn is_linked(&self) -> Result<bool, OpenError> {
        let state = self.lock();
        if state.script.front() == Some(&Script::Corrupt) {
            return Err(OpenError::SessionCorrupt("file is not a database".to_owned()));
        }
        Ok(state.linked)
    }

    fn new_message_id(&self) -> String {
        format!("3EB0{:018X}", IDS.fetch_add(1, Ordering::Relaxed))
    }

    async fn open(
        &self,
        inbox: Arc<dyn Inbox>,
        linking: Linking,
        events: mpsc::Sender<ChannelEvent>,
    ) -> Result<Arc<dyn Connection>, OpenError> {
        let (script, account, number) = {
            let mut state = self.lock();
            state.opened += 1;
            let default = if state.linked { Script::Connect } else { Script::Codes };
            (state.script.pop_front().unwrap_or(default), state.account.clone(), state.opened)
        };
        match &script {
            Script::Connect => events.send(ChannelEvent::Connected(account)).await.unwrap(),
            Script::Codes => {
                let (expires_in, code) = (Duration::from_secs(60), format!("code-{number}"));
                let code = match linking {
                    Linking::Qr => ChannelEvent::Qr { code, expires_in },
                    Linking::PairingCode(phone) => {
                        let code = format!("{}-{number}", phone.as_str());
                        ChannelEvent::PairingCode { code, expires_in }
                    }
                };
                events.send(code).await.unwrap();
            }
            Script::End(event) => events.send(event.clone()).await.unwrap(),
            Script::Corrupt => return Err(OpenError::SessionCorrupt("malformed".to_owned())),
        }
        let ended = matches!(script, Script::End(_));
        let line = Line { events: events.clone(), number };
        self.set(|state| state.open = (!ended).then_some(Open { inbox, events, number }));
        Ok(Arc::new(Wire { server: self.me.upgrade().unwrap(), line }))
    }
}

struct Line {
    events: mpsc::Sender<ChannelEvent>,
    number: u64,
}

struct Wire {
    server: Arc<Server>,
    line: Line,
}

#[async_trait]
impl Connection for Wire {
    async fn send_text(
        &self,
        id: &str,
        to: &Address,
        text: &str,
        quote: Option<&Quote>,
    ) -> Result<(), SendError> {
        let (open, acks, dead) = {
            let state = self.server.lock();
            let open = state.open.as_ref().is_some_and(|open| open.number == self.line.number);
            let dead = to.number.as_ref().is_some_and(|number| state.dead.contains(number.as_str()));
            (open, state.acks, dead)
        };
        if !open {
            return Err(SendError::NotConnected);
        }
        let sent = Sent { id: id.to_owned(), to: to.clone(), text: text.to_owned(), quote: quote.cloned() };
        self.server.set(|state| state.sends.push(sent));
        let error = match acks {
            Acks::AtOnce => None,
            Acks::Refused(code) => Some(code),
            Acks::Withheld => return Ok(()),
        };
        if !dead {
            let _ = self.line.events.send(ChannelEvent::ServerAck { id: id.to_owned(), error }).await;
        }
        Ok(())
    }

    async fn typing(&self, _to: &Address, on: bool) {
        self.server.set(|state| state.typing.push(on));
    }

    async fn mark_read(&self, _from: &Address, ids: &[String]) {
        self.server.set(|state| state.read.extend_from_slice(ids));
    }

    async fn log_out(&self) -> Result<(), SendError> {
        self.server.set(|state| {
            state.linked = false;
            state.logged_out = true;
        });
        Ok(())
    }

    async fn shutdown(&self) {
        self.server.set(|state| {
            state.shut_down = true;
            state.open = None;
        });
        let _ = self.line.events.send(ChannelEvent::Closed(CloseReason::Shutdown)).await;
    }
}
