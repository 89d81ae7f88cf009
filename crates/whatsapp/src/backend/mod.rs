//! The library's storage with four additions. Three are to its buffer of inbound messages: where it cannot be written,
//! the process ends; a message is found in it under either name of its sender; and what is neither in it nor in the
//! inbox is asked for again.
//!
//! The library decrypts a message first and buffers it second. If that write fails, the keys have already
//! advanced in memory; were the process to go on, a later flush would make that durable and the message could
//! never be decrypted again. A process that ends forgets the advanced keys, and WhatsApp delivers again.
//!
//! What WhatsApp delivers again may name its sender by hidden id where it named the number before, or the other way
//! round. The library looks into its buffer under the name that came; finding nothing, it would take the message for
//! one that was done with, acknowledge it, and it would be lost.
//!
//! The keys may also be kept and the message not: the library writes the keys of all chats at once, and so those of a
//! message, too, that it has decrypted and is about to buffer. A process that ends between the two leaves a message that
//! can be decrypted no more, and the library would acknowledge it when it comes again. Only the inbox knows whether it
//! was taken; where it was not, the error here keeps it unacknowledged, and its sender is asked to encrypt it anew.
//!
//! The fourth: three kinds of rows are written without a sync of their own, since a sync of something else stands for
//! it. A row of the buffer must be durable no sooner than the keys that advanced by its message, and those are synced
//! into the same log after it. A row that is taken out again is in the journal, which knows the message if it comes
//! once more. What was sent, kept for a phone that asks again, is followed within 25 ms by the keys that it advanced; it is written
//! while it goes out, and whoever sends goes on only once it is there ([`Sent`]).

mod app_sync;
mod device;
mod protocol;
mod sent;
mod signal;
mod tokens;

use std::sync::Arc;

use tokio::sync::mpsc;
use whatsapp_rust::{
    Jid, Server,
    store::SqliteStore,
    wacore::store::{
        error::{Result, StoreError},
        traits::{DeviceStore as _, ProtocolStore as _},
    },
};
use worker::channel::Inbox;

pub(crate) use sent::Sent;
use tokens::Tokens;

use crate::{address, options::OnFatal, session::Stores, signals::Signal};

/// [`SqliteStore`] whose inbound buffer must not fail.
pub(crate) struct Guarded {
    store: SqliteStore,
    lazy: SqliteStore,
    on_fatal: OnFatal,
    inbox: Arc<dyn Inbox>,
    signals: mpsc::UnboundedSender<Signal>,
    sent: Sent,
    tokens: Tokens,
}

impl Guarded {
    /// What is missing from both the buffer and `inbox` is told to `signals`.
    pub(crate) fn new(
        stores: Stores,
        on_fatal: OnFatal,
        inbox: Arc<dyn Inbox>,
        signals: mpsc::UnboundedSender<Signal>,
    ) -> Self {
        Self {
            store: stores.synced,
            lazy: stores.lazy,
            on_fatal,
            inbox,
            signals,
            sent: Sent::default(),
            tokens: Tokens::default(),
        }
    }

    /// What was sent and is being written.
    pub(crate) fn sent(&self) -> Sent {
        self.sent.clone()
    }

    /// Passes a success on and ends the process otherwise. `on_fatal` returns in tests only.
    fn or_end<T>(&self, result: Result<T>) -> Result<T> {
        result.inspect_err(|error| {
            let causes = crate::text::causes(error);
            (self.on_fatal)(&format!("the session database could not buffer an inbound message: {causes}"));
        })
    }

    /// The JID of the same device under its person's other name, where both are known.
    async fn other_name(&self, jid: &str) -> Result<Option<String>> {
        let Ok(jid) = jid.parse::<Jid>() else { return Ok(None) };
        let (user, server) = match jid.server {
            Server::Lid => {
                (self.store.get_lid_mapping(&jid.user).await?.map(|known| known.phone_number), Server::Pn)
            }
            Server::Pn => (self.store.get_pn_mapping(&jid.user).await?.map(|known| known.lid), Server::Lid),
            _ => return Ok(None),
        };
        Ok(user.map(|user| Jid { user: user.as_str().into(), server, ..jid }.to_string()))
    }

    /// Whether a message that comes again and is not buffered may be acknowledged: the inbox has it, or it is none that
    /// a customer wrote to the business itself and nobody waits for an answer.
    async fn may_acknowledge(&self, chat: &str, sender: &str, id: &str) -> Result<bool> {
        let (Ok(chat), Ok(device)) = (chat.parse::<Jid>(), sender.parse::<Jid>()) else { return Ok(true) };
        let from_a_person = device.server.is_pn_family() || device.server.is_lid_family();
        if !from_a_person || chat.user_base() != device.user_base() || self.is_own(&device).await? {
            return Ok(true);
        }
        let other: Option<Jid> = self.other_name(sender).await?.and_then(|other| other.parse().ok());
        let sender = address::from_jids(std::iter::once(&device).chain(other.as_ref()));
        self.inbox.has(&sender, id).await.map_err(|error| StoreError::Database(Box::new(error)))
    }

    async fn is_own(&self, jid: &Jid) -> Result<bool> {
        let own = self.store.load().await?;
        Ok(own.is_some_and(|own| own.pn.iter().chain(&own.lid).any(|own| own.user_base() == jid.user_base())))
    }

    /// Has a message asked for again; the error keeps the library from acknowledging the one that came.
    fn missing(&self, sender: &str, id: &str) -> StoreError {
        if let Ok(sender) = sender.parse::<Jid>() {
            let _ = self.signals.send(Signal::Missing { sender, id: id.to_owned() });
        }
        StoreError::Validation(
            "it is not in the inbox; its sender is asked for it again unless it gets there".to_owned(),
        )
    }
}

#[cfg(test)]
mod tests;
