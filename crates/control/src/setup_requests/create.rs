//! `POST /admin/setup-requests`: files a request for a tenant, in the name of its owner, who is added where the tenant
//! does not know the address yet.

use axum::{Json, response::IntoResponse};
use domain::{MembershipStatus, Role};
use http::{StatusCode, header};
use store::{NewMember, NewSetupRequest};
use web::{JsonBody, place::header_value};

use super::{convert, find, note};
use crate::{call::Call, checks, error::Answer, packs, tenants::TenantCall};

/// File a setup request in an owner's name
///
/// The owner is added where the tenant does not know the address yet.
#[utoipa::path(
    post, path = "/admin/setup-requests", tag = "setup requests", request_body = api::CreateSetupRequest,
    responses((status = 201, body = api::SetupRequest))
)]
pub(crate) async fn handle(call: Call, JsonBody(body): JsonBody<api::CreateSetupRequest>) -> Answer {
    let number = checks::phone("whatsapp_number", &body.whatsapp_number)?;
    let pack = packs::read(&call.app.supervisor.packs(), "template_type", &body.template_type)?;
    let name = checks::person("owner.name", &body.owner.name)?;
    let email = checks::email("owner.email", &body.owner.email)?;
    let notes = note("notes", body.notes.as_deref().unwrap_or_default())?;
    let call = TenantCall::of(call, body.tenant_id).await?;
    let members = call.scope.members().await?;
    let known = members.into_iter().find(|member| member.user.email == email.to_lowercase());
    let user = match known {
        Some(member) => member.user.id,
        None => {
            let new =
                NewMember { name, email, phone: None, role: Role::Owner, status: MembershipStatus::Active };
            let operators = call.app.store.operator().by(call.operator.actor);
            operators.add_member(Some(body.tenant_id), &new).await?.user.id
        }
    };
    let new = NewSetupRequest { notes, ..NewSetupRequest::of(user, pack, number) };
    let id = call.scope.create_setup_request(&new).await?.id;
    let created = convert(find(&call.app, id).await?);
    let place = header_value(&format!("/admin/setup-requests/{id}"));
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], Json(created)).into_response())
}
