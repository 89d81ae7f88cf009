//! `PATCH /admin/tenants/{id}`: changes what is named and leaves the rest.

use axum::{Json, extract::State};
use domain::id::kind::Tenant;
use serde_json::{Map, Value, json};
use store::{ConfigChange, TenantChange, TenantDetail};
use web::{JsonBody, PathId, Problem};

use crate::{App, audit, auth::Operator, checks, convert, refusal, wire};

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    PathId(id): PathId<Tenant>,
    JsonBody(body): JsonBody<wire::UpdateTenant>,
) -> Result<Json<wire::Tenant>, Problem> {
    let (tenant, config) = check(body)?;
    let scope = app.store.tenant(id);
    let before = scope.get().await.map_err(|error| refusal::by_store(&error))?;
    if tenant != TenantChange::default() {
        scope.update(tenant).await.map_err(|error| refusal::by_store(&error))?;
    }
    if config != ConfigChange::default() {
        scope.configure(config).await.map_err(|error| refusal::by_store(&error))?;
    }
    let after = scope.get().await.map_err(|error| refusal::by_store(&error))?;
    let changes = changes(&before, &after);
    if !changes.is_empty() {
        audit::record(&app, &operator, id, "TENANT_CHANGED", &Value::Object(changes)).await;
    }
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
    };
    Ok((tenant, config))
}

/// What changed from what to what, for the audit log, which outlives the tenant: numbers are masked in it.
fn changes(before: &TenantDetail, after: &TenantDetail) -> Map<String, Value> {
    let fields = |detail: &TenantDetail| {
        let number = detail.tenant.phone_number.as_ref().map(|phone| phone.digits().masked());
        vec![
            ("name", json!(detail.tenant.name)),
            ("phone_number", json!(number)),
            ("timezone", json!(detail.tenant.timezone)),
            ("currency", json!(detail.tenant.currency)),
            ("retention_days", json!(detail.tenant.retention_days)),
            ("config.template_type", json!(detail.config.template_type)),
            ("config.business_name", json!(detail.config.business_name)),
            ("config.language", json!(detail.config.language)),
            ("config.hours", json!(detail.config.hours)),
        ]
    };
    let pairs = fields(before).into_iter().zip(fields(after));
    pairs
        .filter(|((_, old), (_, new))| old != new)
        .map(|((name, old), (_, new))| (name.to_owned(), json!({ "from": old, "to": new })))
        .collect()
}
