//! A customer's phone, in the hands of a test.

use std::sync::Arc;
use std::time::Duration;

use super::{AccountInfo, people};
use crate::error::Error;
use crate::phones::{self, Draft, How, Via};
use crate::signal::Peer;
use crate::truth::{ChatEntry, Direction, MessageId, WaitError};
use crate::world::{Account, ReceiptPolicy, World};

/// How one message is put on the wire; the default is what phones do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SendOptions {
    /// The sender is named by LID with the number beside it, instead of by number with the LID beside it.
    pub by_lid: bool,
    /// The ciphertext is damaged on the way, so that the device cannot decrypt it and asks again.
    pub garbled: bool,
    /// The ciphertext is damaged each time, also when the device asks again: it can never be read.
    pub spoilt: bool,
    /// The message's id; a fresh one where it is none.
    pub id: Option<MessageId>,
    /// The time that the message says it was sent at, in seconds since 1970; now where it is none.
    pub at: Option<u64>,
    /// Along which way it comes, where that is not the chat.
    pub via: Via,
}

impl SendOptions {
    /// Named by LID.
    #[must_use]
    pub fn by_lid() -> Self {
        Self { by_lid: true, ..Self::default() }
    }

    /// Damaged on the way.
    #[must_use]
    pub fn garbled() -> Self {
        Self { garbled: true, ..Self::default() }
    }

    /// Never to be read, however often it is asked for.
    #[must_use]
    pub fn spoilt() -> Self {
        Self { spoilt: true, ..Self::default() }
    }

    /// With this id.
    #[must_use]
    pub fn with_id(id: &str) -> Self {
        Self { id: Some(id.to_owned()), ..Self::default() }
    }

    pub(super) fn how(&self) -> How {
        How {
            by_lid: self.by_lid,
            garble: self.garbled,
            spoilt: self.spoilt,
            id: self.id.clone(),
            at: self.at,
            via: self.via.clone(),
            ..How::default()
        }
    }
}

/// A person with a phone and no linked devices.
#[derive(Clone)]
pub struct Customer {
    pub(super) world: Arc<World>,
    pub(super) account: Arc<Account>,
}

impl Customer {
    /// Digits without `+`.
    #[must_use]
    pub fn number(&self) -> &str {
        self.account.number()
    }

    /// Digits of the customer's LID.
    #[must_use]
    pub fn lid(&self) -> &str {
        self.account.lid().user.as_str()
    }

    /// What lists show of the customer.
    #[must_use]
    pub fn info(&self) -> AccountInfo {
        AccountInfo::of(&self.account)
    }

    /// Writes to a number.
    ///
    /// # Errors
    /// [`crate::PhoneError::NoAccount`], and [`crate::PhoneError::NoKeys`] while a device linked to that number has
    /// uploaded no keys.
    pub fn send_text(&self, to: &str, text: &str) -> Result<MessageId, Error> {
        self.send_text_with(to, text, &SendOptions::default())
    }

    /// Writes to a number in a particular way; see [`Customer::send_text`].
    ///
    /// # Errors
    /// As [`Customer::send_text`].
    pub fn send_text_with(&self, to: &str, text: &str, options: &SendOptions) -> Result<MessageId, Error> {
        people::existing(&self.world, to)?;
        self.send(to, &Draft::text(text), options)
    }

    /// Sends message `id` once more: the very same bytes under the same id, as a server does that lost an
    /// acknowledgement.
    ///
    /// # Errors
    /// [`crate::PhoneError::NoMessage`].
    pub fn resend_same_bytes(&self, id: &str) -> Result<(), Error> {
        Ok(phones::resend(&self.world, &self.account, id, true, &How::default())?)
    }

    /// Sends message `id` once more, encrypted anew under the same id, as a phone on a bad network does.
    ///
    /// # Errors
    /// [`crate::PhoneError::NoMessage`].
    pub fn resend_encrypted_anew(&self, id: &str, options: &SendOptions) -> Result<(), Error> {
        Ok(phones::resend(&self.world, &self.account, id, false, &options.how())?)
    }

    /// How this customer confirms messages from now on.
    pub fn set_receipts(&self, policy: ReceiptPolicy) {
        self.account.state().receipts = policy;
    }

    /// From now on the customer hears nothing from `number`, or hears from it again.
    pub fn set_blocked(&self, number: &str, blocked: bool) {
        let mut state = self.account.state();
        if blocked {
            state.blocked.insert(number.to_owned());
        } else {
            state.blocked.remove(number);
        }
    }

    /// The name that WhatsApp has verified, of a business; it comes with its messages.
    pub fn set_verified_name(&self, name: Option<&str>) {
        self.account.state().verified_name = name.map(ToOwned::to_owned);
    }

    /// Shows the customer as there, or as away, to the devices that have asked to see it.
    pub fn set_available(&self, available: bool) {
        self.account.state().available = available;
        for watcher in self.world.directory.accounts() {
            if watcher.state().watches.contains(self.number()) {
                phones::show_presence(&self.world, &self.account, &watcher, available);
            }
        }
    }

