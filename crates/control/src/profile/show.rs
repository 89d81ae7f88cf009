//! `GET /admin/tenants/{id}/profile`: the business profile as a document, or a part of it on a page.

use profile_forms::Part;
use serde::Deserialize;
use utoipa::IntoParams;
use web::Asked;

use super::{stands, tagged, view};
use crate::{error::Answer, tenants::TenantCall};

/// The query. All of it is for the page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Which part of it: contact, services, catalogue, questions, booking, delivery, manners, texts or files.
    part: Option<String>,
    /// Which entry of a list is changed: a code, or a question's number.
    at: Option<String>,
}

/// A tenant's business profile
///
/// What its customers are told and what they can book or order. The header `ETag` is its version.
#[utoipa::path(
    get, path = "/admin/tenants/{id}/profile", tag = "business profile", params(Parameters),
    responses((status = 200, body = api::BusinessProfile))
)]
pub(crate) async fn handle(call: TenantCall, Asked(query): Asked<Parameters>) -> Answer {
    let profile = stands(&call).await?;
    if !call.client.html {
        return Ok(tagged(&profile));
    }
    let part = Part::read(query.part.as_deref())?;
    view::page(&call, &profile, part, query.at.as_deref(), None).await
}
