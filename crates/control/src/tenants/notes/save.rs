//! `POST /admin/tenants/{id}/notes` from the form of the tenant's page: what PUT does, and nothing that was typed is lost.

use web::{FormBody, Kind};

use super::{NotesForm, save, tagged};
use crate::{
    error::Answer,
    reply::done,
    tenants::{TenantCall, show},
};

/// Change a tenant's private notes by the form of its page
///
/// What is not sent stays as it is, and what is sent empty is emptied. Leads back to the page.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/notes", tag = "pages",
    request_body(content = NotesForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303), (status = 200, body = api::TenantNotes))
)]
pub(crate) async fn handle(call: TenantCall, FormBody(form): FormBody<NotesForm>) -> Answer {
    let outcome = match form.change() {
        Ok(change) => save(&call, form.version, change).await,
        Err(problem) => Err(problem.into()),
    };
    match outcome {
        Ok(notes) if !call.client.html => Ok(tagged(notes)),
        Ok(_) => Ok(done(call.client, words::notes::saved(), &format!("{}#notes", call.place()))),
        Err(error) if error.problem().field().is_some() && call.client.html && !call.client.fragment => {
            // Who saves a second time has seen what stands, so that form is for the version of now.
            let again = match error.problem().kind() {
                Kind::Stale => form.on(call.scope.notes().await?.version),
                _ => form,
            };
            show::page(&call, &show::Parameters::default(), show::Refused::Notes(&again, error.problem()))
                .await
        }
        Err(error) => Err(error),
    }
}
