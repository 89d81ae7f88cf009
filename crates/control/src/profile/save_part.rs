//! `POST /admin/tenants/{id}/profile` from the form of its page: one part of it, or one entry of a list.

use std::collections::BTreeMap;

use profile_forms::Part;
use serde::Deserialize;
use utoipa::ToSchema;
use web::{FormBody, Kind, Problem};

use super::{faults, place, save, stale, stands, tagged, view};
use crate::{error::Answer, reply::done, tenants::TenantCall};

/// One part of a business profile as its page's form sends it.
#[derive(Debug, Default, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "part": "contact", "phone": "+255 754 000 111" }))]
#[serde(default)]
pub(crate) struct PartForm {
    /// Which: contact, services, catalogue, questions, booking, delivery, manners or texts.
    #[schema(required)]
    part: String,
    /// The version that was looked at; where another has come meanwhile, nothing is changed.
    version: Option<String>,
    /// Which entry of a list is changed; left out, one is added.
    at: Option<String>,
    /// `yes` takes the entry out.
    remove: Option<String>,
    /// The fields of the part.
    #[serde(flatten)]
    fields: BTreeMap<String, String>,
}

/// Change a part of a business profile by the form of its page
///
/// Leads back to the page. What is not sent stays as it is, and what is sent empty is emptied.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/profile", tag = "pages",
    request_body(content = PartForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303), (status = 200, body = api::BusinessProfile))
)]
pub(crate) async fn handle(call: TenantCall, FormBody(form): FormBody<PartForm>) -> Answer {
    let part = Part::read(Some(&form.part))?;
    let before = stands(&call).await?;
    let at = form.at.as_deref().filter(|at| !at.is_empty());
    let mut faults = Vec::new();
    let outcome = match edited(&form, part, at, &before) {
        Ok(new) => {
            faults = typed_wrong(&call, part, at, (&before, &new));
            save(&call, &before, new).await
        }
        Err(problem) => Err(problem.into()),
    };
    match outcome {
        Ok(profile) if !call.client.html => Ok(tagged(&profile)),
        Ok(_) => Ok(done(call.client, words::editing::saved(), &view::place(part, &call))),
        Err(error) if call.client.html && !call.client.fragment && error.problem().field().is_some() => {
            // Who saves a second time has seen what stands.
            let now = if error.problem().kind() == Kind::Stale { stands(&call).await? } else { before };
            let refused = view::Refused { form: &form.fields, problem: error.problem(), faults };
            view::page(&call, &now, part, at, Some(refused)).await
        }
        Err(error) => Err(error),
    }
}

/// All that is wrong with what this form changes, so that each is said beside its field.
fn typed_wrong(
    call: &TenantCall,
    part: Part,
    at: Option<&str>,
    (before, new): (&replies::Profile, &replies::Profile),
) -> Vec<(String, String)> {
    let within = part.within(before, new, at);
    let faults = faults(call, new).into_iter();
    let told = faults.filter(|fault| within.iter().any(|within| fault.path.starts_with(within.as_str())));
    told.map(|fault| (place(&fault.path), fault.to_string())).collect()
}

fn edited(
    form: &PartForm,
    part: Part,
    at: Option<&str>,
    before: &replies::Profile,
) -> Result<replies::Profile, Problem> {
    let seen = form.version.as_deref().filter(|seen| !seen.is_empty());
    let seen = seen.map(str::parse::<i64>).transpose();
    let seen = seen.map_err(|_| Problem::invalid_field("version", words::editing::version_field()))?;
    if seen.is_some_and(|seen| seen != before.version) {
        return Err(stale());
    }
    let mut new = before.clone();
    let remove = form.remove.as_deref() == Some("yes");
    part.edit(&mut new, at, remove, &form.fields)?;
    Ok(new)
}
