//! A phone with linked devices: the business owner's.

use std::sync::Arc;

use super::{AccountInfo, LinkedDevice, people};
use crate::error::Error;
use crate::linking;
use crate::phones;
use crate::truth::{ChatEntry, MessageId};
use crate::world::{Account, World};

/// An account's own phone (its device 0).
#[derive(Clone)]
pub struct Phone {
    pub(super) world: Arc<World>,
    pub(super) account: Arc<Account>,
}

impl Phone {
    /// Digits without `+`.
    #[must_use]
    pub fn number(&self) -> &str {
        self.account.number()
    }

    /// Digits of the account's LID.
    #[must_use]
    pub fn lid(&self) -> &str {
        self.account.lid().user.as_str()
    }

    /// What lists show of the account.
    #[must_use]
    pub fn info(&self) -> AccountInfo {
        AccountInfo::of(&self.account)
    }

    /// The name that others see.
    ///
    /// Devices that are linked are told to fetch it.
    pub fn set_name(&self, name: &str) {
        name.clone_into(&mut self.account.state().name);
        if self.account.devices().is_empty() {
            return;
        }
        if let Err(error) = phones::name_changed(&self.world, &self.account) {
            tracing::warn!(%error, "the name was not written");
        }
    }

    /// Saves `contact` under a name in the phone's address book; linked devices are told to fetch the change.
    ///
    /// # Errors
    /// [`crate::PhoneError::NoAccount`].
    pub fn save_contact(&self, contact: &str, name: &str) -> Result<(), Error> {
        let contact = people::existing(&self.world, contact)?;
        phones::save_contact(&self.world, &self.account, &contact, name)?;
        Ok(())
    }

    /// Scans the text of a QR code that a device shows, and returns once the device is linked. Text from any device
    /// that is connected to this server will do: the reference in it says which.
    ///
    /// # Errors
    /// [`crate::LinkError`] inside [`Error::Link`]: no code, an expired one, keys that are not the device's, four
    /// devices linked already, a device that went away or signed wrongly.
    pub async fn scan(&self, qr_text: &str) -> Result<LinkedDevice, Error> {
        let device = linking::scan(&self.world, &self.account, qr_text).await?;
        Ok(LinkedDevice::new(self.world.clone(), device))
    }

    /// Types the pairing code that a device shows for this number (`ABCD-EFGH`, in any case, with or without the
    /// dash), and returns once the device is linked.
    ///
    /// # Errors
    /// [`crate::LinkError`] inside [`Error::Link`]: no such code, no device that waits for one, the wrong code.
    pub async fn enter_code(&self, code: &str) -> Result<LinkedDevice, Error> {
        let device = linking::enter(&self.world, &self.account, code).await?;
        Ok(LinkedDevice::new(self.world.clone(), device))
    }

    /// The devices linked to this phone, by number.
    #[must_use]
    pub fn linked_devices(&self) -> Vec<LinkedDevice> {
        let devices = self.account.devices().into_iter();
        devices.map(|d| LinkedDevice::new(self.world.clone(), d)).collect()
    }

    /// Unlinks a device: its connection ends, what waited for it is forgotten, its next login is refused with 401.
    ///
    /// # Errors
    /// [`crate::PhoneError::NoDevice`].
    pub fn unlink(&self, device: u16) -> Result<(), Error> {
        if phones::unlink(&self.world, &self.account, device, true) {
            return Ok(());
        }
        Err(phones::PhoneError::NoDevice { number: self.number().to_owned(), device }.into())
    }

    /// The owner writes from the phone itself; linked devices get it as a message of their own account.
    ///
    /// # Errors
    /// [`crate::PhoneError::NoAccount`], [`crate::PhoneError::NoKeys`].
    pub fn send_text(&self, to: &str, text: &str) -> Result<MessageId, Error> {
        people::existing(&self.world, to)?;
        let own = super::Customer { world: self.world.clone(), account: self.account.clone() };
        own.send(to, &phones::Draft::text(text), &super::SendOptions::default())
    }

    /// Archives the chat with `with` on the phone: linked devices are told to fetch the change.
    ///
    /// # Errors
    /// [`crate::PhoneError::NoAccount`].
    pub fn archive_chat(&self, with: &str) -> Result<(), Error> {
        let chat = people::existing(&self.world, with)?;
        phones::archive_chat(&self.world, &self.account, &chat)?;
        Ok(())
    }

    /// Everything this phone has seen of the chat with `with` (a number or a group's id), sent by itself or by its
    /// linked devices or received, in order.
    #[must_use]
    pub fn transcript(&self, with: &str) -> Vec<ChatEntry> {
        self.account.transcript.with(Some(with))
    }
}
