//! What one message says: a command, an answer to what was asked, or what somebody wants.

use super::Talk;
use crate::{
    engine::{
        bot::{Thing, Topic},
        state::HandOffReason,
    },
    pack::{Action, Does, Flow, SlotKind},
    understand::{Token, clock, tokens, vocabulary, vocabulary::Command},
};

impl<'a> Talk<'a> {
    pub(in crate::engine) fn hear(&mut self, text: &str) {
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
    pub(in crate::engine) fn topic(&self, words: &[Token]) -> Option<Topic> {
        let mut hits = self.bot.topics.find(words);
        // "Saa nne" is a time and no question about opening hours.
        let today = self.bot.today(self.now);
        let mut used = crate::engine::fill::date_words(words, today);
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

    pub(in crate::engine) fn intent(&mut self, place: usize, text: &str, words: &[Token]) {
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

    pub(in crate::engine) fn question(&mut self, place: usize) {
        if let Some(question) = self.bot.profile().questions.get(place) {
            let answer = question.answer.of(self.bot.language).to_owned();
            self.parts.push(answer);
        }
    }

    fn urgent(&mut self, text: &str) {
        self.ticket_of(text);
        self.hand_over(HandOffReason::Urgent, None);
    }
}
