//! What can be booked.

use replies::{Profile, Service, Text};
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
        Spec::line("code", say::code(), &service.code).hint(say::code_hint()).required(),
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
    edit_entry(&mut profile.services, place, remove, blank, |service| {
        if let Some(code) = form.get("code") {
            service.code = code.trim().to_owned();
        }
        text(form, NAME, &mut service.name);
        optional_amount(form, "price", say::price(), &mut service.price)?;
        number(form, "minutes", say::minutes(), &mut service.minutes)?;
        list(form, "staff", &mut service.staff);
        optional_number(form, "at_once", say::at_once(), &mut service.at_once)?;
        list(form, "words", &mut service.words);
        switch(form, "on", say::on(), &mut service.on)?;
        Ok(())
    })
}
