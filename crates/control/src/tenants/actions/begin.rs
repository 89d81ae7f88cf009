//! `POST /admin/tenants/actions`: the same thing done to many tenants.

use api::{BulkAction, FailedAction, ManyTenants, Progress};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::{PackId, RecordId, TenantId};
use futures_util::StreamExt;
use http::{StatusCode, header};
use replies::Packs;
use web::{
    Problem, Sent,
    place::{header_value, see_other},
    ui::html,
};

use super::{Bar, Each};
use crate::{
    call::Call,
    error::{Answer, Error},
    tenants::{TenantCall, form::ConfigForm, suspend, update},
    workers::Action,
};

/// Tenants in one request.
const MOST: usize = 500;
/// Actions under way at once: each starts or ends a process.
const AT_ONCE: usize = 8;

/// Start, stop, restart, suspend or configure many tenants
///
/// `Location` says where their progress is. `reason` belongs to `suspend`, `change` to `configure`.
#[utoipa::path(
    post, path = "/admin/tenants/actions", tag = "workers", request_body = ManyTenants,
    responses((status = 202, body = api::Progress))
)]
pub(crate) async fn handle(call: Call, sent: Sent<Vec<(String, String)>, ManyTenants>) -> Answer {
    let request = match sent {
        Sent::Json(request) => request,
        Sent::Form(pairs) => read(&pairs)?,
    };
    if request.ids.is_empty() || request.ids.len() > MOST {
        return Err(Problem::invalid_field("ids", words::workers::choose(MOST)).into());
    }
    let each = each(&call.app.supervisor.packs(), &request)?;
    Ok(begin(&call, each, request.ids))
}

/// Begins it, and answers how far it is.
fn begin(call: &Call, each: Each, ids: Vec<TenantId>) -> Response {
    let progress = call.app.bulks.begin(each.clone(), ids.len());
    carry_out(call, each, ids, progress.id);
    answer(call, progress)
}

/// Does it, whoever goes away; what fails is told in the language of whoever asked.
pub(super) fn carry_out(call: &Call, each: Each, ids: Vec<TenantId>, id: RecordId) {
    let work = run(call.clone(), each, ids, id);
    call.app.work.spawn(words::reading(words::language(), work));
}

/// Answers how far it is.
pub(super) fn answer(call: &Call, progress: Progress) -> Response {
    let place = format!("/admin/tenants/actions/{}", progress.id);
    if call.client.fragment {
        return html(&Bar::of(&progress));
    }
    if call.client.html {
        return see_other(&place);
    }
    (StatusCode::ACCEPTED, [(header::LOCATION, header_value(&place))], Json(progress)).into_response()
}

/// What is to be done to each. What no tenant could take is refused before any is touched.
fn each(packs: &Packs, request: &ManyTenants) -> Result<Each, Problem> {
    Ok(match request.action {
        BulkAction::Start => Each::Worker(Action::Start),
        BulkAction::Stop => Each::Worker(Action::Stop),
        BulkAction::Restart => Each::Worker(Action::Restart),
        BulkAction::Suspend => {
            Each::Suspend(suspend::checked(request.reason.as_deref().unwrap_or_default())?)
        }
        BulkAction::Configure => {
            let change = request.change.clone().unwrap_or_default();
            let own = |field: &str| Problem::invalid_field(field, words::checks::own_to_each());
            let config = change.config.as_ref();
            if change.name.is_some() {
                return Err(own("change.name"));
            }
            if change.phone_number.is_some() {
                return Err(own("change.phone_number"));
            }
            if config.is_some_and(|config| config.business_name.is_some()) {
                return Err(own("change.config.business_name"));
            }
            let (tenant, config) = update::check(packs, PackId::BOOKING, change.clone())?;
            if tenant == store::TenantChange::default() && config == store::ConfigChange::default() {
                return Err(Problem::invalid_field("change", words::checks::change_something()));
            }
            Each::Configure(Box::new(change))
        }
    })
}

/// The form of the page.
fn read(pairs: &[(String, String)]) -> Result<ManyTenants, Problem> {
    let value = |named: &str| pairs.iter().find(|(name, _)| name == named).map(|(_, value)| value.clone());
    let action = match value("action").as_deref() {
        Some("start") => BulkAction::Start,
        Some("stop") => BulkAction::Stop,
        Some("restart") => BulkAction::Restart,
        Some("suspend") => BulkAction::Suspend,
        Some("configure") => BulkAction::Configure,
        _ => return Err(Problem::invalid_field("action", words::checks::action())),
    };
    let ids = pairs.iter().filter(|(name, _)| name == "ids").map(|(_, id)| id.parse());
    let ids = ids.collect::<Result<_, domain::InvalidId>>();
    let change = match action {
        BulkAction::Configure => Some(ConfigForm::of_many(pairs).read(&ConfigForm::default())?),
        _ => None,
    };
    Ok(ManyTenants {
        action,
        ids: ids.map_err(|error| Problem::invalid_field("ids", error.to_string()))?,
        reason: value("reason"),
        change,
    })
}

async fn run(call: Call, each: Each, ids: Vec<TenantId>, id: RecordId) {
    let every = futures_util::stream::iter(ids).for_each_concurrent(AT_ONCE, |tenant| {
        let (call, each) = (call.clone(), each.clone());
        async move {
            let failed = |name: String, error: Error| FailedAction {
                tenant,
                name,
                error: error.problem().detail().to_owned(),
            };
            let failure = match TenantCall::of(call.clone(), tenant).await {
                Ok(mut about) => {
                    let name = about.detail.tenant.name.clone();
                    each.carry_out(&mut about).await.err().map(|error| failed(name, error))
                }
                Err(error) => Some(failed(tenant.to_string(), error)),
            };
            call.app.bulks.one_more(id, failure);
        }
    });
    tokio::select! {
        () = every => {}
        () = call.app.stop.cancelled() => {}
    }
}
