//! How one signs in: `POST /app/settings/password`, `…/email` and `…/end-all`.

use api::portal::{ChangeEmail, NewOwnPassword};
use http::header;
use serde::Deserialize;
use serde_json::Value;
use web::{FormBody, Kind};

use super::show::{Form, refused};
use crate::{Answer, AskError, Call, app::page::next, browser::end};

/// A password; what it is stands in no log.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Password {
    current: String,
    new: String,
}

/// Another address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Email {
    email: String,
}

pub(crate) async fn password(call: Call, FormBody(form): FormBody<Password>) -> Answer {
    let current = Some(form.current).filter(|current| !current.is_empty());
    let body = NewOwnPassword { current, new: form.new, address: call.address.map(|at| at.to_string()) };
    match call.post::<Value>("/portal/me/password", &body).await {
        Ok(_) => Ok(next("/app/settings?done=password")),
        // A password of now that is wrong is no session that is over.
        Err(AskError::Refused(problem))
            if problem.field().is_some() || problem.kind() != Kind::Unauthorized =>
        {
            refused(&call, Form::Password, Vec::new(), &problem).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn email(call: Call, FormBody(form): FormBody<Email>) -> Answer {
    let email = form.email.trim().to_owned();
    match call.post::<Value>("/portal/me/email", &ChangeEmail { email: email.clone() }).await {
        Ok(_) => Ok(next("/app/settings?done=email")),
        Err(AskError::Refused(problem)) if problem.kind() != Kind::Unauthorized => {
            refused(&call, Form::Email, vec![("email", email)], &problem).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn end_all(call: Call) -> Answer {
    call.post::<Value>("/portal/session/end-all", &()).await?;
    let mut response = next("/auth/signin");
    if let Some(cookie) = end(call.portal.https()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
