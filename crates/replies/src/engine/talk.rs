//! One turn of a conversation while it is decided on: what is understood message by message, and what is then said.

use std::sync::OnceLock;

use jiff::{SignedDuration, Timestamp};
use minijinja::Value;
use sha2::{Digest, Sha256};

use super::{
    bot::{Bot, Thing, Topic},
    outcome::{From, Heard, Outcome, Reply, Silence, Wake},
    state::{HandOff, HandOffReason, Running, Shown, State},
};
use crate::{
    Availability, Change, Pack, TEXT_MOST,
    pack::{Action, Does, Flow, Slot, SlotKind, Vars, empty_vars},
    understand::{Token, clock, tokens, vocabulary, vocabulary::Command},
};

/// Silence after which a customer is greeted anew.
const GREET_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(12);
/// Entries of a list on one page.
pub(super) const PAGE: usize = 8;

/// One turn while it is decided on.
pub(super) struct Talk<'a> {
    pub(super) bot: &'a Bot,
    pub(super) pack: &'a Pack,
    pub(super) held: &'a Availability,
    pub(super) from: &'a From,
    pub(super) now: Timestamp,
    pub(super) state: State,
    /// What is to be said, part by part.
    pub(super) parts: Vec<String>,
    pub(super) records: Vec<Change>,
    pub(super) wakes: Vec<Wake>,
    pub(super) hand_off: Option<HandOff>,
    /// Whether the customer writes for the first time, or for the first time in a while.
    fresh: bool,
    /// Messages that said nothing to us.
    riddles: Vec<String>,
    greeted: bool,
    pub(super) menu: bool,
    thanked: bool,
    media: Option<String>,
    /// Whether the last message was not what its slot takes.
    missed: bool,
    /// Whether a part already asks for the slot that is to be filled.
    pub(super) asked: bool,
    /// Whether nothing needs to be said, such as to a thumb.
    nothing: bool,
    /// The text slot that this turn filled: what follows belongs to it.
    pub(super) text_slot: Option<String>,
    /// Which message was understood last.
    understood: Option<usize>,
    base: OnceLock<Vars>,
}

impl<'a> Talk<'a> {
    pub(super) fn new(
        bot: &'a Bot,
        pack: &'a Pack,
        held: &'a Availability,
        from: &'a From,
        now: Timestamp,
        state: State,
    ) -> Self {
        let fresh = state.answered_at.is_none_or(|at| now.duration_since(at) > GREET_AGAIN_AFTER);
        Self {
            bot,
            pack,
            held,
            from,
            now,
            state,
            fresh,
            parts: Vec::new(),
            records: Vec::new(),
            wakes: Vec::new(),
            hand_off: None,
            riddles: Vec::new(),
            greeted: false,
            menu: false,
            thanked: false,
            media: None,
            missed: false,
            asked: false,
            nothing: false,
            text_slot: None,
            understood: None,
            base: OnceLock::new(),
        }
    }

    /// Decides on what a customer wrote.
    pub(super) fn customer(mut self, said: &[Heard]) -> Outcome {
        if !self.same_pack() {
            self.part(&["flow_gone"], &[]);
        }
        if self.asks_to_go_on(said) {
            return self.finish(said.len());
        }
        for (place, heard) in said.iter().enumerate() {
            let riddles = self.riddles.len();
            self.missed = false;
            match heard {
                Heard::Media(kind) => self.media = Some(kind.clone()),
                Heard::Text(text) => self.hear(text),
            }
            if self.riddles.len() == riddles && !self.missed && heard.text().is_some() {
                self.understood = Some(place);
            }
            if self.state.opted_out || self.hand_off.is_some() {
                return self.finish(said.len());
            }
        }
        self.solve_riddles();
        if self.hand_off.is_none() {
            self.advance();
        }
        self.finish(said.len())
    }

    /// Who had silenced the bot wants it back.
    pub(super) fn back_again(mut self) -> Outcome {
        self.part(&["opted_in"], &[]);
        self.menu = true;
        self.fresh = false;
        self.finish(1)
    }

    /// A flow of a pack that has changed goes on only where it still has the flow and every slot that was filled or asked.
    fn same_pack(&mut self) -> bool {
        let Some(running) = &mut self.state.running else { return true };
        if running.pack == *self.pack.version() {
            return true;
        }
        let flow = self.pack.flow(&running.flow);
        let has = |name: &str| {
            name == "with" || flow.is_some_and(|flow| flow.slots.iter().any(|slot| slot.name == name))
        };
        let same = running.pack.id == self.pack.version().id
            && running.filled.iter().all(|filled| has(&filled.slot))
            && (running.asking.is_empty() || has(&running.asking));
        if same {
            running.pack = self.pack.version().clone();
            return true;
        }
        let name = running.flow.clone();
        self.state.running = None;
        self.state.shown = Shown::Menu;
        if let Some(flow) = self.pack.flow(&name) {
            self.start(flow);
        } else {
            self.menu = true;
        }
        false
    }

