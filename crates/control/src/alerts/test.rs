//! A test of every way of alerting, for the operator who has just set one up.

use domain::RecordId;
use futures_util::future::join_all;
use serde_json::json;
use store::{AlertDelivery, AlertOutcome, StoreError};

use super::{EMAIL, NTFY, attempt, record};
use crate::App;

/// Sends one by each way that is set up, side by side, and tells how each went. It is not tried again.
pub(crate) async fn test(app: &App) -> Result<Vec<api::AlertTested>, StoreError> {
    let tested = app.alerts.channels().into_iter().map(|channel| by(app, channel));
    join_all(tested).await.into_iter().collect()
}

async fn by(app: &App, channel: &'static str) -> Result<api::AlertTested, StoreError> {
    let now = app.now();
    let payload = json!({
        "type": "alert.test",
        "title": words::alerts::test_title(),
        "detail": words::alerts::test_detail(),
        "url": format!("{}/admin/system", app.alerts.admin_url),
        "at": now,
    });
    let delivery = AlertDelivery {
        id: RecordId::generate(),
        channel: channel.to_owned(),
        payload,
        attempts: 0,
        created_at: now,
    };
    let went = attempt(&app.alerts, &delivery, now).await;
    let (sent, said) = match &went {
        Ok(()) => (true, words::alerts::test_sent(word(channel))),
        Err(error) => (false, words::alerts::test_failed(word(channel), error)),
    };
    let outcome = went.map(|()| AlertOutcome::Sent).map_err(|error| (AlertOutcome::GivenUp, error));
    record(app, &delivery, outcome, 1).await?;
    Ok(api::AlertTested { channel: channel.to_owned(), sent, said })
}

/// The way by the reader's word.
pub(crate) fn word(channel: &str) -> &'static str {
    match channel {
        EMAIL => words::alerts::email(),
        NTFY => words::alerts::ntfy(),
        _ => words::alerts::webhook(),
    }
}
