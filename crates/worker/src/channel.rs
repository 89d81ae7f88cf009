//! What a worker needs of a messaging channel. WhatsApp implements it in the crate `whatsapp`; tests implement it in memory.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::{Delivery, Digits, Timestamp};
use tokio::sync::mpsc;

/// The names a channel has for one person. At least one is set.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Address {
    /// Phone number, where it is known.
    pub number: Option<Digits>,
    /// WhatsApp's hidden id (the digits before `@lid`), where it is known.
    pub lid: Option<String>,
}

/// Where a message was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatKind {
    /// Between the account and one person.
    Direct,
    /// In a group.
    Group,
    /// A broadcast list.
    Broadcast,
    /// A status update.
    Status,
    /// A newsletter.
    Newsletter,
}

/// What a message holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Text, as written.
    Text(String),
    /// Something a customer sent that is no text, by name: `image`, `voice`, `location`, ….
    Media {
        /// What it is.
        kind: &'static str,
        /// The text beneath it.
        caption: Option<String>,
    },
    /// A person corrects what they wrote.
    Edited {
        /// The sender's id of the message that is corrected, where it is named.
        of: Option<String>,
        /// Its new text or caption, where it has one.
        text: Option<String>,
    },
    /// A person takes back what they wrote.
    Deleted {
        /// The sender's id of the message that is taken back, where it is named.
        of: Option<String>,
    },
    /// It stands for a message that was written and cannot be read here. The same id may still come with its content.
    Unreadable(Unreadable),
    /// What is no message of a person and wants no answer: reactions, votes, protocol messages.
    Protocol(&'static str),
}

/// Why a message cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unreadable {
    /// Its keys do not fit. Its sender is asked to encrypt it anew, which mostly helps within seconds.
    Undecryptable,
    /// It can be looked at once, and only on the phone: linked devices never get it.
    ViewOnce,
    /// WhatsApp did not hand it to linked devices. The phone is asked for it.
    Withheld,
}

impl Unreadable {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Undecryptable, Self::ViewOnce, Self::Withheld];

    /// Its kind, as it stands in journals: never changes.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Undecryptable => "unreadable",
            Self::ViewOnce => "unreadable: view once",
            Self::Withheld => "unreadable: withheld",
        }
    }

    /// The reason whose kind this is.
    #[must_use]
    pub fn of_kind(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.kind() == kind)
    }

    /// How long the content may still come by itself before anybody is told.
    #[must_use]
    pub const fn patience(self) -> Duration {
        match self {
            Self::Undecryptable | Self::Withheld => Duration::from_secs(30),
            Self::ViewOnce => Duration::ZERO,
        }
    }
}

/// One message, or what stands for one that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// The sender's id of the message; unique only within one sender.
    pub id: String,
    /// Kind of chat.
    pub chat: ChatKind,
    /// Who wrote, without a device.
    pub sender: Address,
    /// Whether the account itself wrote it (its phone, or another of its devices).
    pub from_me: bool,
    /// To whom the account itself wrote, where that is one person.
    pub to: Option<Address>,
    /// The name the sender goes by.
    pub push_name: Option<String>,
    /// What was written.
    pub content: Content,
    /// When, by WhatsApp.
    pub at: Timestamp,
    /// Whether it waited while the device was away.
    pub offline: bool,
    /// The id of the message that announced the album of which this is a part.
    pub album: Option<String>,
}

/// A chat that the phone had with somebody before it linked this device, as far as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierChat {
    /// With whom.
    pub with: Address,
    /// The oldest time that is told of it, in whole seconds.
    pub since: Timestamp,
}

