//! `POST /admin/tenants/{id}/move-out`: the tenant leaves for the installation of a move key.

use axum::{Json, response::IntoResponse as _};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Problem, Sent};

use super::show;
use crate::{error::Answer, tenants::TenantCall};

/// What a page sends: the tenant's name too, so that nobody ends another one than they meant.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct MoveOutForm {
    /// The move key of the installation that it goes to.
    #[schema(required, min_length = 1)]
    pub(super) move_key: String,
    /// The tenant's name.
    #[schema(required, min_length = 1, max_length = 120)]
    pub(super) typed_name: String,
}

/// Leaves the move key out.
impl std::fmt::Debug for MoveOutForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MoveOutForm")
    }
}

/// Move a tenant out
///
/// Ends its bot, which never starts here again, and writes all of it with its session into a sealed file that the installation
/// which gave the move key alone can take in. Asked again with the same move key it makes the same file again.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/move-out", tag = "tenants",
    request_body(content((api::MoveOut = "application/json"), (MoveOutForm = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = api::MovedOut))
)]
pub(crate) async fn handle(call: TenantCall, sent: Sent<MoveOutForm, api::MoveOut>) -> Answer {
    let form = match sent {
        Sent::Json(body) => return Ok(Json(out(&call, body.move_key).await?).into_response()),
        Sent::Form(form) => form,
    };
    let made = match form.checked(&call.detail.tenant.name) {
        Ok(()) => out(&call, form.move_key.trim().to_owned()).await,
        Err(problem) => Err(problem.into()),
    };
    match made {
        Ok(made) if call.client.html => Ok(show::page(&call, &form, None, Some(made)).await),
        Ok(made) => Ok(Json(made).into_response()),
        Err(error) if call.client.html => Ok(show::page(&call, &form, Some(error.problem()), None).await),
        Err(error) => Err(error),
    }
}

async fn out(call: &TenantCall, move_key: String) -> Answer<api::MovedOut> {
    Ok(call.app.moves.out(call.actor, call.id(), move_key).await?)
}

impl MoveOutForm {
    /// Whether it is whole, and of the tenant that is meant.
    fn checked(&self, name: &str) -> Result<(), Problem> {
        if self.move_key.trim().is_empty() {
            return Err(Problem::invalid_field("move_key", words::moving::key_needed()));
        }
        if self.typed_name.trim() != name {
            return Err(Problem::invalid_field("typed_name", words::moving::type_wrong(name)));
        }
        Ok(())
    }
}
