//! What changes, with numbers, so that a stream that broke off goes on where it was.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use supervisor::{Change, ChangeKind, Handle};
use tokio::sync::broadcast;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Changes that are remembered; whoever was away for more looks at everything again.
const REMEMBERED: usize = 4096;

/// One change and its number.
pub(crate) type Numbered = (u64, Change);

/// The changes of this run of the control plane.
#[derive(Debug)]
pub(crate) struct Feed {
    /// Another run's numbers mean nothing here.
    run: u32,
    state: Mutex<State>,
    news: broadcast::Sender<Numbered>,
}

#[derive(Debug, Default)]
struct State {
    last: u64,
    /// The last one that may have moved a tenant from one group to another.
    moved: u64,
    remembered: VecDeque<Numbered>,
}

/// What somebody who comes back is told.
#[derive(Debug)]
pub(crate) enum Missed {
    /// These, in order.
    These(Vec<Numbered>),
    /// Too much, or it is not known: everything has to be looked at again.
    Everything,
}

impl Feed {
    /// Numbers what the supervisor tells, until it ends.
    pub(crate) fn start(supervisor: &Handle, stop: CancellationToken, tasks: &TaskTracker) -> Arc<Self> {
        let feed =
            Arc::new(Self { run: rand::random(), state: Mutex::default(), news: broadcast::channel(1024).0 });
        let (mut changes, kept) = (supervisor.changes(), Arc::clone(&feed));
        tasks.spawn(async move {
            loop {
                let change = tokio::select! {
                    () = stop.cancelled() => return,
                    change = changes.recv() => change,
                };
                match change {
                    Ok(change) => kept.add(change),
                    Err(broadcast::error::RecvError::Lagged(_)) => kept.forget(),
                    Err(broadcast::error::RecvError::Closed) => return,
                }
            }
        });
        feed
    }

    fn add(&self, change: Change) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.last += 1;
        let numbered = (state.last, change);
        if !matches!(change.kind, ChangeKind::Figures | ChangeKind::Logs | ChangeKind::Deliveries) {
            state.moved = state.last;
        }
        if state.remembered.len() == REMEMBERED {
            state.remembered.pop_front();
        }
        state.remembered.push_back(numbered);
        // Sent under the lock, so that nobody who asks for what is missed and then listens misses one in between.
        let _ = self.news.send(numbered);
    }

    /// Some were lost: the numbers have a gap that nobody can be told of.
    fn forget(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.last += 1;
        state.moved = state.last;
        state.remembered.clear();
    }

    /// Listens from now on, and tells what was missed since the event with this id.
    pub(crate) fn listen(&self, last: Option<&str>) -> (broadcast::Receiver<Numbered>, Missed) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.news.subscribe();
        let Some(last) = last else { return (receiver, Missed::These(Vec::new())) };
        let number = last.split_once('-').filter(|(run, _)| *run == format!("{:08x}", self.run));
        let Some(number) = number.and_then(|(_, number)| number.parse::<u64>().ok()) else {
            return (receiver, Missed::Everything);
        };
        let oldest = state.remembered.front().map_or(state.last + 1, |(number, _)| *number);
        if number > state.last || number + 1 < oldest {
            return (receiver, Missed::Everything);
        }
        let missed = state.remembered.iter().filter(|(n, _)| *n > number).copied().collect();
        (receiver, Missed::These(missed))
    }

    /// The number of the last change after which a tenant may be in another group than before. Figures move none: what a
    /// heartbeat ends is an age, which no change tells of either.
    pub(crate) fn moved(&self) -> u64 {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).moved
    }

    /// Address of the stream for a page that is made now. To be asked for before the page's contents are read.
    pub(crate) fn address(&self) -> String {
        let last = self.state.lock().unwrap_or_else(PoisonError::into_inner).last;
        format!("/admin/stream?after={}", self.id(last))
    }

    /// The id of an event on the wire.
    pub(crate) fn id(&self, number: u64) -> String {
        format!("{:08x}-{number}", self.run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed() -> Feed {
        Feed { run: 7, state: Mutex::default(), news: broadcast::channel(16).0 }
    }

    fn change() -> Change {
        Change { tenant: domain::TenantId::generate(), kind: ChangeKind::Status }
    }

    #[test]
    fn whoever_comes_back_is_told_what_was_missed_or_to_look_at_everything() {
        let feed = feed();
        for _ in 0..3 {
            feed.add(change());
        }
        let missed = |last: &str| match feed.listen(Some(last)).1 {
            Missed::These(these) => Some(these.len()),
            Missed::Everything => None,
        };
        assert_eq!(missed(&feed.id(1)), Some(2));
        assert_eq!(missed(&feed.id(3)), Some(0));
        assert_eq!(missed(&feed.id(0)), Some(3));
        for foreign in [&feed.id(4), "00000008-1", "", "7-1", "x", "00000007--1"] {
            assert_eq!(missed(foreign), None, "{foreign}");
        }
        let address = feed.address();
        feed.add(change());
        assert_eq!(
            missed(address.split_once("after=").unwrap().1),
            Some(1),
            "what came after the page was made"
        );
        feed.forget();
        assert_eq!(missed(&feed.id(4)), None, "a gap");
        for _ in 0..(REMEMBERED + 5) {
            feed.add(change());
        }
        assert_eq!(missed(&feed.id(5)), None, "too old");
        assert!(feed.state.lock().unwrap().remembered.len() <= REMEMBERED);
    }
}
