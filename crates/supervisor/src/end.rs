//! Ending a worker that nobody has anything to say to.

use std::time::Duration;

use tokio::time::timeout;

use crate::Process;

/// Asks a worker to end, kills it where it has not after `grace`, and returns once it is no more.
pub async fn end(process: &dyn Process, grace: Duration) {
    let tenant = process.id().tenant;
    if let Err(error) = process.terminate().await {
        tracing::error!(%tenant, %error, "a worker cannot be asked to end");
    }
    if timeout(grace, process.ended()).await.is_err() {
        if let Err(error) = process.kill().await {
            tracing::error!(%tenant, %error, "a worker cannot be ended");
        }
        process.ended().await;
    }
}
