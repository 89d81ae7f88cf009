//! `POST /admin/tenants`: a new tenant with its configuration, session and worker rows.

use axum::{Json, response::IntoResponse};
use domain::{Language, PackId, Phone, Timestamp};
use http::{StatusCode, header};
use replies::Packs;
use store::{NewTenant, StoreError, TenantDetail};
use web::{Kind, Problem, Sent, place::header_value};

use super::{convert, form::NewTenantForm, new};
use crate::{
    App,
    call::Call,
    checks,
    error::{Answer, Error},
    packs, profile,
    reply::leave,
};

/// Where a tenant names no other.
const TIMEZONE: &str = "Africa/Dar_es_Salaam";
const CURRENCY: &str = "TZS";

/// Create a tenant
///
/// A new tenant with its configuration, session and worker. What its bot is told may stand in `config` or beside the name;
/// where both say something, they say the same.
#[utoipa::path(
    post, path = "/admin/tenants", tag = "tenants",
    request_body(content((api::CreateTenant = "application/json"), (NewTenantForm = "application/x-www-form-urlencoded"))),
    responses((status = 201, body = api::Tenant))
)]
pub(crate) async fn handle(call: Call, sent: Sent<NewTenantForm, api::CreateTenant>) -> Answer {
    let form = match sent {
        Sent::Json(body) => return created(&call.app, create(&call, body).await?).await,
        Sent::Form(form) => form,
    };
    let outcome = match form.read() {
        Ok(body) => create(&call, body).await,
        Err(problem) => Err(problem.into()),
    };
    match outcome {
        Ok(detail) if !call.client.html => created(&call.app, detail).await,
        Ok(detail) => Ok(leave(call.client, &format!("/admin/tenants/{}", detail.tenant.id))),
        Err(error) if call.client.html && error.problem().field().is_some() => {
            Ok(new::page(&call, &form, Some(error.problem())).await)
        }
        Err(error) => Err(error),
    }
}

/// Creates it, as this operator's doing.
pub(super) async fn create(call: &Call, body: api::CreateTenant) -> Answer<TenantDetail> {
    let new = check(&call.app.supervisor.packs(), body, call.app.now())?;
    match call.app.store.operator().by(call.operator.actor).create_tenant(&new).await {
        Err(error) => Err(taken(&call.app, new.phone.as_ref(), error).await),
        Ok(created) => Ok(created),
    }
}

/// Says whose a number is that another tenant has declared; whoever is no operator never comes here.
pub(super) async fn taken(app: &App, number: Option<&Phone>, error: StoreError) -> Error {
    let StoreError::Conflict { field: "phone_number", .. } = &error else { return error.into() };
    let Some(number) = number else { return error.into() };
    match app.store.operator().declared_by(&[number]).await.map(|mut all| all.remove(number.as_str())) {
        Ok(Some((id, name))) => {
            let detail = words::tenants::number_taken(name, id);
            Problem::new(Kind::Conflict, detail).with_field("phone_number").into()
        }
        Ok(None) => error.into(),
        Err(error) => error.into(),
    }
}

/// What is odd about a tenant and may still be meant.
pub(super) async fn warnings(app: &App, detail: &TenantDetail) -> Answer<Vec<String>> {
    let (name, id) = (&detail.tenant.name, detail.tenant.id);
    let others = app.store.operator().namesakes(name, id).await?;
    let mut warnings: Vec<String> =
        packs::missing(&app.supervisor.packs(), detail.config.template_type).into_iter().collect();
    if others > 0 {
        warnings.push(words::tenants::namesakes(others));
    }
    if app.supervisor.live(id).is_some_and(|live| live.slowed_at.is_some()) {
        warnings.push(words::tenants::slowed().to_owned());
    }
    Ok(warnings)
}

/// The tenant's document with what is told where one is answered: what is odd about it, and its tags.
pub(super) async fn told(app: &App, document: api::Tenant, detail: &TenantDetail) -> Answer<api::Tenant> {
    let warnings = warnings(app, detail).await?;
    let mut tags = app.store.operator().tags_of(&[document.id]).await?;
    Ok(api::Tenant { warnings, tags: Some(tags.remove(&document.id).unwrap_or_default()), ..document })
}

