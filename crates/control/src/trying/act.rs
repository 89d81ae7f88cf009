//! `POST /admin/tenants/{id}/try`: the customer of the trial writes, or time passes.

use api::TryBot;
use axum::{Json, response::IntoResponse};
use web::{Given, Problem, place::see_other};

use super::{key, turn};
use crate::{
    error::Answer,
    tenants::{Desk, TenantCall},
};

/// What a customer writes at most here, in bytes.
const TEXT_MAX_BYTES: usize = 4_096;
/// A week.
const WAIT_MAX_MINUTES: u32 = 7 * 24 * 60;

/// Try a tenant's bot
///
/// With its own settings and profile, without a phone. Nothing is sent, logged or kept but the conversation itself, in
/// memory, for half an hour.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/try", tag = "business profile",
    request_body(content((TryBot = "application/json"), (TryBot = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = api::Tried))
)]
pub(crate) async fn handle(call: TenantCall, Given(given): Given<TryBot>) -> Answer {
    let tried = act(&call, given).await?;
    if call.client.html {
        return Ok(see_other(&format!("{}/try#say", call.place())));
    }
    Ok(Json(tried).into_response())
}

/// Does what is to happen next; the conversation so far.
pub(crate) async fn act(desk: &Desk, given: TryBot) -> Answer<api::Tried> {
    Ok(match given {
        TryBot { again: Some(again), .. } if again == "yes" => {
            desk.app.trials.end(key(desk));
            api::Tried { now: desk.app.now(), lines: Vec::new() }
        }
        TryBot { wait_minutes: Some(minutes), .. } => {
            if !(1..=WAIT_MAX_MINUTES).contains(&minutes) {
                let detail = words::trying::wait_range(WAIT_MAX_MINUTES);
                return Err(Problem::invalid_field("wait_minutes", detail).into());
            }
            turn(desk, |trial| trial.wait(minutes)).await?
        }
        TryBot { text, .. } => {
            let text = said(text.as_deref().unwrap_or_default())?;
            turn(desk, |trial| trial.say(text)).await?
        }
    })
}

/// What a customer says, where it can be said.
pub(super) fn said(text: &str) -> Result<&str, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::invalid_field("text", words::trying::nothing()));
    }
    if text.len() > TEXT_MAX_BYTES {
        return Err(Problem::invalid_field("text", words::trying::too_long(TEXT_MAX_BYTES)));
    }
    Ok(text)
}
