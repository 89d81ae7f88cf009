//! What a worker uses and how it did in the last day.

use askama::Template;
use domain::{Confinement, TenantId};
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
            at.map_or_else(|| text(words::figures::never().to_owned()), |at| Html::of(&ago(at, now, zone)))
        };
        let uptime = worker.started_at.filter(|_| worker.pid.is_some());
        let uptime = uptime.map(|at| span(now.duration_since(at).as_secs().max(0).unsigned_abs()));
        let cpu = worker.cpu_ms.map(|ms| format!("{}.{} s", ms / 1000, ms % 1000 / 100));
        let live = app.supervisor.live(detail.tenant.id);
        let level = live.as_ref().and_then(|live| live.heartbeat.as_ref()?.confinement);
        let build = live.and_then(|live| live.build);
        let dash = || "–".to_owned();
        let facts = vec![
            (words::figures::heartbeat(), moment(worker.last_heartbeat_at)),
            (words::figures::message(), moment(worker.last_message_at)),
            (words::figures::linked(), moment(detail.session.linked_at)),
            (words::figures::uptime(), text(uptime.unwrap_or_else(dash))),
            (words::figures::memory(), text(worker.memory_bytes.map_or_else(dash, megabytes))),
            (words::figures::cpu(), text(cpu.unwrap_or_else(dash))),
            (words::figures::waiting(), number(worker.queued)),
            (words::figures::unsent(), number(worker.unsent)),
            (words::figures::unlogged(), number(worker.unlogged)),
            (words::figures::unreadable(), number(worker.unreadable)),
            (words::figures::clock(), text(clock(worker.clock_behind_ms))),
            (words::figures::restarts(), number(Some(worker.restarts))),
            (words::figures::refused(), number(Some(worker.refused_log_rows))),
            (words::figures::rate(), text(rate_limit(app, detail))),
            (
                words::figures::process(),
                text(worker.pid.map_or_else(dash, |pid| words::figures::process_of(pid, worker.generation))),
            ),
            (words::figures::confinement(), text(confinement(level).to_owned())),
            (words::figures::version(), text(build.unwrap_or_else(dash))),
        ];
        Ok(Self {
            id: detail.tenant.id,
            strip: strip::draw(strips.get(&detail.tenant.id), now),
            facts,
            error: worker.last_error.clone(),
        })
    }
}

/// How far a worker has confined itself.
fn confinement(level: Option<Confinement>) -> &'static str {
    match level {
        Some(Confinement::Full) => words::figures::confined_full(),
        Some(Confinement::Partial) => words::figures::confined_partial(),
        Some(Confinement::Off) => words::figures::confined_off(),
        None => words::figures::confined_unknown(),
    }
}

/// The same of all workers, and of the control plane.
pub(crate) fn of_all(told: &api::Protection) -> String {
    let workers = words::figures::confined_all(&told.wanted, told.full, told.partial, told.off, told.unknown);
    let level = match told.control_plane.as_deref() {
        Some("full") => words::figures::confined_full(),
        Some("partial") => words::figures::confined_partial(),
        Some(_) => words::figures::confined_off(),
        None => words::figures::confined_unknown(),
    };
    let all = format!("{workers}. {}", words::figures::confined_plane(level));
    if told.missing.is_empty() {
        return all;
    }
    format!("{all} {}", words::figures::confined_missing(told.missing.join(", ")))
}

/// A difference of clocks that is worth a word, in milliseconds.
const CLOCK_OFF_MS: u64 = 60_000;

/// How far this machine's clock is from WhatsApp's. A clock that is far off makes answers look old or yet to come.
pub(crate) fn clock(behind_ms: Option<i64>) -> String {
    match behind_ms {
        None => "–".to_owned(),
        Some(ms) if ms.unsigned_abs() < CLOCK_OFF_MS => words::figures::clock_agrees().to_owned(),
        Some(ms) => {
            let off = span(ms.unsigned_abs() / 1000);
            if ms > 0 { words::figures::clock_behind(off) } else { words::figures::clock_ahead(off) }
        }
    }
}

/// How many messages of one contact are answered, and who says so.
fn rate_limit(app: &App, detail: &TenantDetail) -> String {
    let limit = detail.limits(app.supervisor.limits()).contact_per_minute;
    match detail.config.rate_limit_per_minute {
        Some(_) => words::figures::rate_own(limit),
        None => words::figures::rate_platform(limit),
    }
}
