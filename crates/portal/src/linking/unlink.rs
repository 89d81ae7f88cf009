//! `POST /app/whatsapp/unlink`: the bot is taken off the phone's list, by who types its name.

use api::portal::Unlink;
use serde::Deserialize;
use web::{FormBody, place::see_other};

use super::show;
use crate::{Answer, SetUp};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Form {
    confirm: String,
}

pub(super) async fn handle(call: SetUp, FormBody(form): FormBody<Form>) -> Answer {
    let asked = Unlink { confirm: form.confirm.trim().to_owned() };
    let done = call.post::<serde::de::IgnoredAny>("/portal/tenant/current/unlink", &asked).await;
    match done {
        Ok(_) => Ok(see_other("/app/status")),
        Err(error) => match error.refusal() {
            Some(refusal) => {
                show::page(&call, show::Parameters::staying(), None, Some((refusal, &form.confirm))).await
            }
            None => Err(error.into()),
        },
    }
}
