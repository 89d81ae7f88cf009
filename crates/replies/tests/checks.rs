//! What `flowhq pack check` finds: file, line, and what.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic here is a failed test")]

mod support;

use std::sync::Arc;

use domain::Language;
use replies::{Bot, Files, Pack, Profile, Text, new_pack};

fn problems(change: impl Fn(&mut Files)) -> Vec<String> {
    let mut files = new_pack("TEST");
    change(&mut files);
    Pack::compile(&files).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

fn edit(files: &mut Files, file: &str, from: &str, to: &str) {
    let text = String::from_utf8(files[file].clone()).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    files.insert(file.to_owned(), text.replace(from, to).into_bytes());
}

/// The one problem that a change makes.
fn one(file: &str, from: &str, to: &str) -> String {
    let found = problems(|files| edit(files, file, from, to));
    assert_eq!(found.len(), 1, "{found:#?}");
    found.into_iter().next().unwrap()
}

#[test]
fn a_missing_translation_is_named_with_the_line_that_wants_it() {
    let said = one("sw.toml", "menu_where = \"Saa za kazi na anwani\"\n", "");
    assert_eq!(said, "sw.toml:1: the text \"menu_where\" is missing; pack.toml:5 asks for it");
    let said = one("en.toml", "menu_person", "flow_book = \"booking\"\nmenu_person");
    assert!(said.starts_with("sw.toml:1: \"flow_book\" has no translation: en.toml:5"), "{said}");
}

#[test]
fn a_template_that_fails_is_told_with_its_line() {
    let said = one("en.toml", "{% if phone %}{{ phone }}{% endif %}", "{{ telephone }}");
    assert!(said.starts_with("en.toml:9: \"where\" fails with nothing: "), "{said}");
    let said = one("en.toml", "{{ business }}", "{{ business");
    assert!(said.starts_with("en.toml:1: \"greeting\" is no template: "), "{said}");
}

#[test]
fn a_template_that_never_ends_is_told() {
    let all = "{% for a in items %}{% for b in items %}{% for c in items %}{% for d in items %}{% for e in items %}{% if a.n > 99 %}x{% endif %}\
               {% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}";
    let said = one("en.toml", "You are welcome.", all);
    assert!(said.contains("it never ends, or does too much"), "{said}");
}

#[test]
fn a_text_beyond_whatsapps_limit_is_told() {
    let said = one("en.toml", "You are welcome.", &"x".repeat(4_200));
    assert!(said.contains("WhatsApp takes 4096"), "{said}");
}

#[test]
fn a_menu_has_at_most_nine_lines() {
    let found = problems(|files| {
        let names: Vec<String> = (0..10).map(|n| format!("i{n}")).collect();
        let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        edit(files, "pack.toml", "[\"book\", \"where\", \"person\"]", &format!("[{}]", quoted.join(", ")));
        let intents: String = names
            .iter()
            .map(|name| format!("[[intents]]\nname = \"{name}\"\naction = \"person\"\n\n"))
            .collect();
        edit(files, "pack.toml", "[[flows]]", &format!("{intents}[[flows]]"));
        for file in ["sw.toml", "en.toml"] {
            let lines: String = names.iter().map(|name| format!("menu_{name} = \"Zeta{name}\"\n")).collect();
            edit(files, file, "menu_head", &format!("{lines}menu_head"));
        }
    });
    assert!(
        found.iter().any(|said| said.starts_with("pack.toml:5: a menu has 1 to 9 lines; this one has 10")),
        "{found:#?}"
    );
}

#[test]
fn flows_that_lead_back_to_themselves_are_told() {
    let found = problems(|files| {
        edit(files, "pack.toml", "confirm = true", "confirm = true\nthen = \"again\"");
        let more = "\n[[flows]]\nname = \"again\"\naction = \"person\"\nthen = \"book\"\n";
        let text = String::from_utf8(files["pack.toml"].clone()).unwrap() + more;
        files.insert("pack.toml".into(), text.into_bytes());
    });
    assert!(
        found.iter().any(|said| said.contains("these flows lead back to themselves: book → again → book")),
        "{found:#?}"
    );
}

#[test]
fn a_slot_that_cannot_be_left_is_told() {
    let found = problems(|files| {
        let slot = "  { name = \"kind\", type = \"choice\", choices = [{ key = \"a\", words = [\"ghairi\"] }, { key = \"b\" }] },\n";
        edit(files, "pack.toml", "  { name = \"date\"", &format!("{slot}  {{ name = \"date\""));
        for file in ["sw.toml", "en.toml"] {
            let texts =
                "ask_book_kind = \"?\"\nchoice_book_kind_a = \"A\"\nchoice_book_kind_b = \"B\"\nmenu_head";
            edit(files, file, "menu_head", texts);
        }
    });
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("cannot be left: \"ghairi\" is a way out of every slot"), "{found:#?}");
    let found = problems(|files| {
        let slot = "  { name = \"kind\", type = \"choice\" },\n";
        edit(files, "pack.toml", "  { name = \"date\"", &format!("{slot}  {{ name = \"date\""));
    });
    assert!(
        found.iter().any(|said| said.contains("this slot cannot be left: a choice needs at least two")),
        "{found:#?}"
    );
}

