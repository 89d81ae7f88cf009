//! `GET /admin/tenants/new` and `POST /admin/tenants` from its form: nothing that was typed is lost.

use askama::Template;
use axum::{extract::State, response::Response};
use http::header;
use serde::Deserialize;
use web::{
    Client, JsonBody, Problem, Sent,
    ui::{Banner, Field, Head, Icon, Input, Tone},
};

use super::{error_of, leave};
use crate::{
    App,
    auth::Operator,
    pages::{self, Section},
    tenants, wire,
};

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewTenantForm {
    name: String,
    phone_number: String,
    template_type: String,
    business_name: String,
    language: String,
}

pub(crate) async fn show(State(app): State<App>, operator: Operator) -> Response {
    page(&app, &operator, &NewTenantForm::default(), None).await
}

pub(crate) async fn handle(
    app: State<App>,
    operator: Operator,
    client: Client,
    sent: Sent<NewTenantForm, wire::CreateTenant>,
) -> Result<Response, Problem> {
    let form = match sent {
        Sent::Json(body) => return tenants::create::handle(app, operator, JsonBody(body)).await,
        Sent::Form(form) => form,
    };
    let outcome = match read(&form) {
        Ok(body) => tenants::create::handle(State(app.0.clone()), operator.clone(), JsonBody(body)).await,
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(response) => {
            let place = response.headers().get(header::LOCATION).and_then(|place| place.to_str().ok());
            Ok(leave(client, place.unwrap_or("/admin/tenants")))
        }
        Err(problem) if problem.field().is_some() => {
            let mut response = page(&app, &operator, &form, Some(&problem)).await;
            *response.status_mut() = problem.kind().status();
            Ok(response)
        }
        Err(problem) => Err(problem),
    }
}

fn read(form: &NewTenantForm) -> Result<wire::CreateTenant, Problem> {
    let given = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    Ok(wire::CreateTenant {
        name: form.name.clone(),
        phone_number: given(&form.phone_number),
        config: Some(wire::ConfigInput {
            template_type: chosen("template_type", &form.template_type)?,
            business_name: given(&form.business_name),
            language: chosen("language", &form.language)?,
            ..wire::ConfigInput::default()
        }),
        ..wire::CreateTenant::default()
    })
}

/// One of an enum's words, or nothing.
pub(super) fn chosen<T: std::str::FromStr + strum::VariantNames>(
    field: &'static str,
    text: &str,
) -> Result<Option<T>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = domain::parse_label(text);
    read.map(Some).map_err(|error: domain::UnknownLabel| Problem::invalid_field(field, error.to_string()))
}

/// Packs as an operator reads them.
pub(super) fn packs() -> Input {
    Input::Choice(vec![
        ("BOOKING".to_owned(), "Appointments".to_owned()),
        ("ECOMMERCE".to_owned(), "Shop".to_owned()),
        ("SUPPORT".to_owned(), "Customer care".to_owned()),
    ])
}

/// Languages as an operator reads them.
pub(super) fn languages() -> Input {
    Input::Choice(vec![("SW".to_owned(), "Swahili".to_owned()), ("EN".to_owned(), "English".to_owned())])
}

#[derive(Template)]
#[template(path = "tenants/new.html")]
struct NewTenantPage {
    fields: Vec<Field>,
    wrong: Option<Banner>,
}

async fn page(app: &App, operator: &Operator, form: &NewTenantForm, problem: Option<&Problem>) -> Response {
    let field = |name, label, hint, value: &str, input, required| Field {
        name,
        label,
        hint,
        value: value.to_owned(),
        error: error_of(problem, name),
        input,
        required,
    };
    let fields = vec![
        field(
            "name",
            "Business name",
            "As you know the business, like Saluni ya Amina",
            &form.name,
            Input::TEXT,
            true,
        ),
        field(
            "phone_number",
            "WhatsApp number",
            "With its country code, like +255 712 345 678. Another number that links is held until you confirm it.",
            &form.phone_number,
            Input::PHONE,
            false,
        ),
        field(
            "template_type",
            "Reply pack",
            "What its customers ask for",
            &form.template_type,
            packs(),
            true,
        ),
        field(
            "business_name",
            "Display name",
            "What customers read. The business name where it is left empty.",
            &form.business_name,
            Input::TEXT,
            false,
        ),
        field("language", "Language", "The bot answers in it", &form.language, languages(), true),
    ];
    let beside = fields.iter().any(|field| field.error.is_some());
    let wrong = problem.filter(|_| !beside).map(|problem| Banner {
        tone: Tone::Bad,
        icon: "alert",
        title: problem.detail().to_owned(),
        text: String::new(),
        link: None,
    });
    let head = Head { title: "Create tenant".to_owned(), narrow: true, ..Head::default() };
    pages::page(app, operator, Section::Tenants, head, &NewTenantPage { fields, wrong }).await
}