/// Where a channel hands inbound messages over. A message is acknowledged to WhatsApp only after `accept` returned `Ok`.
#[async_trait]
pub trait Inbox: Send + Sync + 'static {
    /// Writes the whole batch durably (synced), in order, or nothing of it. Taking a message twice is no error.
    ///
    /// # Errors
    /// Where it could not be written; WhatsApp then hands the batch over again later.
    async fn accept(&self, batch: Vec<Inbound>) -> Result<(), InboxError>;

    /// Whether the message `id` of `sender` was ever taken. Where in doubt the answer is no: the channel then has it
    /// sent once more, and taking a message twice is no error.
    ///
    /// # Errors
    /// Where it could not be read.
    async fn has(&self, sender: &Address, id: &str) -> Result<bool, InboxError>;

    /// Notes durably with whom the phone had chatted. With `all`, no more is to be told for now. Being told twice is no
    /// error.
    ///
    /// # Errors
    /// Where it could not be written. Nobody tells it again.
    async fn chatted_before(&self, chats: Vec<EarlierChat>, all: bool) -> Result<(), InboxError>;
}

/// An inbox that cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[error("the inbox failed: {0}")]
pub struct InboxError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// What a connection tells of itself, in order; only acknowledgements and receipts of different messages may come in
/// any order among each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelEvent {
    /// A code to scan.
    Qr {
        /// Its text. A credential.
        code: String,
        /// Until the next code or the end of the round.
        expires_in: Duration,
    },
    /// A code to type on the phone.
    PairingCode {
        /// Its characters. A credential.
        code: String,
        /// Until it is void.
        expires_in: Duration,
    },
    /// The round of codes is over; this connection has ended.
    QrRoundExpired,
    /// The phone linked this device under this account. A new connection must be opened at once: no failure.
    Linked(Address),
    /// Logged in; messages flow.
    Connected(Address),
    /// By how much the server's clock is ahead of this machine's, in milliseconds; told after a login where it is known.
    ServerClock(i64),
    /// WhatsApp has taken a message of ours, or refused it for good.
    ServerAck {
        /// Our id of the message.
        id: String,
        /// The refusal's code, like 463.
        error: Option<u16>,
    },
    /// The customer's phone has messages of ours, or has shown or played them. May come again, in any order, and of messages
    /// that another device of the account has sent.
    Receipt {
        /// Our ids.
        ids: Vec<String>,
        /// How far they have come: [`Delivery::Delivered`] and beyond.
        how: Delivery,
    },
    /// This connection has ended; see the reason for whether to open another.
    Closed(CloseReason),
}

/// Why a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CloseReason {
    /// A pairing ended with the expected restart: open a new connection at once.
    Restart,
    /// Network or server trouble: open a new one after a pause.
    Lost(String),
    /// The phone removed the device. Final.
    LoggedOut,
    /// Another client of the same session took its place. Final until an operator acts.
    Replaced,
    /// WhatsApp refused this session or client. Final until an operator acts.
    Refused(String),
    /// Limited for a time.
    TemporarilyBanned {
        /// How long from now, where told.
        for_time: Option<Duration>,
        /// Why.
        reason: String,
    },
    /// We closed it.
    Shutdown,
}

/// How to link where nothing is linked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Linking {
    /// One round of QR codes.
    Qr,
    /// A code typed on the phone with this number.
    PairingCode(Digits),
}

/// A channel that cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The session's own database cannot be read. It was left untouched.
    #[error("the session database cannot be read: {0}")]
    SessionCorrupt(String),
    /// The session's database at this path is another tenant's. It was left untouched, and nothing was connected.
    #[error(
        "the session database {0} is another tenant's: its file may have been copied or swapped; put it back, or remove it \
         here and link the phone again"
    )]
    Foreign(String),
    /// The session's database at this path was put there from a backup, or is an older copy of itself: its keys have been
    /// used since. It was left untouched, and nothing was connected.
    #[error(
        "the session database {0} is an older copy: its keys have been used since, and WhatsApp must never see them again; \
         remove it, and link the phone again"
    )]
    Stale(String),
    /// Anything else that stands in the way before a connection is tried.
    #[error("{0}")]
    Other(String),
}

