//! Short names of products, which owners never see: made of the name that they typed. (A service's is always made so.)

use profile_forms::{Form, Part};
use replies::Profile;

/// Characters of a name that go into it.
const LENGTH: usize = 24;

/// Puts a short name into the form of a new entry.
pub(super) fn put(part: Part, profile: &Profile, form: &mut Form) {
    if part != Part::Catalogue {
        return;
    }
    let taken: Vec<&str> = profile.catalogue.iter().map(|product| product.code.as_str()).collect();
    let name =
        ["name_sw", "name_en"].iter().find_map(|name| form.get(*name).filter(|name| !name.trim().is_empty()));
    let made = made(name.map_or("", String::as_str), &taken);
    form.insert("code".to_owned(), made);
}

fn made(name: &str, taken: &[&str]) -> String {
    let letters = name.to_lowercase();
    let plain = letters.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    let text: String = plain.take(LENGTH).collect();
    let parts: Vec<&str> = text.split('-').filter(|part| !part.is_empty()).collect();
    let base = if parts.is_empty() { "product".to_owned() } else { parts.join("-") };
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    let mut names = std::iter::once(base.clone()).chain(numbered);
    names.find(|name| !taken.contains(&name.as_str())).unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_made_of_the_name_and_is_nobody_elses() {
        assert_eq!(made("Kusuka nywele", &[]), "kusuka-nywele");
        assert_eq!(made("Kusuka", &["kusuka", "kusuka-2"]), "kusuka-3");
        assert_eq!(made("  Mchele (5 kg)! ", &[]), "mchele-5-kg");
        assert_eq!(made("مرحبا", &[]), "product");
        assert_eq!(made(&"a".repeat(90), &[]).len(), LENGTH);
    }
}
