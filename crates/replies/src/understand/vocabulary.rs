//! The engine's own words, from `packs/engine/words.toml`.

use std::{
    collections::{BTreeMap, HashSet},
    sync::OnceLock,
};

use serde::Deserialize;

use super::{fold, index::Index};

/// The engine's own words as they stand in the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    commands: BTreeMap<Command, Vec<String>>,
    numbers: BTreeMap<String, Vec<String>>,
    parts: BTreeMap<String, Vec<String>>,
    days: BTreeMap<String, Vec<String>>,
    months: BTreeMap<String, Vec<String>>,
    relative: BTreeMap<Relative, Vec<String>>,
    clock: BTreeMap<Clock, Vec<String>>,
    small: BTreeMap<String, Vec<String>>,
}

/// What a customer may want at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Command {
    Greeting,
    Thanks,
    Menu,
    Help,
    Back,
    Cancel,
    Stop,
    Start,
    Yes,
    No,
    Done,
    More,
    Remove,
    Person,
    BotOff,
    BotOn,
    NameIs,
}

/// A day told from today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Relative {
    Today,
    Tomorrow,
    AfterTomorrow,
    Yesterday,
    NextWeek,
    Next,
}

/// A word of times of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Clock {
    Saa,
    At,
    Oclock,
    And,
    Minutes,
    Past,
    To,
    LessQuarter,
    Am,
    Pm,
    Dawn,
    Morning,
    Noon,
    Afternoon,
    Evening,
    Night,
    Midnight,
}

/// The engine's own words, ready to be found.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    commands: BTreeMap<Command, Index<()>>,
    pub(crate) numbers: Index<u32>,
    /// Halves and quarters, in hundredths.
    pub(crate) parts: Index<u32>,
    /// Monday is 0.
    pub(crate) days: Index<i8>,
    pub(crate) months: Index<i8>,
    pub(crate) relative: Index<Relative>,
    pub(crate) clock: Index<Clock>,
    small: HashSet<String>,
}

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The engine's own words.
pub(crate) fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    // The file is part of the executable and a test reads it.
    VOCABULARY.get_or_init(|| read(include_str!("../../packs/engine/words.toml")).unwrap_or_default())
}

fn read(text: &str) -> Result<Vocabulary, toml::de::Error> {
    let written: Written = toml::from_str(text)?;
    let mut vocabulary = Vocabulary::default();
    for (command, phrases) in written.commands {
        let index = vocabulary.commands.entry(command).or_default();
        phrases.iter().for_each(|phrase| index.add(phrase, ()));
    }
    fill(&mut vocabulary.numbers, written.numbers, |number| number.parse().ok());
    fill(&mut vocabulary.parts, written.parts, |part| match part.as_str() {
        "half" => Some(50),
        "quarter" => Some(25),
        _ => None,
    });
    fill(&mut vocabulary.days, written.days, |day| {
        DAYS.iter().position(|known| *known == day).and_then(|place| i8::try_from(place).ok())
    });
    fill(&mut vocabulary.months, written.months, |month| month.parse().ok());
    fill(&mut vocabulary.relative, written.relative, Some);
    fill(&mut vocabulary.clock, written.clock, Some);
    let small = written.small.into_values().flatten();
    vocabulary.small = small.map(|word| fold::squeeze(&fold::fold(&word))).collect();
    Ok(vocabulary)
}

fn fill<K, T: Clone + PartialEq>(
    index: &mut Index<T>,
    written: BTreeMap<K, Vec<String>>,
    target: impl Fn(K) -> Option<T>,
) {
    for (key, phrases) in written {
        if let Some(target) = target(key) {
            phrases.iter().for_each(|phrase| index.add(phrase, target.clone()));
        }
    }
}

impl Vocabulary {
    /// Whether all of the text is this command, with up to `spare` words more.
    pub(crate) fn is(&self, command: Command, tokens: &[super::Token], spare: usize) -> bool {
        self.commands.get(&command).is_some_and(|index| index.just(tokens, spare).is_some())
    }

    /// Whether all of the text is this command, letter by letter.
    pub(crate) fn is_exactly(&self, command: Command, tokens: &[super::Token]) -> bool {
        self.commands.get(&command).is_some_and(|index| index.exactly(tokens))
    }

    /// Where in the text this command stands first, and its length in words.
    pub(crate) fn find(&self, command: Command, tokens: &[super::Token]) -> Option<(usize, usize)> {
        let hits = self.commands.get(&command)?.find(tokens);
        hits.first().map(|hit| (hit.at, hit.words))
    }

    /// Whether a word chooses nothing in a menu line.
    pub(crate) fn is_small(&self, key: &str) -> bool {
        self.small.contains(key) || key.chars().count() < 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_read_and_whole() {
        let vocabulary = read(include_str!("../../packs/engine/words.toml")).unwrap();
        assert_eq!(vocabulary.commands.len(), 17);
        assert_eq!(vocabulary.days.just(&fold::tokens("Alhamisi"), 0), Some(3));
        assert_eq!(vocabulary.relative.just(&fold::tokens("kesho kutwa"), 0), Some(Relative::AfterTomorrow));
        assert!(vocabulary.is(Command::Stop, &fold::tokens("ACHA!"), 0));
        assert!(!vocabulary.is(Command::Stop, &fold::tokens("asante sana"), 0));
        assert!(!vocabulary.is(Command::Stop, &fold::tokens("usiache kunijibu"), 0));
    }

    #[test]
    fn no_command_means_two_things() {
        let written: Written = toml::from_str(include_str!("../../packs/engine/words.toml")).unwrap();
        let mut seen = BTreeMap::new();
        for (command, phrases) in &written.commands {
            for phrase in phrases {
                let other = seen.insert(phrase.clone(), *command);
                let names = [Command::NameIs, Command::Person];
                assert!(
                    other.is_none_or(|other| names.contains(&other) && names.contains(command)),
                    "{phrase}"
                );
            }
        }
    }
}
