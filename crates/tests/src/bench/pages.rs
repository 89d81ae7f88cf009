//! What pages of the dashboard take with 1,000 tenants and a log of 10,000,000 rows, which the store's own means write:
//! through a worker it takes a day.

use std::{path::Path, time::Instant};

use http::{Request, header};
use http_body_util::{BodyExt as _, Full};
use tokio::process::Command;

use super::{
    service::Subject,
    sheet::{Sheet, Turn},
    stats,
};
use crate::{Admin, Bot, ControlPlane, Flavour, Place};

const TENANTS: u16 = 1_000;
/// Rows of the log, as its figures say.
pub const ROWS: u64 = 10_000_000;
/// How often each is asked for.
const ROUNDS: usize = 200;
/// The page that is called a later one.
const LATER: usize = 1_000;

/// All of it; `fill` is the store's example `fill-log`, which writes so many rows.
///
/// # Errors
/// Where the log cannot be filled, or a page does not come.
pub async fn pages(sheet: &mut Sheet, fill: &Path, rows: u64) -> Result<(), String> {
    let place = Place::new().with("LOG_LEVEL", "info").with("HEARTBEAT_INTERVAL_MS", "30000");
    // Nobody is linked: there is no WhatsApp.
    let plane = ControlPlane::start(&place, Flavour::Default, "ws://127.0.0.1:9/ws/chat").await;
    let first = Bot::create(plane.admin(), 1).await;
    for n in 2..=TENANTS {
        Bot::create(plane.admin(), n).await;
    }
    let turn = Turn { subject: Subject::FlowHq.name(), repetition: 1, sessions: usize::from(TENANTS) };
    let pids = [plane.pid()];
    let tenants = ("/admin/tenants".to_owned(), "text/html");
    measure(plane.admin(), sheet, turn, &pids, tenants, ["page_tenants_median", "page_tenants_p99"]).await?;

    let database = format!("sqlite:{}", place.data().join("flowhq.db").display());
    let filled = Command::new(fill).args([&database, &first.id, &rows.to_string()]).output().await;
    let filled = filled.map_err(|error| format!("{}: {error}", fill.display()))?;
    if !filled.status.success() {
        return Err(String::from_utf8_lossy(&filled.stderr).into_owned());
    }
    let log = format!("/admin/tenants/{}/logs", first.id);
    let json = "application/json";
    let asked = (log.clone(), json);
    measure(plane.admin(), sheet, turn, &pids, asked, ["page_log_median", "page_log_p99"]).await?;
    let mut later = log;
    for _ in 1..LATER {
        later = get(plane.admin(), &later, json).await?.1.ok_or("the log has no further page")?;
    }
    let names = ["page_log_later_median", "page_log_later_p99"];
    measure(plane.admin(), sheet, turn, &pids, (later, json), names).await
}

async fn measure(
    admin: &Admin,
    sheet: &mut Sheet,
    turn: Turn,
    pids: &[u32],
    (path, kind): (String, &str),
    names: [&'static str; 2],
) -> Result<(), String> {
    // The first ones fill what is kept for the next.
    for _ in 0..10 {
        get(admin, &path, kind).await?;
    }
    let block = Sheet::begin(Some(pids));
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        times.push(get(admin, &path, kind).await?.0);
    }
    let figures = [(names[0], stats::median(&times)), (names[1], stats::at(&times, 0.99))];
    sheet.end(&block, turn, Some(pids), &figures)
}

/// How long an answer took in milliseconds, all of it, and where the next page is.
async fn get(admin: &Admin, path: &str, kind: &str) -> Result<(f64, Option<String>), String> {
    let request = Request::get(path).header(header::HOST, "localhost").header(header::ACCEPT, kind);
    let request = request.body(Full::default()).map_err(|error| error.to_string())?;
    let began = Instant::now();
    let answer = admin.send(request).await.map_err(|error| format!("{path}: {error}"))?;
    if !answer.status().is_success() {
        return Err(format!("{path}: {}", answer.status()));
    }
    let link = answer.headers().get(header::LINK).and_then(|link| link.to_str().ok());
    let next = link.and_then(|link| link.split_once('<')?.1.split_once('>')).map(|(next, _)| next.to_owned());
    answer.into_body().collect().await.map_err(|error| format!("{path}: {error}"))?;
    Ok((began.elapsed().as_secs_f64() * 1e3, next))
}
