//! Names, places, choices and numbers of records.

use minijinja::Value;

use super::{
    super::{bot::Thing, state::Value as Filling, talk::Talk},
    Fill, NAME_MOST,
};
use crate::{
    pack::Choice,
    understand::{Token, fold, tokens, vocabulary, vocabulary::Command},
};

impl<'a> Talk<'a> {
    pub(super) fn name_in(&self, text: &str, words: &[Token], asked: bool) -> Option<String> {
        let given = vocabulary().find(Command::NameIs, words);
        let from = match given {
            // "For" and "it's" lead to many things: only an asked name follows them anywhere.
            Some((at, length)) if at == 0 || !asked => {
                let said = words
                    .get(at..at + length)?
                    .iter()
                    .map(|word| word.text.as_str())
                    .collect::<Vec<_>>()
                    .join(" ");
                let sure = [
                    "my name is",
                    "name is",
                    "jina langu ni",
                    "jina langu",
                    "jina ni",
                    "naitwa",
                    "ninaitwa",
                    "kwa jina la",
                ];
                if !asked && !sure.contains(&said.as_str()) {
                    return None;
                }
                words.get(at + length)?.at.0
            }
            _ if asked => 0,
            _ => return None,
        };
        let rest = text.get(from..)?;
        // A name ends where a sentence does.
        let rest = rest.split(['\n', ',', ';', '?', '!']).next().unwrap_or_default();
        let name: String = rest.trim().trim_end_matches('.').chars().take(NAME_MOST).collect();
        let named = tokens(&name);
        let letters = name.chars().any(char::is_alphabetic);
        let lawful = letters
            && (1..=5).contains(&named.len())
            && !name.chars().any(|c| c.is_ascii_digit() || c.is_control());
        let ours = [Command::Yes, Command::No, Command::Done, Command::More];
        let topic = asked
            && given.is_none()
            && (self.bot.topics.just(&named, 1).is_some()
                || ours.iter().any(|word| vocabulary().is_exactly(*word, &named)));
        (lawful && !topic && !text.contains('?')).then_some(name)
    }

    pub(super) fn fill_place(&mut self, slot: &str, text: &str, words: &[Token]) -> Fill {
        let delivery = &self.bot.profile().delivery;
        let area = self.bot.things.find(words).into_iter().find_map(|hit| match hit.target {
            Thing::Area(place) => delivery.areas.get(place),
            _ => None,
        });
        let said: String = text.trim().chars().filter(|c| !c.is_control()).take(200).collect();
        let letters = said.chars().any(char::is_alphabetic);
        let (name, fee) = match (area, delivery.elsewhere) {
            (Some(area), _) if said.is_empty() => (area.name.of(self.bot.language).to_owned(), area.fee),
            (Some(area), _) => (said, area.fee),
            (None, Some(fee)) if letters => (said, fee),
            (None, None) if letters => {
                let areas: Vec<_> =
                    delivery.areas.iter().map(|area| area.name.of(self.bot.language)).collect();
                let vars = [("place", Value::from(said)), ("text", Value::from(areas.join(", ")))];
                return self.refuse(slot, "place_nowhere", &vars);
            }
            _ => return Fill::Not,
        };
        self.set(slot, Filling::Place { name, fee });
        Fill::Done
    }

    pub(super) fn choice_in(&self, slot: &str, choices: &[Choice], words: &[Token]) -> Option<String> {
        let flow = self.state.running.as_ref().map(|running| running.flow.clone()).unwrap_or_default();
        let says = |phrase: &str| {
            let phrase = tokens(phrase);
            !phrase.is_empty()
                && words.windows(phrase.len()).any(|said| {
                    said.iter().zip(&phrase).all(|(one, other)| fold::alike(&one.key, &other.key))
                })
        };
        let mut best: Option<(usize, &Choice)> = None;
        for choice in choices {
            let title = self.say(&[&format!("choice_{flow}_{slot}_{}", choice.key)], &[]);
            let phrases = choice.words.iter().map(String::as_str).chain([title.as_str()]);
            let longest = phrases.filter(|phrase| says(phrase)).map(|phrase| tokens(phrase).len()).max();
            if let Some(length) = longest
                && best.is_none_or(|(known, _)| length > known)
            {
                best = Some((length, choice));
            }
        }
        best.map(|(_, choice)| choice.key.clone())
    }

    /// A record's number as it was written: `B-1004`, `b1004`, `1004`.
    pub(super) fn reference_in(&self, text: &str) -> Option<String> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let known = self.held.mine.iter().filter(|record| record.is_open());
        let mut known = known.map(|record| record.reference().to_owned());
        known.find(|reference| digits.len() >= 4 && reference.ends_with(&format!("-{digits}")))
    }
}
