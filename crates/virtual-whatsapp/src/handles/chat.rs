//! What a customer can do in a chat besides writing text.

use super::{Customer, SendOptions, people};
use crate::error::Error;
use crate::phones::{self, About, Composer, Draft, Kind, PhoneError, Target};
use crate::truth::{ChatEntry, Direction, MessageId};

impl Customer {
    /// Sends a message of any kind to a number or into a group.
    ///
    /// # Errors
    /// [`PhoneError::NoAccount`] and [`PhoneError::NoGroup`] where `to` is nobody or the customer is not in the group;
    /// [`PhoneError::NoKeys`] while a device is being linked to that number; [`PhoneError::NoMessage`] where the message
    /// that it is about was not seen, or was not written by this customer where only its writer may say so.
    pub fn send(&self, to: &str, draft: &Draft, options: &SendOptions) -> Result<MessageId, Error> {
        let group = self.world.directory.group(to);
        let target = match group {
            Some(group) => Target::Group(group),
            None => Target::Contact(people::existing(&self.world, to)?),
        };
        let mut how = options.how();
        let id = how.id.take().unwrap_or_else(|| self.world.message_id());
        let composer = Composer {
            world: &self.world,
            me: &self.account,
            draft,
            chat: target.jid().to_string(),
            about: self.about(to, draft, &target)?,
            own_id: &id,
        };
        let said = composer.compose()?;
        how.id = Some(id.clone());
        Ok(phones::send(&self.world, &self.account, &target, &said, &how)?)
    }

    /// Which message a draft is about: the named one, else the last that fits; none where the kind is about none.
    fn about(&self, to: &str, draft: &Draft, target: &Target) -> Result<Option<About>, Error> {
        use Kind::{
            AlbumImage, ButtonsReply, Comment, Delete, Edit, EventAnswer, Keep, ListReply, NativeFlowReply,
            Pin, PollVote, QuotedReply, Reaction, TemplateReply,
        };
        let whose = match draft.kind {
            Edit | Delete | PollVote | AlbumImage => Some(Direction::Out),
            Reaction | Pin | Keep | Comment | QuotedReply | EventAnswer => None,
            ButtonsReply | ListReply | TemplateReply | NativeFlowReply => Some(Direction::In),
            _ => return Ok(None),
        };
        let all = self.transcript(to);
        let fits = |entry: &&ChatEntry| whose.is_none_or(|whose| entry.direction == whose);
        let found = match &draft.of {
            // A button may be pressed on what this phone has never seen: only edits and deletions must be one's own.
            Some(of) => {
                let entry = all.iter().find(|entry| entry.id == *of);
                let own = matches!(draft.kind, Edit | Delete);
                let entry = entry.filter(|entry| !own || fits(entry));
                Some(entry.ok_or_else(|| PhoneError::NoMessage(of.clone()))?)
            }
            None => all.iter().rev().find(fits),
        };
        let Some(entry) = found else {
            // A reply to nothing is a reply without a quote; nothing can be said about no message at all.
            return if matches!(
                draft.kind,
                ButtonsReply | ListReply | TemplateReply | NativeFlowReply | QuotedReply | AlbumImage
            ) {
                Ok(None)
            } else {
                Err(PhoneError::NoMessage("at all".to_owned()).into())
            };
        };
        let author = self.world.directory.by_number(&entry.from);
        let participant = match target {
            Target::Group(group) => {
                author.map(|a| if group.by_lid { a.lid().to_string() } else { a.pn().to_string() })
            }
            Target::Contact(_) => None,
        };
        let own = entry.direction == Direction::Out;
        Ok(Some(About { id: entry.id.clone(), own, participant, body: entry.body.clone() }))
    }

    /// Sends an image with a caption.
    ///
    /// # Errors
    /// As [`Customer::send`].
    pub fn send_image(&self, to: &str, caption: &str, options: &SendOptions) -> Result<MessageId, Error> {
        self.send(to, &Draft { caption: Some(caption.to_owned()), ..Draft::of(Kind::Image) }, options)
    }

    /// Sends a voice note.
    ///
    /// # Errors
    /// As [`Customer::send`].
    pub fn send_voice(&self, to: &str, seconds: u32, options: &SendOptions) -> Result<MessageId, Error> {
        self.send(to, &Draft { seconds: Some(seconds), ..Draft::of(Kind::Voice) }, options)
    }

    /// Reacts to message `id` of the chat with `to`; an empty emoji takes the reaction back.
    ///
    /// # Errors
    /// As [`Customer::send`].
    pub fn react(&self, to: &str, id: &str, emoji: &str, options: &SendOptions) -> Result<MessageId, Error> {
        self.send(
            to,
            &Draft { emoji: Some(emoji.to_owned()), ..Draft::of(Kind::Reaction).about(id) },
            options,
        )
    }

    /// Changes the text of message `id`, which this customer wrote to `to`.
    ///
    /// # Errors
    /// As [`Customer::send`].
    pub fn edit(&self, to: &str, id: &str, text: &str, options: &SendOptions) -> Result<MessageId, Error> {
        self.send(to, &Draft::of(Kind::Edit).about(id).saying(text), options)
    }

    /// Takes message `id` back for everyone.
    ///
    /// # Errors
    /// As [`Customer::edit`].
    pub fn delete(&self, to: &str, id: &str, options: &SendOptions) -> Result<MessageId, Error> {
        self.send(to, &Draft::of(Kind::Delete).about(id), options)
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
        if self.world.directory.group(group).is_none() {
            return Err(PhoneError::NoGroup(group.to_owned()).into());
        }
        self.send(group, &Draft::text(text), options)
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

    /// Hangs up call `id`, which nobody took.
    ///
    /// # Errors
    /// [`PhoneError::NoAccount`].
    pub fn hang_up(&self, number: &str, id: &str) -> Result<(), Error> {
        let account = people::existing(&self.world, number)?;
        phones::hang_up(&self.world, &self.account, &account, id);
        Ok(())
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

    /// Asks the device that sent message `id` of the chat with `chat` (a number or a group) for it again, with fresh
    /// keys, as a phone does that could not decrypt it.
    ///
    /// # Errors
    /// [`PhoneError::NoAccount`], [`PhoneError::NoMessage`].
    pub fn ask_again(&self, chat: &str, id: &str) -> Result<(), Error> {
        let entry = self.received(chat).into_iter().find(|e| e.id == id);
        let entry = entry.ok_or_else(|| PhoneError::NoMessage(id.to_owned()))?;
        let account = people::existing(&self.world, &entry.from)?;
        let group = self.world.directory.group(chat);
        let own = match &group {
            Some(group) if group.by_lid => self.account.lid(),
            _ => self.account.pn(),
        };
        if let Some(device) = account.device(entry.from_device) {
            let group = group.map(|group| group.jid());
            phones::ask_again(&self.world, &device, &self.account, own, group.as_ref(), id);
        }
        Ok(())
    }
}
