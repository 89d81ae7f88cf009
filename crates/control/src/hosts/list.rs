//! `GET /admin/hosts`: the machines on which bots run.

use askama::Template;
use axum::{Json, response::IntoResponse};
use domain::HostState;
use web::ui::{Column, Columns, Empty, Head, Html, Icon, Pill, Tone, ago};

use super::{even, told};
use crate::{call::Call, error::Answer, shell::Section};

/// The machines on which bots run
///
/// None where all bots run on the control plane's own machine.
#[utoipa::path(get, path = "/admin/hosts", tag = "hosts", responses((status = 200, body = [api::Host])))]
pub(crate) async fn handle(call: Call) -> Answer {
    let hosts = call.app.store.operator().hosts().await?;
    let hosts: Vec<_> = hosts.into_iter().map(|host| told(&call.app, host)).collect();
    if !call.client.html {
        return Ok(Json(hosts).into_response());
    }
    let mut columns = Columns::named([
        words::hosts::name(),
        words::hosts::state(),
        words::hosts::tenants(),
        words::hosts::disk(),
        words::hosts::version(),
    ]);
    columns.columns.push(Column::hidden(words::tenants::actions()));
    let now = call.app.now();
    let row = |host: api::Host| Row {
        state: pill(host.state),
        since: Html::of(&ago(host.since, now, "UTC")),
        seen: host.last_seen_at.map(|at| Html::of(&ago(at, now, "UTC"))),
        share: (host.tenants * 100).checked_div(host.capacity),
        disk: host.disk_free_bytes.map(gigabytes),
        mark: disk_mark(&host),
        host,
    };
    let even = (hosts.len() > 1).then(|| Even::of(even::read(&call.app)));
    let empty = Empty::new("server", words::hosts::none(), words::hosts::none_text());
    let states = [
        (HostState::Ready, words::hosts::ready_say()),
        (HostState::Draining, words::hosts::draining_say()),
        (HostState::Away, words::hosts::away_say()),
        (HostState::Lost, words::hosts::lost_say()),
    ];
    let states = states.map(|(state, say)| (pill(state), say));
    let view = View { columns, rows: hosts.into_iter().map(row).collect(), empty, even, states };
    Ok(call.page(Section::Hosts, Head::new(words::hosts::title()), &view).await)
}

#[derive(Template)]
#[template(path = "hosts/list.html")]
struct View {
    columns: Columns,
    rows: Vec<Row>,
    empty: Empty,
    /// Where there are several.
    even: Option<Even>,
    /// Each with what it means.
    states: [(Pill, &'static str); 4],
}

struct Row {
    host: api::Host,
    state: Pill,
    since: Html,
    seen: Option<Html>,
    /// How full it is, in hundredths; nothing where it takes none.
    share: Option<u64>,
    disk: Option<String>,
    /// Where little of it is left.
    mark: Option<Pill>,
}

/// How even hosts are, and whether they can be evened out now.
struct Even {
    say: String,
    can_begin: bool,
}

impl Even {
    fn of(evening: api::Evening) -> Self {
        let say = match evening {
            api::Evening { left: Some(left), .. } => words::hosts::even_left(left),
            api::Evening { moves: 0, .. } => words::hosts::even_already().to_owned(),
            api::Evening { moves, .. } => words::hosts::even_would(moves),
        };
        Self { say, can_begin: evening.left.is_none() && evening.moves > 0 }
    }
}

/// What is said of a disk on which little is free.
fn disk_mark(host: &api::Host) -> Option<Pill> {
    match (host.disk_short, host.disk_low) {
        (true, _) => Some(Pill::new(Tone::Bad, words::hosts::disk_short())),
        (_, true) => Some(Pill::new(Tone::Warn, words::hosts::disk_low())),
        _ => None,
    }
}

/// How a host does, as a word with its colour.
pub(super) fn pill(state: HostState) -> Pill {
    match state {
        HostState::Ready => Pill::new(Tone::Ok, words::hosts::ready()),
        HostState::Draining => Pill::new(Tone::Warn, words::hosts::draining()),
        HostState::Away => Pill::new(Tone::Bad, words::hosts::away()),
        HostState::Lost => Pill::new(Tone::Off, words::hosts::lost()),
    }
}

/// Bytes as gigabytes with one digit behind the point.
fn gigabytes(bytes: u64) -> String {
    let tenths = bytes / 100_000_000;
    format!("{}.{} GB", tenths / 10, tenths % 10)
}
