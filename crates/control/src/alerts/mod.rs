//! Tells the operator what is wrong, by email and webhook: when a bot goes to ERROR (which a phone that logged out does
//! too) and when the disk runs low; once for each cause, with the all-clear. What cannot be sent waits in the database.
//! Each way of sending has a task of its own, so that one that hangs holds up neither the others nor the end.

mod causes;
mod email;
mod webhook;

use std::{sync::Arc, time::Duration};

use domain::Timestamp;
use jiff::SignedDuration;
use secrecy::SecretString;
use store::{AlertDelivery, StoreError};
use supervisor::ChangeKind;
use tokio::{
    sync::{broadcast, watch},
    task::JoinSet,
};

pub use email::EmailOptions;

use crate::App;

/// How often everything is looked at, also without news.
const LOOK: Duration = Duration::from_secs(30);
/// How long what changes together is collected.
const TOGETHER: Duration = Duration::from_secs(1);
/// How long one try may take, whatever the receiver does.
const TRY_TIME: Duration = Duration::from_secs(20);
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
    /// The receiver took it and said nothing more.
    #[error("the receiver did not answer within {0} s")]
    Late(u64),
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
    let options = Arc::new(options);
    let (told, news) = watch::channel(());
    // Dropped with this function: whoever hangs on a receiver that says nothing holds up no shutdown.
    let mut senders = JoinSet::new();
    for channel in &channels {
        senders.spawn(send_by(app.clone(), Arc::clone(&options), channel, news.clone()));
    }
    let mut changes = app.supervisor.changes();
    let mut looks = tokio::time::interval(LOOK);
    let mut known = None;
    loop {
        match look(&app, &options, &channels, &mut known).await {
            Ok(()) => {
                let _nobody_sends = told.send(());
            }
            Err(error) => tracing::warn!(%error, "alerts could not be looked after; tried again soon"),
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
        // What changes at the same time, like many bots after an outage, is one look.
        tokio::select! {
            () = app.stop.cancelled() => return,
            () = tokio::time::sleep(TOGETHER) => changes = changes.resubscribe(),
        }
    }
}

/// Sends what is due by one channel, after each look.
async fn send_by(app: App, options: Arc<AlertOptions>, channel: &'static str, mut news: watch::Receiver<()>) {
    // An error means that nobody looks any more.
    while news.changed().await.is_ok() {
        if let Err(error) = deliver(&app, &options, channel).await {
            tracing::warn!(%error, channel, "alerts could not be sent; tried again soon");
        }
    }
}

/// Looks what is wrong, and writes it down where that has changed since `known`.
async fn look(
    app: &App,
    options: &AlertOptions,
    channels: &[&str],
    known: &mut Option<Vec<String>>,
) -> Result<(), StoreError> {
    let causes = causes::now(app, options).await?;
    let ids: Vec<String> = causes.iter().map(|cause| cause.id.clone()).collect();
    if known.as_ref() != Some(&ids) {
        app.store.operator().set_alert_causes(&causes, channels).await?;
        *known = Some(ids);
    }
    Ok(())
}

/// Sends what is due by one channel, each within its own time.
async fn deliver(app: &App, options: &AlertOptions, channel: &str) -> Result<(), StoreError> {
    let operator = app.store.operator();
    for delivery in operator.due_alerts_by(channel).await? {
        let sent = tokio::time::timeout(TRY_TIME, send(options, &delivery, app.now())).await;
        match sent.unwrap_or(Err(SendError::Late(TRY_TIME.as_secs()))) {
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

/// Looks once and sends what is due.
#[cfg(test)]
pub(crate) async fn round(app: &App, options: &AlertOptions, channels: &[&str]) -> Result<(), StoreError> {
    look(app, options, channels, &mut None).await?;
    for channel in channels {
        deliver(app, options, channel).await?;
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
