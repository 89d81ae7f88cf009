//! `POST /admin/tenants/{id}` from the form of its page: what PATCH does, and nothing that was typed is lost.

use axum::response::{IntoResponse, Response};
use web::{Client, FormBody, Kind};

use super::{TenantCall, create, form::ConfigForm, show, update};
use crate::{error::Answer, reply::done};

/// Change a tenant by the form of its page
///
/// What is not sent stays as it is, and what is sent empty is emptied. Leads back to the page.
#[utoipa::path(
    post, path = "/admin/tenants/{id}", tag = "pages",
    request_body(content = ConfigForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303), (status = 200, body = api::Tenant))
)]
pub(crate) async fn handle(
    mut call: TenantCall,
    client: Client,
    FormBody(form): FormBody<ConfigForm>,
) -> Answer {
    let outcome = match form.read(&ConfigForm::of(&call.detail)) {
        Ok(body) => update::update(&mut call, form.version(), body).await,
        Err(problem) => Err(problem.into()),
    };
    match outcome {
        Ok(()) if !client.html => {
            let warnings = create::warnings(&call.app, &call.detail).await?;
            Ok(update::tagged(&call, warnings))
        }
        Ok(()) => Ok(done(client, words::tenant::saved().to_owned(), &call.page())),
        Err(error) if error.problem().field().is_some() && client.html && !client.fragment => {
            // Who saves a second time has seen what stands, so that form is for the version of now.
            let again = match error.problem().kind() {
                Kind::Stale => {
                    call.reload().await?;
                    form.on(call.detail.config.version)
                }
                _ => form,
            };
            let mut response: Response =
                show::page(&call, &show::Parameters::default(), Some((&again, error.problem())))
                    .await?
                    .into_response();
            *response.status_mut() = error.problem().kind().status();
            Ok(response)
        }
        Err(error) => Err(error),
    }
}
