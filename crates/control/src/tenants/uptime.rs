//! `GET /admin/tenants/{id}/uptime`: how long the bot answered while it was meant to, and the times when it did not; and the same
//! on the tenant's page.

use askama::Template;
use axum::{Json, response::IntoResponse};
use domain::{Condition, TenantId, Timestamp};
use serde::Deserialize;
use utoipa::IntoParams;
use web::{
    Asked, Problem,
    ui::{Html, Pill, ago, span},
};

use super::{TenantCall, health};
use crate::error::Answer;

/// Incidents that are told of at most.
const MOST: u32 = 500;
/// Incidents where nothing else is asked for, and on the page.
const SOME: u32 = 50;
/// Incidents that stand on the page at once; earlier ones are unfolded.
const AT_ONCE: usize = 5;

/// The query.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// How many incidents at most: 50 where it is left out, 500 at most.
    limit: Option<u32>,
}

/// Uptime and incidents
///
/// How long the bot answered in the last 7, 30 and 90 days while it was meant to, and each time when it did not. A bot that was
/// stopped or suspended was not meant to; of the time in which the control plane was away nothing is known.
#[utoipa::path(
    get, path = "/admin/tenants/{id}/uptime", tag = "tenants", params(Parameters),
    responses((status = 200, body = api::TenantUptime))
)]
pub(crate) async fn handle(call: TenantCall, Asked(query): Asked<Parameters>) -> Answer {
    let limit = query.limit.unwrap_or(SOME);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::invalid_field("limit", words::uptime::limit(MOST)).into());
    }
    Ok(Json(read(&call, limit).await?).into_response())
}

async fn read(call: &TenantCall, incidents: u32) -> Answer<api::TenantUptime> {
    let (now, zone) = (call.app.now(), call.detail.tenant.timezone.as_str());
    let times = call.scope.uptime().await?.map(time).into();
    let told = |incident: store::Incident| api::Incident {
        says: words::condition::sentence(&incident.particulars(zone, now)),
        ended_says: incident.ended_by.map(|by| words::uptime::ended(by).to_owned()),
        id: incident.id,
        condition: incident.condition,
        began_at: incident.began_at,
        ended_at: incident.ended_at,
        ended_by: incident.ended_by,
    };
    let incidents = call.scope.incidents(incidents).await?.into_iter().map(told).collect();
    Ok(api::TenantUptime { times, incidents })
}

fn time(time: store::Uptime) -> api::Uptime {
    api::Uptime {
        days: time.days,
        // At most ten thousand, which an f64 holds as it is.
        answering_percent: time
            .hundredths()
            .and_then(|share| u32::try_from(share).ok())
            .map(|share| f64::from(share) / 100.0),
        up_seconds: time.up_ms / 1000,
        down_seconds: time.down_ms / 1000,
        off_seconds: time.off_ms / 1000,
        unknown_seconds: time.unknown_ms / 1000,
    }
}

/// The card on the tenant's page.
#[derive(Template)]
#[template(path = "tenants/uptime.html")]
pub(crate) struct UptimeCard {
    id: TenantId,
    times: Vec<Time>,
    incidents: Vec<Line>,
    earlier: Vec<Line>,
    /// How many of those.
    unfold: String,
}

impl askama::filters::HtmlSafe for UptimeCard {}

/// A time.
struct Time {
    label: String,
    share: String,
    /// How much of it nobody watched, where that is more than a few minutes.
    unknown: Option<String>,
}

/// An incident.
struct Line {
    pill: Pill,
    says: String,
    at: Html,
    ended: String,
}

/// What nobody watched for less than this is not worth a word.
const UNKNOWN_S: u64 = 300;

impl UptimeCard {
    pub(crate) async fn of(call: &TenantCall) -> Answer<Self> {
        let found = read(call, SOME).await?;
        let (now, zone) = (call.app.now(), call.detail.tenant.timezone.as_str());
        let mut incidents: Vec<Line> =
            found.incidents.into_iter().map(|incident| line(incident, now, zone)).collect();
        let earlier = incidents.split_off(incidents.len().min(AT_ONCE));
        let times = found.times.into_iter().map(|time| Time {
            label: words::uptime::days(time.days),
            share: time
                .answering_percent
                .map_or_else(|| words::uptime::not_meant().to_owned(), |share| format!("{share:.2}\u{a0}%")),
            unknown: (time.unknown_seconds > UNKNOWN_S)
                .then(|| words::uptime::unknown(span(time.unknown_seconds))),
        });
        let unfold = words::uptime::earlier(earlier.len() as u64);
        Ok(Self { id: call.id(), times: times.collect(), incidents, earlier, unfold })
    }
}

fn line(incident: api::Incident, now: Timestamp, zone: &str) -> Line {
    let lasts = incident.ended_at.unwrap_or(now).duration_since(incident.began_at);
    let lasts = span(lasts.as_secs().max(0).unsigned_abs());
    let ended = match incident.ended_says {
        None => words::uptime::goes_on(lasts),
        Some(by) => format!("{}, {by}", words::uptime::lasted(lasts)),
    };
    Line {
        pill: pill(incident.condition),
        says: incident.says,
        at: Html::of(&ago(incident.began_at, now, zone)),
        ended,
    }
}

fn pill(condition: Condition) -> Pill {
    Pill::new(health::tone(condition), words::condition::word(condition))
}
