//! What is said in the end, as one message.

use jiff::Timestamp;
use minijinja::Value;
use sha2::{Digest, Sha256};

use super::Talk;
use crate::{
    TEXT_MOST,
    engine::{
        bot::Bot,
        outcome::{Outcome, Reply, Silence},
        state::{HandOffReason, Shown},
    },
    pack::{Vars, empty_vars},
};

impl Talk<'_> {
    /// The menu with its numbers.
    fn menu_text(&self) -> String {
        let mut text = self.say(&["menu_head"], &[]);
        for (number, place) in (1..).zip(&self.pack.menu) {
            let name = self.pack.intents.get(*place).map_or("", |intent| intent.name.as_str());
            let line = self.say(&[&format!("menu_{name}")], &[]);
            text.push_str(&format!("\n*{number}* {line}"));
        }
        text
    }

    /// Adds a part.
    pub(in crate::engine) fn part(&mut self, keys: &[&str], vars: &[(&'static str, Value)]) {
        let text = self.say(keys, vars);
        if !text.is_empty() {
            self.parts.push(text);
        }
    }

    /// The first of these texts that there is: the tenant's own before the pack's.
    pub(in crate::engine) fn say(&self, keys: &[&str], vars: &[(&'static str, Value)]) -> String {
        let base = self.base.get_or_init(|| base(self.bot, self.now));
        let mut all = base.clone();
        all.extend(vars.iter().map(|(name, value)| (*name, value.clone())));
        let language = self.bot.language;
        for key in keys {
            for texts in [&self.bot.own, &self.pack.texts] {
                if texts.has(language, key)
                    && let Ok(text) = texts.say(language, key, &all)
                {
                    return text;
                }
            }
        }
        String::new()
    }

    /// Everything that was decided on, as one message.
    pub(super) fn finish(mut self, messages: usize) -> Outcome {
        let mut parts = std::mem::take(&mut self.parts);
        let quiet = self.state.opted_out || self.hand_off.is_some();
        // A picture with nothing beside it is answered first, and then what was asked for stays asked for.
        if let (Some(kind), true) = (&self.media, self.understood.is_none() || parts.is_empty()) {
            let key = format!("media_{kind}");
            parts.insert(0, self.say(&[&key, "media_other"], &[]));
        }
        if self.thanked && parts.is_empty() && !self.menu && !self.fresh {
            parts.push(self.say(&["welcome"], &[]));
        }
        let greets = (self.fresh || self.greeted && parts.is_empty() && !self.menu) && !quiet;
        if greets {
            if parts.is_empty() {
                self.menu = true;
            }
            parts.insert(0, self.say(&["greeting"], &[]));
            if !self.bot.is_open(self.now) {
                parts.insert(1, self.say(&["closed_now"], &[]));
                self.state.told_closed_at = Some(self.now);
            }
        }
        if self.menu && !quiet {
            parts.push(self.menu_text());
            parts.push(self.say(&["menu_hint"], &[]));
            self.state.shown = Shown::Menu;
        }
        parts.retain(|part| !part.trim().is_empty());
        if parts.is_empty() && (self.nothing || self.thanked) {
            return Outcome::silent(Silence::NothingToSay, self.state);
        }
        if parts.is_empty() {
            parts.push(self.say(&["not_understood"], &[]));
        }
        let mut text = parts.join("\n\n");
        self.vary(&mut text, quiet);
        let text: String = text.chars().take(TEXT_MOST).collect();
        self.state.answered_at = Some(self.now);
        if self.state.misses > 0 && self.understood.is_some() {
            self.state.misses = 0;
        }
        let quotes = if messages > 1 { self.understood.or(Some(messages - 1)) } else { None };
        Outcome {
            replies: vec![Reply { text, quotes }],
            records: self.records,
            wake_at: self.wakes,
            hand_off: self.hand_off,
            conversation: self.state,
            switch: None,
            silence: None,
        }
    }

    /// The same question is not put for ever: the second time with the ways out, the third time a person comes.
    fn vary(&mut self, text: &mut String, quiet: bool) {
        let digest = Sha256::digest(text.as_bytes());
        let said = digest.iter().take(8).fold(0, |sum: u64, byte| sum << 8 | u64::from(*byte)) | 1;
        let again = if said == self.state.said { self.state.again.saturating_add(1) } else { 0 };
        (self.state.said, self.state.again) = (said, again);
        if quiet || self.state.running.is_none() || again == 0 {
            return;
        }
        if again == 1 {
            text.push_str("\n\n");
            text.push_str(&self.say(&["way_out"], &[]));
            return;
        }
        self.hand_over(HandOffReason::NotUnderstood, None);
        if let Some(said) = self.parts.pop() {
            *text = said;
        }
    }
}

/// What every text may say of the business.
pub(in crate::engine) fn base(bot: &Bot, now: Timestamp) -> Vars {
    let mut vars = empty_vars();
    let contact = &bot.profile().contact;
    let mut set = |name: &'static str, text: &str| {
        if !text.trim().is_empty() {
            vars.insert(name, Value::from(text.trim()));
        }
    };
    set("business", &bot.business.settings.business_name);
    set("phone", contact.phone.as_deref().unwrap_or_default());
    set("address", contact.address.of(bot.language));
    set("map", contact.map_link.as_deref().unwrap_or_default());
    set("currency", &bot.business.settings.currency);
    set("hours", &bot.say_hours());
    if !bot.is_open(now)
        && let Some(opens) = bot.say_opening(now)
    {
        set("opens", &opens);
    }
    vars.insert("open", Value::from(bot.is_open(now)));
    vars
}
