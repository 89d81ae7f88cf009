//! What should have happened: the reply engine over the turns of each customer, in the order of the inbox.

use domain::{BotSettings, Timestamp};
use replies::{Conversation, Notice, Said};

/// A message that the replies of a turn answer, as it lies in the inbox.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) id: &'a str,
    pub(super) kind: &'a str,
    pub(super) text: Option<&'a str>,
    /// The message that it corrects.
    pub(super) about: Option<&'a str>,
}

impl Part<'_> {
    fn is_edit(&self) -> bool {
        self.kind == "edit"
    }

    /// How its writer is asked to send it again, where it cannot be read.
    pub(super) fn asks(&self) -> Option<Notice> {
        match self.kind {
            "unreadable" => Some(Notice::Unreadable),
            kind => kind.starts_with("unreadable").then_some(Notice::ViewOnce),
        }
    }
}

/// What the bot says to one turn, and what it remembers afterwards.
pub(super) struct Expected {
    pub(super) texts: Vec<String>,
    pub(super) step: String,
}

/// One customer's side of the model.
#[derive(Debug, Default)]
pub(super) struct Model {
    conversation: Conversation,
    /// The messages of the turn that was answered last, and the conversation before it.
    last: Option<(Vec<String>, Conversation)>,
}

impl Model {
    /// Takes the messages of the next turn that are answered.
    pub(super) fn hear(&mut self, settings: &BotSettings, parts: &[Part<'_>]) -> Expected {
        let mut texts = if !parts.is_empty() && parts.iter().all(Part::is_edit) {
            self.correct(settings, parts)
        } else {
            self.answer(settings, parts)
        };
        if let Some(notice) = parts.iter().rev().find_map(Part::asks) {
            let ask = replies::notice(settings, notice);
            match texts.last_mut() {
                Some(last) => *last = format!("{last}\n\n{ask}"),
                None => texts.push(ask),
            }
        }
        Expected { texts, step: self.conversation.step.clone() }
    }

    /// All that can be read, together, each message as it was corrected last.
    fn answer(&mut self, settings: &BotSettings, parts: &[Part<'_>]) -> Vec<String> {
        let read: Vec<_> = parts.iter().filter(|part| part.asks().is_none() && !part.is_edit()).collect();
        if read.is_empty() {
            return Vec::new();
        }
        let corrected = |id: &str| {
            parts
                .iter()
                .rev()
                .filter(|part| part.is_edit() && part.about == Some(id))
                .find_map(|part| part.text)
        };
        let said: Vec<_> = read
            .iter()
            .map(|part| match (part.kind, corrected(part.id).or(part.text)) {
                (kind, None) if kind != "text" => Said::Media(kind),
                (_, text) => Said::Text(text.unwrap_or_default()),
            })
            .collect();
        let before = self.conversation.clone();
        let answer = replies::answer(settings, &before, &said, now());
        self.conversation = answer.conversation;
        self.last = Some((read.iter().map(|part| part.id.to_owned()).collect(), before));
        answer.texts
    }

    /// A correction of what was answered last: the dialogue goes back to before that.
    fn correct(&mut self, settings: &BotSettings, parts: &[Part<'_>]) -> Vec<String> {
        let newest = parts.iter().rev().find_map(|part| part.about.zip(part.text));
        let Some(((about, text), (ids, before))) = newest.zip(self.last.as_ref()) else { return Vec::new() };
        if !ids.iter().any(|id| id == about) {
            return Vec::new();
        }
        let answer = replies::answer(settings, before, &[Said::Text(text)], now());
        self.conversation = answer.conversation;
        answer.texts
    }
}

/// All of a try happens within minutes: time plays no part but for the very first greeting.
fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap_or(Timestamp::UNIX_EPOCH)
}
