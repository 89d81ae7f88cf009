//! `POST /admin/tenants`: a new tenant with its configuration, session and worker rows.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{Language, PackType};
use http::{HeaderValue, StatusCode, header};
use store::NewTenant;
use web::{JsonBody, Problem};

use crate::{App, auth::Operator, checks, convert, refusal, wire};

/// Where a tenant names no other.
const TIMEZONE: &str = "Africa/Dar_es_Salaam";
const CURRENCY: &str = "TZS";

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    JsonBody(body): JsonBody<wire::CreateTenant>,
) -> Result<Response, Problem> {
    let new = check(body)?;
    let created = app
        .store
        .operator()
        .by(operator.actor)
        .create_tenant(&new)
        .await
        .map_err(|error| refusal::by_store(&error))?;
    let id = created.tenant.id;
    let mut response = (StatusCode::CREATED, Json(convert::tenant(&app, created))).into_response();
    if let Ok(location) = HeaderValue::from_str(&format!("/admin/tenants/{id}")) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

fn check(body: wire::CreateTenant) -> Result<NewTenant, Problem> {
    let name = checks::name(&body.name)?;
    let config = body.config.unwrap_or_default();
    Ok(NewTenant {
        phone: body.phone_number.as_deref().map(checks::phone).transpose()?,
        timezone: checks::timezone(body.timezone.as_deref().unwrap_or(TIMEZONE))?,
        currency: checks::currency(body.currency.as_deref().unwrap_or(CURRENCY))?,
        business_name: checks::business_name(config.business_name.as_deref().unwrap_or(&name))?,
        template_type: config.template_type.unwrap_or(PackType::Booking),
        language: config.language.unwrap_or(Language::Sw),
        hours: config.hours.flatten().map(checks::hours).transpose()?,
        rate_limit_per_minute: config.rate_limit_per_minute.flatten().map(checks::rate_limit).transpose()?,
        name,
    })
}
