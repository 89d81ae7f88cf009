//! The fields as a page shows them: what stands, what was typed, and what is wrong with it, each beside its field.

use web::{
    Problem,
    ui::{Empty, Field},
};

use crate::{Form, Part, Spec};

/// The fields of a form; with what was typed, and all that is wrong with it where it was refused (`faults`: places in the
/// document with sentences; else the one `problem`).
#[must_use]
pub fn fields(
    specs: Vec<Spec>,
    form: Option<&Form>,
    problem: Option<&Problem>,
    faults: &[(String, String)],
) -> Vec<Field> {
    let names: Vec<&str> = specs.iter().map(|spec| spec.name).collect();
    let problem = problem.map(|problem| {
        let place = named(problem.field().unwrap_or_default(), &names);
        problem.clone().with_field(place)
    });
    let field = |spec: Spec| {
        let fault = faults.iter().find(|(place, _)| last(&named(place, &names)) == spec.name);
        let fault = fault.map(|(_, why)| Problem::invalid_field(spec.name, why.clone()));

        let typed = form.and_then(|form| form.get(spec.name).cloned());
        let field = Field::new(spec.name, spec.label, spec.input)
            .hint(spec.hint)
            .value(typed.unwrap_or(spec.value))
            .wrong(fault.as_ref().or(problem.as_ref().filter(|_| faults.is_empty())));
        if spec.required { field } else { field.optional() }
    };
    specs.into_iter().map(field).collect()
}

/// The field of the form that a problem is about: a text in two languages is two fields, and the first one tells.
fn named(place: &str, names: &[&str]) -> String {
    if let Some(key) = place.strip_prefix("texts.") {
        return if key.ends_with(".en") { "said_en" } else { "said_sw" }.to_owned();
    }
    let last = last(place);
    let first = format!("{last}_sw");
    if !names.contains(&last) && names.contains(&first.as_str()) { first } else { place.to_owned() }
}

/// The last word of a place.
fn last(place: &str) -> &str {
    place.rsplit('.').next().unwrap_or_default().split('[').next().unwrap_or_default()
}

/// What a form is called that adds an entry.
#[must_use]
pub fn adding(part: Part) -> &'static str {
    match part {
        Part::Services => words::editing::add_service(),
        Part::Catalogue => words::editing::add_product(),
        Part::Questions => words::editing::add_question(),
        other => other.label(),
    }
}

/// What a list says that has no entries yet.
#[must_use]
pub fn empty(part: Part) -> Empty {
    use words::editing as say;
    let (icon, title, text) = match part {
        Part::Services => ("clock", say::none_services(), say::none_services_text()),
        Part::Catalogue => ("inbox", say::none_catalogue(), say::none_catalogue_text()),
        Part::Texts => ("chat", say::none_texts(), say::none_texts_text()),
        _ => ("chat", say::none_questions(), say::none_questions_text()),
    };
    Empty::new(icon, title, text)
}
