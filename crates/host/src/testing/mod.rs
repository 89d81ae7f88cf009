//! Hosts over loopback with workers that are no processes, and what befalls the way to them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

mod bad_days;
mod bed;
mod cuts;
mod fake;
mod farewell;
mod frames;
mod liars;
mod relay;
mod verbs;

/// How long any one thing may take before the test fails. Nothing waits for it to pass.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// Waits for something that must come.
async fn soon<T>(what: &str, waited: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, waited).await.unwrap_or_else(|_| panic!("never: {what}"))
}