#[test]
fn a_word_that_means_two_things_is_told() {
    let said = one("en.toml", "\"Talk to a person\"", "\"Talk about an appointment\"");
    assert!(said.contains("\"appointment\" stands in two lines of the menu"), "{said}");
    let said = one("pack.toml", "[\"hours\", ", "[\"miadi\", \"hours\", ");
    assert!(said.starts_with("pack.toml:") && said.contains("\"miadi\" means"), "{said}");
    let said = one("en.toml", "\"Talk to a person\"", "\"Stop\"");
    assert!(said.contains("\"stop\" in \"menu_person\" has a meaning of its own to every bot"), "{said}");
}

#[test]
fn what_is_no_pack_is_told_and_never_panics() {
    for (file, text) in [
        ("pack.toml", "id = "),
        ("pack.toml", ""),
        ("pack.toml", "\u{0}"),
        ("sw.toml", "a = 1"),
        ("sw.toml", "= = ="),
        ("other.txt", "x"),
        ("profile.json", "{"),
    ] {
        let found = problems(|files| {
            files.insert(file.to_owned(), text.as_bytes().to_vec());
        });
        assert!(found.iter().any(|said| said.starts_with(file)), "{file} {text:?}: {found:#?}");
    }
    let found = problems(|files| {
        files.insert("en.toml".into(), b"greeting = \"a\"\n\xff".to_vec());
    });
    assert!(found.iter().any(|said| said.starts_with("en.toml:2: this is no UTF-8")), "{found:#?}");
    assert!(Pack::compile(&Files::new()).is_err());
    for (from, to) in [
        ("action = \"book\"", "action = \"bock\""),
        ("type = \"date\"", "type = \"day\""),
        ("flow = \"book\"", "flow = \"none\""),
        ("id = \"TEST\"", "id = \"no id\""),
        ("[\"sw\", \"en\"]", "[\"sw\", \"sw\"]"),
        ("{ name = \"time\", type = \"time\" },", ""),
        ("[\"book\", \"where\", \"person\"]", "[\"book\", \"book\"]"),
        ("type = \"name\"", "type = \"place\", when = { slot = \"way\", is = \"x\" }"),
    ] {
        let found = problems(|files| edit(files, "pack.toml", from, to));
        assert!(!found.is_empty(), "{to}");
    }
}

#[test]
fn equal_files_have_equal_hashes_and_others_have_not() {
    let hash = |files: &Files| Pack::compile(files).unwrap().version().hash.clone();
    let files = new_pack("TEST");
    let mut other = files.clone();
    edit(&mut other, "en.toml", "You are welcome.", "Do come.");
    assert_eq!(hash(&files), hash(&files.clone()));
    assert_ne!(hash(&files), hash(&other));
    assert_eq!(hash(&files).len(), 64);
}

#[test]
fn texts_that_a_tenant_says_differently_are_checked_and_said() {
    let pack = support::pack("BOOKING");
    let mut profile = Profile::salon();
    profile
        .texts
        .insert("greeting".into(), Text::both("Mambo! Hapa {{ business }}.", "Hey, {{ business }} here."));
    assert_eq!(pack.check_texts(&profile), []);
    let mut business = support::business("BOOKING", Language::En);
    business.profile = profile.clone().into();
    let mut simulator =
        replies::Simulator::new(Bot::new(Some(Arc::clone(&pack)), business), support::monday());
    assert!(simulator.say("hi")[0].starts_with("Hey, Neema Salon here."));
    profile.texts.insert("no_such".into(), Text::both("a", "b"));
    profile.texts.insert("welcome".into(), Text::both("{{ x", "{{ unknown }}"));
    assert_eq!(pack.check_texts(&profile).len(), 3);
}
