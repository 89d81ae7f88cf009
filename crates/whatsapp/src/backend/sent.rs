//! What was sent, on its way into the session's database while it goes out.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinHandle;
use whatsapp_rust::wacore::store::error::{Result, StoreError};

/// Rows that are being written, for whoever must not go on without them.
#[derive(Clone, Default)]
pub(crate) struct Sent(Arc<Mutex<Vec<JoinHandle<Result<()>>>>>);

impl Sent {
    /// Has a row written, beside whatever else is done.
    pub(super) fn write(&self, writing: impl Future<Output = Result<()>> + Send + 'static) {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        written.retain(|row| !row.is_finished());
        written.push(tokio::spawn(writing));
    }

    /// Waits until all of them are written.
    ///
    /// # Errors
    /// Where one could not be.
    pub(crate) async fn settle(&self) -> Result<()> {
        let rows = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut all = Ok(());
        for row in rows {
            let written = row.await.unwrap_or_else(|error| Err(StoreError::Database(Box::new(error))));
            all = all.and(written);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn whoever_must_not_go_on_waits_for_all_and_hears_of_the_one_that_failed() {
        let sent = Sent::default();
        let (go, may_go) = oneshot::channel::<()>();
        sent.write(async { Err(StoreError::Validation("a full disk".to_owned())) });
        sent.write(async {
            may_go.await.map_err(|error| StoreError::Database(Box::new(error)))?;
            Ok(())
        });
        let mut settling = Box::pin(sent.settle());
        assert!(at_once(&mut settling).await.is_none(), "one is under way");
        go.send(()).unwrap();
        assert!(settling.await.is_err());
        assert!(sent.settle().await.is_ok(), "nothing is left");
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
