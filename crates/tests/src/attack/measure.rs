//! Figures of the control plane and its disk: before, during and after.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use http::Method;
use serde::Serialize;
use tokio::time::{MissedTickBehavior, interval};

use super::{browser::Browser, stage::Stage};
use crate::process;

const MB: f64 = 1e6;

/// What is measured at a moment.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Figures {
    /// The control plane's memory that is no file's, in MB.
    pub anonymous_mb: f64,
    /// Its own memory (PSS), in MB.
    pub pss_mb: f64,
    /// Its open descriptors.
    pub descriptors: usize,
    /// Its threads.
    pub tasks: usize,
    /// The database with its write-ahead log, in MB.
    pub database_mb: f64,
    /// Logs but the liar's, in MB.
    pub logs_mb: f64,
    /// Workers' directories but the liar's, in MB.
    pub cells_mb: f64,
    /// The liar's log with its older ones, in MB.
    pub liars_log_mb: f64,
    /// The liar's directory, in MB.
    pub liars_cell_mb: f64,
    /// Processes beside the control plane and the neighbour's worker.
    pub processes: usize,
    /// Lines of `/metrics`.
    pub series: usize,
}

/// The most that was seen.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Peaks {
    /// As [`Figures::anonymous_mb`].
    pub anonymous_mb: f64,
    /// The lie that was told then, where there is a liar.
    pub lie: String,
    /// As [`Figures::descriptors`].
    pub descriptors: usize,
    /// As [`Figures::tasks`].
    pub tasks: usize,
    /// As [`Figures::liars_cell_mb`].
    pub liars_cell_mb: f64,
}

/// How far figures may lie from what they were to count as settled: descriptors and threads.
const NEAR: usize = 8;
/// The same of memory, in MB.
const NEAR_MB: f64 = 5.0;

/// Figures of this moment.
pub(super) fn figures(stage: &Stage) -> Figures {
    let pid = stage.plane.pid();
    let data = stage.place.data();
    let of_liar = |path: &Path| {
        !stage.liar.is_empty()
            && path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&stage.liar))
    };
    let own_logs = size(&data.join("logs"), &|path| !of_liar(path));
    Figures {
        anonymous_mb: anonymous(pid),
        pss_mb: process::pss(pid) as f64 / MB,
        descriptors: entries(&format!("/proc/{pid}/fd")),
        tasks: entries(&format!("/proc/{pid}/task")),
        database_mb: size(&data, &|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("flowhq.db"))
        }),
        logs_mb: own_logs + size(stage.place.path(), &|path| path.ends_with("serve.log")),
        cells_mb: size(&data.join("sessions"), &|path| !path.components().any(|part| of_liar(part.as_ref()))),
        liars_log_mb: size(&data.join("logs"), &of_liar),
        liars_cell_mb: size(&stage.liars_cell(), &|_| true),
        processes: stage.processes(),
        series: 0,
    }
}

/// The figures once the server is as quiet as before, or the time is over: threads and buffers live on for a while.
pub(super) async fn settled(stage: &Stage, before: Option<&Figures>, time: Duration) -> Figures {
    let began = Instant::now();
    // The kernel tells nobody that a process has closed a file or given memory back: it is asked once a second.
    let mut looks = interval(Duration::from_secs(1));
    looks.tick().await;
    let mut last = figures(stage);
    loop {
        looks.tick().await;
        let now = figures(stage);
        let calm = before.map_or_else(
            || {
                now.descriptors.abs_diff(last.descriptors) <= NEAR
                    && (now.anonymous_mb - last.anonymous_mb).abs() < 1.0
            },
            |before| {
                now.descriptors <= before.descriptors + NEAR
                    && now.tasks <= before.tasks + NEAR
                    && now.anonymous_mb <= before.anonymous_mb + NEAR_MB
            },
        );
        last = now;
        if calm || began.elapsed() > time {
            last.series = series(stage).await;
            return last;
        }
    }
}

/// Looks twice a second, and keeps the most. Never ends.
pub(super) async fn watch(stage: &Stage, peaks: &mut Peaks) {
    let mut looks = interval(Duration::from_millis(500));
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let pid = stage.plane.pid();
    loop {
        looks.tick().await;
        let now = anonymous(pid);
        if now > peaks.anonymous_mb {
            peaks.anonymous_mb = now;
            peaks.lie = std::fs::read_to_string(stage.liars_cell().join("lie")).unwrap_or_default();
        }
        peaks.descriptors = peaks.descriptors.max(entries(&format!("/proc/{pid}/fd")));
        peaks.tasks = peaks.tasks.max(entries(&format!("/proc/{pid}/task")));
        peaks.liars_cell_mb = peaks.liars_cell_mb.max(size(&stage.liars_cell(), &|_| true));
    }
}

fn anonymous(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap_or_default();
    let kibibytes: u32 = line.trim().trim_end_matches(" kB").parse().unwrap_or_default();
    f64::from(kibibytes) * 1024.0 / MB
}

fn entries(directory: &str) -> usize {
    std::fs::read_dir(directory).map_or(0, |entries| entries.flatten().count())
}

/// The bytes on disk of the files that fit, in MB; what holes there are takes none.
fn size(directory: &Path, fits: &dyn Fn(&Path) -> bool) -> f64 {
    use std::os::unix::fs::MetadataExt;
    let mut sum = 0.0;
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.is_dir() {
            sum += size(&path, fits);
        } else if fits(&path) {
            sum += metadata.blocks() as f64 * 512.0 / MB;
        }
    }
    sum
}

async fn series(stage: &Stage) -> usize {
    let mut browser = Browser::new(stage.address(), std::net::Ipv4Addr::LOCALHOST);
    browser.authorization = Some(super::stranger::basic("admin", crate::PASSWORD));
    let answer = browser.ask(Method::GET, "/metrics", None).await;
    let text = answer.map(|answer| answer.body).unwrap_or_default();
    String::from_utf8_lossy(&text).lines().filter(|line| !line.starts_with('#')).count()
}
