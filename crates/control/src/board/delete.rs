//! `POST /admin/tenants/{id}/delete` from the dialog that asks for the tenant's name: the same as DELETE.

use axum::{extract::State, response::Response};
use domain::id::kind::Tenant;
use serde::Deserialize;
use web::{Client, FormBody, PathId, Problem};

use super::leave;
use crate::{App, auth::Operator, refusal, tenants};

/// The dialog's form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DeleteForm {
    typed_name: String,
}

pub(crate) async fn handle(
    app: State<App>,
    operator: Operator,
    client: Client,
    id: PathId<Tenant>,
    FormBody(form): FormBody<DeleteForm>,
) -> Result<Response, Problem> {
    let detail = app.store.tenant(id.0).get().await.map_err(|error| refusal::by_store(&error))?;
    if form.typed_name.trim() != detail.tenant.name {
        let detail = format!("Type \"{}\" to delete this tenant; nothing was deleted.", detail.tenant.name);
        return Err(Problem::invalid_field("typed_name", detail));
    }
    tenants::delete::handle(app, operator, id).await?;
    Ok(leave(client, "/admin/tenants"))
}
