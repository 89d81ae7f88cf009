//! Tells the operator what is wrong, by email, webhook and ntfy: when a bot goes to ERROR (which a phone that logged out
//! or a lost connection does too), when WhatsApp limits a number, when somebody guesses passwords, when the disk runs
//! low and when a backup fails, is overdue or lacks a journal; once for each cause, with the all-clear. What cannot be sent waits in the database.
//! Each way of sending has a task of its own, so that one that hangs holds up neither the others nor the end.

mod backups;
mod causes;
mod email;
mod ntfy;
mod post;
mod test;
mod webhook;

use std::{path::PathBuf, sync::Arc, time::Duration};

use accounts::Accounts;
use domain::{Clock, Language, Timestamp};
use jiff::SignedDuration;
use secrecy::SecretString;
use store::{AlertDelivery, AlertOutcome, AlertTry, Store, StoreError};
use supervisor::{ChangeKind, Handle};
use tokio::{sync::broadcast, task::JoinSet};
use tokio_util::sync::CancellationToken;

pub use backups::{BackupStanding, BackupTrouble};
pub use causes::{bot_cause, disk, hand_off_causes, limited_causes};
pub use email::EmailOptions;
pub use ntfy::NtfyOptions;
pub use test::{test, word};

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
/// What a receiver says may be long; so much of it is kept.
const WORDS_MAX_CHARS: usize = 300;
/// After this time a delivery is given up: nobody is helped by an alert of last week.
const GIVE_UP: SignedDuration = SignedDuration::from_hours(72);

/// Where alerts go.
#[derive(Debug, Default)]
pub struct AlertOptions {
    /// By email, where it is set up.
    pub email: Option<EmailOptions>,
    /// By webhook: the address and the key that signs.
    pub webhook: Option<(String, SecretString)>,
    /// By ntfy, where it is set up.
    pub ntfy: Option<NtfyOptions>,
    /// Free bytes below which the disk runs low.
    pub disk_low_bytes: u64,
    /// Where operators look further, without a slash at the end.
    pub admin_url: String,
    /// In which language they are; English where it is not said.
    pub language: Option<Language>,
}

impl AlertOptions {
    fn language(&self) -> Language {
        self.language.unwrap_or(Language::En)
    }

    /// The ways that are set up, by their names.
    #[must_use]
    pub fn channels(&self) -> Vec<&'static str> {
        let ways =
            [(EMAIL, self.email.is_some()), (WEBHOOK, self.webhook.is_some()), (NTFY, self.ntfy.is_some())];
        ways.into_iter().filter(|(_, set_up)| *set_up).map(|(name, _)| name).collect()
    }
}

