//! How customers reach the business otherwise.

use replies::Profile;
use web::{Problem, ui::Input};

use super::fields::{Form, Spec, both, optional_line, text};

const ADDRESS: (&str, &str) = ("address_sw", "address_en");

pub(super) fn specs(profile: &Profile) -> Vec<Spec> {
    use words::editing as say;
    let contact = &profile.contact;
    let [sw, en] = both(ADDRESS, (say::address_sw(), say::address_en()), &Input::TEXT, &contact.address);
    let phone = contact.phone.clone().unwrap_or_default();
    vec![
        Spec::new("phone", say::phone(), Input::PHONE, phone).hint(words::forms::number_hint_new()),
        sw.hint(say::one_enough()),
        en,
        Spec::line("map_link", say::map_link(), contact.map_link.clone().unwrap_or_default()),
    ]
}

#[expect(clippy::unnecessary_wraps, reason = "as every part's")]
pub(super) fn edit(profile: &mut Profile, form: &Form) -> Result<(), Problem> {
    let contact = &mut profile.contact;
    optional_line(form, "phone", &mut contact.phone);
    text(form, ADDRESS, &mut contact.address);
    optional_line(form, "map_link", &mut contact.map_link);
    Ok(())
}
