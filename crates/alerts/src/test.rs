//! A test of every way of alerting, for the operator who has just set one up.

use domain::RecordId;
use futures_util::future::join_all;
use serde_json::json;
use store::{AlertDelivery, AlertOutcome, StoreError};

use crate::{EMAIL, NTFY, Watch, attempt, record};

/// Sends one by each way that is set up, side by side, and tells how each went. It is not tried again.
///
/// # Errors
/// Where the database does not answer.
pub async fn test(watch: &Watch) -> Result<Vec<api::AlertTested>, StoreError> {
    let tested = watch.options.channels().into_iter().map(|channel| by(watch, channel));
    join_all(tested).await.into_iter().collect()
}

async fn by(watch: &Watch, channel: &'static str) -> Result<api::AlertTested, StoreError> {
    let now = watch.now();
    // In the language of whoever gets it; what became of it is told to whoever asks.
    let (title, detail) = words::within(watch.options.language(), || {
        (words::alerts::test_title(), words::alerts::test_detail())
    });
    let payload = json!({
        "type": "alert.test",
        "title": title,
        "detail": detail,
        "url": format!("{}/admin/system", watch.options.admin_url),
        "at": now,
    });
    let delivery = AlertDelivery {
        id: RecordId::generate(),
        channel: channel.to_owned(),
        payload,
        attempts: 0,
        created_at: now,
    };
    let went = attempt(&watch.options, &delivery, now).await;
    let (sent, said) = match &went {
        Ok(()) => (true, words::alerts::test_sent(word(channel))),
        Err(error) => (false, words::alerts::test_failed(word(channel), error)),
    };
    let outcome = went.map(|()| AlertOutcome::Sent).map_err(|error| (AlertOutcome::GivenUp, error));
    record(watch, &delivery, outcome, 1).await?;
    Ok(api::AlertTested { channel: channel.to_owned(), sent, said })
}

/// The way by the reader's word.
#[must_use]
pub fn word(channel: &str) -> &'static str {
    match channel {
        EMAIL => words::alerts::email(),
        NTFY => words::alerts::ntfy(),
        _ => words::alerts::webhook(),
    }
}
