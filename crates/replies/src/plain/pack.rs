//! The packs as data, embedded, and read once when first used: a worker reads only the one that it answers with.

use std::{collections::BTreeMap, sync::OnceLock};

use domain::{Language, PackType};
use serde::Deserialize;

/// One pack in one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pack {
    /// What a customer who writes for the first time in a while reads first.
    pub(crate) greeting: String,
    /// The line above the options.
    pub(crate) heading: String,
    /// What can be chosen, by number from 1.
    pub(crate) options: Vec<PackOption>,
}

/// One line of a menu and what follows from choosing it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackOption {
    /// Stable name; becomes the conversation's step while details are awaited.
    pub(crate) key: String,
    /// The line in the menu.
    pub(crate) title: String,
    /// Words that choose it without its number, in lower case.
    pub(crate) words: Vec<String>,
    /// The answer. `{hours}` stands for the opening hours.
    pub(crate) reply: String,
    /// The answer where the tenant has set no opening hours; only for a reply that names them.
    pub(crate) reply_without_hours: Option<String>,
    /// The answer to what the customer writes next; where it is absent nothing more is asked.
    pub(crate) received: Option<String>,
}

/// What all packs of a language share.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Common {
    /// Where no option was recognised; the menu follows.
    pub(crate) not_understood: String,
    /// To somebody who thanks.
    pub(crate) welcome: String,
    /// The line below the options.
    pub(crate) menu_hint: String,
    /// Words in lower case that mean a greeting, thanks, or the wish to see the menu.
    pub(crate) greeting_words: Vec<String>,
    pub(crate) thanks_words: Vec<String>,
    pub(crate) menu_words: Vec<String>,
    /// The words for 1, 2, 3, ….
    pub(crate) number_words: Vec<String>,
    /// Answers to what is no text, by kind; `other` is always there.
    pub(crate) media: BTreeMap<String, String>,
    pub(crate) notices: Notices,
    pub(crate) hours: HourWords,
}

/// What is said outside the dialogue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Notices {
    pub(crate) rate_limited: String,
    pub(crate) please_wait: String,
    pub(crate) suspended: String,
    pub(crate) unreadable: String,
    pub(crate) view_once: String,
}

/// Words for opening hours.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HourWords {
    /// Monday first.
    pub(crate) days: [String; 7],
    /// Between the first and the last of several days.
    pub(crate) to: String,
    pub(crate) closed: String,
}

/// The pack for this kind of business in this language.
pub(crate) fn pack(kind: PackType, language: Language) -> &'static Pack {
    static PACKS: [OnceLock<Pack>; 6] = [const { OnceLock::new() }; 6];
    let (place, text) = match (kind, language) {
        (PackType::Booking, Language::Sw) => (&PACKS[0], include_str!("../../packs/plain/booking.sw.toml")),
        (PackType::Booking, Language::En) => (&PACKS[1], include_str!("../../packs/plain/booking.en.toml")),
        (PackType::Ecommerce, Language::Sw) => {
            (&PACKS[2], include_str!("../../packs/plain/ecommerce.sw.toml"))
        }
        (PackType::Ecommerce, Language::En) => {
            (&PACKS[3], include_str!("../../packs/plain/ecommerce.en.toml"))
        }
        (PackType::Support, Language::Sw) => (&PACKS[4], include_str!("../../packs/plain/support.sw.toml")),
        (PackType::Support, Language::En) => (&PACKS[5], include_str!("../../packs/plain/support.en.toml")),
    };
    place.get_or_init(|| embedded(text))
}

/// What the packs of this language share.
pub(crate) fn common(language: Language) -> &'static Common {
    static COMMON: [OnceLock<Common>; 2] = [const { OnceLock::new() }; 2];
    let (place, text) = match language {
        Language::Sw => (&COMMON[0], include_str!("../../packs/plain/common.sw.toml")),
        Language::En => (&COMMON[1], include_str!("../../packs/plain/common.en.toml")),
    };
    place.get_or_init(|| embedded(text))
}

#[expect(
    clippy::expect_used,
    reason = "the text is part of the executable, and a test reads every one of them"
)]
fn embedded<T: serde::de::DeserializeOwned>(text: &str) -> T {
    toml::from_str(text).expect("an embedded pack has the shape of a pack")
}

#[cfg(test)]
mod tests {
    use domain::{Language, PackType};
    use strum::VariantArray;

    use super::*;

    #[test]
    fn every_pack_can_be_read_and_is_whole() {
        for language in Language::VARIANTS {
            let common = common(*language);
            assert!(common.media.contains_key("other"));
            for kind in PackType::VARIANTS {
                let pack = pack(*kind, *language);
                assert!(
                    pack.greeting.contains("{business}"),
                    "{kind} {language}: a greeting names the business"
                );
                assert!((3..=9).contains(&pack.options.len()), "{kind} {language}: numbers have one digit");
                assert!(common.number_words.len() >= pack.options.len());
                for option in &pack.options {
                    let names_hours = option.reply.contains("{hours}");
                    assert_eq!(
                        names_hours,
                        option.reply_without_hours.is_some(),
                        "{kind} {language} {}",
                        option.key
                    );
                    assert!(!option.key.is_empty() && option.title.chars().count() <= 40, "{}", option.title);
                    assert!(option.words.iter().all(|word| *word == word.to_lowercase()), "{}", option.key);
                }
            }
        }
    }

    #[test]
    fn both_languages_of_a_pack_offer_the_same_options() {
        for kind in PackType::VARIANTS {
            let keys =
                |language| pack(*kind, language).options.iter().map(|o| o.key.as_str()).collect::<Vec<_>>();
            assert_eq!(keys(Language::Sw), keys(Language::En), "{kind}");
        }
    }
}
