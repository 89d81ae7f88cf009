//! What can be booked.

use std::collections::BTreeSet;

use replies::{Bounds, Profile, Service, Text};
use web::{Problem, ui::Input};

use super::{
    edit_entry,
    fields::{
        Entry, Form, Spec, both, joined, list, number, optional_amount, optional_number, said, shown, switch,
        text,
    },
    gone,
};

const NAME: (&str, &str) = ("name_sw", "name_en");

fn blank() -> Service {
    Service {
        code: String::new(),
        name: Text::default(),
        words: Vec::new(),
        price: None,
        minutes: 30,
        staff: Vec::new(),
        at_once: None,
        on: true,
    }
}

/// A code that no other service has, of what a service is called.
fn code(name: &str, taken: &BTreeSet<String>) -> String {
    // Room for a number behind it.
    let most = Bounds::CODE - 5;
    let mut code = String::new();
    for letter in name.to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => code.push(letter),
            _ if !code.is_empty() && !code.ends_with('-') => code.push('-'),
            _ => {}
        }
        if code.len() == most {
            break;
        }
    }
    let code = match code.trim_end_matches('-') {
        "" => "service",
        code => code,
    };
    let numbered = (2..).map(|number: u32| format!("{code}-{number}"));
    let mut free = std::iter::once(code.to_owned()).chain(numbered).filter(|code| !taken.contains(code));
    free.next().unwrap_or_default()
}

pub(super) fn place(profile: &Profile, at: &str) -> Option<usize> {
    profile.services.iter().position(|service| service.code == at)
}

pub(super) fn entries(profile: &Profile) -> Vec<Entry> {
    use words::editing as say;
    let entry = |service: &Service| Entry {
        at: service.code.clone(),
        name: said(&service.name),
        cells: vec![
            (say::price(), service.price.map(replies::Amount::grouped).unwrap_or_default()),
            (say::minutes(), service.minutes.to_string()),
            (say::staff(), joined(&service.staff)),
        ],
        off: !service.on,
    };
    profile.services.iter().map(entry).collect()
}

pub(super) fn specs(profile: &Profile, at: Option<&str>) -> Vec<Spec> {
    use words::editing as say;
    let stands = at.and_then(|at| place(profile, at)).and_then(|place| profile.services.get(place));
    let service = stands.cloned().unwrap_or_else(blank);
    let [sw, en] = both(NAME, (say::name_sw(), say::name_en()), &Input::TEXT, &service.name);
    vec![
        sw.hint(say::one_enough()),
        en,
        Spec::line("price", say::price(), shown(service.price)).hint(say::price_hint()),
        Spec::number("minutes", say::minutes(), service.minutes).hint(say::minutes_hint()),
        Spec::line("staff", say::staff(), joined(&service.staff)).hint(say::list_hint()),
        Spec::new(
            "at_once",
            say::at_once(),
            Input::NUMBER,
            service.at_once.map(|number| number.to_string()).unwrap_or_default(),
        ),
        Spec::line("words", say::words(), joined(&service.words)).hint(say::list_hint()),
        Spec::switch("on", say::on(), service.on),
    ]
}

pub(super) fn edit(
    profile: &mut Profile,
    at: Option<&str>,
    remove: bool,
    form: &Form,
) -> Result<(), Problem> {
    use words::editing as say;
    let place = at.map(|at| place(profile, at).ok_or_else(gone)).transpose()?;
    let taken: BTreeSet<String> = profile.services.iter().map(|service| service.code.clone()).collect();
    edit_entry(&mut profile.services, place, remove, blank, |service| {
        text(form, NAME, &mut service.name);
        // Nobody is asked for it. Bookings name the service by it, so that it stays whatever becomes of the name.
        if service.code.is_empty() {
            service.code = code(&said(&service.name), &taken);
        }
        optional_amount(form, "price", say::price(), &mut service.price)?;
        number(form, "minutes", say::minutes(), &mut service.minutes)?;
        list(form, "staff", &mut service.staff);
        optional_number(form, "at_once", say::at_once(), &mut service.at_once)?;
        list(form, "words", &mut service.words);
        switch(form, "on", say::on(), &mut service.on)?;
        Ok(())
    })
}
