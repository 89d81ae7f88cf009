//! What a customer can do in a chat besides writing text.

use super::{Customer, SendOptions, people};
use crate::error::Error;
use crate::phones::{self, About, PhoneError, Said, Target};
use crate::truth::MessageId;

impl Customer {
    /// Sends an image with a caption. Its bytes are nowhere: a client that fetches it fails.
    ///
    /// # Errors
    /// As [`Customer::send_text`].
    pub fn send_image(&self, to: &str, caption: &str, options: &SendOptions) -> Result<MessageId, Error> {
        self.say(to, &phones::image(caption, self.world.entropy.bytes()), options)
    }

    /// Sends a voice note. Its bytes are nowhere: a client that fetches it fails.
    ///
    /// # Errors
    /// As [`Customer::send_text`].
    pub fn send_voice(&self, to: &str, seconds: u32, options: &SendOptions) -> Result<MessageId, Error> {
        self.say(to, &phones::voice(seconds, self.world.entropy.bytes()), options)
    }

    /// Reacts to message `id` of the chat with `to`; an empty emoji takes the reaction back.
    ///
    /// # Errors
    /// As [`Customer::send_text`]; [`PhoneError::NoMessage`] where this phone has not seen the message.
    pub fn react(&self, to: &str, id: &str, emoji: &str, options: &SendOptions) -> Result<MessageId, Error> {
        let own = self.wrote(to, id)?;
        let now = self.now_ms();
        self.about(to, id, own, |about| phones::reaction(about, emoji, now), options)
    }

    /// Changes the text of message `id`, which this customer wrote to `to`.
    ///
    /// # Errors
    /// As [`Customer::send_text`]; [`PhoneError::NoMessage`] where this phone did not write the message.
    pub fn edit(&self, to: &str, id: &str, text: &str, options: &SendOptions) -> Result<MessageId, Error> {
        self.must_have_written(to, id)?;
        let now = self.now_ms();
        self.about(to, id, true, |about| phones::edit(about, text, now), options)
    }

    /// Takes message `id` back for everyone.
    ///
    /// # Errors
    /// As [`Customer::edit`].
    pub fn delete(&self, to: &str, id: &str, options: &SendOptions) -> Result<MessageId, Error> {
        self.must_have_written(to, id)?;
        self.about(to, id, true, phones::delete, options)
    }

    /// Writes to a group.
    ///
    /// # Errors
    /// [`PhoneError::NoGroup`] where there is no such group or the customer is not in it; else as
    /// [`Customer::send_text`].
    pub fn send_text_in_group(
        &self,
        group: &str,
        text: &str,
        options: &SendOptions,
    ) -> Result<MessageId, Error> {
        let found = self.world.directory.group(group);
        let target = Target::Group(found.ok_or_else(|| PhoneError::NoGroup(group.to_owned()))?);
        Ok(phones::send(&self.world, &self.account, &target, &phones::text(text), &options.how())?)
    }

    /// Shows that the customer types in the chat with `to`, or no longer does. Only devices that are there see it.
    ///
    /// # Errors
    /// [`PhoneError::NoAccount`].
    pub fn typing(&self, to: &str, typing: bool) -> Result<(), Error> {
        let to = people::existing(&self.world, to)?;
        phones::chat_state(&self.world, &self.account, &to, if typing { "composing" } else { "paused" });
        Ok(())
    }

    /// Reads message `id` that a device of `number` has sent.
    ///
    /// # Errors
    /// [`PhoneError::NoAccount`], [`PhoneError::NoMessage`].
    pub fn read(&self, number: &str, id: &str) -> Result<(), Error> {
        let account = people::existing(&self.world, number)?;
        let entry = self.received(number).into_iter().find(|e| e.id == id);
        let entry = entry.ok_or_else(|| PhoneError::NoMessage(id.to_owned()))?;
        if let Some(device) = account.device(entry.from_device) {
            phones::receipt(&self.world, &device, id, self.account.pn(), None, Some("read"));
        }
        Ok(())
    }

    /// Calls a number and returns the call's id; a device may reject it, and nothing else comes of it.
    ///
    /// # Errors
    /// [`PhoneError::NoAccount`].
    pub fn call(&self, number: &str) -> Result<String, Error> {
        let account = people::existing(&self.world, number)?;
        Ok(phones::ring(&self.world, &self.account, &account))
    }

    /// Gives a number this customer's privacy token, which comes back with messages to the customer.
    ///
    /// # Errors
    /// [`PhoneError::NoAccount`].
    pub fn give_token(&self, number: &str) -> Result<(), Error> {
        let account = people::existing(&self.world, number)?;
        phones::token(&self.world, &self.account, &account);
        Ok(())
    }

    /// Asks the device that sent message `id` for it again, with fresh keys, as a phone does that could not decrypt
    /// it.
    ///
    /// # Errors
    /// [`PhoneError::NoAccount`], [`PhoneError::NoMessage`].
    pub fn ask_again(&self, number: &str, id: &str) -> Result<(), Error> {
        let account = people::existing(&self.world, number)?;
        let entry = self.received(number).into_iter().find(|e| e.id == id);
        let entry = entry.ok_or_else(|| PhoneError::NoMessage(id.to_owned()))?;
        if let Some(device) = account.device(entry.from_device) {
            phones::ask_again(&self.world, &device, &self.account, self.account.pn(), None, id);
        }
        Ok(())
    }

    fn wrote(&self, chat: &str, id: &str) -> Result<bool, Error> {
        let entry = self.transcript(chat).into_iter().find(|e| e.id == id);
        let entry = entry.ok_or_else(|| PhoneError::NoMessage(id.to_owned()))?;
        Ok(entry.from == self.number())
    }

    fn must_have_written(&self, chat: &str, id: &str) -> Result<(), Error> {
        if self.wrote(chat, id)? { Ok(()) } else { Err(PhoneError::NoMessage(id.to_owned()).into()) }
    }

    fn about(
        &self,
        to: &str,
        id: &str,
        own: bool,
        say: impl FnOnce(About<'_>) -> Said,
        options: &SendOptions,
    ) -> Result<MessageId, Error> {
        let chat = people::existing(&self.world, to)?.pn().to_string();
        self.say(to, &say(About { chat: &chat, id, own, participant: None }), options)
    }

    fn say(&self, to: &str, said: &Said, options: &SendOptions) -> Result<MessageId, Error> {
        let target = Target::Contact(people::existing(&self.world, to)?);
        Ok(phones::send(&self.world, &self.account, &target, said, &options.how())?)
    }

    fn now_ms(&self) -> i64 {
        i64::try_from(self.world.clock.now_ms()).unwrap_or(i64::MAX)
    }
}
