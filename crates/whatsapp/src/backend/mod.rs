//! The library's storage with three additions. Two are to its buffer of inbound messages: where it cannot be written,
//! the process ends; and a message is found in it under either name of its sender.
//!
//! The library decrypts a message first and buffers it second. If that write fails, the keys have already
//! advanced in memory; were the process to go on, a later flush would make that durable and the message could
//! never be decrypted again. A process that ends forgets the advanced keys, and WhatsApp delivers again.
//!
//! What WhatsApp delivers again may name its sender by hidden id where it named the number before, or the other way
//! round. The library looks into its buffer under the name that came; finding nothing, it would take the message for
//! one that was done with, acknowledge it, and it would be lost.
//!
//! The third: three kinds of rows are written without a sync of their own, since a sync of something else stands for
//! it. A row of the buffer must be durable no sooner than the keys that advanced by its message, and those are synced
//! into the same log after it. A row that is taken out again is in the journal, which knows the message if it comes
//! once more. What was sent, kept for a phone that asks again, is followed within 25 ms by the keys that it advanced.

mod app_sync;
mod device;
mod protocol;
mod signal;

use whatsapp_rust::{
    Jid, Server,
    store::SqliteStore,
    wacore::store::{error::Result, traits::ProtocolStore as _},
};

use crate::{options::OnFatal, session::Stores};

/// [`SqliteStore`] whose inbound buffer must not fail.
pub(crate) struct Guarded {
    store: SqliteStore,
    lazy: SqliteStore,
    on_fatal: OnFatal,
}

impl Guarded {
    pub(crate) fn new(stores: Stores, on_fatal: OnFatal) -> Self {
        Self { store: stores.synced, lazy: stores.lazy, on_fatal }
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
}

#[cfg(test)]
mod tests;
