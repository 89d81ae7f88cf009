//! How an order reaches its customer.

use replies::{Area, Profile};
use web::{Problem, ui::Input};

use super::fields::{Form, Spec, amount, given, optional_amount, shown, switch};
use crate::both;

pub(super) fn specs(profile: &Profile) -> Vec<Spec> {
    use words::editing as say;
    let delivery = &profile.delivery;
    let areas: Vec<String> = delivery.areas.iter().map(line).collect();
    vec![
        Spec::switch("pick_up", say::pick_up(), delivery.pick_up),
        Spec::new("areas", say::areas(), Input::Area, areas.join("\n")).hint(say::areas_hint()),
        Spec::line("elsewhere", say::elsewhere(), shown(delivery.elsewhere)).hint(say::elsewhere_hint()),
    ]
}

pub(super) fn edit(profile: &mut Profile, form: &Form) -> Result<(), Problem> {
    use words::editing as say;
    let delivery = &mut profile.delivery;
    switch(form, "pick_up", say::pick_up(), &mut delivery.pick_up)?;
    if let Some(typed) = form.get("areas") {
        delivery.areas = typed.lines().filter_map(given).map(area).collect::<Result<_, _>>()?;
    }
    optional_amount(form, "elsewhere", say::elsewhere(), &mut delivery.elsewhere)
}

/// `Swahili / English = fee`; a name without a slash is in Swahili.
fn line(area: &Area) -> String {
    format!("{} = {}", both::line(&area.name), area.fee)
}

fn area(line: &str) -> Result<Area, Problem> {
    let wrong = || Problem::invalid_field("areas", words::editing::area_line(line));
    let (name, fee) = line.rsplit_once('=').ok_or_else(wrong)?;
    let name = both::read(name);
    if name.is_empty() {
        return Err(wrong());
    }
    Ok(Area { name, fee: amount("areas", words::editing::areas(), fee)? })
}
