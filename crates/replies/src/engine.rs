//! From a message to its replies.

use std::fmt::Write;

use domain::{BotSettings, Timestamp};
use jiff::SignedDuration;

use crate::{
    Answer, Conversation, Said, hours,
    pack::{Common, Pack, PackOption, common, pack},
    reading,
};

/// Silence after which a customer is greeted anew.
const GREET_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(12);

/// What the bot says to a message, and what it then remembers. Every message gets at least one reply.
#[must_use]
pub fn answer(settings: &BotSettings, conversation: &Conversation, said: Said<'_>, now: Timestamp) -> Answer {
    let talk = Talk {
        settings,
        pack: pack(settings.pack, settings.language),
        common: common(settings.language),
        step: &conversation.step,
        fresh: conversation.answered_at.is_none_or(|at| now.duration_since(at) > GREET_AGAIN_AFTER),
    };
    let (parts, step) = match said {
        Said::Text(text) => talk.text(text),
        Said::Media(kind) => talk.media(kind),
    };
    // One message, however many parts: a phone that rings three times for one answer is a nuisance.
    let text = fill(&parts.join("\n\n"), settings);
    Answer { texts: vec![text], conversation: Conversation { step, answered_at: Some(now) } }
}

struct Talk<'a> {
    settings: &'a BotSettings,
    pack: &'static Pack,
    common: &'static Common,
    step: &'a str,
    /// Whether the customer writes for the first time, or for the first time in a while.
    fresh: bool,
}

impl Talk<'_> {
    fn text(&self, text: &str) -> (Vec<String>, String) {
        let words = reading::words(text);
        let by_number = reading::only_number(&words, &self.common.number_words);
        if reading::is_just(&words, &self.common.greeting_words) {
            return self.greeting_and_menu();
        }
        if self.fresh {
            // Somebody who comes with a question hears its answer after the greeting, not a menu.
            return match self.by_word(&words) {
                Some(option) => self.chosen(option, vec![self.pack.greeting.clone()]),
                None => self.greeting_and_menu(),
            };
        }
        if by_number == Some(0) || reading::is_just(&words, &self.common.menu_words) {
            return (vec![self.menu()], String::new());
        }
        if let Some(option) = by_number.and_then(|number| self.pack.options.get(number.checked_sub(1)?)) {
            return self.chosen(option, Vec::new());
        }
        if let Some(received) = self.awaited() {
            return (vec![received.clone()], String::new());
        }
        if reading::is_just(&words, &self.common.thanks_words) {
            return (vec![self.common.welcome.clone()], String::new());
        }
        match self.by_word(&words) {
            Some(option) => self.chosen(option, Vec::new()),
            None => (vec![self.common.not_understood.clone(), self.menu()], String::new()),
        }
    }

    fn media(&self, kind: &str) -> (Vec<String>, String) {
        let media = &self.common.media;
        let reply = media.get(kind).or_else(|| media.get("other")).cloned().unwrap_or_default();
        if self.fresh {
            return (vec![self.pack.greeting.clone(), reply, self.menu()], String::new());
        }
        (vec![reply], self.step.to_owned())
    }

    fn greeting_and_menu(&self) -> (Vec<String>, String) {
        (vec![self.pack.greeting.clone(), self.menu()], String::new())
    }

    fn chosen(&self, option: &PackOption, mut parts: Vec<String>) -> (Vec<String>, String) {
        let reply = match (&self.settings.hours, &option.reply_without_hours) {
            (None, Some(reply)) => reply,
            _ => &option.reply,
        };
        parts.push(reply.clone());
        (parts, if option.received.is_some() { option.key.clone() } else { String::new() })
    }

    /// What to say to the details that the last choice asked for.
    fn awaited(&self) -> Option<&'static String> {
        self.pack.options.iter().find(|option| option.key == self.step)?.received.as_ref()
    }

    /// The option whose longest phrase was said, since `saa ngapi` means more than `ngapi`; the first of equals.
    fn by_word(&self, words: &[String]) -> Option<&'static PackOption> {
        let scored = self
            .pack
            .options
            .iter()
            .rev()
            .map(|option| (reading::longest_mention(words, &option.words), option));
        scored.max_by_key(|(length, _)| *length).filter(|(length, _)| *length > 0).map(|(_, option)| option)
    }

    fn menu(&self) -> String {
        let mut text = self.pack.heading.clone();
        for (number, option) in (1..).zip(&self.pack.options) {
            let _ = write!(text, "\n*{number}* {}", option.title);
        }
        let _ = write!(text, "\n\n{}", self.common.menu_hint);
        text
    }
}

/// Puts the tenant's own words into a text, in one pass: what a tenant is called is never read as a placeholder.
pub(crate) fn fill(text: &str, settings: &BotSettings) -> String {
    let mut filled = String::with_capacity(text.len() + settings.business_name.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, from_brace) = rest.split_at(start);
        filled.push_str(before);
        if let Some(after) = from_brace.strip_prefix("{business}") {
            filled.push_str(settings.business_name.trim());
            rest = after;
        } else if let (Some(after), Some(times)) = (from_brace.strip_prefix("{hours}"), &settings.hours) {
            filled.push_str(&hours::lines(times, &common(settings.language).hours));
            rest = after;
        } else {
            filled.push('{');
            rest = from_brace.get(1..).unwrap_or_default();
        }
    }
    filled.push_str(rest);
    filled.trim().to_owned()
}
