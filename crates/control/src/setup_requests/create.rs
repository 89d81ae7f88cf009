//! `POST /admin/setup-requests`: files a request for a tenant, in the name of its owner, who is added where the tenant
//! does not know the address yet.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{MembershipStatus, Role};
use http::{HeaderValue, StatusCode, header};
use store::{NewMember, NewSetupRequest};
use web::{JsonBody, Problem};

use crate::{App, auth::Operator, checks, refusal, wire};

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    JsonBody(body): JsonBody<wire::CreateSetupRequest>,
) -> Result<Response, Problem> {
    let number = domain::Phone::parse(&body.whatsapp_number)
        .map_err(|error| Problem::invalid_field("whatsapp_number", refusal::sentence(&error.to_string())))?;
    let name = checks::person("owner.name", &body.owner.name)?;
    let email = checks::email("owner.email", &body.owner.email)?;
    let notes = super::note("notes", body.notes.as_deref().unwrap_or_default())?;
    let by_store = |error: store::StoreError| refusal::by_store(&error);
    let scope = app.store.tenant(body.tenant_id).by(operator.actor);
    scope.get().await.map_err(by_store)?;
    let members = scope.members().await.map_err(by_store)?;
    let known = members.into_iter().find(|member| member.user.email == email.to_lowercase());
    let user = match known {
        Some(member) => member.user.id,
        None => {
            let new =
                NewMember { name, email, phone: None, role: Role::Owner, status: MembershipStatus::Active };
            let operators = app.store.operator().by(operator.actor);
            operators.add_member(Some(body.tenant_id), &new).await.map_err(by_store)?.user.id
        }
    };
    let new =
        NewSetupRequest { user_id: user, template_type: body.template_type, whatsapp_number: number, notes };
    let id = scope.create_setup_request(&new).await.map_err(by_store)?.id;
    let created = super::convert(super::find(&app, id).await?);
    let mut response = (StatusCode::CREATED, Json(created)).into_response();
    if let Ok(location) = HeaderValue::from_str(&format!("/admin/setup-requests/{id}")) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}
