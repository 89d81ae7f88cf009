//! `PATCH /admin/tenants/{id}`: changes what is named and leaves the rest.

use axum::{Json, extract::State};
use domain::id::kind::Tenant;
use store::{ConfigChange, TenantChange};
use web::{JsonBody, PathId, Problem};

use crate::{App, auth::Operator, checks, convert, refusal, wire};

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    PathId(id): PathId<Tenant>,
    JsonBody(body): JsonBody<wire::UpdateTenant>,
) -> Result<Json<wire::Tenant>, Problem> {
    let (tenant, config) = check(body)?;
    let scope = app.store.tenant(id).by(operator.actor);
    let before = scope.get().await.map_err(|error| refusal::by_store(&error))?;
    let after = scope.update_both(tenant, config).await.map_err(|error| refusal::by_store(&error))?;
    if before.config.version != after.config.version
        && let Err(error) = app.supervisor.configure(id)
    {
        // It is told with its next connection at the latest.
        tracing::warn!(%error, tenant = %id, "the worker could not be told its new settings at once");
    }
    Ok(Json(convert::tenant(&app, after)))
}

fn check(body: wire::UpdateTenant) -> Result<(TenantChange, ConfigChange), Problem> {
    let config = body.config.unwrap_or_default();
    let tenant = TenantChange {
        name: body.name.as_deref().map(checks::name).transpose()?,
        phone: body
            .phone_number
            .map(|number| number.as_deref().map(checks::phone).transpose())
            .transpose()?,
        timezone: body.timezone.as_deref().map(checks::timezone).transpose()?,
        currency: body.currency.as_deref().map(checks::currency).transpose()?,
        retention_days: body
            .retention_days
            .map(|days| days.map(checks::retention_days).transpose())
            .transpose()?,
    };
    let config = ConfigChange {
        template_type: config.template_type,
        business_name: config.business_name.as_deref().map(checks::business_name).transpose()?,
        language: config.language,
        hours: config.hours.map(|hours| hours.map(checks::hours).transpose()).transpose()?,
        rate_limit_per_minute: config
            .rate_limit_per_minute
            .map(|limit| limit.map(checks::rate_limit).transpose())
            .transpose()?,
    };
    Ok((tenant, config))
}
