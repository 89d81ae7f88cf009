//! `POST /app/onboarding`: one step's words, checked and kept; then the next step.

use axum::response::{IntoResponse, Response};
use domain::Language;
use http::{HeaderMap, header};
use serde::Deserialize;
use web::{FormBody, Problem, place::see_other};

use super::{
    ONBOARDING,
    draft::Draft,
    hours, number,
    show::{self, draft_of},
    steps::Step,
    view,
};
use crate::{Answer, Call, Refusal};

/// Longest name that customers read.
const NAME_MAX: usize = 120;
/// Longest word for what one does.
const KIND_MAX: usize = 60;

/// What a step sends; each sends its own fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Form {
    pub(super) step: String,
    /// `send` where the last step has led back here.
    pub(super) then: String,
    pub(super) business_name: String,
    pub(super) business_type: String,
    pub(super) template_type: String,
    pub(super) country: String,
    pub(super) whatsapp_number: String,
    pub(super) language: String,
    /// `later` where hours are left out for now.
    pub(super) hours: String,
    #[serde(flatten)]
    days: std::collections::HashMap<String, String>,
}

impl Form {
    /// Whether a day is open, from when and until when.
    pub(super) fn day(&self, day: usize) -> (bool, &str, &str) {
        let field = |name: &str| self.days.get(&format!("{name}_{day}")).map_or("", String::as_str);
        (self.days.contains_key(&format!("open_{day}")), field("from"), field("until"))
    }
}

pub(super) async fn handle(call: Call, headers: HeaderMap, FormBody(form): FormBody<Form>) -> Answer {
    show::owners_without_a_request(&call)?;
    let step = Step::of(&form.step).ok_or_else(|| Refusal::to(ONBOARDING))?;
    let (mut draft, note) = draft_of(&call, &headers).await?;
    if let Err(problem) = put_in(&mut draft, step, &form) {
        return view::page(&call, step, &draft, note.as_deref(), Some((&problem, &form))).await;
    }
    let next = if form.then == "send" { Step::Send } else { step.next() };
    let place = format!("{ONBOARDING}?step={}", next.word());
    Ok(keep(see_other(&place), &draft, call.portal.https()))
}

/// Adds the cookie.
pub(super) fn keep(response: Response, draft: &Draft, https: bool) -> Response {
    let mut response = response.into_response();
    if let Some(cookie) = draft.cookie(https) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn put_in(draft: &mut Draft, step: Step, form: &Form) -> Result<(), Problem> {
    use words::portal_setup as say;

    match step {
        Step::Business => {
            let name = one_line(&form.business_name);
            draft.business_name.clone_from(&name);
            draft.business_type = one_line(&form.business_type);
            if name.is_empty() {
                return Err(Problem::invalid_field("business_name", say::name_needed()));
            }
            if name.chars().count() > NAME_MAX {
                return Err(Problem::invalid_field("business_name", say::name_long(NAME_MAX)));
            }
            if draft.business_type.chars().count() > KIND_MAX {
                return Err(Problem::invalid_field("business_type", say::kind_long(KIND_MAX)));
            }
        }
        Step::Pack => {
            if form.template_type.parse::<domain::PackId>().is_err() {
                return Err(Problem::invalid_field("template_type", say::pack_needed()));
            }
            draft.template_type.clone_from(&form.template_type);
        }
        Step::Number => {
            draft.language = match form.language.as_str() {
                "EN" => Some(Language::En),
                _ => Some(Language::Sw),
            };
            draft.whatsapp_number = number::read(&form.country, &form.whatsapp_number)?.as_str().to_owned();
        }
        Step::Hours => {
            draft.hours =
                if form.hours == "later" { None } else { Some(hours::read(form, draft.hours.as_ref())?) };
            draft.hours_seen = true;
        }
        Step::Send => {}
    }
    Ok(())
}

/// A text without line breaks and blanks around it.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).collect()
}
