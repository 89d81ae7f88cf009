//! `POST /app/settings/notices`: what one is told, and how; `POST /app/settings/push`: this browser too.

use api::portal::{Channels, PushSubscription, PutNotifications};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use web::{FormBody, JsonBody, Kind};

use super::show::{Form, refused};
use crate::{
    Answer, AskError, SetUp,
    app::{TENANT, page::next},
};

/// What its form sends: a box that is not ticked is not sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    waiting_email: Option<String>,
    waiting_push: Option<String>,
    removed_email: Option<String>,
    removed_push: Option<String>,
    summary_email: Option<String>,
    summary_push: Option<String>,
    daily_at: String,
}

impl Chosen {
    /// What was typed and ticked, as it was sent.
    fn typed(self) -> Vec<(&'static str, String)> {
        let ticked = [
            ("waiting_email", self.waiting_email),
            ("waiting_push", self.waiting_push),
            ("removed_email", self.removed_email),
            ("removed_push", self.removed_push),
            ("summary_email", self.summary_email),
            ("summary_push", self.summary_push),
            ("daily_at", Some(self.daily_at)),
        ];
        ticked.into_iter().filter_map(|(name, text)| Some((name, text?))).collect()
    }
}

pub(crate) async fn handle(call: SetUp, FormBody(form): FormBody<Chosen>) -> Answer {
    let by = |email: &Option<String>, push: &Option<String>| Channels {
        email: email.is_some(),
        push: push.is_some(),
    };
    let put = PutNotifications {
        hand_off_waiting: by(&form.waiting_email, &form.waiting_push),
        phone_removed: by(&form.removed_email, &form.removed_push),
        daily_summary: by(&form.summary_email, &form.summary_push),
        daily_at: form.daily_at.trim().to_owned(),
    };
    match call.put::<Value>(&format!("{TENANT}/notifications"), &put).await {
        Ok(_) => Ok(next("/app/settings?done=saved#told")),
        Err(AskError::Refused(problem)) if problem.kind() != Kind::Unauthorized => {
            refused(&call, Form::Notices, form.typed(), &problem).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What a script sends once the browser has allowed it.
pub(crate) async fn subscribe(
    call: SetUp,
    JsonBody(subscription): JsonBody<PushSubscription>,
) -> Answer<StatusCode> {
    call.post::<Value>(&format!("{TENANT}/push"), &subscription).await?;
    Ok(StatusCode::NO_CONTENT)
}