    /// Asks who comes back in the middle of something whether to go on; keeps what they wrote for their yes.
    fn asks_to_go_on(&mut self, said: &[Heard]) -> bool {
        let texts: Vec<&str> = said.iter().filter_map(Heard::text).collect();
        let joined = texts.join("\n");
        let words = tokens(&joined);
        let vocabulary = vocabulary();
        if let Some(kept) = self.state.asked_to_go_on.take() {
            if vocabulary.is(Command::Yes, &words, 2) {
                if !kept.trim().is_empty() {
                    self.hear(&kept);
                }
                self.advance();
                return true;
            }
            if vocabulary.is(Command::No, &words, 2) {
                self.drop_flow();
                self.part(&["cancelled_step"], &[]);
                self.menu = true;
                return true;
            }
            return false;
        }
        let Some(running) = &self.state.running else { return false };
        let quiet =
            SignedDuration::from_mins(i64::from(self.bot.profile().manners.go_on_after_minutes.max(1)));
        let late = self.state.answered_at.is_some_and(|at| self.now.duration_since(at) > quiet);
        let leaves = [Command::Menu, Command::Cancel, Command::Stop, Command::Person]
            .iter()
            .any(|command| vocabulary.is(*command, &words, 1));
        if !late || leaves || !self.bot.urgent.find(&words).is_empty() {
            return false;
        }
        let name = running.flow.clone();
        let flow = self.flow_name(&name);
        self.part(&["go_on"], &[("flow", Value::from(flow))]);
        self.state.asked_to_go_on = Some(joined.chars().take(500).collect());
        true
    }

    /// What a flow is called: its own text, or the menu's line that leads to it.
    fn flow_name(&self, name: &str) -> String {
        let of_menu = self.pack.intents.iter().find(|intent| {
            matches!(intent.does, Does::Flow(place) if self.pack.flows.get(place).is_some_and(|flow| flow.name == name))
        });
        let menu = of_menu.map(|intent| format!("menu_{}", intent.name)).unwrap_or_default();
        self.say(&[&format!("flow_{name}"), &menu], &[])
    }

    pub(super) fn hear(&mut self, text: &str) {
        let words = tokens(text);
        let vocabulary = vocabulary();
        if words.is_empty() {
            self.wordless(text);
            return;
        }
        if vocabulary.is(Command::Stop, &words, 0) {
            self.state.opted_out = true;
            self.drop_flow();
            self.parts.clear();
            self.part(&["opted_out"], &[]);
            return;
        }
        if !self.bot.urgent.find(&words).is_empty() {
            self.urgent(text);
            return;
        }
        if vocabulary.is(Command::Person, &words, 3) {
            self.hand_over(HandOffReason::Asked, None);
            return;
        }
        if vocabulary.is(Command::Menu, &words, 1) || vocabulary.is(Command::Start, &words, 0) {
            self.drop_flow();
            self.menu = true;
            return;
        }
        let running = self.state.running.is_some();
        if running && vocabulary.is(Command::Cancel, &words, 0) {
            self.drop_flow();
            self.part(&["cancelled_step"], &[]);
            self.part(&["menu_hint"], &[]);
            return;
        }
        if vocabulary.is(Command::Back, &words, 0) {
            self.back();
            return;
        }
        if vocabulary.is(Command::Help, &words, 0) {
            if running {
                self.help();
            } else {
                self.menu = true;
            }
            return;
        }
        // A name or a text may look like one of our words: there only the word itself is one.
        let free = self
            .slot()
            .is_some_and(|(_, slot)| matches!(slot.kind, SlotKind::Name | SlotKind::Text | SlotKind::Place));
        let just = |command| {
            if free { vocabulary.is_exactly(command, &words) } else { vocabulary.is(command, &words, 2) }
        };
        let topical = !self.bot.topics.find(&words).is_empty() || !self.bot.things.find(&words).is_empty();
        if !topical && just(Command::Greeting) {
            self.greeted = true;
            return;
        }
        if !topical && just(Command::Thanks) {
            self.thanked = true;
            return;
        }
        if running {
            self.answer_slot(text, &words);
        } else {
            self.choose(text, &words);
        }
    }

    /// Emoji and punctuation: a thumb is a yes where one is asked for, and else nothing that needs an answer.
    fn wordless(&mut self, text: &str) {
        if text.trim() == "?" || text.trim() == "??" {
            if self.state.running.is_some() {
                self.help();
            } else {
                self.menu = true;
            }
            return;
        }
        if text.contains('👍')
            && self.state.running.as_ref().is_some_and(|running| running.asking == "confirm")
        {
            self.answer_slot("ndiyo", &tokens("ndiyo"));
            return;
        }
        if text.contains(['👍', '🙏', '❤', '😊', '😀', '👌', '🎉', '✅', '🥰', '😍', '💪'])
            && self.state.running.is_none()
        {
            self.nothing = true;
            return;
        }
        self.riddle(text);
    }

