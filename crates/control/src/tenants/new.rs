//! `GET /admin/tenants/new`: the form for a new tenant, and the same again with what is wrong, so that nothing that was
//! typed is lost.

use askama::Template;
use axum::response::Response;
use web::{
    Problem,
    ui::{Banner, Field, Head, Icon},
};

use super::form::NewTenantForm;
use crate::{call::Call, shell::Section};

#[derive(Template)]
#[template(path = "tenants/new.html")]
struct View {
    fields: Vec<Field>,
    wrong: Option<Banner>,
}

/// The form for a new tenant
#[utoipa::path(
    get, path = "/admin/tenants/new", tag = "pages",
    responses((status = 200, content_type = "text/html", body = String))
)]
pub(crate) async fn handle(call: Call) -> Response {
    page(&call, &NewTenantForm::default(), None).await
}

/// The form with what was typed; what is wrong stands beside the field at fault, or above all where none is.
pub(super) async fn page(call: &Call, form: &NewTenantForm, problem: Option<&Problem>) -> Response {
    let fields = form.fields(&call.app.supervisor.packs(), problem);
    let beside = fields.iter().any(|field| field.error.is_some());
    let wrong = problem.filter(|_| !beside).map(|problem| Banner::wrong(problem.detail()));
    let head = Head::narrow(words::tenants::create());
    call.form(Section::Tenants, head, &View { fields, wrong }, problem).await
}