async fn created(app: &App, detail: TenantDetail) -> Answer {
    let place = format!("/admin/tenants/{}", detail.tenant.id);
    let document = told(app, convert::tenant(app, detail.clone()), &detail).await?;
    Ok((StatusCode::CREATED, [(header::LOCATION, header_value(&place))], Json(document)).into_response())
}

/// A tenant of this name, as everything else stands where nothing is said.
pub(crate) fn named(
    packs: &Packs,
    name: &str,
    language: Language,
    now: Timestamp,
) -> Result<NewTenant, Problem> {
    let body =
        api::CreateTenant { name: name.to_owned(), language: Some(language), ..api::CreateTenant::default() };
    check(packs, body, now)
}

pub(super) fn check(packs: &Packs, body: api::CreateTenant, now: Timestamp) -> Result<NewTenant, Problem> {
    let name = checks::name(&body.name)?;
    let config = body.config.unwrap_or_default();
    let business_name = one("business_name", body.business_name, config.business_name)?;
    let pack = |field, text: Option<String>| text.map(|text| packs::read(packs, field, &text)).transpose();
    let flat = pack("template_type", body.template_type)?;
    let nested = pack("config.template_type", config.template_type)?;
    let template_type = one("template_type", flat, nested)?.unwrap_or(PackId::BOOKING);
    Ok(NewTenant {
        phone: body.phone_number.as_deref().map(|text| checks::phone("phone_number", text)).transpose()?,
        timezone: checks::timezone(body.timezone.as_deref().unwrap_or(TIMEZONE))?,
        currency: checks::currency(body.currency.as_deref().unwrap_or(CURRENCY))?,
        business_name: checks::business_name(business_name.as_deref().unwrap_or(&name))?,
        template_type,
        profile: profile::first(packs, template_type, now),
        language: one("language", body.language, config.language)?.unwrap_or(Language::Sw),
        hours: config.hours.flatten().map(checks::hours).transpose()?,
        rate_limit_per_minute: config.rate_limit_per_minute.flatten().map(checks::rate_limit).transpose()?,
        remove_deleted: config.remove_deleted.unwrap_or_default(),
        name,
    })
}

/// What was given in one of two places, or in both alike.
fn one<T: PartialEq>(field: &'static str, flat: Option<T>, nested: Option<T>) -> Result<Option<T>, Problem> {
    match (flat, nested) {
        (Some(flat), Some(nested)) if flat != nested => {
            let detail = words::tenants::two_values(field);
            Err(Problem::invalid_field(field, detail))
        }
        (flat, nested) => Ok(flat.or(nested)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn body(document: serde_json::Value) -> api::CreateTenant {
        serde_json::from_value(document).unwrap()
    }

    #[test]
    fn what_the_bot_is_told_stands_flat_or_nested_and_never_contradicts_itself() {
        let flat = body(serde_json::json!({
            "name": "Duka", "phone_number": "+255712345678", "template_type": "ECOMMERCE",
            "business_name": "Duka la Asha", "language": "EN",
        }));
        let read = check(&Packs::default(), flat, NOW).unwrap();
        assert_eq!((read.template_type, read.language), (PackId::ECOMMERCE, Language::En));
        assert_eq!(read.business_name, "Duka la Asha");
        let both = serde_json::json!({
            "name": "Duka", "language": "EN", "config": { "language": "EN", "template_type": "SUPPORT" },
        });
        assert_eq!(check(&Packs::default(), body(both), NOW).unwrap().template_type, PackId::SUPPORT);
        for field in ["template_type", "business_name", "language"] {
            let (a, b) = match field {
                "template_type" => ("BOOKING", "SUPPORT"),
                "language" => ("EN", "SW"),
                _ => ("A", "B"),
            };
            let mut document = serde_json::json!({ "name": "Duka", "config": { field: b } });
            document[field] = a.into();
            assert_eq!(check(&Packs::default(), body(document), NOW).unwrap_err().field(), Some(field));
        }
        let neither = check(&Packs::default(), body(serde_json::json!({ "name": "Duka" })), NOW).unwrap();
        assert_eq!((neither.template_type, neither.language), (PackId::BOOKING, Language::Sw));
        assert_eq!(neither.business_name, "Duka");
    }
}
