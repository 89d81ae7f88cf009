//! `POST /auth/password`: sets it.

use api::portal::NewOwnPassword;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use web::{FormBody, place::see_other};

use super::{INSIDE, password};
use crate::{Answer, Call};

#[derive(Debug, Deserialize)]
pub(super) struct Form {
    #[serde(default)]
    new: SecretString,
}

pub(super) async fn handle(call: Call, FormBody(form): FormBody<Form>) -> Answer {
    // The password before is not asked for, so that there is none to guess at.
    let asked = NewOwnPassword { current: None, new: form.new.expose_secret().to_owned(), address: None };
    match call.post::<()>("/portal/me/password", &asked).await {
        Ok(()) => Ok(see_other(INSIDE)),
        Err(error) => match error.refusal() {
            Some(refusal) => Ok(password::page(&call, Some(refusal))),
            None => Err(error.into()),
        },
    }
}
