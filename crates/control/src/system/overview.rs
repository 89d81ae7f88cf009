//! `GET /admin/system`: how the control plane is doing.

use std::{sync::Arc, time::Duration};

use axum::{Json, response::IntoResponse};
use domain::{Confinement, Show, Sort, TenantStatus, WorkerStatus};
use store::{AlertResult, AlertTry, PageRequest, TenantFilter, WorkerProcess};
use strum::VariantArray;
use tokio::time::Instant;

use super::{page, traffic};
use crate::{
    App,
    call::Call,
    error::Answer,
    tenants::{counted, health, strip::stale_before},
};

/// How many of the busiest and failing tenants are shown.
const SHOWN: usize = 10;
/// How many of the last alerts are shown.
const ALERTS: u32 = 20;

/// How the control plane is doing
#[utoipa::path(get, path = "/admin/system", tag = "system", responses((status = 200, body = api::System)))]
pub(crate) async fn handle(call: Call) -> Answer {
    let now = gather(&call.app).await?;
    if call.client.html {
        return Ok(page::show(&call, &now).await);
    }
    Ok(Json(now).into_response())
}

async fn gather(app: &App) -> Answer<api::System> {
    let operator = app.store.operator();
    let begun = Instant::now();
    let asked = app.store.ping().await;
    let database_ms = asked.is_ok().then(|| milliseconds(begun.elapsed()));
    let database_unwritable = asked.is_err_and(|error| error.refuses_writes());
    let counts = operator.count_by_status().await?;
    let count_of = |status: &TenantStatus| {
        let count = counts.iter().find(|(counted, _)| counted == status).map_or(0, |(_, count)| *count);
        api::Counted { name: status.to_string(), count }
    };
    let workers = operator.workers().await?;
    let sum = |figure: fn(&WorkerProcess) -> Option<u64>| workers.iter().filter_map(figure).sum();
    let running = |status: &WorkerStatus| api::Counted {
        name: status.to_string(),
        count: workers.iter().filter(|worker| worker.status == *status).count() as u64,
    };
    let filter = TenantFilter { status: Some(TenantStatus::Error), ..TenantFilter::default() };
    let first = PageRequest { limit: SHOWN as u32, before: None };
    let failing = operator.list_tenants(&filter, first).await?;
    let disk = alerts::disk(&app.data_dir);
    Ok(api::System {
        version: app.version.to_owned(),
        database: format!("{:?}", app.store.engine()),
        database_ms,
        database_unwritable,
        disk_free_bytes: disk.map(|(free, _)| free),
        disk_total_bytes: disk.map(|(_, total)| total),
        memory_bytes: own_memory(),
        clock_behind_ms: workers
            .iter()
            .filter(|worker| worker.status == WorkerStatus::Running)
            .filter_map(|worker| worker.clock_behind_ms)
            .max_by_key(|ms| ms.unsigned_abs()),
        protection: protection(app),
        tenants: TenantStatus::VARIANTS.iter().map(count_of).collect(),
        workers: WorkerStatus::VARIANTS.iter().map(running).collect(),
        worker_memory_bytes: sum(|worker| worker.memory_bytes),
        queued: sum(|worker| worker.queued),
        unsent: sum(|worker| worker.unsent),
        unlogged: sum(|worker| worker.unlogged),
        busiest: busiest(app, &workers).await?,
        failing: failing
            .items
            .into_iter()
            .map(|detail| api::Failing {
                id: detail.tenant.id,
                name: detail.tenant.name,
                last_error: detail.worker.last_error,
            })
            .collect(),
        needing: needing(app).await?,
        traffic: traffic::of(app).await,
        backups: app.backups.last().map(|at| at.to_string()),
        backup_trouble: app.backups.trouble(app.now()).map(|trouble| trouble.sentence()),
        alert_channels: app.alerts.channels().into_iter().map(ToOwned::to_owned).collect(),
        alerts: operator.alert_results(ALERTS).await?.into_iter().map(delivered).collect(),
        settings: app
            .settings
            .iter()
            .map(|(name, value)| api::InForce {
                name: (*name).to_owned(),
                value: value.clone(),
                changed: app.changed_settings.contains(name),
            })
            .collect(),
    })
}

/// How far workers are kept apart, and how many of them how far.
fn protection(app: &App) -> api::Protection {
    let mut told = app.protection.clone();
    let running = app
        .supervisor
        .glance(|_, worker| worker.pid.map(|_| worker.heartbeat.and_then(|beat| beat.confinement)));
    for confinement in running {
        let count = match confinement {
            Some(Confinement::Full) => &mut told.full,
            Some(Confinement::Partial) => &mut told.partial,
            Some(Confinement::Off) => &mut told.off,
            None => &mut told.unknown,
        };
        *count += 1;
    }
    told
}

/// Those that need a person, in the order of the list.
async fn needing(app: &App) -> Answer<Vec<api::Needing>> {
    let filter = TenantFilter {
        show: Some(Show::Needs),
        sort: Sort::Need,
        grouping: Some(Arc::new(counted::grouping(app).await?)),
        stale_before: Some(stale_before(app)),
        ..TenantFilter::default()
    };
    let first = PageRequest { limit: SHOWN as u32, before: None };
    let found = app.store.operator().list_tenants(&filter, first).await?;
    let told = |detail: store::TenantDetail| api::Needing {
        id: detail.tenant.id,
        health: health::of(app, &detail).document(),
        name: detail.tenant.name,
    };
    Ok(found.items.into_iter().map(told).collect())
}

fn delivered(result: AlertResult) -> api::AlertDelivered {
    let AlertTry { channel, kind, title, outcome, detail, tries, .. } = result.tried;
    let outcome: &str = outcome.into();
    api::AlertDelivered { at: result.at, channel, kind, title, result: outcome.to_owned(), detail, tries }
}

async fn busiest(app: &App, workers: &[WorkerProcess]) -> Answer<Vec<api::Busy>> {
    let load = |worker: &WorkerProcess| worker.queued.unwrap_or_default() + worker.unsent.unwrap_or_default();
    let mut loaded: Vec<_> = workers.iter().filter(|worker| load(worker) > 0).collect();
    loaded.sort_by_key(|worker| std::cmp::Reverse(load(worker)));
    let mut shown = Vec::new();
    for worker in loaded.into_iter().take(SHOWN) {
        let detail = match app.store.tenant(worker.tenant_id).get().await {
            // It was deleted meanwhile.
            Err(store::StoreError::NotFound(_)) => continue,
            detail => detail?,
        };
        shown.push(api::Busy {
            id: worker.tenant_id,
            name: detail.tenant.name,
            queued: worker.queued.unwrap_or_default(),
            unsent: worker.unsent.unwrap_or_default(),
        });
    }
    Ok(shown)
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// This process's resident memory, in bytes.
fn own_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().split(' ').next()?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
