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
    requests: HashMap<RecordId, Request>,
    order: VecDeque<RecordId>,
}

/// One request.
#[derive(Debug, Clone)]
struct Request {
    /// What is done, for those that are tried again.
    each: Each,
    progress: Progress,
    /// The request that tries again what failed of this one.
    again: Option<RecordId>,
}

impl Known {
    fn begin(&mut self, each: Each, total: usize) -> Progress {
        let (id, action) = (RecordId::generate(), each.named());
        let progress = Progress { id, action, total, done: 0, failed: Vec::new() };
        if self.order.len() >= REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.requests.remove(&oldest);
        }
        self.order.push_back(id);
        self.requests.insert(id, Request { each, progress: progress.clone(), again: None });
        progress
    }
}

/// How far it is, and what is to be done where that was not begun before.
type Again = (Progress, Option<(Each, Vec<TenantId>)>);

impl Bulks {
    fn with<T>(&self, look: impl FnOnce(&mut Known) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn begin(&self, each: Each, total: usize) -> Progress {
        self.with(|known| known.begin(each, total))
    }

    fn one_more(&self, id: RecordId, failure: Option<FailedAction>) {
        self.with(|known| {
            if let Some(request) = known.requests.get_mut(&id) {
                request.progress.done += 1;
                request.progress.failed.extend(failure);
            }
        });
    }

    fn get(&self, id: RecordId) -> Result<Progress, Problem> {
        self.with(|known| known.requests.get(&id).map(|request| request.progress.clone())).ok_or_else(unknown)
    }

    /// Begins with what failed of one that is over. Pressed twice it is begun once.
    fn again(&self, id: RecordId) -> Result<Again, Problem> {
        self.with(|known| {
            let Request { each, progress, again } = known.requests.get(&id).cloned().ok_or_else(unknown)?;
            if let Some(begun) = again.and_then(|again| known.requests.get(&again)) {
                return Ok((begun.progress.clone(), None));
            }
            if progress.done < progress.total {
                return Err(Problem::new(Kind::Conflict, words::workers::bulk_under_way()));
            }
            let failed: Vec<_> = progress.failed.iter().map(|one| one.tenant).collect();
            if failed.is_empty() {
                return Err(Problem::new(Kind::Conflict, words::workers::bulk_all_done()));
            }
            let progress = known.begin(each.clone(), failed.len());
            if let Some(request) = known.requests.get_mut(&id) {
                request.again = Some(progress.id);
            }
            Ok((progress, Some((each, failed))))
        })
    }
}

fn unknown() -> Problem {
    Problem::new(Kind::RouteNotFound, words::workers::bulk_unknown())
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
        // The API's way of naming fields is none of a page's.
        let plain = |one: &FailedAction| FailedAction { error: one.error.replace('`', ""), ..one.clone() };
        Self { id, action, total, done, failed: progress.failed.iter().map(plain).collect() }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_tried_again_once_however_often_it_is_pressed() {
        let bulks = Bulks::default();
        let first = bulks.begin(Each::Worker(Action::Start), 2);
        assert_eq!(bulks.again(first.id).unwrap_err().kind(), Kind::Conflict, "it is under way");
        bulks.one_more(first.id, None);
        let failed = FailedAction {
            tenant: TenantId::generate(),
            name: "Amina".to_owned(),
            error: "`phone_number` is taken.".to_owned(),
        };
        bulks.one_more(first.id, Some(failed.clone()));
        let (again, work) = bulks.again(first.id).unwrap();
        assert_eq!((again.total, work.map(|(_, ids)| ids)), (1, Some(vec![failed.tenant])));
        let (pressed_twice, work) = bulks.again(first.id).unwrap();
        assert_eq!(pressed_twice.id, again.id);
        assert!(work.is_none(), "it is begun already");
        // Pages do not speak of fields in the API's way; its documents do.
        let over = bulks.get(first.id).unwrap();
        assert_eq!(
            (Bar::of(&over).failed[0].error.as_str(), over.failed[0].error.as_str()),
            ("phone_number is taken.", "`phone_number` is taken.")
        );
    }
}
