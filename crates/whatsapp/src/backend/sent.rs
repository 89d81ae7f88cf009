//! What was sent, on its way into the session's database while it goes out.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot::{self, error::TryRecvError};
use tokio_util::task::TaskTracker;
use whatsapp_rust::wacore::store::error::Result;

use crate::text::causes;

/// Messages that are being written, for whoever must not go on without one.
#[derive(Clone, Default)]
pub(crate) struct Sent(Arc<Writing>);

#[derive(Default)]
struct Writing {
    tasks: TaskTracker,
    /// By the ids of the messages; each ends with its write.
    under_way: Mutex<HashMap<String, oneshot::Receiver<()>>>,
}

impl Sent {
    fn under_way(&self) -> MutexGuard<'_, HashMap<String, oneshot::Receiver<()>>> {
        self.0.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the message with this id written, beside whatever else is done.
    pub(super) fn write(&self, id: &str, writing: impl Future<Output = Result<()>> + Send + 'static) {
        let (done, ends) = oneshot::channel();
        {
            let mut under_way = self.under_way();
            // Not every message has somebody who waits for it.
            let goes_on = |ends: &mut oneshot::Receiver<()>| ends.try_recv() == Err(TryRecvError::Empty);
            under_way.retain(|_, ends| goes_on(ends));
            under_way.insert(id.to_owned(), ends);
        }
        let named = id.to_owned();
        self.0.tasks.spawn(async move {
            if let Err(error) = writing.await {
                let error = causes(&error);
                tracing::warn!(id = named, error, "what was sent is not kept for a phone that asks again");
            }
            // Mostly nobody waits any more.
            let _ = done.send(());
        });
    }

    /// Waits until the message with this id is written, where it is to be.
    pub(crate) async fn settle(&self, id: &str) {
        let ends = self.under_way().remove(id);
        if let Some(ends) = ends {
            // An error would be a write that ended without a word.
            let _ = ends.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_waits_for_its_own_message_alone() {
        let sent = Sent::default();
        let (go, may_go) = oneshot::channel::<()>();
        sent.write("slow", async {
            let _ = may_go.await;
            Ok(())
        });
        sent.write("fast", async { Ok(()) });
        sent.settle("fast").await;
        sent.settle("unknown").await;
        let mut slow = Box::pin(sent.settle("slow"));
        assert!(at_once(&mut slow).await.is_none(), "it is under way");
        go.send(()).unwrap();
        slow.await;
    }

    #[tokio::test]
    async fn those_for_which_nobody_waits_are_forgotten() {
        let sent = Sent::default();
        for n in 0..100 {
            sent.write(&n.to_string(), async { Ok(()) });
            tokio::task::yield_now().await;
        }
        assert!(sent.under_way().len() <= 2, "{}", sent.under_way().len());
    }

    /// What a future says at once.
    async fn at_once<T>(future: &mut (impl Future<Output = T> + Unpin)) -> Option<T> {
        tokio::select! {
            biased;
            said = future => Some(said),
            () = std::future::ready(()) => None,
        }
    }
}
