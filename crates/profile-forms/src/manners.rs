//! Whom the bot leaves alone, when it keeps quiet, and when a person comes at once.

use replies::Profile;
use web::{Problem, ui::Input};

use super::{
    fields::{Form, Spec, joined, list, switch},
    spans,
};

pub(super) fn specs(profile: &Profile) -> Vec<Spec> {
    use words::editing as say;
    let manners = &profile.manners;
    vec![
        Spec::line("urgent_words", say::urgent(), joined(&profile.urgent_words)).hint(say::urgent_hint()),
        Spec::new("left_alone", say::left_alone(), Input::Area, manners.left_alone.join("\n"))
            .hint(say::left_alone_hint()),
        Spec::switch("only_new_people", say::only_new(), manners.only_new_people).hint(say::only_new_hint()),
        spans::spec("hand_off_minutes", say::hand_off(), manners.hand_off_minutes),
        spans::spec("go_on_after_minutes", say::go_on(), manners.go_on_after_minutes),
    ]
}

pub(super) fn edit(profile: &mut Profile, form: &Form) -> Result<(), Problem> {
    use words::editing as say;
    list(form, "urgent_words", &mut profile.urgent_words);
    let manners = &mut profile.manners;
    list(form, "left_alone", &mut manners.left_alone);
    switch(form, "only_new_people", say::only_new(), &mut manners.only_new_people)?;
    spans::put(form, "hand_off_minutes", say::hand_off(), &mut manners.hand_off_minutes)?;
    spans::put(form, "go_on_after_minutes", say::go_on(), &mut manners.go_on_after_minutes)
}