    /// Moves to another number, as people do who change their card: the old number is no longer on WhatsApp, the new
    /// one has the same name, and whoever has a chat with the old one is told.
    ///
    /// # Errors
    /// [`Error::BadNumber`].
    pub fn change_number(&self, new: &str) -> Result<Self, Error> {
        let name = self.account.state().name.clone();
        let moved = people::customer(&self.world, new, &name)?;
        self.set_registered(false);
        phones::number_changed(&self.world, &self.account, &moved.account);
        Ok(moved)
    }

    /// Hides the number: from now on the customer is known by LID alone.
    pub fn set_hides_number(&self, hides: bool) {
        self.account.state().hides_number = hides;
    }

    /// Takes the number off WhatsApp, or puts it back: who is not on it has no devices and no keys.
    pub fn set_registered(&self, registered: bool) {
        self.account.state().registered = registered;
    }

    /// Sets the phone up anew: a new identity and no sessions. Whoever has written to `number` is told.
    ///
    /// # Errors
    /// [`crate::PhoneError::NoAccount`]; [`Error::Keys`], which does not happen.
    pub fn reinstall(&self, number: &str) -> Result<(), Error> {
        let account = people::existing(&self.world, number)?;
        let fresh = Peer::generate(self.world.entropy.fork())?;
        self.account.state().peer = fresh;
        phones::identity_changed(&self.world, &self.account, &account);
        Ok(())
    }

    /// Everything this phone has seen of the chat with `with` (a number or a group's id), decrypted and in order.
    #[must_use]
    pub fn transcript(&self, with: &str) -> Vec<ChatEntry> {
        self.account.transcript.with(Some(with))
    }

    /// Every message of this phone, in order.
    #[must_use]
    pub fn transcript_of_all(&self) -> Vec<ChatEntry> {
        self.account.transcript.with(None)
    }

    /// What came in from the chat with `with`, in order.
    #[must_use]
    pub fn received(&self, with: &str) -> Vec<ChatEntry> {
        let all = self.account.transcript.with(Some(with));
        all.into_iter().filter(|e| e.direction == Direction::In).collect()
    }

    /// Waits until `count` messages have come in from the chat with `with` since the beginning, and returns all of
    /// them. `limit` is real time.
    ///
    /// # Errors
    /// [`WaitError::Timeout`] inside [`Error::Wait`].
    pub async fn wait_for_reply(
        &self,
        with: &str,
        count: usize,
        limit: Duration,
    ) -> Result<Vec<ChatEntry>, Error> {
        self.wait_for_count(with, count, limit).await?;
        Ok(self.received(with))
    }

    /// How many messages have come in from the chat with `with`.
    #[must_use]
    pub fn received_count(&self, with: &str) -> usize {
        self.account.transcript.came_in(with)
    }

    /// Waits until `count` messages have come in from the chat with `with` since the beginning. Copies none of them, so that a
    /// chat that has grown long takes no more time than a new one. `limit` is real time.
    ///
    /// # Errors
    /// [`WaitError::Timeout`] inside [`Error::Wait`].
    pub async fn wait_for_count(&self, with: &str, count: usize, limit: Duration) -> Result<(), Error> {
        let came = self.once(|| (self.received_count(with) >= count).then_some(()));
        let waited_for = || format!("message {count} from {with} to {}", self.number());
        let found = tokio::time::timeout(limit, came).await;
        Ok(found.map_err(|_| WaitError::Timeout { waited_for: waited_for(), limit })?)
    }

    /// Waits until the transcript of the chat with `with` fits, and returns it. `limit` is real time; `waited_for`
    /// is what the error says.
    ///
    /// # Errors
    /// [`WaitError::Timeout`] inside [`Error::Wait`].
    pub async fn wait_until(
        &self,
        with: &str,
        limit: Duration,
        waited_for: &str,
        fits: impl Fn(&[ChatEntry]) -> bool,
    ) -> Result<Vec<ChatEntry>, Error> {
        let search = self.once(|| Some(self.transcript(with)).filter(|now| fits(now)));
        let found = tokio::time::timeout(limit, search).await;
        Ok(found.map_err(|_| WaitError::Timeout { waited_for: waited_for.to_owned(), limit })?)
    }

    /// Waits until `find` finds something, now or after a change of the transcript, and returns it.
    pub(crate) async fn next_entries(&self, find: impl Fn(&Self) -> Vec<ChatEntry>) -> Vec<ChatEntry> {
        self.once(|| Some(find(self)).filter(|found| !found.is_empty())).await
    }

    /// What `look` finds, now or after a change of the transcript.
    async fn once<T>(&self, look: impl Fn() -> Option<T>) -> T {
        let mut changes = self.account.transcript.changes();
        loop {
            changes.mark_unchanged();
            if let Some(found) = look() {
                return found;
            }
            // The sender lives in `self`, so that the wait cannot fail.
            if changes.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}
