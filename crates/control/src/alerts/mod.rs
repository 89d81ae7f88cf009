//! Tells the operator what is wrong, by email and webhook: when a bot goes to ERROR (which a phone that logged out does
//! too) and when the disk runs low; once for each cause, with the all-clear. What cannot be sent waits in the database.

mod causes;
mod email;
mod webhook;

use std::time::Duration;

use domain::Timestamp;
use jiff::SignedDuration;
use secrecy::SecretString;
use store::{AlertDelivery, StoreError};
use supervisor::ChangeKind;
use tokio::sync::broadcast;

pub use email::EmailOptions;

use crate::App;

/// How often everything is looked at, also without news.
const LOOK: Duration = Duration::from_secs(30);
/// The wait after the first failed attempt; it doubles from there.
const FIRST_WAIT: i64 = 30;
/// The longest wait between two attempts.
const LONGEST_WAIT: i64 = 3600;
/// After this time a delivery is given up: nobody is helped by an alert of last week.
const GIVE_UP: SignedDuration = SignedDuration::from_hours(72);

/// Where alerts go.
#[derive(Debug, Default)]
pub struct AlertOptions {
    /// By email, where it is set up.
    pub email: Option<EmailOptions>,
    /// By webhook: the address and the key that signs.
    pub webhook: Option<(String, SecretString)>,
    /// Free bytes below which the disk runs low.
    pub disk_low_bytes: u64,
    /// Where operators look further, without a slash at the end.
    pub admin_url: String,
}

/// A way of sending.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    /// The mail could not be made or the server did not take it.
    #[error("the mail server: {0}")]
    Email(String),
    /// The receiver did not take it.
    #[error("the webhook: {0}")]
    Webhook(String),
}

/// Watches and sends until the control plane ends. Without email and webhook it has nothing to do.
pub async fn run(app: App, options: AlertOptions) {
    let mut channels = Vec::new();
    if options.email.is_some() {
        channels.push("email");
    }
    if options.webhook.is_some() {
        channels.push("webhook");
    }
    if channels.is_empty() {
        return;
    }
    let mut changes = app.supervisor.changes();
    let mut looks = tokio::time::interval(LOOK);
    loop {
        if let Err(error) = round(&app, &options, &channels).await {
            tracing::warn!(%error, "alerts could not be looked after; tried again soon");
        }
        loop {
            tokio::select! {
                () = app.stop.cancelled() => return,
                _ = looks.tick() => break,
                change = changes.recv() => match change {
                    Ok(change) if change.kind == ChangeKind::Status => break,
                    Ok(_) => {}
                    Err(broadcast::error::RecvError::Lagged(_)) => break,
                    Err(broadcast::error::RecvError::Closed) => return,
                },
            }
        }
    }
}

/// Looks once and sends what is due.
pub(crate) async fn round(app: &App, options: &AlertOptions, channels: &[&str]) -> Result<(), StoreError> {
    let causes = causes::now(app, options).await?;
    let operator = app.store.operator();
    operator.set_alert_causes(&causes, channels).await?;
    for delivery in operator.due_alerts().await? {
        match send(options, &delivery, app.now()).await {
            Ok(()) => operator.finish_alert(delivery.id).await?,
            Err(error) if app.now().duration_since(delivery.created_at) > GIVE_UP => {
                tracing::error!(%error, id = %delivery.id, "an alert is given up after three days of trying");
                operator.finish_alert(delivery.id).await?;
            }
            Err(error) => {
                tracing::warn!(%error, id = %delivery.id, attempts = delivery.attempts, "an alert could not be sent");
                let doubled = FIRST_WAIT << delivery.attempts.min(10);
                let at = app.now() + SignedDuration::from_secs(doubled.min(LONGEST_WAIT));
                operator.retry_alert(delivery.id, at).await?;
            }
        }
    }
    Ok(())
}

async fn send(options: &AlertOptions, delivery: &AlertDelivery, now: Timestamp) -> Result<(), SendError> {
    match (delivery.channel.as_str(), &options.email, &options.webhook) {
        ("email", Some(email), _) => email::send(email, delivery).await,
        ("webhook", _, Some((url, key))) => webhook::send(url, key, delivery, now).await,
        // The way was taken out of the settings: nobody is there to be told.
        _ => Ok(()),
    }
}
