//! `POST /admin/tenants/actions`: the same action on many tenants.

use api::{BulkAction, FailedAction, ManyTenants};
use axum::{Json, response::IntoResponse};
use domain::{RecordId, TenantId};
use futures_util::StreamExt;
use http::{StatusCode, header};
use web::{
    Problem, Sent,
    place::{header_value, see_other},
    ui::html,
};

use super::Bar;
use crate::{call::Call, error::Answer, tenants::TenantCall, workers::Action};

/// Tenants in one request.
const MOST: usize = 500;
/// Actions under way at once: each starts or ends a process.
const AT_ONCE: usize = 8;

/// Start, stop or restart many tenants
///
/// `Location` says where their progress is.
#[utoipa::path(
    post, path = "/admin/tenants/actions", tag = "workers", request_body = ManyTenants,
    responses((status = 202, body = api::Progress))
)]
pub(crate) async fn handle(call: Call, sent: Sent<Vec<(String, String)>, ManyTenants>) -> Answer {
    let (action, ids) = read(sent)?;
    if ids.is_empty() || ids.len() > MOST {
        return Err(Problem::invalid_field("ids", words::workers::choose(MOST)).into());
    }
    let progress = call.app.bulks.begin(action, ids.len());
    call.app.work.spawn(run(call.clone(), worker_action(action), ids, progress.id));
    let place = format!("/admin/tenants/actions/{}", progress.id);
    if call.client.fragment {
        return Ok(html(&Bar::of(&progress)));
    }
    if call.client.html {
        return Ok(see_other(&place));
    }
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, header_value(&place))], Json(progress)).into_response())
}

const fn worker_action(action: BulkAction) -> Action {
    match action {
        BulkAction::Start => Action::Start,
        BulkAction::Stop => Action::Stop,
        BulkAction::Restart => Action::Restart,
    }
}

fn read(sent: Sent<Vec<(String, String)>, ManyTenants>) -> Result<(BulkAction, Vec<TenantId>), Problem> {
    match sent {
        Sent::Json(request) => Ok((request.action, request.ids)),
        Sent::Form(pairs) => {
            let action = pairs.iter().find(|(name, _)| name == "action").map(|(_, word)| word.as_str());
            let action = match action {
                Some("start") => BulkAction::Start,
                Some("stop") => BulkAction::Stop,
                Some("restart") => BulkAction::Restart,
                _ => {
                    let detail = words::checks::action();
                    return Err(Problem::invalid_field("action", detail));
                }
            };
            let ids = pairs.iter().filter(|(name, _)| name == "ids").map(|(_, id)| id.parse());
            let ids = ids.collect::<Result<_, domain::InvalidId>>();
            Ok((action, ids.map_err(|error| Problem::invalid_field("ids", error.to_string()))?))
        }
    }
}

async fn run(call: Call, action: Action, ids: Vec<TenantId>, id: RecordId) {
    let each = futures_util::stream::iter(ids).for_each_concurrent(AT_ONCE, |tenant| {
        let call = call.clone();
        async move {
            let outcome = match TenantCall::of(call.clone(), tenant).await {
                Ok(mut call) => action.carry_out(&mut call).await,
                Err(error) => Err(error),
            };
            let failure = outcome
                .err()
                .map(|error| FailedAction { tenant, error: error.problem().detail().to_owned() });
            call.app.bulks.one_more(id, failure);
        }
    });
    tokio::select! {
        () = each => {}
        () = call.app.stop.cancelled() => {}
    }
}
