//! `POST /app/settings/delete`: one's account goes, once its address was typed.

use api::portal::{DeleteMe, MembershipGone};
use askama::Template;
use http::header;
use serde::Deserialize;
use web::{
    FormBody, Kind,
    ui::{Head, Html},
};

use super::show::{Form, refused};
use crate::{Answer, AskError, Call, browser::end, shell};

/// What its form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Confirm {
    confirm: String,
}

#[derive(Template)]
#[template(path = "app/deleted.html")]
struct View {
    businesses: Option<String>,
}

pub(crate) async fn handle(call: Call, FormBody(form): FormBody<Confirm>) -> Answer {
    use words::portal_settings as say;
    let email = form.confirm.trim().to_owned();
    let gone: MembershipGone = match call.post("/portal/me/delete", &DeleteMe { email: email.clone() }).await
    {
        Ok(gone) => gone,
        Err(AskError::Refused(problem)) if problem.kind() != Kind::Unauthorized => {
            let problem = match problem.field() {
                Some("email") => problem.clone().renamed("confirm"),
                _ => *problem,
            };
            return refused(&call, Form::Delete, vec![("confirm", email)], &problem).await;
        }
        Err(error) => return Err(error.into()),
    };
    let names = gone.left_without_owner;
    let view = View { businesses: (!names.is_empty()).then(|| say::deleted_business(names.join(", "))) };
    let head = Head::narrow(say::delete());
    let mut response = shell::page(&call.portal, None, None, &head, &Html::of(&view));
    if let Some(cookie) = end(call.portal.https()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
