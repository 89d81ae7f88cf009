//! `POST /admin/tenants/{id}` from the form of its page: what PATCH does, and nothing that was typed is lost.

use web::{FormBody, Kind};

use super::{TenantCall, form::ConfigForm, show, update};
use crate::{error::Answer, reply::done};

/// Change a tenant by the form of its page
///
/// What is not sent stays as it is, and what is sent empty is emptied. Leads back to the page.
#[utoipa::path(
    post, path = "/admin/tenants/{id}", tag = "pages",
    request_body(content = ConfigForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303), (status = 200, body = api::Tenant))
)]
pub(crate) async fn handle(mut call: TenantCall, FormBody(form): FormBody<ConfigForm>) -> Answer {
    let outcome = match form.read(&ConfigForm::of(&call.detail)) {
        Ok(body) => update::update(&mut call, form.version(), body).await,
        Err(problem) => Err(problem.into()),
    };
    match outcome {
        Ok(()) if !call.client.html => update::changed(&call).await,
        Ok(()) => Ok(done(call.client, words::tenant::saved(), &call.place())),
        Err(error) if error.problem().field().is_some() && call.client.html && !call.client.fragment => {
            // Who saves a second time has seen what stands, so that form is for the version of now.
            let again = match error.problem().kind() {
                Kind::Stale => {
                    call.reload().await?;
                    form.on(call.detail.config.version)
                }
                _ => form,
            };
            let refused = show::Refused::Config(&again, error.problem());
            show::page(&call, &show::Parameters::default(), refused).await
        }
        Err(error) => Err(error),
    }
}
