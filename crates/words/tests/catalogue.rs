//! Every sentence has both languages and says in both what it is told.

use std::collections::BTreeSet;

use domain::Language;
use words::{CATALOGUE, Entry};

/// What stands in braces.
fn arguments(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

fn entries() -> impl Iterator<Item = &'static Entry> {
    CATALOGUE.iter().copied().flatten()
}

#[test]
fn every_sentence_has_both_languages() {
    let mut names = BTreeSet::new();
    for entry in entries() {
        let name = format!("{}::{}", entry.group, entry.key);
        for text in entry.en.iter().chain(entry.sw) {
            assert!(!text.trim().is_empty() && text.trim() == *text, "{name}: {text:?}");
        }
        assert!(names.insert(name.clone()), "{name} stands twice");
    }
    assert!(names.len() > 200, "the catalogue was not read");
}

/// Names and terms that are the same in both languages.
const ALIKE: [&str; 13] = [
    "Bot",
    "{label}: {from} → {to}",
    "{name} · {day}",
    "Flow HQ {version}",
    "CSV",
    "{ms} ms",
    "{detail}",
    "WhatsApp",
    "Bot:",
    "API",
    "tzs",
    "webhook",
    "ntfy",
];

#[test]
fn a_sentence_is_not_left_in_english() {
    for entry in entries() {
        for (en, sw) in entry.en.iter().zip(entry.sw) {
            let words = en.chars().any(char::is_alphabetic);
            assert!(!words || en != sw || ALIKE.contains(en), "{}::{}: {en}", entry.group, entry.key);
        }
    }
}

#[test]
fn both_languages_are_told_the_same() {
    for entry in entries() {
        let [en, sw] = [entry.en, entry.sw].map(|texts| texts.last().copied().unwrap_or_default());
        assert_eq!(arguments(en), arguments(sw), "{}::{}", entry.group, entry.key);
        assert_eq!(en.matches('#').count(), sw.matches('#').count(), "{}::{}", entry.group, entry.key);
        let ends = |text: &str| text.ends_with(['.', '!', '?', ':']);
        assert_eq!(ends(en), ends(sw), "{}::{}: {en} | {sw}", entry.group, entry.key);
    }
}

/// Every type of the audit log reads as a sentence.
#[test]
fn what_happened_is_told_in_sentences() {
    let list = |group: &str| -> BTreeSet<&str> {
        entries().filter(|entry| entry.group == group).map(|entry| entry.key).collect()
    };
    assert_eq!(list("event"), list("did"));
    let told = words::did::told("TENANT_SUSPENDED", "Juma", "Saluni ya Amina");
    assert_eq!(told.as_deref(), Some("Juma suspended Saluni ya Amina"));
    assert_eq!(words::did::told("TEAPOT", "Juma", ""), None);
    assert_eq!(
        words::did::who("0197d0a4-5b3c-7e21-9c4d-2f6a8b1e0d37", None),
        "somebody who is gone (…1e0d37)"
    );
    assert_eq!(words::did::tenant("ñandúñandú", None), "a deleted tenant (…úñandú)");
}

#[tokio::test]
async fn the_language_is_the_readers_and_english_where_nobody_reads() {
    assert_eq!(words::language(), Language::En);
    let title = words::reading(Language::Sw, async { words::shell::tenants() }).await;
    assert_eq!(title, "Biashara");
    assert_eq!(words::within(Language::En, words::shell::tenants), "Tenants");
    let counted = |count| words::within(Language::Sw, || words::tenants::namesakes(count));
    assert_ne!(counted(1), counted(3));
    assert!(counted(3).contains('3'));
}

#[test]
fn codes_are_read_as_browsers_send_them() {
    assert_eq!(words::of_code("sw-TZ"), Some(Language::Sw));
    assert_eq!(words::of_code(" EN-gb"), Some(Language::En));
    for other in ["", "*", "de", "swa", "english"] {
        assert_eq!(words::of_code(other), None, "{other}");
    }
}
