//! `POST /app/settings/person`: one's name, number and language.

use api::portal::UpdateMe;
use domain::Language;
use serde::Deserialize;
use serde_json::Value;
use web::{FormBody, Kind, lang};

use super::show::{Form, refused};
use crate::{Answer, AskError, Call};

/// What its form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Person {
    name: String,
    phone: String,
    language: String,
}

pub(crate) async fn handle(call: Call, FormBody(form): FormBody<Person>) -> Answer {
    let language = if form.language == "EN" { Language::En } else { Language::Sw };
    let phone = Some(form.phone.trim().to_owned()).filter(|phone| !phone.is_empty());
    let me = UpdateMe { name: form.name.trim().to_owned(), phone, language };
    match call.put::<Value>("/portal/me", &me).await {
        // The pages read so at once, whatever the browser would rather have.
        Ok(_) => Ok(lang::keep(language, "/app/settings?done=saved", call.portal.https())),
        Err(AskError::Refused(problem)) if problem.kind() != Kind::Unauthorized => {
            let typed = vec![("name", form.name), ("phone", form.phone), ("language", form.language)];
            refused(&call, Form::Person, typed, &problem).await
        }
        Err(error) => Err(error.into()),
    }
}
