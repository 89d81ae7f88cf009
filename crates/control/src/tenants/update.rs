//! `PATCH /admin/tenants/{id}`: changes what is named and leaves the rest.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::PackId;
use http::{HeaderMap, HeaderValue, header};
use replies::Packs;
use serde::Serialize;
use store::{ConfigChange, StoreError, TenantChange};
use web::{JsonBody, Kind, Problem};

use super::{Desk, TenantCall, create};
use crate::{checks, error::Answer, packs};

/// Change a tenant
///
/// Changes what is named and leaves the rest. With `If-Match` of the `ETag` that was read, nothing is changed where
/// somebody else has changed the configuration meanwhile.
#[utoipa::path(
    patch, path = "/admin/tenants/{id}", tag = "tenants", request_body = api::UpdateTenant,
    params(("If-Match" = Option<String>, Header, description = "The version that was read, like `\"3\"`.")),
    responses((status = 200, body = api::Tenant))
)]
pub(crate) async fn handle(
    mut call: TenantCall,
    headers: HeaderMap,
    JsonBody(body): JsonBody<api::UpdateTenant>,
) -> Answer {
    let seen = headers.get(header::IF_MATCH).map(version).transpose()?.flatten();
    update(&mut call, seen, body).await?;
    changed(&call).await
}

/// Changes it where `seen` is the version that stands, and tells the worker.
pub(crate) async fn update(desk: &mut Desk, seen: Option<i64>, body: api::UpdateTenant) -> Answer<()> {
    let (tenant, config) = check(&desk.app.supervisor.packs(), desk.detail.config.template_type, body)?;
    let before = desk.detail.config.version;
    if seen.is_some_and(|seen| seen != before) {
        return Err(stale().into());
    }
    let number = tenant.phone.clone().flatten();
    desk.detail = match desk.scope.update_both(seen, tenant, config).await {
        Ok(detail) => detail,
        Err(StoreError::Conflict { field: "version", .. }) => return Err(stale().into()),
        Err(error) => return Err(create::taken(&desk.app, number.as_ref(), error).await),
    };
    if before != desk.detail.config.version {
        desk.tell_worker();
    }
    Ok(())
}

/// The tenant as it is after a change, with what is odd about it.
pub(super) async fn changed(call: &TenantCall) -> Answer {
    Ok(tagged(call, create::told(&call.app, call.document(), &call.detail).await?))
}

/// A document of the tenant with its version as an entity tag (RFC 9110).
pub(super) fn tagged(call: &TenantCall, document: impl Serialize) -> Response {
    let tag = format!("\"{}\"", call.detail.config.version);
    ([(header::ETAG, tag)], Json(document)).into_response()
}

fn stale() -> Problem {
    let detail = words::tenant::stale();
    Problem::new(Kind::Stale, detail).with_field("version")
}

/// What `If-Match` names; `*` is any version.
pub(crate) fn version(value: &HeaderValue) -> Result<Option<i64>, Problem> {
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let number =
        text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
    number.map(Some).ok_or_else(|| {
        Problem::invalid_field(
            "If-Match",
            "`If-Match` is the `ETag` of the tenant as it was read, like \"3\".",
        )
    })
}

/// `stands` is the tenant's pack, which may stay although this installation does not have it any more.
pub(super) fn check(
    packs: &Packs,
    stands: PackId,
    body: api::UpdateTenant,
) -> Result<(TenantChange, ConfigChange), Problem> {
    let pack = |text: String| match text == stands.as_str() {
        true => Ok(stands),
        false => packs::read(packs, "config.template_type", &text),
    };
    let config = body.config.unwrap_or_default();
    let tenant = TenantChange {
        name: body.name.as_deref().map(checks::name).transpose()?,
        phone: body
            .phone_number
            .map(|number| number.as_deref().map(|text| checks::phone("phone_number", text)).transpose())
            .transpose()?,
        timezone: body.timezone.as_deref().map(checks::timezone).transpose()?,
        currency: body.currency.as_deref().map(checks::currency).transpose()?,
        retention_days: body
            .retention_days
            .map(|days| days.map(checks::retention_days).transpose())
            .transpose()?,
    };
    let config = ConfigChange {
        template_type: config.template_type.map(pack).transpose()?,
        business_name: config.business_name.as_deref().map(checks::business_name).transpose()?,
        language: config.language,
        hours: config.hours.map(|hours| hours.map(checks::hours).transpose()).transpose()?,
        rate_limit_per_minute: config
            .rate_limit_per_minute
            .map(|limit| limit.map(checks::rate_limit).transpose())
            .transpose()?,
        remove_deleted: config.remove_deleted,
    };
    Ok((tenant, config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_entity_tags() {
        let read = |text: &'static str| version(&HeaderValue::from_static(text));
        assert_eq!(read("\"3\"").unwrap(), Some(3));
        assert_eq!(read("*").unwrap(), None);
        for wrong in ["3", "\"x\"", "", "W/\"3\""] {
            assert_eq!(read(wrong).unwrap_err().field(), Some("If-Match"), "{wrong}");
        }
    }
}
