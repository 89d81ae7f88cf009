//! `GET /admin/tenants/{id}/move`: how a tenant goes to another installation, where its file is, and what is left to do. The file itself
//! lies on the server, and is carried by commands: no browser holds a session of WhatsApp's.

use askama::Template;
use axum::response::Response;
use domain::TenantId;
use web::{
    Problem,
    ui::{Field, Head, Html, Input, ago},
};

use super::leave::MoveOutForm;
use crate::{shell::Section, tenants::TenantCall};

/// What makes a move key on the other server.
const KEY_COMMAND: &str = "flowhq tenant move-key";

/// How a tenant moves to another installation
#[utoipa::path(
    get, path = "/admin/tenants/{id}/move", tag = "pages",
    responses((status = 200, content_type = "text/html", body = String))
)]
pub(crate) async fn handle(call: TenantCall) -> Response {
    page(&call, &MoveOutForm::default(), None, None).await
}

/// The page: with what was typed and what is wrong with it, or with the file that was made.
pub(super) async fn page(
    call: &TenantCall,
    form: &MoveOutForm,
    problem: Option<&Problem>,
    made: Option<api::MovedOut>,
) -> Response {
    let tenant = &call.detail.tenant;
    let fields = vec![
        Field::new("move_key", words::moving::key(), Input::TEXT)
            .hint(words::moving::key_hint())
            .value(&form.move_key)
            .wrong(problem),
        Field::new("typed_name", words::moving::type_name(), Input::TEXT)
            .value(&form.typed_name)
            .wrong(problem),
    ];
    let beside = fields.iter().any(|field| field.error.is_some());
    let body = View {
        id: call.id(),
        name: tenant.name.clone(),
        place: call.place(),
        wrong: problem.filter(|_| !beside).map(|problem| problem.detail().to_owned()),
        moved: tenant.moved_at.map(|at| Html::of(&ago(at, call.app.now(), &tenant.timezone))),
        key_command: KEY_COMMAND,
        fields,
        made,
    };
    let head = Head::narrow(words::moving::open());
    call.form(Section::Tenants, head, &body, problem).await
}

#[derive(Template)]
#[template(path = "tenants/move.html")]
struct View {
    id: TenantId,
    name: String,
    place: String,
    /// What is wrong, where no field is at fault.
    wrong: Option<String>,
    /// Since when it is gone, where it is.
    moved: Option<Html>,
    key_command: &'static str,
    fields: Vec<Field>,
    made: Option<api::MovedOut>,
}

impl View {
    fn file(&self) -> &str {
        self.made.as_ref().map(|made| made.file.as_str()).unwrap_or_default()
    }

    /// Carries the file to the other server.
    fn carry(&self) -> String {
        format!("scp {} NEW-SERVER:", self.file())
    }

    /// Takes it in there, where it has its name alone.
    fn take_in(&self) -> String {
        let name = self.file().rsplit('/').next().unwrap_or_default();
        format!("flowhq tenant move-in {name}")
    }
}
