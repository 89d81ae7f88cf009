//! The inbound durability hook: what is written here may be acknowledged to WhatsApp, and nothing else happens here.

use std::sync::Arc;

use async_trait::async_trait;
use replies::Notice;

use crate::{
    bot::Bot,
    channel::{Address, EarlierChat, Inbound, Inbox, InboxError},
    journal::Intake,
};

/// Writes messages into the journal.
pub(crate) struct JournalInbox(pub(crate) Arc<Bot>);

#[async_trait]
impl Inbox for JournalInbox {
    async fn accept(&self, batch: Vec<Inbound>) -> Result<(), InboxError> {
        crash::point("inbox_taken");
        let bot = &self.0;
        let intake = {
            let standing = bot.standing.borrow();
            let settings = standing.ready().filter(|_| standing.may_speak());
            let now = bot.clock.now();
            Intake {
                now,
                chat_queue: standing.limits.chat_queue,
                please_wait: settings
                    .zip(standing.voice.as_ref())
                    .map(|(_, voice)| voice.0.notice(Notice::PleaseWait, now)),
                new_id: bot.new_id(),
                quiet: std::time::Duration::from_millis(u64::from(standing.limits.quiet_ms)),
                account: standing.account.number.clone(),
                bot: standing.voice.as_ref().map(|voice| Arc::clone(&voice.0)),
                own: standing.account.clone(),
                held: standing.may_be_anothers(),
                remove_deleted: standing.settings.as_ref().is_some_and(|settings| settings.remove_deleted),
            }
        };
        let taken = bot.journal.accept(batch, intake).await.map_err(|error| {
            bot.trouble(&error);
            InboxError(Box::new(error))
        })?;
        tracing::debug!(chats = taken.chats.len(), "messages taken in");
        crash::point("inbox_before_acknowledgement");
        Ok(())
    }

    async fn has(&self, sender: &Address, id: &str) -> Result<bool, InboxError> {
        self.0.journal.has(sender.clone(), id.to_owned()).await.map_err(|error| InboxError(Box::new(error)))
    }

    async fn chatted_before(&self, chats: Vec<EarlierChat>, all: bool) -> Result<(), InboxError> {
        self.0.learn_chats(chats, all).await.map_err(|error| {
            self.0.trouble(&error);
            InboxError(Box::new(error))
        })
    }
}
