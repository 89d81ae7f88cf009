//! Keys that messages have brought, kept for several senders at once: one write has the keys of all chats in it.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

/// Writes that have begun, and the last that is done.
#[derive(Debug, Default)]
pub(crate) struct Keeping {
    begun: AtomicU64,
    done: Mutex<u64>,
    /// Who asks for one or uses it just now.
    busy: AtomicU64,
}

/// Somebody who asks for keys to be kept, and goes on to use them.
pub(crate) struct Busy<'a>(&'a AtomicU64);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Keeping {
    /// Says that somebody is at it, and whether others are.
    pub(crate) fn busy(&self) -> (Busy<'_>, bool) {
        let others = self.busy.fetch_add(1, Ordering::Relaxed);
        (Busy(&self.busy), others > 0)
    }

    /// Has everything kept that is there now: by `write`, or by one that somebody else began after this was asked for.
    ///
    /// # Errors
    /// Where `write` failed; somebody else's failure is theirs.
    pub(crate) async fn keep<E>(&self, write: impl Future<Output = Result<(), E>>) -> Result<(), E> {
        // Those that begin from now on have it.
        let before = self.begun.load(Ordering::Acquire);
        let mut done = self.done.lock().await;
        if *done > before {
            return Ok(());
        }
        let number = self.begun.fetch_add(1, Ordering::AcqRel) + 1;
        write.await?;
        *done = number;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::{
        sync::{Notify, Semaphore},
        task::JoinSet,
    };

    use super::*;

    /// Twenty who come while one write is under way share the next one; and one that failed counts for nobody.
    #[tokio::test]
    async fn those_who_wait_share_a_write_that_began_after_they_came() {
        let keeping = Arc::new(Keeping::default());
        let (gate, began) = (Arc::new(Semaphore::new(0)), Arc::new(Notify::new()));
        let (came, writes) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let keep = |fails: bool| {
            let (keeping, gate, began) = (Arc::clone(&keeping), Arc::clone(&gate), Arc::clone(&began));
            let (came, writes) = (Arc::clone(&came), Arc::clone(&writes));
            async move {
                came.fetch_add(1, Ordering::Relaxed);
                let write = async {
                    writes.fetch_add(1, Ordering::Relaxed);
                    began.notify_one();
                    gate.acquire().await.unwrap().forget();
                    if fails { Err(()) } else { Ok(()) }
                };
                keeping.keep(write).await
            }
        };
        let mut all = JoinSet::new();
        all.spawn(keep(true));
        began.notified().await;
        (0..20).for_each(|_| drop(all.spawn(keep(false))));
        // Each comes as far as the write that is under way without a pause in between.
        while came.load(Ordering::Relaxed) < 21 {
            tokio::task::yield_now().await;
        }
        gate.add_permits(2);
        let kept = all.join_all().await;
        assert_eq!(kept.iter().filter(|kept| kept.is_err()).count(), 1, "whose own it was");
        assert_eq!(writes.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn whoever_comes_first_is_alone() {
        let keeping = Keeping::default();
        let (first, others) = keeping.busy();
        assert!(!others && keeping.busy().1);
        drop(first);
        assert!(!keeping.busy().1);
    }
}
