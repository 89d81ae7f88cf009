//! `PUT /portal/me`: changes one's own name, number and language.

use axum::Json;
use web::JsonBody;

use crate::{
    checks,
    error::Answer,
    portal::{call::PersonCall, facts},
};

/// Change one's own name, number and language
#[utoipa::path(
    put, path = "/portal/me", tag = "portal", request_body = api::portal::UpdateMe,
    responses((status = 200, body = api::portal::SessionFacts))
)]
pub(crate) async fn handle(
    call: PersonCall,
    JsonBody(given): JsonBody<api::portal::UpdateMe>,
) -> Answer<Json<api::portal::SessionFacts>> {
    let name = checks::person("name", &given.name)?;
    let phone = given.phone.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let phone = phone.map(|text| checks::phone("phone", text)).transpose()?;
    let people = call.app.accounts.people();
    people.update(call.found.account.user.id, &name, phone.as_ref(), given.language).await?;
    let found = people.session(&call.found.session.id).await?;
    Ok(Json(facts::of(&call.app, &found).await?))
}
