//! `POST /admin/tenants/{id}` from the form of its page: the same as PATCH.

use axum::{extract::State, response::Response};
use domain::id::kind::Tenant;
use serde::Deserialize;
use web::{
    Client, FormBody, JsonBody, PathId, Problem,
    ui::{Field, Input},
};

use super::{create, done, error_of, hours, tenant};
use crate::{App, auth::Operator, checks, tenants, wire};

/// The form.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct ConfigForm {
    name: String,
    phone_number: String,
    template_type: String,
    business_name: String,
    language: String,
    rate_limit_per_minute: String,
    hours_0: String,
    hours_1: String,
    hours_2: String,
    hours_3: String,
    hours_4: String,
    hours_5: String,
    hours_6: String,
}

impl ConfigForm {
    /// What stands.
    pub(crate) fn of(detail: &store::TenantDetail) -> Self {
        let config = &detail.config;
        let day = |day| hours::line(config.hours.as_ref(), day);
        Self {
            name: detail.tenant.name.clone(),
            phone_number: detail
                .tenant
                .phone_number
                .as_ref()
                .map(|phone| phone.as_str().to_owned())
                .unwrap_or_default(),
            template_type: config.template_type.to_string(),
            business_name: config.business_name.clone(),
            language: config.language.to_string(),
            rate_limit_per_minute: config
                .rate_limit_per_minute
                .map(|limit| limit.to_string())
                .unwrap_or_default(),
            hours_0: day(0),
            hours_1: day(1),
            hours_2: day(2),
            hours_3: day(3),
            hours_4: day(4),
            hours_5: day(5),
            hours_6: day(6),
        }
    }

    fn days(&self) -> [&str; 7] {
        [
            &self.hours_0,
            &self.hours_1,
            &self.hours_2,
            &self.hours_3,
            &self.hours_4,
            &self.hours_5,
            &self.hours_6,
        ]
    }

    fn read(&self) -> Result<wire::UpdateTenant, Problem> {
        let number = self.phone_number.trim();
        Ok(wire::UpdateTenant {
            name: Some(self.name.clone()),
            phone_number: Some((!number.is_empty()).then(|| number.to_owned())),
            config: Some(wire::ConfigInput {
                template_type: create::chosen("template_type", &self.template_type)?,
                business_name: Some(self.business_name.clone()),
                language: create::chosen("language", &self.language)?,
                hours: Some(hours::read(self.days())?),
                rate_limit_per_minute: Some(checks::rate_limit_text(&self.rate_limit_per_minute)?),
            }),
            ..wire::UpdateTenant::default()
        })
    }

    /// The fields, with what is wrong beside the one at fault.
    pub(crate) fn fields(&self, problem: Option<&Problem>) -> (Vec<Field>, Vec<Field>) {
        let field = |name, label, hint, value: &str, input, required| Field {
            name,
            label,
            hint,
            value: value.to_owned(),
            error: error_of(problem, name),
            input,
            required,
        };
        let main = vec![
            field("name", "Business name", "", &self.name, Input::TEXT, true),
            field(
                "phone_number",
                "WhatsApp number",
                "With its country code, like +255 712 345 678",
                &self.phone_number,
                Input::PHONE,
                false,
            ),
            field("template_type", "Reply pack", "", &self.template_type, create::packs(), true),
            field(
                "business_name",
                "Display name",
                "What customers read",
                &self.business_name,
                Input::TEXT,
                true,
            ),
            field("language", "Language", "", &self.language, create::languages(), true),
            field(
                "rate_limit_per_minute",
                "Messages a minute",
                "Answered of one contact, like 10; empty for the platform's limit",
                &self.rate_limit_per_minute,
                Input::NUMBER,
                false,
            ),
        ];
        let days = self.days().into_iter().zip(hours::DAYS).zip(hours::FIELDS);
        let days = days.map(|((line, day), name)| field(name, day, "", line, Input::TEXT, false)).collect();
        (main, days)
    }
}

pub(crate) async fn handle(
    app: State<App>,
    operator: Operator,
    client: Client,
    id: PathId<Tenant>,
    FormBody(form): FormBody<ConfigForm>,
) -> Result<Response, Problem> {
    let outcome = match form.read() {
        Ok(body) => {
            tenants::update::handle(State(app.0.clone()), operator.clone(), PathId(id.0), JsonBody(body))
                .await
        }
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(_) => Ok(done(
            client,
            "Saved. The bot knows it at once.".to_owned(),
            &format!("/admin/tenants/{}", id.0),
        )),
        Err(problem) if problem.field().is_some() && client.html && !client.fragment => {
            let mut response =
                tenant::page(&app, &operator, id.0, &Default::default(), Some((&form, &problem))).await?;
            *response.status_mut() = problem.kind().status();
            Ok(response)
        }
        Err(problem) => Err(problem),
    }
}
