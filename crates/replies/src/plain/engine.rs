//! From what a customer wrote in one turn to its reply.

use std::fmt::Write;

use domain::{BotSettings, Timestamp};
use jiff::SignedDuration;

use super::{
    Answer, Conversation, Said, hours,
    pack::{Common, Pack, PackOption, common, pack},
    reading,
};

/// Silence after which a customer is greeted anew.
const GREET_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(12);

/// Different questions of one turn that are answered; who asks more is answered the last ones.
const MOST_CHOICES: usize = 3;

/// What the bot says to what a customer wrote in one turn, read together, and what it then remembers. Something is always
/// said, and in one message: it fits the last state of what was written, and leaves no question of it out.
#[must_use]
pub fn answer(
    settings: &BotSettings,
    conversation: &Conversation,
    said: &[Said<'_>],
    now: Timestamp,
) -> Answer {
    let talk = Talk {
        settings,
        pack: pack(settings.pack, settings.language),
        common: common(settings.language),
        fresh: conversation.answered_at.is_none_or(|at| now.duration_since(at) > GREET_AGAIN_AFTER),
    };
    let mut heard = Heard { step: conversation.step.clone(), ..Heard::default() };
    for part in said {
        talk.hear(&mut heard, *part);
    }
    let texts: Vec<&str> = said.iter().filter_map(|said| said.text()).collect();
    if heard.only_riddles() && texts.len() > 1 {
        // What no message said alone, they may say together.
        talk.hear(&mut heard, Said::Text(&texts.join(" ")));
    }
    let (parts, step) = talk.say(heard);
    // One message, however many parts: a phone that rings three times for one answer is a nuisance.
    let text = fill(&parts.join("\n\n"), settings);
    Answer { texts: vec![text], conversation: Conversation { step, answered_at: Some(now) } }
}

/// What was understood of a turn so far.
#[derive(Default)]
struct Heard {
    /// Where in the dialogue the contact is.
    step: String,
    /// What was chosen, in order, and not yet followed by its details.
    chosen: Vec<&'static PackOption>,
    /// The answers to details that choices had asked for, each once.
    received: Vec<&'static String>,
    greeted: bool,
    menu: bool,
    thanked: bool,
    /// The last thing that was no text.
    media: Option<String>,
    /// Something was written that says nothing to us.
    riddle: bool,
}

impl Heard {
    fn only_riddles(&self) -> bool {
        self.riddle
            && self.chosen.is_empty()
            && self.received.is_empty()
            && self.media.is_none()
            && !self.menu
    }
}

struct Talk<'a> {
    settings: &'a BotSettings,
    pack: &'static Pack,
    common: &'static Common,
    /// Whether the customer writes for the first time, or for the first time in a while.
    fresh: bool,
}

impl Talk<'_> {
    fn hear(&self, heard: &mut Heard, said: Said<'_>) {
        let text = match said {
            Said::Text(text) => text,
            Said::Media(kind) => {
                heard.media = Some(kind.to_owned());
                return;
            }
        };
        let words = reading::words(text);
        let by_number = reading::only_number(&words, &self.common.number_words);
        if reading::is_just(&words, &self.common.greeting_words) {
            heard.greeted = true;
            // Who greets begins anew, unless it follows what they have come with.
            if heard.chosen.is_empty() && heard.received.is_empty() {
                heard.step = String::new();
            }
            return;
        }
        // Somebody who writes after a while has forgotten numbers of a menu and details that were asked for.
        let fresh = self.fresh && heard.chosen.is_empty();
        if !fresh {
            if by_number == Some(0) || reading::is_just(&words, &self.common.menu_words) {
                heard.menu = true;
                heard.step = String::new();
                return;
            }
            if let Some(option) = by_number.and_then(|number| self.pack.options.get(number.checked_sub(1)?)) {
                choose(heard, option);
                return;
            }
            // Whoever has not yet been asked for details, and names something else, asks a second question.
            let asked_now = heard.chosen.iter().any(|option| option.key == heard.step);
            if let Some(other) = self.by_word(&words).filter(|other| asked_now && other.key != heard.step) {
                choose(heard, other);
                return;
            }
            if asked_now && words.is_empty() {
                return;
            }
            if let Some(received) = self.awaited(&heard.step) {
                heard.chosen.retain(|option| option.key != heard.step);
                heard.received.retain(|known| *known != received);
                heard.received.push(received);
                heard.step = String::new();
                return;
            }
            if reading::is_just(&words, &self.common.thanks_words) {
                heard.thanked = true;
                return;
            }
        }
        match self.by_word(&words) {
            Some(option) => choose(heard, option),
            // What follows details within one turn belongs to them.
            None if !heard.received.is_empty() => {}
            None => heard.riddle = true,
        }
    }

    /// What is said to all of it, and where in the dialogue the contact then is.
    fn say(&self, heard: Heard) -> (Vec<String>, String) {
        let greeting = || self.pack.greeting.clone();
        let Heard { step, chosen, received, greeted, menu, thanked, media, riddle } = heard;
        let mut parts = Vec::new();
        parts.extend(received.into_iter().cloned());
        let answered = chosen.len().saturating_sub(MOST_CHOICES);
        parts.extend(chosen.iter().skip(answered).map(|option| self.reply(option)));
        if !parts.is_empty() {
            // Somebody who comes with a question hears its answer after the greeting, not a menu.
            if self.fresh {
                parts.insert(0, greeting());
            }
            return (parts, step);
        }
        if let Some(kind) = media {
            let replies = &self.common.media;
            let reply = replies.get(&kind).or_else(|| replies.get("other")).cloned().unwrap_or_default();
            return if self.fresh || greeted {
                (vec![greeting(), reply, self.menu()], String::new())
            } else {
                (vec![reply], step)
            };
        }
        if greeted || (self.fresh && !menu) {
            return (vec![greeting(), self.menu()], String::new());
        }
        if menu {
            return (vec![self.menu()], String::new());
        }
        if thanked && !riddle {
            return (vec![self.common.welcome.clone()], String::new());
        }
        (vec![self.common.not_understood.clone(), self.menu()], String::new())
    }

    fn reply(&self, option: &PackOption) -> String {
        match (&self.settings.hours, &option.reply_without_hours) {
            (None, Some(reply)) => reply.clone(),
            _ => option.reply.clone(),
        }
    }

    /// What to say to the details that the choice `step` asked for.
    fn awaited(&self, step: &str) -> Option<&'static String> {
        self.pack.options.iter().find(|option| option.key == step)?.received.as_ref()
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

/// Takes a choice in: the same again is one, and what is chosen last says where the dialogue is.
fn choose(heard: &mut Heard, option: &'static PackOption) {
    heard.chosen.retain(|known| known.key != option.key);
    heard.chosen.push(option);
    heard.step = if option.received.is_some() { option.key.clone() } else { String::new() };
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
