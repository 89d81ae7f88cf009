//! `POST /portal/tenant/current/chats/{contact}/leave-alone`: a contact whom the bot never answers, or answers again.

use api::portal::LeaveAlone;
use axum::{extract::Path, response::IntoResponse};
use http::StatusCode;
use web::{JsonBody, Kind, Problem};

use super::same_number;
use crate::{contacts::label, error::Answer, portal::call::MemberCall, profile};

/// Have the bot leave a customer alone, or answer again
#[utoipa::path(
    post, path = "/portal/tenant/current/chats/{contact}/leave-alone", tag = "portal", request_body = LeaveAlone,
    responses((status = 204))
)]
pub(crate) async fn handle(
    call: MemberCall,
    Path(contact): Path<String>,
    JsonBody(body): JsonBody<LeaveAlone>,
) -> Answer {
    let contact = label(&contact)?;
    if contact.starts_with("lid:") {
        return Err(Problem::new(Kind::Conflict, words::desk::no_number_to_leave())
            .with_field("contact")
            .into());
    }
    let desk = call.desk().await?;
    let stands = profile::stands(&desk).await?;
    let mut new = stands.clone();
    let alone = &mut new.manners.left_alone;
    alone.retain(|number| body.alone || !same_number(number, contact));
    if body.alone && !alone.iter().any(|number| same_number(number, contact)) {
        alone.push(format!("+{contact}"));
    }
    if new != stands {
        profile::save(&desk, &stands, new).await?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
