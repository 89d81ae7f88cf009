//! `POST /app/settings/staff`: invites somebody; `…/{user}/remove` takes somebody out again. For owners.

use api::portal::{InviteMember, Invited};
use axum::extract::Path;
use serde::Deserialize;
use serde_json::Value;
use web::{FormBody, Kind, place::encode};

use super::show::{Form, refused, with_link};
use crate::{
    Answer, AskError, SetUp,
    app::page::{next, owners_only},
};

/// Who is invited.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Invite {
    member_name: String,
    member_email: String,
}

pub(crate) async fn invite(call: SetUp, FormBody(form): FormBody<Invite>) -> Answer {
    owners_only(&call)?;
    let body =
        InviteMember { name: form.member_name.trim().to_owned(), email: form.member_email.trim().to_owned() };
    match call.post::<Invited>("/portal/members", &body).await {
        Ok(invited) if invited.emailed => Ok(next("/app/settings?done=invited#staff")),
        // The link is shown this once, on the answer itself.
        Ok(invited) => with_link(&call, invited).await,
        Err(AskError::Refused(problem)) if problem.kind() != Kind::Unauthorized => {
            let problem = match problem.field() {
                Some(field @ ("name" | "email")) => problem.clone().renamed(&format!("member_{field}")),
                _ => *problem,
            };
            let typed = vec![("member_name", form.member_name), ("member_email", form.member_email)];
            refused(&call, Form::Staff, typed, &problem).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn remove(call: SetUp, Path(user): Path<String>) -> Answer {
    owners_only(&call)?;
    match call.post::<Value>(&format!("/portal/members/{}/remove", encode(&user)), &()).await {
        Ok(_) => Ok(next("/app/settings?done=removed#staff")),
        Err(AskError::Refused(problem)) if problem.kind() != Kind::Unauthorized => {
            refused(&call, Form::Staff, Vec::new(), &problem).await
        }
        Err(error) => Err(error.into()),
    }
}
