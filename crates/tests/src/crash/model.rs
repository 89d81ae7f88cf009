//! What should have happened: the reply engine over the turns of each customer, in the order of the inbox.

use domain::{BotSettings, Timestamp};
use replies::{Conversation, Said};

/// What the bot says to one turn, and what it remembers afterwards.
pub(super) struct Expected {
    pub(super) texts: Vec<String>,
    pub(super) step: String,
}

/// One customer's side of the model.
#[derive(Debug, Default)]
pub(super) struct Model {
    conversation: Conversation,
}

impl Model {
    /// Takes the messages of the next turn.
    pub(super) fn hear(&mut self, settings: &BotSettings, said: &[Said<'_>]) -> Expected {
        // All of a try happens within minutes: time plays no part but for the very first greeting.
        let now = Timestamp::from_second(1_800_000_000).unwrap_or(Timestamp::UNIX_EPOCH);
        let answer = replies::answer(settings, &self.conversation, said, now);
        self.conversation = answer.conversation;
        Expected { texts: answer.texts, step: self.conversation.step.clone() }
    }
}
