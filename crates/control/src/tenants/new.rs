//! `GET /admin/tenants/new`: the form for a new tenant, and the same again with what is wrong, so that nothing that was
//! typed is lost.

use askama::Template;
use axum::{extract::State, response::Response};
use web::{
    Problem,
    ui::{Banner, Head, Icon, Tone},
};

use super::form::NewTenantForm;
use crate::{
    App,
    auth::Operator,
    shell::{self, Section},
};

#[derive(Template)]
#[template(path = "tenants/new.html")]
struct View {
    fields: Vec<web::ui::Field>,
    wrong: Option<Banner>,
}

/// The form for a new tenant
#[utoipa::path(
    get, path = "/admin/tenants/new", tag = "pages",
    responses((status = 200, content_type = "text/html", body = String))
)]
pub(crate) async fn handle(State(app): State<App>, operator: Operator) -> Response {
    page(&app, &operator, &NewTenantForm::default(), None).await
}

/// The form with what was typed; what is wrong stands beside the field at fault, or above all where none is.
pub(super) async fn page(
    app: &App,
    operator: &Operator,
    form: &NewTenantForm,
    problem: Option<&Problem>,
) -> Response {
    let fields = form.fields(problem);
    let beside = fields.iter().any(|field| field.error.is_some());
    let wrong = problem.filter(|_| !beside).map(|problem| Banner {
        tone: Tone::Bad,
        icon: "alert",
        title: problem.detail().to_owned(),
        text: String::new(),
        link: None,
    });
    let head = Head { title: words::tenants::create().to_owned(), narrow: true, ..Head::default() };
    let mut response = shell::page(app, operator, Section::Tenants, head, &View { fields, wrong }).await;
    if let Some(problem) = problem {
        *response.status_mut() = problem.kind().status();
    }
    response
}
