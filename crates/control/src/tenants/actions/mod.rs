//! The same action on many tenants, eight at a time. What is remembered of it goes with the control plane; the workers'
//! own state does not.

pub(crate) mod begin;
pub(crate) mod show;

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use api::{BulkAction, FailedAction, Progress};
use askama::Template;
use domain::RecordId;
use web::{Kind, Problem, ui::Icon};

/// Requests that are remembered.
const REMEMBERED: usize = 64;

/// The requests of this run.
#[derive(Debug, Default)]
pub(crate) struct Bulks(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    requests: HashMap<RecordId, Progress>,
    order: VecDeque<RecordId>,
}

impl Bulks {
    fn with<T>(&self, look: impl FnOnce(&mut Known) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn begin(&self, action: BulkAction, total: usize) -> Progress {
        let progress = Progress { id: RecordId::generate(), action, total, done: 0, failed: Vec::new() };
        self.with(|known| {
            if known.order.len() >= REMEMBERED
                && let Some(oldest) = known.order.pop_front()
            {
                known.requests.remove(&oldest);
            }
            known.order.push_back(progress.id);
            known.requests.insert(progress.id, progress.clone());
        });
        progress
    }

    fn one_more(&self, id: RecordId, failure: Option<FailedAction>) {
        self.with(|known| {
            if let Some(progress) = known.requests.get_mut(&id) {
                progress.done += 1;
                progress.failed.extend(failure);
            }
        });
    }

    fn get(&self, id: RecordId) -> Result<Progress, Problem> {
        self.with(|known| known.requests.get(&id).cloned())
            .ok_or_else(|| Problem::new(Kind::RouteNotFound, words::workers::bulk_unknown()))
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
        }
    }
}
