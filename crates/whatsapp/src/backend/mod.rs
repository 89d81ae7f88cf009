//! The library's storage with one addition: where the buffer of inbound messages cannot be written, the process ends.
//!
//! The library decrypts a message first and buffers it second. If that write fails, the keys have already
//! advanced in memory; were the process to go on, a later flush would make that durable and the message could
//! never be decrypted again. A process that ends forgets the advanced keys, and WhatsApp delivers again.

mod app_sync;
mod device;
mod protocol;
mod signal;

use whatsapp_rust::{store::SqliteStore, wacore::store::error::Result};

use crate::options::OnFatal;

/// [`SqliteStore`] whose inbound buffer must not fail.
pub(crate) struct Guarded {
    store: SqliteStore,
    on_fatal: OnFatal,
}

impl Guarded {
    pub(crate) fn new(store: SqliteStore, on_fatal: OnFatal) -> Self {
        Self { store, on_fatal }
    }

    /// Passes a success on and ends the process otherwise. `on_fatal` returns in tests only.
    fn or_end<T>(&self, result: Result<T>) -> Result<T> {
        result.inspect_err(|error| {
            let causes = crate::text::causes(error);
            (self.on_fatal)(&format!("the session database could not buffer an inbound message: {causes}"));
        })
    }
}
