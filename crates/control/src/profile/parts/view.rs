//! The page of a part.

use askama::Template;
use domain::TenantId;
use replies::Profile;
use strum::VariantArray as _;
use web::{
    Problem,
    ui::{Empty, Field, Head, Html, Icon},
};

use super::{
    Part,
    fields::{Entry, Form, Spec},
};
use crate::{error::Answer, shell::Section, tenants::TenantCall};

#[derive(Template)]
#[template(path = "profile/page.html")]
struct View {
    id: TenantId,
    name: String,
    title: &'static str,
    version: i64,
    tabs: Vec<(String, &'static str, bool)>,
    part: &'static str,
    /// The page of the part.
    place: String,
    list: Option<Html>,
    /// The entry that is changed.
    at: Option<String>,
    /// What the form does.
    heading: String,
    fields: Vec<Field>,
    /// What is wrong, where no field of the form is at fault.
    wrong: Option<String>,
    files: bool,
}

#[derive(Template)]
#[template(path = "profile/entries.html")]
struct List {
    place: String,
    heads: Vec<&'static str>,
    entries: Vec<Entry>,
    empty: Empty,
}

/// The page of a part; with a form that was refused, and why.
pub(crate) async fn page(
    call: &TenantCall,
    profile: &Profile,
    part: Part,
    at: Option<&str>,
    refused: Option<(&Form, &Problem)>,
) -> Answer {
    let (form, problem) = refused.map_or((None, None), |(form, problem)| (Some(form), Some(problem)));
    let entries = part.entries(profile);
    let entry = entries.iter().flatten().find(|entry| Some(entry.at.as_str()) == at);
    let at = entry.map(|entry| entry.at.clone());
    let heading =
        entry.map_or_else(|| adding(part).to_owned(), |entry| words::editing::change_it(&entry.name));
    let fields = fields(part.specs(profile, at.as_deref()), form, problem);
    let beside = fields.iter().any(|field| field.error.is_some());
    let view = View {
        id: call.id(),
        name: call.detail.tenant.name.clone(),
        title: part.label(),
        version: profile.version,
        tabs: Part::VARIANTS.iter().map(|one| (one.place(call), one.label(), *one == part)).collect(),
        part: part.into(),
        place: part.place(call),
        list: entries.map(|entries| Html::of(&list(part, part.place(call), entries))),
        at,
        heading,
        fields,
        wrong: problem.filter(|_| !beside).map(|problem| problem.detail().to_owned()),
        files: part == Part::Files,
    };
    let head = Head::new(words::editing::title(&call.detail.tenant.name));
    Ok(call.form(Section::Tenants, head, &view, problem).await)
}

fn fields(specs: Vec<Spec>, form: Option<&Form>, problem: Option<&Problem>) -> Vec<Field> {
    let names: Vec<&str> = specs.iter().map(|spec| spec.name).collect();
    let problem = problem.map(|problem| problem.clone().with_field(named(problem, &names)));
    let field = |spec: Spec| {
        let typed = form.and_then(|form| form.get(spec.name).cloned());
        let field = Field::new(spec.name, spec.label, spec.input)
            .hint(spec.hint)
            .value(typed.unwrap_or(spec.value))
            .wrong(problem.as_ref());
        if spec.required { field } else { field.optional() }
    };
    specs.into_iter().map(field).collect()
}

/// The field of the form that a problem is about: a text in two languages is two fields, and the first one tells.
fn named(problem: &Problem, names: &[&str]) -> String {
    let place = problem.field().unwrap_or_default();
    let last = place.rsplit('.').next().unwrap_or_default().split('[').next().unwrap_or_default();
    let first = format!("{last}_sw");
    if !names.contains(&last) && names.contains(&first.as_str()) { first } else { place.to_owned() }
}

fn adding(part: Part) -> &'static str {
    match part {
        Part::Services => words::editing::add_service(),
        Part::Catalogue => words::editing::add_product(),
        Part::Questions => words::editing::add_question(),
        other => other.label(),
    }
}

fn list(part: Part, place: String, entries: Vec<Entry>) -> List {
    use words::editing as say;
    let (icon, title, text) = match part {
        Part::Services => ("clock", say::none_services(), say::none_services_text()),
        Part::Catalogue => ("inbox", say::none_catalogue(), say::none_catalogue_text()),
        _ => ("chat", say::none_questions(), say::none_questions_text()),
    };
    let heads = entries.first().map(|entry| entry.cells.iter().map(|(head, _)| *head).collect());
    List { place, heads: heads.unwrap_or_default(), entries, empty: Empty::new(icon, title, text) }
}
