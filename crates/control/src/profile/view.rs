//! The page of a part.

use askama::Template;
use domain::TenantId;
use replies::Profile;
use strum::VariantArray as _;
use web::{
    Problem,
    ui::{Empty, Field, Head, Html, Icon},
};

use profile_forms::{Entry, Form, Part, adding, empty, fields, stands};

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
    let sayings = super::pack(call).map(|pack| pack.sayings()).unwrap_or_default();
    let entries = part.entries(profile, &sayings);
    let entry = entries.iter().flatten().find(|entry| Some(entry.at.as_str()) == at);
    let at = entry.map(|entry| entry.at.clone());
    let heading =
        entry.map_or_else(|| adding(part).to_owned(), |entry| words::editing::change_it(&entry.name));
    let stands = if part == Part::Texts { stands(&sayings, at.as_deref()) } else { Vec::new() };
    let fields = fields(part.specs(profile, at.as_deref()), form, problem, faults);
    let beside = fields.iter().any(|field| field.error.is_some());
    let view = View {
        id: call.id(),
        name: call.detail.tenant.name.clone(),
        title: part.label(),
        version: profile.version,
        tabs: Part::VARIANTS.iter().map(|one| (place(*one, call), one.label(), *one == part)).collect(),
        part: part.into(),
        place: place(part, call),
        list: entries.map(|entries| Html::of(&list(part, place(part, call), entries))),
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

/// Where a part's page is.
pub(crate) fn place(part: Part, call: &TenantCall) -> String {
    format!("{}/profile?part={}", call.place(), <&str>::from(part))
}

fn list(part: Part, place: String, entries: Vec<Entry>) -> List {
    let heads = entries.first().map(|entry| entry.cells.iter().map(|(head, _)| *head).collect());
    List { place, heads: heads.unwrap_or_default(), entries, empty: empty(part) }
}