/// What is watched, and where it is told. Cheap to clone.
#[derive(Clone)]
pub struct Watch {
    /// Where alerts go.
    pub options: Arc<AlertOptions>,
    /// The database.
    pub store: Store,
    /// The workers.
    pub supervisor: Handle,
    /// Who guesses passwords.
    pub accounts: Accounts,
    /// Silence after which a running worker is stale.
    pub stale_after: Duration,
    /// Whose free space is watched.
    pub data_dir: PathBuf,
    /// Whether backups are made.
    pub backups: Arc<dyn BackupStanding>,
    /// Cancelled when the control plane ends.
    pub stop: CancellationToken,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Watch {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// The ways, by name.
const EMAIL: &str = "email";
const WEBHOOK: &str = "webhook";
const NTFY: &str = "ntfy";

/// A way of sending.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    /// The mail could not be made or the server did not take it.
    #[error(transparent)]
    Email(#[from] mail::MailError),
    /// The receiver did not take it.
    #[error("the webhook: {0}")]
    Webhook(String),
    /// The server did not take it.
    #[error("ntfy: {0}")]
    Ntfy(String),
    /// The receiver took it and said nothing more.
    #[error("the receiver did not answer within {0} s")]
    Late(u64),
}

/// Watches and sends until the control plane ends. Without a way that is set up it has nothing to do.
pub async fn run(watch: Watch) {
    let options = Arc::clone(&watch.options);
    let channels = options.channels();
    if channels.is_empty() {
        return;
    }
    let (told, news) = tokio::sync::watch::channel(());
    // Dropped with this function: whoever hangs on a receiver that says nothing holds up no shutdown.
    let mut senders = JoinSet::new();
    for channel in &channels {
        senders.spawn(send_by(watch.clone(), Arc::clone(&options), channel, news.clone()));
    }
    let mut changes = watch.supervisor.changes();
    let mut looks = tokio::time::interval(LOOK);
    let mut known = None;
    loop {
        match look(&watch, &options, &channels, &mut known).await {
            Ok(()) => {
                let _nobody_sends = told.send(());
            }
            Err(error) => tracing::warn!(%error, "alerts could not be looked after; tried again soon"),
        }
        loop {
            tokio::select! {
                () = watch.stop.cancelled() => return,
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
            () = watch.stop.cancelled() => return,
            () = tokio::time::sleep(TOGETHER) => changes = changes.resubscribe(),
        }
    }
}

/// Sends what is due by one channel, after each look.
async fn send_by(
    watch: Watch,
    options: Arc<AlertOptions>,
    channel: &'static str,
    mut news: tokio::sync::watch::Receiver<()>,
) {
    // An error means that nobody looks any more.
    while news.changed().await.is_ok() {
        if let Err(error) = deliver(&watch, &options, channel).await {
            tracing::warn!(%error, channel, "alerts could not be sent; tried again soon");
        }
    }
}

/// Looks what is wrong, and writes it down where that has changed since `known`.
async fn look(
    watch: &Watch,
    options: &AlertOptions,
    channels: &[&str],
    known: &mut Option<Vec<String>>,
) -> Result<(), StoreError> {
    let causes = words::reading(options.language(), causes::now(watch, options)).await?;
    let ids: Vec<String> = causes.iter().map(|cause| cause.id.clone()).collect();
    if known.as_ref() != Some(&ids) {
        watch.store.operator().set_alert_causes(&causes, channels).await?;
        *known = Some(ids);
    }
    Ok(())
}

/// Sends what is due by one channel.
async fn deliver(watch: &Watch, options: &AlertOptions, channel: &str) -> Result<(), StoreError> {
    let operator = watch.store.operator();
    for delivery in operator.due_alerts_by(channel).await? {
        let (id, tries) = (delivery.id, delivery.attempts + 1);
        let outcome = match attempt(options, &delivery, watch.now()).await {
            Ok(()) => Ok(AlertOutcome::Sent),
            Err(error) if watch.now().duration_since(delivery.created_at) > GIVE_UP => {
                tracing::error!(%error, %id, "an alert is given up after three days of trying");
                Err((AlertOutcome::GivenUp, error))
            }
            Err(error) => {
                tracing::warn!(%error, %id, attempts = delivery.attempts, "an alert could not be sent");
                Err((AlertOutcome::Failed, error))
            }
        };
        let again = matches!(outcome, Err((AlertOutcome::Failed, _)));
        record(watch, &delivery, outcome, tries).await?;
        if again {
            let doubled = FIRST_WAIT << delivery.attempts.min(10);
            let at = watch.now() + SignedDuration::from_secs(doubled.min(LONGEST_WAIT));
            operator.retry_alert(id, at).await?;
        } else {
            operator.finish_alert(id).await?;
        }
    }
    Ok(())
}

/// One try, within its own time whatever the receiver does.
async fn attempt(options: &AlertOptions, delivery: &AlertDelivery, now: Timestamp) -> Result<(), SendError> {
    let sending = words::reading(options.language(), send(options, delivery, now));
    let sent = tokio::time::timeout(TRY_TIME, sending).await;
    sent.unwrap_or(Err(SendError::Late(TRY_TIME.as_secs())))
}

/// Writes down how a try went, for the system page.
async fn record(
    watch: &Watch,
    delivery: &AlertDelivery,
    outcome: Result<AlertOutcome, (AlertOutcome, SendError)>,
    tries: u64,
) -> Result<(), StoreError> {
    let (outcome, error) = match outcome {
        Ok(outcome) => (outcome, None),
        Err((outcome, error)) => (outcome, Some(error)),
    };
    let field = |name: &str| delivery.payload[name].as_str().unwrap_or_default();
    let tried = AlertTry {
        id: delivery.id,
        channel: delivery.channel.clone(),
        kind: field("type").trim_start_matches("alert.").to_owned(),
        title: field("title").to_owned(),
        outcome,
        detail: error.map(|error| error.to_string().chars().take(WORDS_MAX_CHARS).collect()),
        tries,
    };
    watch.store.operator().record_alert(&tried, delivery.payload["cause"].as_str()).await
}

/// What a message that has no more words is.
fn mark(payload: &serde_json::Value) -> &'static str {
    match payload["type"].as_str() {
        Some("alert.cleared") => words::alerts::mark_cleared(),
        Some("alert.test") => words::alerts::mark_test(),
        _ => words::alerts::mark_raised(),
    }
}

/// Looks once and sends what is due.
///
/// # Errors
/// Where the database does not answer.
pub async fn round(watch: &Watch, options: &AlertOptions, channels: &[&str]) -> Result<(), StoreError> {
    look(watch, options, channels, &mut None).await?;
    for channel in channels {
        deliver(watch, options, channel).await?;
    }
    Ok(())
}

async fn send(options: &AlertOptions, delivery: &AlertDelivery, now: Timestamp) -> Result<(), SendError> {
    match (delivery.channel.as_str(), options) {
        (EMAIL, AlertOptions { email: Some(email), .. }) => email::send(email, delivery).await,
        (WEBHOOK, AlertOptions { webhook: Some((url, key)), .. }) => {
            webhook::send(url, key, delivery, now).await
        }
        (NTFY, AlertOptions { ntfy: Some(ntfy), .. }) => ntfy::send(ntfy, delivery).await,
        // The way was taken out of the settings: nobody is there to be told.
        _ => Ok(()),
    }
}
