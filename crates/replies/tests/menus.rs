//! Every word of every menu chooses its line, and every keyword its intent, whatever the tenant's language.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic here is a failed test")]

mod support;

use domain::Language;
use replies::{Simulator, State};

/// Words of a line that choose nothing, as `packs/engine/words.toml` has them.
fn small() -> Vec<String> {
    let text = include_str!("../packs/engine/words.toml");
    let read: toml::Table = toml::from_str(text).unwrap();
    let words = read["small"]["words"].as_array().unwrap();
    words.iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// A conversation in which the menu has just been shown, and what it says to a line's number.
fn after_menu(id: &str, language: Language) -> Simulator {
    let mut simulator = support::simulator(id, language);
    simulator.say("menu");
    simulator
}

fn says(simulator: &mut Simulator, state: &State, text: &str) -> String {
    simulator.state = state.clone();
    simulator.say(text).join("\n")
}

#[test]
fn any_word_of_a_menu_line_chooses_it_singular_or_plural() {
    let small = small();
    for (id, ..) in support::PACKS {
        for language in support::LANGUAGES {
            let mut simulator = after_menu(id, language);
            let menu = says(&mut simulator, &State::default(), "menu");
            let state = simulator.state.clone();
            let lines: Vec<(usize, String)> = menu
                .lines()
                .filter_map(|line| {
                    let (number, title) = line.strip_prefix('*')?.split_once("* ")?;
                    Some((number.parse().ok()?, title.to_owned()))
                })
                .collect();
            assert!(lines.len() >= 3, "{menu}");
            for (number, title) in lines {
                let chosen = says(&mut simulator, &state, &number.to_string());
                let mut words: Vec<String> = title
                    .split(|c: char| !c.is_alphanumeric())
                    .map(str::to_lowercase)
                    .filter(|word| word.chars().count() > 1 && !small.contains(word))
                    .collect();
                assert!(!words.is_empty(), "{title}");
                words.push(title.clone());
                words.push(title.to_uppercase());
                for word in words {
                    let forms = [word.clone(), format!("{word}!"), format!("  {word} ")];
                    for form in forms {
                        let said = says(&mut simulator, &state, &form);
                        assert_eq!(said, chosen, "{id} {language} line {number} \"{title}\" by \"{form}\"");
                    }
                    if language == Language::En
                        && !word.contains(' ')
                        && word.len() > 2
                        && !word.ends_with('s')
                    {
                        let plural = format!("{word}s");
                        assert_eq!(says(&mut simulator, &state, &plural), chosen, "{id} \"{plural}\"");
                    }
                }
            }
        }
    }
}

#[test]
fn keywords_of_both_languages_are_understood_by_bots_of_both() {
    let groups: [(&str, &[&str]); 9] = [
        ("BOOKING", &["book", "booking", "appointment", "miadi", "huduma", "service"]),
        ("BOOKING", &["bei", "gharama", "price"]),
        ("BOOKING", &["mawasiliano", "contact", "saa", "hours"]),
        ("BOOKING", &["maswali", "question"]),
        ("ECOMMERCE", &["agiza", "order"]),
        ("ECOMMERCE", &["usafiri", "delivery"]),
        ("ECOMMERCE", &["bei", "gharama", "price"]),
        ("SUPPORT", &["shida", "tatizo", "problem", "issue"]),
        ("SUPPORT", &["maswali", "question"]),
    ];
    for (id, words) in groups {
        for language in support::LANGUAGES {
            let mut simulator = after_menu(id, language);
            let state = simulator.state.clone();
            let first = says(&mut simulator, &state, words[0]);
            assert!(!first.contains("Sorry") && !first.contains("Samahani"), "{id} {language}: {first}");
            for word in words {
                for form in [
                    (*word).to_owned(),
                    word.to_uppercase(),
                    format!("{word}?"),
                    format!("{word}{}", word.chars().last().unwrap()),
                ] {
                    assert_eq!(says(&mut simulator, &state, &form), first, "{id} {language} {form}");
                }
            }
        }
    }
}

#[test]
fn no_reply_ends_with_a_word_of_another_language_only() {
    // Both languages have every text: a Swahili bot never falls back to English.
    for (id, ..) in support::PACKS {
        let mut simulator = after_menu(id, Language::Sw);
        for text in ["hello", "xyzzy", "agent"] {
            let said = simulator.say(text).join("\n");
            assert!(!said.contains("number") && !said.contains("Sorry"), "{id}: {said}");
        }
    }
}
