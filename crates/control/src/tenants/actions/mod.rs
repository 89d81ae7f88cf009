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
        self.with(|known| known.requests.get(&id).cloned()).ok_or_else(|| {
            Problem::new(Kind::RouteNotFound, "Nothing is known of this; look at the tenants themselves.")
        })
    }
}

/// How far it is, on a page.
#[derive(Template)]
#[template(path = "tenants/bulk.html")]
struct Bar {
    id: RecordId,
    verb: &'static str,
    total: usize,
    done: usize,
    failed: Vec<FailedAction>,
}

impl askama::filters::HtmlSafe for Bar {}

impl Bar {
    fn of(progress: &Progress) -> Self {
        let verb = match progress.action {
            BulkAction::Start => "started",
            BulkAction::Stop => "stopped",
            BulkAction::Restart => "started again",
        };
        let Progress { id, total, done, .. } = *progress;
        Self { id, verb, total, done, failed: progress.failed.clone() }
    }
}