    fn riddle(&mut self, text: &str) {
        self.riddles.push(text.to_owned());
    }

    /// Outside of a flow: a number, a word of the menu, a question, or the name of something.
    fn choose(&mut self, text: &str, words: &[Token]) {
        let vocabulary = vocabulary();
        // What follows an answer that was given in this very turn may belong to it.
        if self.appends(text) {
            return;
        }
        if let Some(number) = crate::understand::numbers::only_number(words) {
            // Who writes after a while has forgotten what numbers meant.
            if self.fresh && self.parts.is_empty() {
                self.greeted = true;
            } else if number == 0 {
                self.menu = true;
            } else if !self.choose_number(number) {
                self.riddle(text);
            }
            return;
        }
        if vocabulary.is(Command::More, words, 1) && self.next_page() {
            return;
        }
        match self.topic(words) {
            Some(Topic::Intent(place)) => self.intent(place, text, words),
            Some(Topic::Question(place)) => self.question(place),
            None if self.named_flow(words).is_some_and(|flow| self.begin(flow, text, words)) => {}
            // A yes or no to nothing that was asked.
            None if [Command::Yes, Command::No, Command::Done]
                .iter()
                .any(|command| vocabulary.is(*command, words, 1)) =>
            {
                self.thanked = true;
            }
            None => self.riddle(text),
        }
    }

    /// What a text is about: the longest phrase; of equals what changes something before what makes something new.
    pub(super) fn topic(&self, words: &[Token]) -> Option<Topic> {
        let mut hits = self.bot.topics.find(words);
        // "Saa nne" is a time and no question about opening hours.
        let today = self.bot.today(self.now);
        let mut used = super::fill::date_words(words, today);
        if let Some((_, places)) = clock::time(words, &used, false) {
            places
                .into_iter()
                .for_each(|place| used.iter_mut().skip(place).take(1).for_each(|used| *used = true));
        }
        hits.retain(|hit| {
            hit.words == words.len() || !used.iter().skip(hit.at).take(hit.words).any(|used| *used)
        });
        let rank = |topic: Topic| match topic {
            Topic::Question(_) => 3,
            Topic::Intent(place) => match self.bot.does(place) {
                Some(Does::Flow(flow)) => match self.pack.flows.get(*flow).map(|flow| &flow.action) {
                    Some(Action::Change | Action::Cancel(_)) => 6,
                    Some(Action::Person) => 5,
                    Some(Action::Ticket | Action::Answer(_)) => 2,
                    _ => 1,
                },
                Some(Does::Person) => 4,
                Some(Does::Answer { .. }) => 3,
                None => 0,
            },
        };
        let best = hits.iter().rev().max_by_key(|hit| (hit.exact, hit.words, rank(hit.target)));
        best.map(|hit| hit.target)
    }

