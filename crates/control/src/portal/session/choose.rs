//! `POST /portal/session/tenant`: says which of one's tenants the session is about.

use accounts::PeopleError;
use axum::Json;
use web::JsonBody;

use crate::{
    error::Answer,
    portal::{call::PersonCall, facts},
};

/// Choose one of one's tenants
#[utoipa::path(
    post, path = "/portal/session/tenant", tag = "portal", request_body = api::portal::ChooseTenant,
    responses((status = 200, body = api::portal::SessionFacts))
)]
pub(crate) async fn handle(
    call: PersonCall,
    JsonBody(given): JsonBody<api::portal::ChooseTenant>,
) -> Answer<Json<api::portal::SessionFacts>> {
    let people = call.app.accounts.people();
    people.choose(&call.found, given.tenant_id).await?;
    let found = match people.session(&call.found.session.id).await {
        Err(PeopleError::SessionOver) => return Err(PeopleError::SessionOver.into()),
        found => found?,
    };
    Ok(Json(facts::of(&call.app, &found).await?))
}
