//! `POST /app/try`: the customer of the trial writes, or time passes.

use api::{Tried, TryBot};
use serde::Deserialize;
use web::{FormBody, place::see_other};

use super::{TRY, show};
use crate::{Answer, SetUp};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Form {
    text: String,
    wait_minutes: String,
    again: String,
}

pub(super) async fn handle(call: SetUp, FormBody(form): FormBody<Form>) -> Answer {
    let asked = TryBot {
        wait_minutes: form.wait_minutes.parse().ok(),
        again: (form.again == "yes").then_some(form.again),
        text: Some(form.text),
    };
    let answer = call.post::<Tried>("/portal/tenant/current/try", &asked).await;
    match answer {
        Ok(_) => Ok(see_other(&format!("{TRY}#say"))),
        Err(error) => match error.refusal() {
            Some(refusal) => show::page(&call, Some(refusal)).await,
            None => Err(error.into()),
        },
    }
}
