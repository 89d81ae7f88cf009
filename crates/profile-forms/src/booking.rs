//! When and how much can be booked, and what the bot says without having been asked.

use replies::Profile;
use web::Problem;

use super::{
    fields::{Form, Spec, number, switch},
    spans,
};

pub(super) fn specs(profile: &Profile) -> Vec<Spec> {
    use words::editing as say;
    let (rules, reminders) = (&profile.booking, &profile.reminders);
    vec![
        spans::spec("lead_minutes", say::lead(), rules.lead_minutes),
        Spec::number("days_ahead", say::days_ahead(), rules.days_ahead),
        Spec::number("slot_minutes", say::slot_minutes(), rules.slot_minutes).hint(say::minutes_hint()),
        Spec::number("at_once", say::at_once_all(), rules.at_once),
        spans::list_spec("before_minutes", say::before(), &reminders.before_minutes).hint(say::before_hint()),
        Spec::switch("missed_you", say::missed_you(), reminders.missed_you),
        spans::optional_spec("ask_order_after_minutes", say::ask_order(), reminders.ask_order_after_minutes)
            .hint(say::ask_order_hint()),
    ]
}

pub(super) fn edit(profile: &mut Profile, form: &Form) -> Result<(), Problem> {
    use words::editing as say;
    let (rules, reminders) = (&mut profile.booking, &mut profile.reminders);
    spans::put(form, "lead_minutes", say::lead(), &mut rules.lead_minutes)?;
    number(form, "days_ahead", say::days_ahead(), &mut rules.days_ahead)?;
    number(form, "slot_minutes", say::slot_minutes(), &mut rules.slot_minutes)?;
    number(form, "at_once", say::at_once_all(), &mut rules.at_once)?;
    spans::put_list(form, "before_minutes", say::before(), &mut reminders.before_minutes)?;
    switch(form, "missed_you", say::missed_you(), &mut reminders.missed_you)?;
    spans::put_optional(
        form,
        "ask_order_after_minutes",
        say::ask_order(),
        &mut reminders.ask_order_after_minutes,
    )
}