    /// The flow that takes what a text names: a service is booked, a product ordered.
    fn named_flow(&self, words: &[Token]) -> Option<&'a Flow> {
        let things = self.bot.things.find(words);
        let flow = |wanted: &Action| self.pack.flows.iter().find(|flow| flow.action == *wanted);
        let is = |of: fn(&Thing) -> bool| things.iter().any(|hit| of(&hit.target));
        if is(|thing| matches!(thing, Thing::Service(_) | Thing::Staff(..))) {
            return flow(&Action::Book);
        }
        if is(|thing| matches!(thing, Thing::Product(_))) { flow(&Action::Order) } else { None }
    }

    pub(super) fn intent(&mut self, place: usize, text: &str, words: &[Token]) {
        match self.bot.does(place) {
            Some(Does::Person) => self.hand_over(HandOffReason::Asked, None),
            Some(Does::Answer { text, list }) => {
                let (key, list) = (text.clone(), *list);
                self.answer_list(&key, list, 0, words);
            }
            Some(Does::Flow(flow)) => {
                if let Some(flow) = self.pack.flows.get(*flow) {
                    self.begin(flow, text, words);
                }
            }
            None => {}
        }
    }

    /// Begins a flow with what the text already says.
    fn begin(&mut self, flow: &'a Flow, text: &str, words: &[Token]) -> bool {
        self.start(flow);
        if self.state.running.is_some() {
            self.fill_others(text, words, "", true);
        }
        true
    }

    pub(super) fn question(&mut self, place: usize) {
        if let Some(question) = self.bot.profile().questions.get(place) {
            let answer = question.answer.of(self.bot.language).to_owned();
            self.parts.push(answer);
        }
    }

    /// What no message said alone, they may say together; what is then left is met with the menu, and at last a person.
    fn solve_riddles(&mut self) {
        if self.riddles.is_empty() {
            return;
        }
        let else_understood = !self.parts.is_empty()
            || self.menu
            || self.media.is_some()
            || self.asked
            || self.text_slot.is_some()
            || self.understood.is_some() && !self.greeted && !self.thanked && !self.nothing;
        let riddles = std::mem::take(&mut self.riddles);
        if else_understood {
            return;
        }
        if riddles.len() > 1 {
            self.hear(&riddles.join(" "));
            if self.riddles.is_empty() {
                return;
            }
            self.riddles.clear();
        }
        if self.state.running.is_some() {
            self.miss();
        } else if !self.fresh && !self.greeted {
            self.state.misses = self.state.misses.saturating_add(1);
            match self.state.misses {
                1 => {
                    self.part(&["not_understood"], &[]);
                    self.menu = true;
                }
                2 => {
                    self.part(&["not_understood"], &[]);
                    self.part(&["way_out"], &[]);
                    self.menu = true;
                }
                _ => self.hand_over(HandOffReason::NotUnderstood, None),
            }
        } else {
            self.greeted = true;
        }
    }

    /// The slot that was asked for was not understood: help for it, then the menu, then a person.
    pub(super) fn miss(&mut self) {
        self.missed = true;
        let Some(running) = &mut self.state.running else { return };
        running.misses = running.misses.saturating_add(1);
        if running.misses == 1 {
            self.help();
            return;
        }
        self.drop_flow();
        self.state.misses = 2;
        self.part(&["not_understood"], &[]);
        self.part(&["way_out"], &[]);
        self.menu = true;
    }

    pub(super) fn drop_flow(&mut self) {
        self.state.running = None;
        self.state.shown = Shown::Menu;
        self.state.asked_to_go_on = None;
        self.asked = false;
    }

    fn urgent(&mut self, text: &str) {
        self.ticket_of(text);
        self.hand_over(HandOffReason::Urgent, None);
    }

    /// Gives the chat to a person, and says so once.
    pub(super) fn hand_over(&mut self, reason: HandOffReason, said: Option<String>) {
        self.drop_flow();
        self.menu = false;
        self.state.misses = 0;
        let open = self.bot.is_open(self.now);
        let text = said.unwrap_or_else(|| match reason {
            HandOffReason::Urgent => self.say(&["person_urgent"], &[]),
            HandOffReason::NoPack => self.say(&["no_pack"], &[]),
            _ if open => self.say(&["person_comes"], &[]),
            _ => self.say(&["person_closed"], &[]),
        });
        self.parts.push(text);
        let hand_off = self.bot.hand_off(reason, self.now);
        self.state.hand_off = Some(hand_off.clone());
        self.hand_off = Some(hand_off);
    }

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
    pub(super) fn part(&mut self, keys: &[&str], vars: &[(&'static str, Value)]) {
        let text = self.say(keys, vars);
        if !text.is_empty() {
            self.parts.push(text);
        }
    }

    /// The first of these texts that there is: the tenant's own before the pack's.
    pub(super) fn say(&self, keys: &[&str], vars: &[(&'static str, Value)]) -> String {
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

    /// The slot that was asked for, or the first that is to be.
    pub(super) fn slot(&self) -> Option<(&'a Flow, &'a Slot)> {
        let running = self.state.running.as_ref()?;
        let flow = self.pack.flow(&running.flow)?;
        let asked =
            flow.slots.iter().find(|slot| slot.name == running.asking && running.value(&slot.name).is_none());
        let slot = asked.or_else(|| flow.slots.iter().find(|slot| open(running, slot)))?;
        Some((flow, slot))
    }

    /// Everything that was decided on, as one message.
    fn finish(mut self, messages: usize) -> Outcome {
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

/// Whether a slot of a flow is still to be filled.
pub(super) fn open(running: &Running, slot: &Slot) -> bool {
    use super::state::Value as Filling;
    let wanted = slot
        .when
        .as_ref()
        .is_none_or(|(of, is)| matches!(running.value(of), Some(Filling::Choice(key)) if key == is));
    wanted && running.value(&slot.name).is_none()
}

/// What every text may say of the business.
pub(super) fn base(bot: &Bot, now: Timestamp) -> Vars {
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

impl Heard {
    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Media(_) => None,
        }
    }
}

impl Bot {
    /// A hand-off that begins now.
    pub(super) fn hand_off(&self, reason: HandOffReason, now: Timestamp) -> HandOff {
        let quiet = SignedDuration::from_mins(i64::from(self.profile().manners.hand_off_minutes.max(1)));
        HandOff { reason, since: now, until: now.checked_add(quiet).unwrap_or(now) }
    }
}
