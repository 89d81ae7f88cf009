//! What a worker uses and how it did in the last day.

use askama::Template;
use domain::TenantId;
use store::TenantDetail;
use web::ui::{Html, Strip, ago, span};

use super::{row::megabytes, strip};
use crate::{App, error::Answer};

/// What the worker uses and how it does.
#[derive(Template)]
#[template(path = "tenants/figures.html")]
pub(super) struct Figures {
    id: TenantId,
    strip: Strip,
    facts: Vec<(&'static str, Html)>,
    error: Option<String>,
}

impl askama::filters::HtmlSafe for Figures {}

#[derive(Template)]
#[template(source = "{{ self.0 }}", ext = "html")]
struct Text(String);

impl Figures {
    pub(super) async fn of(app: &App, detail: &TenantDetail) -> Answer<Self> {
        let (now, zone, worker) = (app.now(), detail.tenant.timezone.as_str(), &detail.worker);
        let strips = app.store.operator().heartbeat_strips(&[detail.tenant.id]).await?;
        let text = |text: String| Html::of(&Text(text));
        let number = |number: Option<u64>| {
            text(number.map(|number| number.to_string()).unwrap_or_else(|| "–".to_owned()))
        };
        let moment = |at: Option<domain::Timestamp>| {
            at.map_or_else(|| text("never".to_owned()), |at| Html::of(&ago(at, now, zone)))
        };
        let uptime = worker.started_at.filter(|_| worker.pid.is_some());
        let uptime = uptime.map(|at| span(now.duration_since(at).as_secs().max(0).unsigned_abs()));
        let cpu = worker.cpu_ms.map(|ms| format!("{}.{} s", ms / 1000, ms % 1000 / 100));
        let build = app.supervisor.live(detail.tenant.id).and_then(|live| live.build);
        let dash = || "–".to_owned();
        let facts = vec![
            ("Last heartbeat", moment(worker.last_heartbeat_at)),
            ("Last message", moment(worker.last_message_at)),
            ("Linked", moment(detail.session.linked_at)),
            ("Uptime", text(uptime.unwrap_or_else(dash))),
            ("Memory", text(worker.memory_bytes.map_or_else(dash, megabytes))),
            ("CPU time", text(cpu.unwrap_or_else(dash))),
            ("Messages waiting", number(worker.queued)),
            ("Replies unsent", number(worker.unsent)),
            ("Log rows to come", number(worker.unlogged)),
            ("Unreadable in a day", number(worker.unreadable)),
            ("Clock", text(clock(worker.clock_behind_ms))),
            ("Restarts", number(Some(worker.restarts))),
            ("Rate limit", text(rate_limit(app, detail))),
            (
                "Process",
                text(worker.pid.map_or_else(dash, |pid| format!("{pid}, generation {}", worker.generation))),
            ),
            ("Version", text(build.unwrap_or_else(dash))),
        ];
        Ok(Self {
            id: detail.tenant.id,
            strip: strip::draw(strips.get(&detail.tenant.id), now),
            facts,
            error: worker.last_error.clone(),
        })
    }
}

/// A difference of clocks that is worth a word, in milliseconds.
const CLOCK_OFF_MS: u64 = 60_000;

/// How far this machine's clock is from WhatsApp's. A clock that is far off makes answers look old or yet to come.
fn clock(behind_ms: Option<i64>) -> String {
    match behind_ms {
        None => "–".to_owned(),
        Some(ms) if ms.unsigned_abs() < CLOCK_OFF_MS => "agrees with WhatsApp's".to_owned(),
        Some(ms) => {
            let side = if ms > 0 { "behind" } else { "ahead of" };
            let off = span(ms.unsigned_abs() / 1000);
            format!("{off} {side} WhatsApp's: set this machine's clock")
        }
    }
}

/// How many messages of one contact are answered, and who says so.
fn rate_limit(app: &App, detail: &TenantDetail) -> String {
    let limit = detail.limits(app.supervisor.limits()).contact_per_minute;
    let whose = if detail.config.rate_limit_per_minute.is_some() { "its own" } else { "the platform's" };
    format!("{limit} a minute and contact, {whose}")
}
