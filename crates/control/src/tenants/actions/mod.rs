//! The same thing done to many tenants, eight at a time. What is remembered of it goes with the control plane; the workers'
//! own state does not.

pub(crate) mod begin;
pub(crate) mod retry;
pub(crate) mod show;

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use api::{BulkAction, FailedAction, Progress};
use askama::Template;
use domain::{RecordId, TenantId};
use web::{Kind, Problem, ui::Icon};

use crate::{
    error::Answer,
    tenants::{TenantCall, suspend, update},
    workers::Action,
};

/// Requests that are remembered.
const REMEMBERED: usize = 64;

/// What is done to each of many.
#[derive(Debug, Clone)]
enum Each {
    Worker(Action),
    /// With the reason that owners read.
    Suspend(String),
    Configure(Box<api::UpdateTenant>),
}

impl Each {
    async fn carry_out(&self, call: &mut TenantCall) -> Answer<()> {
        match self {
            Self::Worker(action) => action.carry_out(call).await,
            Self::Suspend(reason) => suspend::suspend(call, Some(reason.clone())).await,
            Self::Configure(change) => update(call, None, (**change).clone()).await,
        }
    }

    const fn named(&self) -> BulkAction {
        match self {
            Self::Worker(Action::Start) => BulkAction::Start,
            Self::Worker(Action::Stop) => BulkAction::Stop,
            Self::Worker(Action::Restart | Action::ForceRestart) => BulkAction::Restart,
            Self::Suspend(_) => BulkAction::Suspend,
            Self::Configure(_) => BulkAction::Configure,
        }
    }
}

/// The requests of this run.
#[derive(Debug, Default)]
pub(crate) struct Bulks(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// What is done, for those that are tried again, and how far it is.
    requests: HashMap<RecordId, (Each, Progress)>,
    order: VecDeque<RecordId>,
}

impl Bulks {
    fn with<T>(&self, look: impl FnOnce(&mut Known) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn begin(&self, each: Each, total: usize) -> Progress {
        let (id, action) = (RecordId::generate(), each.named());
        let progress = Progress { id, action, total, done: 0, failed: Vec::new() };
        self.with(|known| {
            if known.order.len() >= REMEMBERED
                && let Some(oldest) = known.order.pop_front()
            {
                known.requests.remove(&oldest);
            }
            known.order.push_back(progress.id);
            known.requests.insert(progress.id, (each, progress.clone()));
        });
        progress
    }

    fn one_more(&self, id: RecordId, failure: Option<FailedAction>) {
        self.with(|known| {
            if let Some((_, progress)) = known.requests.get_mut(&id) {
                progress.done += 1;
                progress.failed.extend(failure);
            }
        });
    }

    fn get(&self, id: RecordId) -> Result<Progress, Problem> {
        self.known(id).map(|(_, progress)| progress)
    }

    fn known(&self, id: RecordId) -> Result<(Each, Progress), Problem> {
        self.with(|known| known.requests.get(&id).cloned())
            .ok_or_else(|| Problem::new(Kind::RouteNotFound, words::workers::bulk_unknown()))
    }

    /// What failed of one that is over, to be tried again.
    fn failed(&self, id: RecordId) -> Result<(Each, Vec<TenantId>), Problem> {
        let (each, progress) = self.known(id)?;
        if progress.done < progress.total {
            return Err(Problem::new(Kind::Conflict, words::workers::bulk_under_way()));
        }
        let failed: Vec<_> = progress.failed.iter().map(|one| one.tenant).collect();
        if failed.is_empty() {
            return Err(Problem::new(Kind::Conflict, words::workers::bulk_all_done()));
        }
        Ok((each, failed))
    }
}

/// How far it is, on a page.
#[derive(Template)]
#[template(path = "tenants/bulk.html")]
struct Bar {
    id: RecordId,
    action: BulkAction,
    total: usize,
    done: usize,
    failed: Vec<FailedAction>,
}

impl askama::filters::HtmlSafe for Bar {}

impl Bar {
    fn of(progress: &Progress) -> Self {
        let Progress { id, action, total, done, .. } = *progress;
        Self { id, action, total, done, failed: progress.failed.clone() }
    }

    /// How many it was done to.
    fn said(&self) -> String {
        let done = self.done - self.failed.len();
        match self.action {
            BulkAction::Start => words::workers::bulk_started(done, self.total),
            BulkAction::Stop => words::workers::bulk_stopped(done, self.total),
            BulkAction::Restart => words::workers::bulk_restarted(done, self.total),
            BulkAction::Suspend => words::workers::bulk_suspended(done, self.total),
            BulkAction::Configure => words::workers::bulk_configured(done, self.total),
        }
    }
}
