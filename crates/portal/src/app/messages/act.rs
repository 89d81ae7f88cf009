//! `POST /app/messages/{contact}/…`: a word of one's own, and who answers from now on.

use api::portal::{LeaveAlone, SayTo};
use axum::extract::Path;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use web::{FormBody, place::encode};

use super::{show::refused, view::place};
use crate::{
    Answer, AskError, SetUp,
    app::{TENANT, page::next},
};

/// A text to a customer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Reply {
    text: String,
    key: Option<String>,
}

/// Whether the bot is to keep out of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Alone {
    alone: String,
}

pub(crate) async fn reply(
    call: SetUp,
    Path(contact): Path<String>,
    FormBody(form): FormBody<Reply>,
) -> Answer {
    let text = form.text.replace("\r\n", "\n");
    if text.trim().is_empty() {
        let problem = web::Problem::invalid_field("text", words::portal_messages::empty());
        return refused(&call, &contact, text, &problem).await;
    }
    let say = SayTo { text: text.clone(), key: form.key.filter(|key| !key.is_empty()) };
    act(&call, &contact, "messages", &say, text).await
}

pub(crate) async fn take_over(call: SetUp, Path(contact): Path<String>) -> Answer {
    act(&call, &contact, "take-over", &(), String::new()).await
}

pub(crate) async fn hand_back(call: SetUp, Path(contact): Path<String>) -> Answer {
    act(&call, &contact, "hand-back", &(), String::new()).await
}

pub(crate) async fn leave_alone(
    call: SetUp,
    Path(contact): Path<String>,
    FormBody(form): FormBody<Alone>,
) -> Answer {
    act(&call, &contact, "leave-alone", &LeaveAlone { alone: form.alone == "yes" }, String::new()).await
}

/// Asks for it; what is refused is said over the conversation, with what was typed still there.
async fn act(
    call: &SetUp,
    contact: &str,
    what: &str,
    body: &(impl Serialize + Sync),
    typed: String,
) -> Answer {
    let path = format!("{TENANT}/chats/{}/{what}", encode(contact));
    match call.post::<Value>(&path, body).await {
        Ok(_) => Ok(next(&format!("{}#say", place(contact)))),
        Err(AskError::Refused(problem)) if problem.kind() != web::Kind::Unauthorized => {
            refused(call, contact, typed, &problem).await
        }
        Err(error) => Err(error.into()),
    }
}