/// A message that was not handed to the server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// No connection; the same message (same id) may be sent on the next one.
    #[error("not connected")]
    NotConnected,
    /// It did not leave in time; it may or may not have left. The same id may be sent again.
    #[error("timed out")]
    TimedOut,
    /// It can never be sent, with the reason.
    #[error("{0}")]
    Refused(String),
    /// It failed now and may succeed later with the same id.
    #[error("{0}")]
    Failed(String),
    /// The keys that it would have left under could not be kept: nothing of it has left, and it may once the disk is mended.
    #[error("{0}")]
    NotKept(String),
}

/// A way to reach customers. Knows one account.
///
/// Making one touches no file: the worker takes the cell's lock before it first calls a method.
#[async_trait]
pub trait Channel: Send + Sync + 'static {
    /// Whether this device is linked, as its own store says.
    ///
    /// # Errors
    /// Where the store cannot be read.
    async fn is_linked(&self) -> Result<bool, OpenError>;

    /// Refuses a session that was there before and has none of these marks, and tells which one it has; to be called before
    /// anything else, and before each [`mark`](Self::mark). One that was never marked is refused where `marked` says that it
    /// must have been. A channel that keeps no session needs none.
    ///
    /// # Errors
    /// [`OpenError::Stale`]; where the session cannot be read.
    async fn marked(&self, _known: &[String], _marked: bool) -> Result<Option<String>, OpenError> {
        Ok(None)
    }

    /// Marks the session, or the one that will be made.
    ///
    /// # Errors
    /// Where it cannot be written.
    async fn mark(&self, _mark: String) -> Result<(), OpenError> {
        Ok(())
    }

    /// A new message id, of the form the official client would make, never given before. Works without a
    /// connection, never blocks, and may be called from any thread.
    fn new_message_id(&self) -> String;

    /// Opens one connection and returns at once; what becomes of it arrives on `events`, ending with
    /// `Closed` or `QrRoundExpired`. There is no reconnecting inside: that is the worker's part.
    ///
    /// # Errors
    /// Where the session cannot be read. Trouble with the network arrives as `Closed`.
    async fn open(
        &self,
        inbox: Arc<dyn Inbox>,
        linking: Linking,
        events: mpsc::Sender<ChannelEvent>,
    ) -> Result<Arc<dyn Connection>, OpenError>;
}

/// A message of the customer's that an answer quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// WhatsApp's id of it.
    pub id: String,
    /// What it said.
    pub text: String,
}

/// One connection to the server.
#[async_trait]
pub trait Connection: Send + Sync + 'static {
    /// Hands a text to the server under this id. Returning `Ok` means "written to the socket";
    /// the truth is [`ChannelEvent::ServerAck`], which may come before this returns. The same id may be sent again. The text
    /// answers `quote`, where several messages were waiting.
    ///
    /// # Errors
    /// See [`SendError`]. Never blocks for longer than 20 s.
    async fn send_text(
        &self,
        id: &str,
        to: &Address,
        text: &str,
        quote: Option<&Quote>,
    ) -> Result<(), SendError>;

    /// Does what can be done for an answer before it is fixed, so that it leaves the sooner. Failing is of no matter.
    async fn prepare(&self) {}

    /// Shows "typing…" to the customer, or stops it. Failing is of no matter.
    async fn typing(&self, to: &Address, on: bool);

    /// Marks messages as read. Failing is of no matter.
    async fn mark_read(&self, from: &Address, ids: &[String]);

    /// Unlinks this device at the server. Afterwards [`Channel::is_linked`] says no, as it does after
    /// [`CloseReason::LoggedOut`].
    ///
    /// # Errors
    /// Where the server did not confirm it.
    async fn log_out(&self) -> Result<(), SendError>;

    /// Closes in good order and flushes what the session must keep. Afterwards `Closed(Shutdown)` was sent.
    async fn shutdown(&self);
}
