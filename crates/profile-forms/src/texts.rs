//! Single texts of the pack that the tenant says differently. Every key of the pack is an entry; what is said differently and
//! belongs to another pack is one too, so that it can be taken out.

use std::collections::BTreeSet;

use replies::{PackText, Profile, Text};
use web::{Problem, ui::Input};

use super::{
    fields::{Entry, Form, Spec, both, said, text},
    gone,
};

const SAID: (&str, &str) = ("said_sw", "said_en");
/// Characters of a text in the list.
const SHORT: usize = 80;

pub(super) fn entries(profile: &Profile, known: &[PackText]) -> Vec<Entry> {
    use words::editing as say;
    let keys: BTreeSet<&str> = known.iter().map(|text| text.key.as_str()).collect();
    let strange = profile.texts.keys().filter(|key| !keys.contains(key.as_str()));
    let entry = |key: &str, pack: Option<&Text>| Entry {
        at: key.to_owned(),
        name: key.to_owned(),
        cells: vec![
            (say::says_pack(), pack.map(|text| short(&said(text))).unwrap_or_default()),
            (say::says_here(), profile.texts.get(key).map(|text| short(&said(text))).unwrap_or_default()),
        ],
        off: pack.is_none(),
    };
    let of_pack = known.iter().map(|text| entry(&text.key, Some(&text.text)));
    strange.map(|key| entry(key, None)).chain(of_pack).collect()
}

fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHORT) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

/// What the pack itself says under a key, in each language that it speaks, beside what it is.
#[must_use]
pub fn stands(known: &[PackText], at: Option<&str>) -> Vec<(&'static str, String)> {
    use words::editing as say;
    let found = at.and_then(|at| known.iter().find(|text| text.key == at).cloned());
    let Some(PackText { text: Text { sw, en }, .. }) = found else { return Vec::new() };
    [(say::says_pack_sw(), sw), (say::says_pack_en(), en)]
        .into_iter()
        .filter_map(|(label, text)| Some((label, text?)))
        .collect()
}

/// Nothing can be added: there is a form for a key alone.
pub(super) fn specs(profile: &Profile, at: Option<&str>) -> Vec<Spec> {
    use words::editing as say;
    let Some(at) = at else { return Vec::new() };
    let text = profile.texts.get(at).cloned().unwrap_or_default();
    let [sw, en] = both(SAID, (say::said_sw(), say::said_en()), &Input::Area, &text);
    vec![sw.hint(say::said_hint()), en]
}

pub(super) fn edit(
    profile: &mut Profile,
    at: Option<&str>,
    remove: bool,
    form: &Form,
) -> Result<(), Problem> {
    let key = at.ok_or_else(gone)?;
    let mut new = profile.texts.get(key).cloned().unwrap_or_default();
    text(form, SAID, &mut new);
    // A browser ends a line with two characters.
    for said in [&mut new.sw, &mut new.en].into_iter().flatten() {
        *said = said.replace("\r\n", "\n");
    }
    if remove || new.is_empty() {
        profile.texts.remove(key);
    } else {
        profile.texts.insert(key.to_owned(), new);
    }
    Ok(())
}
