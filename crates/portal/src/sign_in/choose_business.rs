//! `POST /app/businesses`: from now on the session is about another of one's businesses.

use api::portal::ChooseTenant;
use domain::TenantId;
use serde::Deserialize;
use web::{FormBody, Kind, Problem, place::see_other};

use super::INSIDE;
use crate::{Answer, Call};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Form {
    tenant: String,
}

pub(super) async fn handle(call: Call, FormBody(form): FormBody<Form>) -> Answer {
    let tenant_id: TenantId = form
        .tenant
        .parse()
        .map_err(|_| Problem::new(Kind::TenantNotFound, words::portal_sign_in::no_business_say()))?;
    call.post::<serde::de::IgnoredAny>("/portal/session/tenant", &ChooseTenant { tenant_id }).await?;
    Ok(see_other(INSIDE))
}
