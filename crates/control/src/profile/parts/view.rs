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
    texts,
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
    /// What the pack itself says.
    stands: Vec<(&'static str, String)>,
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
    refused: Option<Refused<'_>>,
) -> Answer {
    let (form, problem) =
        refused.as_ref().map_or((None, None), |refused| (Some(refused.form), Some(refused.problem)));
    let faults = refused.as_ref().map(|refused| refused.faults.as_slice()).unwrap_or_default();
    let pack = super::super::pack(call);
    let entries = part.entries(profile, pack.as_deref());
    let entry = entries.iter().flatten().find(|entry| Some(entry.at.as_str()) == at);
    let at = entry.map(|entry| entry.at.clone());
    let heading =
        entry.map_or_else(|| adding(part).to_owned(), |entry| words::editing::change_it(&entry.name));
    let stands = if part == Part::Texts { texts::stands(pack.as_deref(), at.as_deref()) } else { Vec::new() };
    let fields = fields(part.specs(profile, at.as_deref()), form, problem, faults);
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
        stands,
        fields,
        wrong: problem.filter(|_| !beside).map(|problem| problem.detail().to_owned()),
        files: part == Part::Files,
    };
    let head = Head::new(words::editing::title(&call.detail.tenant.name));
    Ok(call.form(Section::Tenants, head, &view, problem).await)
}

/// A form that was refused, and why.
pub(crate) struct Refused<'a> {
    /// What was typed.
    pub(crate) form: &'a Form,
    /// Why.
    pub(crate) problem: &'a Problem,
    /// All that is wrong with what was typed, by its place in the document, where it could be read.
    pub(crate) faults: Vec<(String, String)>,
}

fn fields(
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
        Part::Texts => ("chat", say::none_texts(), say::none_texts_text()),
        _ => ("chat", say::none_questions(), say::none_questions_text()),
    };
    let heads = entries.first().map(|entry| entry.cells.iter().map(|(head, _)| *head).collect());
    List { place, heads: heads.unwrap_or_default(), entries, empty: Empty::new(icon, title, text) }
}
